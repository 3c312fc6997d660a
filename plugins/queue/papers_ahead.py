"""Papers before the day: which bookings come with a case whose papers are not complete, and who has looked already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core.api import Area, Case, CheckedAhead, Requirement, checked_ahead, db, missing_papers

from .models import QueueBooking


@dataclass(frozen=True)
class Papers:
    """Of one case: what is missing now, and the last check before the day, None when nobody has looked."""

    case: Case
    missing: Sequence[Requirement]
    check: CheckedAhead | None


def papers_of(village_id: int, case_ids: Sequence[UUID]) -> Mapping[UUID, Papers]:
    """By case, in three queries; a case that one may not see is left out."""
    if not case_ids:
        return {}
    found = select(Case).where(Case.village_id == village_id, Case.id.in_(set(case_ids)))
    cases = db.session.scalars(found).all()
    missing, checks = missing_papers(cases), checked_ahead(village_id, [case.id for case in cases])
    return {case.id: Papers(case, missing.get(case.id, ()), checks.get(case.id)) for case in cases}


def to_check(area: Area, day: date) -> list[tuple[QueueBooking, Papers]]:
    """The bookings of a day that have a case with missing papers, by their slots: four queries."""
    bookings = db.session.scalars(
        select(QueueBooking)
        .where(
            QueueBooking.village_id == area.id,
            QueueBooking.day == day,
            QueueBooking.state == "booked",
            QueueBooking.case_id.is_not(None),
        )
        .order_by(QueueBooking.slot_start, QueueBooking.id)
    ).all()
    papers = papers_of(area.id, [booking.case_id for booking in bookings if booking.case_id])
    found = [(booking, papers[booking.case_id]) for booking in bookings if booking.case_id in papers]
    return [(booking, each) for booking, each in found if each.missing or each.check]
