"""The scorecards of a month: counted now, or as they were kept when the month was over.

A running month and the first days after it are counted at each reading (a dozen queries, whatever the number of rows);
from ``keep_on_day`` of the next month on what the nightly job kept is shown, so that a corrected date or an answer that
comes later does not change what was reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from core.api import Area, commit, db, now, today

from ..models import Partner, PartnerScorecard
from ..rulebook import rule_on
from . import barrier, engagement, influence, relationship
from .indicators import Amounts, Tally
from .months import Month, month_of


@dataclass(frozen=True)
class Board:
    """``kept_at``: when the figures of a closed month were kept; None where they are counted now."""

    month: Month
    village: Mapping[str, Amounts]
    partners: Mapping[UUID, Mapping[str, Amounts]]
    kept_at: datetime | None = None


def board_of(area: Area, month: Month) -> Board:
    return kept_board(area.id, month) or count_board(area, month)


def kept_board(village_id: int, month: Month) -> Board | None:
    rows = db.session.scalars(
        select(PartnerScorecard).where(PartnerScorecard.village_id == village_id, PartnerScorecard.month == month.first)
    ).all()
    if not rows:
        return None
    village = next((row for row in rows if row.partner_id is None), None)
    own = {row.partner_id: _amounts(row.figures) for row in rows if row.partner_id}
    return Board(month, _amounts(village.figures) if village else {}, own, min(row.made_at for row in rows))


def _amounts(figures: Mapping[str, Any]) -> dict[str, Amounts]:
    return {key: (value[0], value[1]) for key, value in figures.items()}


def count_board(area: Area, month: Month) -> Board:
    """Of the partners that were registered and not ended in the month."""
    partners, village = _partners_in(area.id, month), area.interval
    tally = Tally([partner.id for partner in partners])
    relationship.measure(village, month, partners, tally)
    engagement.measure(village, month, partners, tally)
    influence.measure(village, month, partners, tally)
    barrier.measure(village, month, tally)
    return Board(month, tally.village, tally.partners)


def _partners_in(village_id: int, month: Month) -> Sequence[Partner]:
    return db.session.scalars(
        select(Partner)
        .options(joinedload(Partner.organisation))
        .where(
            Partner.village_id == village_id,
            Partner.created_at < month.until,
            or_(Partner.ended_on.is_(None), Partner.ended_on >= month.first),
        )
    ).all()


def keep(area: Area) -> None:
    """Keep last month's scorecards once it is time, and note who was active when: the nightly job. Repeatable."""
    day = today(area.timezone)
    note_activity(area, day)
    month = month_of(day, area.timezone).before
    if day.day >= rule_on(day).keep_on_day:
        keep_month(area, month)
    commit()


def keep_month(area: Area, month: Month) -> None:
    """Nothing where the month is kept already, or was without partners. The caller commits."""
    if kept_board(area.id, month) is not None:
        return
    board = count_board(area, month)
    if not board.partners:
        return
    organisations: dict[UUID, UUID | None] = {
        row[0]: row[1]
        for row in db.session.execute(select(Partner.id, Partner.organisation_id).where(Partner.village_id == area.id))
    }
    rows: dict[UUID | None, Mapping[str, Amounts]] = {None: board.village, **board.partners}
    for partner_id, figures in rows.items():
        answered, sent = figures.get("answered", (0, 0))
        db.session.add(
            PartnerScorecard(
                village_id=area.id,
                month=month.first,
                partner_id=partner_id,
                organisation_id=organisations.get(partner_id) if partner_id else None,
                figures={key: list(amounts) for key, amounts in figures.items()},
                sent=int(sent or 0),
                answered=int(answered or 0),
                made_at=now(),
            )
        )


def note_activity(area: Area, day: date) -> None:
    """For lists over many villages. No edit of the partner: its version stays."""
    partners = db.session.scalars(select(Partner).where(Partner.village_id == area.id)).all()
    last = engagement.last_activity(area.interval, [partner.id for partner in partners], day, area.timezone)
    for partner in partners:
        found = last.get(partner.id, engagement.registered_on(partner, area.timezone))
        db.session.execute(
            update(Partner)
            .where(Partner.village_id == area.id, Partner.id == partner.id)
            .values(active_on=found, active_seen_at=now())
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()
