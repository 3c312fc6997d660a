"""Visits: planned by the field worker or the desk, done, cancelled; and the next one planned with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from core.api import Area, CaseError, Household, Person, db, gettext, long_date, record

from .models import KaderVisit
from .sent_once import SentBefore, add_once


@dataclass(frozen=True)
class Done:
    """What is told of a visit. ``id`` is drawn with the form; of a planned visit it is the visit's own."""

    purpose: str
    done_on: date
    note: str = ""
    next_on: date | None = None
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Due:
    """A planned visit in a list, with who lives there."""

    visit: KaderVisit
    household: Household
    head: str


def plan(area: Area, household: Household, user_id: UUID, purpose: str, day: date, *, by: UUID | None) -> KaderVisit:
    """The caller commits."""
    visit = KaderVisit(
        village_id=area.id,
        household_id=household.id,
        user_id=user_id,
        purpose=purpose,
        planned_on=day,
        created_by=by,
    )
    db.session.add(visit)
    db.session.flush()
    record("kader.visit_planned", "kader_visit", visit.id, day=day.isoformat())
    return visit


def note_done(area: Area, household: Household, done: Done, *, by: UUID) -> KaderVisit:
    """Write down a visit that nobody had planned. The caller commits.

    Raises:
        SentBefore: its form was taken before.
    """
    visit = KaderVisit(
        village_id=area.id,
        id=done.id,
        household_id=household.id,
        user_id=by,
        purpose=done.purpose,
        state="done",
        done_on=done.done_on,
        note=done.note,
        created_by=by,
    )
    add_once(visit)
    _tell(area, household, visit, done, by)
    return visit


def make(area: Area, visit: KaderVisit, household: Household, done: Done, *, by: UUID) -> None:
    """Write down what a planned visit came to. The caller holds the row and commits.

    Raises:
        SentBefore: it is done already.
        CaseError: it was cancelled.
    """
    if visit.state == "done":
        raise SentBefore
    if visit.state == "cancelled":
        raise CaseError(gettext("Kunjungan ini sudah dibatalkan. Catat sebagai kunjungan baru dari halaman keluarga."))
    visit.state, visit.done_on, visit.note, visit.purpose = "done", done.done_on, done.note, done.purpose
    visit.user_id = by
    _tell(area, household, visit, done, by)


def _tell(area: Area, household: Household, visit: KaderVisit, done: Done, by: UUID) -> None:
    record("kader.visit_done", "kader_visit", visit.id, day=done.done_on.isoformat())
    if done.next_on:
        plan(area, household, by, done.purpose, done.next_on, by=by)


def cancel(visit: KaderVisit, reason: str) -> None:
    """The caller holds the row and commits. Raises: CaseError: it is planned no more."""
    if visit.state != "planned":
        raise CaseError(gettext("Kunjungan ini sudah dicatat atau dibatalkan."))
    visit.state, visit.cancel_reason = "cancelled", reason
    record(
        "kader.visit_cancelled", "kader_visit", visit.id, day=visit.planned_on.isoformat() if visit.planned_on else "–"
    )


def find(village_id: int, visit_id: UUID) -> KaderVisit | None:
    return db.session.scalar(select(KaderVisit).where(KaderVisit.village_id == village_id, KaderVisit.id == visit_id))


def hold(village_id: int, visit_id: UUID) -> KaderVisit | None:
    """Locked, so that of two that send it the second sees what the first did."""
    return db.session.scalar(
        select(KaderVisit)
        .where(KaderVisit.village_id == village_id, KaderVisit.id == visit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def due(village_id: int, user_id: UUID | None, until: date, limit: int = 60) -> list[Due]:
    """Planned visits of somebody, or of all, up to a day, the longest overdue first: two queries."""
    query = (
        select(KaderVisit, Household)
        .join(
            Household,
            (Household.village_id == KaderVisit.village_id) & (Household.id == KaderVisit.household_id),
        )
        .where(KaderVisit.village_id == village_id, KaderVisit.state == "planned", KaderVisit.planned_on <= until)
        .order_by(KaderVisit.planned_on, KaderVisit.id)
        .limit(limit)
    )
    if user_id is not None:
        query = query.where(KaderVisit.user_id == user_id)
    rows = db.session.execute(query).all()
    heads = heads_of(village_id, [household.id for _visit, household in rows])
    return [Due(visit, household, heads.get(household.id, "")) for visit, household in rows]


def heads_of(village_id: int, household_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Who stands for each household: its head, else its eldest; one query."""
    if not household_ids:
        return {}
    rows = db.session.execute(
        select(Person.household_id, Person.name)
        .where(
            Person.village_id == village_id,
            Person.household_id.in_(set(household_ids)),
            Person.life_status == "alive",
        )
        .order_by(Person.family_role == "head", Person.birth_date.desc(), Person.id)
    )
    return {household_id: name for household_id, name in rows if household_id}


def of_household(household: Household, limit: int = 10) -> Sequence[KaderVisit]:
    """Planned ones first, then the latest."""
    return db.session.scalars(
        select(KaderVisit)
        .where(
            KaderVisit.village_id == household.village_id,
            KaderVisit.household_id == household.id,
            KaderVisit.state != "cancelled",
        )
        .order_by(KaderVisit.state != "planned", KaderVisit.done_on.desc(), KaderVisit.id.desc())
        .limit(limit)
    ).all()


def refuse_day(day: date, today: date, *, ahead: bool) -> str:
    """What is wrong with a day, blank when nothing is: a visit is planned ahead, and done of late."""
    first, last = (today, today + timedelta(days=366)) if ahead else (today - timedelta(days=90), today)
    if first <= day <= last:
        return ""
    return gettext("Pilih hari antara %(first)s dan %(last)s.", first=long_date(first), last=long_date(last))
