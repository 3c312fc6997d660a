"""Barriers: how many stand open, of which kind, for how long, and what share was resolved."""

from sqlalchemy import func, select

from core.api import AreaCode, db

from ..models import PartnerBarrier
from ..words import BARRIERS
from .indicators import Tally
from .months import Month


def measure(village: AreaCode, month: Month, tally: Tally) -> None:
    """One query.

    - open, open_<kind>: not resolved by the end of the month's last day (today, while it runs).
    - age: mean days since those were opened: sum of days / open barriers.
    - resolved: resolved in the month / (open when it began + opened in it).

    Barriers without a partner count in the village alone. The load of the desk, who was turned away and who came out of
    hours are figures of the queue, which the page puts beside these where that module is on.

    Source: domain of the partnership (Xue et al. 2020).
    """
    rows = db.session.execute(
        select(
            PartnerBarrier.partner_id,
            PartnerBarrier.kind,
            PartnerBarrier.opened_on,
            PartnerBarrier.resolved_on,
            func.count(),
        )
        .where(
            PartnerBarrier.village_id == village.id,
            PartnerBarrier.opened_on < month.next,
            PartnerBarrier.resolved_on.is_(None) | (PartnerBarrier.resolved_on >= month.first),
        )
        .group_by(PartnerBarrier.partner_id, PartnerBarrier.kind, PartnerBarrier.opened_on, PartnerBarrier.resolved_on)
    )
    day = month.seen_on
    for partner_id in (None, *tally.partners):
        tally.add(partner_id, "open", 0)
    for partner_id, kind, opened_on, resolved_on, number in rows:
        resolved = resolved_on is not None and resolved_on < month.next
        tally.add(partner_id, "resolved", number if resolved else 0, number)
        if not resolved:
            tally.add(partner_id, "open", number)
            tally.add(partner_id, f"open_{kind if kind in BARRIERS else 'other'}", number)
            tally.add(partner_id, "age", max((day - opened_on).days, 0) * number, number)
