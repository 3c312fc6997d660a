"""The side of a partner: its officer's way to what a village has of it, from wherever the officer's membership lies.

As with referrals: first the scope of the officer proves that the partner is one of their organisations, then that one
village's scope is opened for one deed. What is another partner's does not exist for them.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload

from core.api import PAGE_SIZE, Area, AreaCode, Page, db, find_areas, paged, read_keys, scope

from .models import Partner, PartnerInvitation, PartnerMeeting

PLUGIN = "partnership"


class NotOwn(Exception):
    """There is no such partner for this officer."""


@dataclass(frozen=True)
class Claim:
    """A partner as an officer's page names it, with the organisations that they answer for in their area."""

    area: Area
    organisations: Collection[UUID]
    village: AreaCode
    partner_id: UUID


@dataclass(frozen=True)
class OwnPartner:
    """In the scope of its village. ``title`` and ``partner_id`` are plain, and outlast a rollback."""

    area: Area
    partner: Partner
    partner_id: UUID
    title: str


@contextmanager
def in_village(claim: Claim) -> Iterator[OwnPartner]:
    """Prove the claim in the officer's own scope, then work in the scope of the partner's village.

    Raises: NotOwn: no such partner of these organisations, or the module is off there.
    """
    query = (
        select(Partner)
        .options(joinedload(Partner.organisation))
        .where(
            Partner.village_id == claim.village.id,
            Partner.id == claim.partner_id,
            Partner.organisation_id.in_(claim.organisations),
        )
    )
    is_village = claim.village.id == claim.village.hi
    if not is_village or not claim.area.interval.covers(claim.village) or db.session.scalar(query) is None:
        raise NotOwn
    with scope(claim.village):
        area = next(iter(find_areas([claim.village.id])), None)
        partner = db.session.scalar(query)
        if area is None or partner is None or PLUGIN not in area.enabled or area.suspended:
            raise NotOwn
        yield OwnPartner(area, partner, partner.id, partner.title)


def own_page(area: Area, organisations: Collection[UUID], cursor: str | None) -> Page[tuple[Partner, Area]]:
    """The villages whose partner these organisations are, by code: two queries."""
    key = (Partner.village_id, Partner.id)
    query = (
        select(Partner)
        .options(joinedload(Partner.organisation))
        .where(Partner.village_id.between(area.id, area.hi), Partner.organisation_id.in_(organisations))
        .where(Partner.ended_on.is_(None))
    )
    if after := read_keys(cursor, int, UUID):
        query = query.where(tuple_(*key) > after)
    page = paged(
        db.session.scalars(query.order_by(*key).limit(PAGE_SIZE + 1)).all(), lambda r: (r.village_id, r.id), cursor
    )
    places = {place.id: place for place in find_areas({row.village_id for row in page.rows})}
    rows = [(row, places[row.village_id]) for row in page.rows if PLUGIN in places[row.village_id].enabled]
    return Page(rows, page.next, page.is_first)


def invitations_of(
    village_id: int, partner_id: UUID, limit: int = 12
) -> Sequence[tuple[PartnerInvitation, PartnerMeeting]]:
    """The latest meeting first."""
    rows = db.session.execute(
        select(PartnerInvitation, PartnerMeeting)
        .join(
            PartnerMeeting,
            (PartnerMeeting.village_id == PartnerInvitation.village_id)
            & (PartnerMeeting.id == PartnerInvitation.meeting_id),
        )
        .where(PartnerInvitation.village_id == village_id, PartnerInvitation.partner_id == partner_id)
        .order_by(PartnerMeeting.held_on.desc(), PartnerMeeting.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def can_answer(meeting: PartnerMeeting, day: date) -> bool:
    """Until the day of the meeting."""
    return not meeting.closed and meeting.held_on >= day
