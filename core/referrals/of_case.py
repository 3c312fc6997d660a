"""Where the referral stands that a case needs: the newest to whom its service plans one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import contains_eager, joinedload

from core.areas.current import CurrentArea
from core.cases.errors import CaseError
from core.cases.models import Case
from core.database.session import db

from .errors import ReferralError
from .models import Organisation, Referral, ReferralEvent
from .plan import PlannedReferral
from .sending import tell
from .states import TO_TELL, WITH_RECEIVER


def newest_of(village_id: int, plans: Mapping[UUID, PlannedReferral]) -> dict[UUID, Referral]:
    """For each case with a plan, by its id, the newest referral that follows it, from one query."""
    query = (
        select(Referral)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .where(Referral.village_id == village_id, Referral.case_id.in_(plans))
        .options(contains_eager(Referral.organisation))
        .order_by(Referral.id)
    )
    return {
        referral.case_id: referral
        for referral in db.session.scalars(query)
        if referral.organisation.sector == plans[referral.case_id].to
    }


def is_out(referral: Referral | None) -> bool:
    """Whether what the case needs was sent: it is with the organisation, which may have agreed already."""
    return referral is not None and (referral.state in WITH_RECEIVER or referral.decision == "done")


def newest_word(sector: str) -> ScalarSelect[str]:
    """SQL: what came back for the newest referral of a case to this sector: done, refused, returned, "" for nothing."""
    return (
        select(sql_case((Referral.state == "returned", "returned"), else_=Referral.decision))
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .where(Referral.village_id == Case.village_id, Referral.case_id == Case.id, Organisation.sector == sector)
        .order_by(Referral.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def still_missing(plan: PlannedReferral, referral: Referral | None) -> str:
    """What has to happen before the case can be sent on, in words."""
    if referral is not None and referral.state == "returned":
        return _("Rujukan ke %(to)s dikembalikan: lengkapi, lalu kirim lagi.", to=plan.addressee)
    return _("Rujukan ke %(to)s belum dikirim.", to=plan.addressee)


@dataclass(frozen=True)
class Reply:
    """An organisation's answer as a step of the case can take it over: the day where the desk stands, and the words."""

    on: date
    outcome: str
    note: str


def reply_of(referral: Referral, timezone: str) -> Reply:
    """What was answered, by whom, to which referral, and where it can be checked.

    Raises: ValueError: it was not answered yet.
    """
    if not referral.decision or referral.back_at is None:
        raise ValueError(f"referral {referral.id} is not answered")
    event = db.session.scalars(
        select(ReferralEvent)
        .where(
            ReferralEvent.village_id == referral.village_id,
            ReferralEvent.referral_id == referral.id,
            ReferralEvent.kind == referral.decision,
        )
        .order_by(ReferralEvent.id.desc())
        .limit(1)
    ).first()
    reference = event.data.get("reference", "") if event else ""
    name = _("%(name)s, rujukan %(number)s:", name=referral.organisation.name, number=referral.number)
    evidence = _("Bukti: %(reference)s.", reference=reference) if reference else ""
    note = " ".join(filter(None, (name, referral.outcome, evidence)))
    return Reply(referral.back_at.astimezone(ZoneInfo(timezone)).date(), referral.outcome, note)


def untold(case: Case) -> Sequence[Referral]:
    """What organisations have answered and the resident does not know yet."""
    return db.session.scalars(_untold(case).options(joinedload(Referral.organisation))).all()


def _untold(case: Case) -> Select[Referral]:
    answered = (Referral.village_id == case.village_id, Referral.case_id == case.id, Referral.state.in_(TO_TELL))
    return select(Referral).where(*answered).order_by(Referral.id)


def close_answered(area: CurrentArea, case: Case, *, how: str, on: date, note: str) -> None:
    """The resident was told: close what was answered, so that nobody has to say it twice. The caller commits.

    Raises:
        CaseError: the day cannot be.
    """
    locked = _untold(case).with_for_update().execution_options(populate_existing=True)
    for referral in db.session.scalars(locked).all():
        try:
            tell(area, referral, case, how=how, on=on, note=note)
        except ReferralError as problem:
            raise CaseError(str(problem)) from problem
