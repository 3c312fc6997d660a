"""The village's partners: organisations of core's registry, and those that take no referrals."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import joinedload

from core.api import PAGE_SIZE, Area, AreaCode, CaseError, Organisation, Page, db, gettext, paged, read_keys

from . import saving
from .models import Partner, PartnerAction, PartnerAgreement, PartnerBarrier

SHOWN = ("active", "ended")
THING = "partnership_partner"


def organisations_for(village: AreaCode) -> Sequence[Organisation]:
    """Those of the registry that serve the village and are no partners of it yet, by name."""
    areas: list[int] = []
    here: AreaCode | None = village
    while here is not None:
        areas.append(here.id)
        here = here.parent
    taken = select(Partner.organisation_id).where(
        Partner.village_id == village.id, Partner.organisation_id.is_not(None)
    )
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.area_id.in_(areas), Organisation.active, Organisation.id.not_in(taken))
        .order_by(func.lower(Organisation.name), Organisation.id)
    ).all()


def add(area: Area, values: Mapping[str, Any]) -> Partner:
    """Of the registry where ``organisation_id`` says so; else with a name of the village's own. The caller commits.

    Raises:
        CaseError: it is a partner already, or neither chosen nor named.
    """
    wanted = dict(values)
    if wanted.get("organisation_id"):
        wanted["name"] = None
    elif not wanted.get("name"):
        raise CaseError(gettext("Pilih lembaga dari daftar, atau tulis nama mitranya."))
    partner = Partner(village_id=area.id, **wanted)
    saving.add(partner, "partnership.partner_added", THING, _taken())
    return partner


def change(partner: Partner, values: Mapping[str, Any]) -> None:
    """Name and kind of an organisation stay the registry's.

    Raises: CaseError: there is another one of this name.
    """
    kept = {"name", "kind"} if partner.organisation_id else set()
    if not kept and not values.get("name"):
        raise CaseError(gettext("Tulis nama mitranya."))
    wanted = {name: value for name, value in values.items() if name not in kept}
    saving.change(partner, wanted, "partnership.partner_changed", THING, _taken())


def end(partner: Partner, on: date | None) -> None:
    """From that day on it is no partner any more; with None it is one again. What was recorded stays."""
    deed = "partnership.partner_ended" if on else "partnership.partner_resumed"
    saving.change(partner, {"ended_on": on}, deed, THING)


def _taken() -> str:
    return gettext("Mitra ini sudah ada dalam daftar desa.")


# ---- reading ----


def _query(village_id: int) -> Select[Partner]:
    return select(Partner).where(Partner.village_id == village_id).options(joinedload(Partner.organisation))


def find(village_id: int, partner_id: UUID) -> Partner | None:
    return db.session.scalar(_query(village_id).where(Partner.id == partner_id))


def all_of(village_id: int) -> dict[UUID, Partner]:
    """All, ended ones as well, by name: a village has tens of them."""
    rows = db.session.scalars(_query(village_id)).all()
    return {row.id: row for row in sorted(rows, key=lambda row: (row.title.lower(), row.id))}


def active_in(partners: Mapping[UUID, Partner]) -> dict[UUID, Partner]:
    return {key: row for key, row in partners.items() if row.ended_on is None}


def page_of(village_id: int, show: str, cursor: str | None) -> Page[Partner]:
    """By name."""
    name = func.lower(func.coalesce(Organisation.name, Partner.name))
    query = (
        select(Partner, name)
        .outerjoin(Organisation, Organisation.id == Partner.organisation_id)
        .options(joinedload(Partner.organisation))
        .where(Partner.village_id == village_id)
        .where(Partner.ended_on.is_(None) if show == "active" else Partner.ended_on.is_not(None))
    )
    if after := read_keys(cursor, str, UUID):
        query = query.where(tuple_(name, Partner.id) > tuple_(*after))
    rows = [tuple(row) for row in db.session.execute(query.order_by(name, Partner.id).limit(PAGE_SIZE + 1))]
    page = paged(rows, lambda row: (row[1], row[0].id), cursor)
    return Page([row[0] for row in page.rows], page.next, page.is_first)


def found_by(village_id: int, words: str, limit: int = 20) -> Sequence[Partner]:
    """Those whose name has all the words."""
    name = func.coalesce(Organisation.name, Partner.name)
    query = _query(village_id).outerjoin(Organisation, Organisation.id == Partner.organisation_id)
    for word in words.split():
        query = query.where(name.icontains(word, autoescape=True))
    return db.session.scalars(query.order_by(func.lower(name), Partner.id).limit(limit)).all() if words.split() else []


def standing_of(village_id: int, day: date, expiring: date) -> dict[str, int]:
    """The figures above the list, in one query: partners, agreements that end soon, open barriers, overdue actions."""

    def number(model: Any, *conditions: Any) -> Any:
        return select(func.count()).select_from(model).where(model.village_id == village_id, *conditions)

    until = PartnerAgreement.valid_until
    figures = {
        "partners": number(Partner, Partner.ended_on.is_(None)),
        "expiring": number(PartnerAgreement, PartnerAgreement.state == "signed", until >= day, until <= expiring),
        "barriers": number(PartnerBarrier, PartnerBarrier.resolved_on.is_(None)),
        "late": number(PartnerAction, PartnerAction.done_on.is_(None), PartnerAction.due_on < day),
    }
    row = db.session.execute(select(*(query.scalar_subquery().label(key) for key, query in figures.items()))).one()
    return dict(row._mapping)
