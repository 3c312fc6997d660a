"""What of a resident goes with a referral: the fields that the village chose, and nothing else (UU 27/2022, pasal 16).

A copy, made when the referral is sent: what changes afterwards stays in the village. The whole NIK is not in it; it is
read for each showing, which is recorded (:mod:`core.referrals.receiving`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from core.cases.catalogue import find_service
from core.cases.models import Case, Document
from core.cases.service import Requirement
from core.database.session import db
from core.people.identity import mask_nik
from core.people.labels import SEX_TITLES

from .terms import FIELDS


@dataclass(frozen=True)
class Paper:
    """A document of the resident that can go along, with the name by which the receiver knows it."""

    document: Document
    title: str


def snapshot(case: Case, fields: Collection[str], nik: str, on: date) -> dict[str, Any]:
    """The copy that the receiver reads. Values are plain texts and numbers, so that it can be kept as JSON.

    Args:
        fields: keys of :data:`core.referrals.terms.FIELDS`.
        nik: "", "masked" or "full".
        on: the day on which the age is counted.
    """
    person, household = case.person, case.household
    service = find_service(case.service)
    values: dict[str, Any] = {
        "service": str(service.title) if service else case.service,
        "age": {"years": person.age(on), "born": person.birth_date.year},
        "sex": person.sex,
        "rt_rw": f"{household.rt}/{household.rw}" if household and household.rt else "",
        "address": ", ".join(filter(None, (household.address, household.hamlet))) if household else "",
        "phone": person.phone or case.reporter_phone,
        "decile": household.decile if household else None,
    }
    chosen = {key: value for key, value in values.items() if key in fields}
    nik_part = {"nik": mask_nik(person.nik), "nik_full": nik == "full" and person.nik is not None} if nik else {}
    return {"name": person.name, **chosen, **nik_part}


def readable_snapshot(shared: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The copy as pairs of title and text; what the village does not know itself says so."""
    rows = [(_("Nama"), str(shared.get("name", "")))]
    if "nik" in shared:
        rows.append((_("NIK"), shared["nik"] or _("belum punya NIK")))
    for key, title in FIELDS.items():
        if key in shared:
            rows.append((str(title), _text(key, shared[key]) or _("belum diketahui")))
    return rows


def _text(key: str, value: Any) -> str:
    if key == "age":
        return _("%(years)s tahun (lahir %(born)s)", years=value["years"], born=value["born"])
    if key == "sex":
        return str(SEX_TITLES.get(value, value))
    return str(value or "")


def papers_of(case: Case) -> list[Paper]:
    """The resident's papers and those of the family as a whole, the newest of each kind, from one query."""
    whose = [Document.person_id == case.person_id]
    if case.household_id:
        whose.append(Document.household_id == case.household_id)
    rows = db.session.execute(
        select(Document, Case.service)
        .join(Case, (Case.village_id == Document.village_id) & (Case.id == Document.case_id))
        .where(Document.village_id == case.village_id, or_(*whose))
        .order_by(Document.uploaded_at)
    ).all()
    newest: dict[str, Paper] = {}
    for document, service_name in rows:
        requirement = _requirement(document.kind, service_name)
        if requirement and (document.person_id == case.person_id or requirement.owner == "household"):
            newest[document.kind] = Paper(document, str(requirement.title))
    return sorted(newest.values(), key=lambda paper: paper.title)


def _requirement(kind: str, service_name: str) -> Requirement | None:
    """None for a paper that no service asks for: the evidence in an organisation's answer stays in the village."""
    service = find_service(service_name)
    return next((r for r in service.requirements if r.key == kind), None) if service else None
