"""Trainings as the Dinas Sosial plans and cancels them. In the scope of the district's own rows; callers commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import func, select, tuple_

from core.api import PAGE_SIZE, CaseError, Page, current_row, db, gettext, paged, read_keys, record

from .models import TrainingParticipant, TrainingSession


@dataclass(frozen=True, kw_only=True)
class SessionInput:
    """What a session says of itself; ``valid_months`` None: its certificates do not end."""

    title: str
    services: Sequence[str]
    day: date
    starts: time
    ends: time
    place: str
    trainer: str
    seats: int
    valid_months: int | None
    notes: str = ""


@dataclass(frozen=True)
class SessionRow:
    """A line of the list."""

    session: TrainingSession
    invited: int
    certified: int


def plan(district_id: int, data: SessionInput, *, by: UUID | None) -> TrainingSession:
    session = TrainingSession(village_id=district_id, created_by=by, **_columns(data))
    db.session.add(session)
    db.session.flush()
    record("training.planned", "training_session", session.id, title=session.title)
    return session


def change(session: TrainingSession, data: SessionInput) -> None:
    """Raises: CaseError: it is not planned any more, or more are invited than there are seats."""
    check_planned(session)
    invited = _count(session)
    if data.seats < invited:
        raise CaseError(gettext("Sudah %(n)s orang diundang. Tempatnya tidak dapat lebih sedikit.", n=invited))
    for name, value in _columns(data).items():
        setattr(session, name, value)
    record("training.changed", "training_session", session.id, title=session.title)


def cancel(session: TrainingSession, reason: str) -> None:
    """Raises: CaseError: it is not planned any more."""
    check_planned(session)
    session.state, session.reason = "cancelled", reason
    record("training.cancelled", "training_session", session.id, title=session.title)


def planned_again(session: TrainingSession) -> None:
    """Undo: a cancelled one is planned again. Raises: CaseError."""
    if session.state != "cancelled":
        raise CaseError(gettext("Pelatihan ini tidak dibatalkan."))
    session.state, session.reason = "planned", ""
    record("training.reopened", "training_session", session.id, title=session.title)


def find(district_id: int, session_id: UUID) -> TrainingSession | None:
    return db.session.scalar(
        select(TrainingSession).where(TrainingSession.village_id == district_id, TrainingSession.id == session_id)
    )


def to_change(district_id: int, session_id: UUID, version: int) -> TrainingSession | None:
    """Locked. Raises: Stale: somebody else has changed it since."""
    return current_row(TrainingSession, district_id, session_id, version)


def page_of(district_id: int, state: str, cursor: str | None) -> Page[SessionRow]:
    """One page of a district's sessions in a state (blank: any), the latest day first; one query."""
    counts = (
        select(
            TrainingParticipant.session_id,
            func.count().label("invited"),
            func.count(TrainingParticipant.token).label("certified"),
        )
        .where(TrainingParticipant.village_id == district_id)
        .group_by(TrainingParticipant.session_id)
        .subquery()
    )
    query = (
        select(TrainingSession, func.coalesce(counts.c.invited, 0), func.coalesce(counts.c.certified, 0))
        .outerjoin(counts, counts.c.session_id == TrainingSession.id)
        .where(TrainingSession.village_id == district_id)
    )
    if state:
        query = query.where(TrainingSession.state == state)
    key = (TrainingSession.day, TrainingSession.id)
    if after := read_keys(cursor, date.fromisoformat, UUID):
        query = query.where(tuple_(*key) < tuple_(*after))
    ordered = query.order_by(TrainingSession.day.desc(), TrainingSession.id.desc()).limit(PAGE_SIZE + 1)
    rows = [SessionRow(*row) for row in db.session.execute(ordered)]
    return paged(rows, lambda row: (row.session.day, row.session.id), cursor)


def check_planned(session: TrainingSession) -> None:
    """Raises: CaseError: it was held, or cancelled."""
    if session.state == "held":
        raise CaseError(gettext("Pelatihan ini sudah ditutup. Buka lagi dulu untuk mengubahnya."))
    if session.state == "cancelled":
        raise CaseError(gettext("Pelatihan ini dibatalkan."))


def _count(session: TrainingSession) -> int:
    invited = select(func.count()).where(
        TrainingParticipant.village_id == session.village_id, TrainingParticipant.session_id == session.id
    )
    return db.session.scalar(invited) or 0


def _columns(data: SessionInput) -> dict[str, object]:
    return {**vars(data), "services": list(data.services)}
