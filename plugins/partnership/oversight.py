"""What a kecamatan or a district sees of its villages' partners: counts, and never a resident."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import joinedload

from core.api import (
    PAGE_SIZE,
    Area,
    Organisation,
    Page,
    db,
    find_areas,
    hidden_below,
    paged,
    read_keys,
)

from .models import Partner, PartnerAgreement, PartnerBarrier, PartnerScorecard
from .rulebook import expiring_until, rule_on

SHOWN = ("all", "dormant", "expiring")


@dataclass(frozen=True)
class Standing:
    """``seen_at``: the oldest of the nights whose activity the dormant ones are counted by; None before the first."""

    partners: int
    villages: int
    dormant: int
    expiring: int
    barriers: int
    seen_at: datetime | None


def standing_of(area: Area, day: date) -> Standing:
    """Of all villages inside, in one query."""
    inside = Partner.village_id.between(area.id, area.hi) & Partner.ended_on.is_(None)
    row = db.session.execute(
        select(
            func.count(),
            func.count(Partner.village_id.distinct()),
            func.count().filter(_dormant(day)),
            select(func.count()).select_from(PartnerAgreement).where(*_expiring(area, day)).scalar_subquery(),
            select(func.count())
            .select_from(PartnerBarrier)
            .where(PartnerBarrier.village_id.between(area.id, area.hi), PartnerBarrier.resolved_on.is_(None))
            .scalar_subquery(),
            func.min(Partner.active_seen_at),
        ).where(inside)
    ).one()
    return Standing(*row)


def _dormant(day: date) -> ColumnElement[bool]:
    return Partner.active_on < day - timedelta(days=rule_on(day).dormant_days)


def _expiring(area: Area, day: date) -> Sequence[ColumnElement[bool]]:
    until = PartnerAgreement.valid_until
    return (
        PartnerAgreement.village_id.between(area.id, area.hi),
        PartnerAgreement.state == "signed",
        until >= day,
        until <= expiring_until(day),
    )


@dataclass(frozen=True)
class PartnerOfVillage:
    partner: Partner
    village: str
    valid_until: date | None


def partners_page(area: Area, day: date, show: str, cursor: str | None) -> Page[PartnerOfVillage]:
    """By village; three queries, however many villages there are."""
    key = (Partner.village_id, Partner.id)
    query = (
        select(Partner)
        .options(joinedload(Partner.organisation))
        .where(Partner.village_id.between(area.id, area.hi), Partner.ended_on.is_(None))
    )
    if show == "dormant":
        query = query.where(_dormant(day))
    elif show == "expiring":
        soon = select(PartnerAgreement.village_id, PartnerAgreement.partner_id).where(*_expiring(area, day))
        query = query.where(tuple_(*key).in_(soon))
    if after := read_keys(cursor, int, UUID):
        query = query.where(tuple_(*key) > after)
    rows = db.session.scalars(query.order_by(*key).limit(PAGE_SIZE + 1)).all()
    page = paged(rows, lambda row: (row.village_id, row.id), cursor)
    villages = {place.id: place.title for place in find_areas({row.village_id for row in page.rows})}
    until = _until(page.rows)
    shown = [
        PartnerOfVillage(row, villages.get(row.village_id, "–"), until.get((row.village_id, row.id)))
        for row in page.rows
    ]
    return Page(shown, page.next, page.is_first)


def _until(rows: Sequence[Partner]) -> dict[tuple[int, UUID], date | None]:
    keys = [(row.village_id, row.id) for row in rows]
    found = db.session.execute(
        select(PartnerAgreement.village_id, PartnerAgreement.partner_id, func.max(PartnerAgreement.valid_until))
        .where(
            tuple_(PartnerAgreement.village_id, PartnerAgreement.partner_id).in_(keys),
            PartnerAgreement.state == "signed",
        )
        .group_by(PartnerAgreement.village_id, PartnerAgreement.partner_id)
    )
    return {(row[0], row[1]): row[2] for row in found}


@dataclass(frozen=True)
class AnswerRate:
    organisation: str
    villages: int
    sent: int
    answered: int

    @property
    def rate(self) -> float | None:
        """Per cent; None of fewer than five referrals."""
        share = hidden_below(self.answered, self.sent)
        return None if share is None else share * 100


@dataclass(frozen=True)
class AnswerRates:
    """Of a kept month, by organisation; ``made_at``: the oldest of the kept figures."""

    month: date | None
    made_at: datetime | None
    page: Page[AnswerRate]


def answer_rates(area: Area, month: date | None, cursor: str | None) -> AnswerRates:
    """From what the villages have kept of ``month``, else of the last kept one: three queries."""
    inside = PartnerScorecard.village_id.between(area.id, area.hi)
    month = month or db.session.scalar(select(func.max(PartnerScorecard.month)).where(inside))
    if month is None:
        return AnswerRates(None, None, Page([], None, is_first=True))
    here: Any = (inside, PartnerScorecard.month == month, PartnerScorecard.organisation_id.is_not(None))
    key = (func.lower(Organisation.name), Organisation.id)
    query = (
        select(
            Organisation.name,
            func.count(),
            func.sum(PartnerScorecard.sent),
            func.sum(PartnerScorecard.answered),
            *key,
        )
        .join(Organisation, Organisation.id == PartnerScorecard.organisation_id)
        .where(*here)
        .group_by(Organisation.id)
        .order_by(*key)
        .limit(PAGE_SIZE + 1)
    )
    if after := read_keys(cursor, str, UUID):
        query = query.where(tuple_(*key) > tuple_(*after))
    page = paged(db.session.execute(query).all(), lambda row: (row[4], row[5]), cursor)
    rows = [AnswerRate(row[0], row[1], int(row[2] or 0), int(row[3] or 0)) for row in page.rows]
    made_at = db.session.scalar(select(func.min(PartnerScorecard.made_at)).where(*here))
    return AnswerRates(month, made_at, Page(rows, page.next, page.is_first))
