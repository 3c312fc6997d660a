"""The proof that a referral is addressed to an officer's organisation, and the one door into its village.

An officer works in the area of their membership, from where the database lets nobody write into a village. So the
address is first proven in the officer's own scope; only then the scope of that one village is opened, for one deed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area
from core.cases.models import Case
from core.database.session import all_cases_open, db, scope

from .models import Referral


class NotAddressed(Exception):
    """There is no such referral for this organisation: to its officer it does not exist."""


@dataclass(frozen=True)
class Address:
    """A referral as an officer's page names it, with the organisations that they answer for in their area."""

    area: CurrentArea
    organisations: frozenset[UUID]
    village: AreaCode
    referral_id: UUID


@dataclass(frozen=True)
class Opened:
    """A referral in the scope of its village, for the length of one deed."""

    area: CurrentArea
    referral: Referral
    case: Case


@contextmanager
def in_village(address: Address, *, for_update: bool = False) -> Iterator[Opened]:
    """Prove the address in the officer's own scope, then work in the scope of the referral's village.

    Raises: NotAddressed.
    """
    if not address.area.interval.covers(address.village) or db.session.scalar(_addressed(address)) is None:
        raise NotAddressed
    # What was sent to the organisation is its to read and to answer, of a restricted service as well.
    with all_cases_open(), scope(address.village):
        village = find_area(address.village)
        query = _addressed(address)
        referral = db.session.scalar(query.with_for_update(of=Referral) if for_update else query)
        if village is None or referral is None:
            raise NotAddressed
        case = db.session.scalars(
            select(Case).where(Case.village_id == referral.village_id, Case.id == referral.case_id)
        ).one()
        yield Opened(village, referral, case)


def _addressed(address: Address) -> Select[Referral]:
    """Sent at least once: a draft is nobody's but the village's."""
    return select(Referral).where(
        Referral.village_id == address.village.id,
        Referral.id == address.referral_id,
        Referral.organisation_id.in_(address.organisations),
        Referral.sent_at.is_not(None),
    )
