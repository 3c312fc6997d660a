"""The aid of one month in a village: each distribution with what was fetched, and every handover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.api import db

from .distributions import Tally, tallies
from .models import AidDistribution, AidHandover, AidRecipient


@dataclass(frozen=True)
class Line:
    """A distribution, its recipients to this day, and how many fetched in the month."""

    distribution: AidDistribution
    tally: Tally
    in_month: int

    @property
    def rupiah(self) -> int:
        return (self.distribution.amount or 0) * self.in_month


def lines_of(village_id: int, first: date, last: date) -> list[Line]:
    """Distributions that ran or were fetched from between two days, the earliest first; three queries."""
    counted = db.session.execute(
        select(AidRecipient.distribution_id, func.count())
        .join(
            AidHandover,
            (AidHandover.village_id == AidRecipient.village_id) & (AidHandover.recipient_id == AidRecipient.id),
        )
        .where(
            AidHandover.village_id == village_id,
            AidHandover.undone_at.is_(None),
            AidHandover.handed_on.between(first, last),
        )
        .group_by(AidRecipient.distribution_id)
    )
    in_month = {row[0]: row[1] for row in counted}
    ran = (AidDistribution.first_day <= last) & (AidDistribution.last_day >= first)
    found = db.session.scalars(
        select(AidDistribution)
        .where(AidDistribution.village_id == village_id, ran | AidDistribution.id.in_(in_month))
        .order_by(AidDistribution.first_day, AidDistribution.id)
    ).all()
    told = tallies(village_id, [distribution.id for distribution in found])
    return [Line(each, told[each.id], in_month.get(each.id, 0)) for each in found]


def handovers_between(village_id: int, first: date, last: date) -> Sequence[AidHandover]:
    """In the order of the days, undone ones too."""
    recipient = joinedload(AidHandover.recipient)
    return db.session.scalars(
        select(AidHandover)
        .where(AidHandover.village_id == village_id, AidHandover.handed_on.between(first, last))
        .order_by(AidHandover.handed_on, AidHandover.id)
        .options(recipient.joinedload(AidRecipient.person), recipient.joinedload(AidRecipient.distribution))
    ).all()
