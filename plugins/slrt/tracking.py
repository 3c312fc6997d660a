"""What the Dinas Sosial keeps of a referral for itself: who works on it, notes, where it was passed on, how far up.

Rows stand in the referral's village, so each deed is proven in the district's scope and then done in the village's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from core.api import (
    WITH_RECEIVER,
    Area,
    Case,
    OpenedReferral,
    Organisation,
    Referral,
    Stale,
    commit,
    current_row,
    db,
    forward_referral,
    gettext,
    record,
    today,
    working_days_after,
)

from .models import SlrtFollowUp, SlrtForward, SlrtNote
from .rulebook import rule_on
from .words import ABOVE, LEVELS, level_of


@dataclass(frozen=True)
class Onward:
    """A referral that another organisation got for this one."""

    number: str
    organisation: str
    state: str
    due_on: date


def referral_in(village_id: int, referral_id: UUID) -> Referral:
    """One that was proven to be there, in the scope of its village."""
    return db.session.scalars(
        select(Referral).where(Referral.village_id == village_id, Referral.id == referral_id)
    ).one()


def follow_up_of(village_id: int, referral_id: UUID) -> SlrtFollowUp | None:
    return db.session.scalar(_of_referral(village_id, referral_id))


def _of_referral(village_id: int, referral_id: UUID):
    return select(SlrtFollowUp).where(SlrtFollowUp.village_id == village_id, SlrtFollowUp.referral_id == referral_id)


def _follow(referral: Referral) -> SlrtFollowUp:
    """The row of a referral, made where there is none; two officers may want it in the same moment."""
    values = {"village_id": referral.village_id, "referral_id": referral.id, "case_id": referral.case_id}
    db.session.execute(insert(SlrtFollowUp).values(values).on_conflict_do_nothing())
    return db.session.scalars(_of_referral(referral.village_id, referral.id)).one()


def assign(referral: Referral, officer_id: UUID | None, version: int) -> None:
    """Give it to an officer, or take it from whoever has it. In the village's scope; the caller commits.

    Args:
        version: of the follow-up as the page showed it; 0 where there was none.

    Raises:
        Stale: somebody else has assigned it since.
    """
    made = _follow(referral)
    follow = current_row(SlrtFollowUp, made.village_id, made.id, max(version, 1))
    if follow is None:
        raise Stale
    follow.assigned_to = officer_id
    record("slrt.assigned", "referral", referral.id, number=referral.number or "", officer=str(officer_id or ""))


def add_note(referral: Referral, text: str, by: UUID | None) -> None:
    """In the village's scope; the caller commits. The audit says that one was written, and not what."""
    _write(referral, text, by)
    record("slrt.noted", "referral", referral.id, number=referral.number or "")


def _write(referral: Referral, text: str, by: UUID | None) -> None:
    kept = {"village_id": referral.village_id, "referral_id": referral.id, "case_id": referral.case_id}
    db.session.add(SlrtNote(**kept, text=text.strip(), by=by))


def notes_of(village_id: int, referral_id: UUID) -> Sequence[SlrtNote]:
    """The latest first."""
    return db.session.scalars(
        select(SlrtNote)
        .where(SlrtNote.village_id == village_id, SlrtNote.referral_id == referral_id)
        .order_by(SlrtNote.id.desc())
    ).all()


def forward(opened: OpenedReferral, to: Organisation, note: str, days: int | None) -> Referral:
    """Pass it on and keep the trace. The caller commits. Raises: ReferralError."""
    referral = opened.referral
    onward = forward_referral(opened, to, note, answer_days=days)
    kept = {"village_id": referral.village_id, "referral_id": referral.id, "case_id": referral.case_id}
    db.session.add(SlrtForward(**kept, onward_id=onward.id))
    return onward


def onwards_of(village_id: int, referral_id: UUID) -> Sequence[Onward]:
    """Where it was passed on to, the latest first."""
    rows = db.session.execute(
        select(Referral.number, Organisation.name, Referral.state, Referral.due_on)
        .select_from(SlrtForward)
        .join(Referral, (Referral.village_id == SlrtForward.village_id) & (Referral.id == SlrtForward.onward_id))
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .where(SlrtForward.village_id == village_id, SlrtForward.referral_id == referral_id)
        .order_by(SlrtForward.id.desc())
    )
    return [Onward(*row) for row in rows]


def escalate_village(area: Area) -> None:
    """The nightly job: what is overdue too long is told one level up. Commits; done twice in a day it changes nothing.

    It moves nothing of the resident: the level above sees that an answer is missing, and decides what to do.
    """
    day = today(area.timezone)
    grace = rule_on(day).escalate_after
    rows = db.session.execute(
        select(Referral, Organisation.sector, SlrtFollowUp.level, SlrtFollowUp.escalated_on)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .join(Case, (Case.village_id == Referral.village_id) & (Case.id == Referral.case_id))
        .outerjoin(
            SlrtFollowUp,
            (SlrtFollowUp.village_id == Referral.village_id) & (SlrtFollowUp.referral_id == Referral.id),
        )
        .where(
            Referral.village_id == area.id,
            Referral.state.in_(WITH_RECEIVER),
            Referral.due_on < day,
            or_(SlrtFollowUp.escalated_on.is_(None), SlrtFollowUp.escalated_on < day),
        )
    ).all()
    for referral, sector, level, since in rows:
        begun = max(since, referral.due_on) if since else referral.due_on
        gone_up = level if since and since > referral.due_on else ""
        above = ABOVE.get(gone_up or level_of(sector))
        if above is not None and working_days_after(begun, grace) < day:
            _go_up(referral, above, day)
    commit()


def _go_up(referral: Referral, level: str, day: date) -> None:
    follow = _follow(referral)
    follow.level, follow.escalated_on = level, day
    due = referral.due_on.isoformat()
    _write(
        referral, gettext("Belum dijawab sejak tenggat %(due)s: naik ke %(level)s.", due=due, level=LEVELS[level]), None
    )
    record("slrt.escalated", "referral", referral.id, number=referral.number or "", level=level)
