"""Relationship: referrals that go out and come back, and what was agreed."""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core.api import AreaCode, Referral, ReferralEvent, db

from ..models import Partner, PartnerAgreement
from .indicators import Tally
from .months import Month

AFTERWARDS = ("accepted", "returned", "done", "refused")


def measure(village: AreaCode, month: Month, partners: Sequence[Partner], tally: Tally) -> None:
    """Two queries.

    - pairs: 1 where at least one referral was sent to the partner in the month, of 1 possible pair (the desk and a
      partner of the registry; who takes no referrals makes none). Of the village: active pairs / possible pairs.
    - answered: of the referrals sent in the month, those answered (done or refused) since / sent.
    - accept_days: median of days from the sending to the acceptance, of those that were accepted.
    - returned: of those sent, returned by the partner since / sent.
    - agreement: 1 where an agreement is signed, in date and not ended on the month's last day (today, while it runs),
      of 1. Of the village: partners with one / partners.

    Source: domain of the partnership (Xue et al. 2020), "active referral pairs / possible pairs; answered / sent;
    median days to accept; agreement signed and in date; return rate".
    """
    sent = _sent(village, month)
    waited: list[float] = []
    for partner in partners:
        if partner.organisation_id is None:
            continue
        rows = sent.get(partner.organisation_id, [])
        own = [(row.accepted - row.at).total_seconds() / 86_400 for row in rows if row.accepted]
        waited += own
        tally.add(partner.id, "pairs", bool(rows), 1)
        tally.add(partner.id, "answered", sum(bool(row.answered) for row in rows), len(rows))
        tally.add(partner.id, "returned", sum(bool(row.returned) for row in rows), len(rows))
        tally.put(partner.id, "accept_days", median(own) if own else None, len(own))
    tally.village["accept_days"] = (median(waited) if waited else None, len(waited))
    agreed = in_date(village, month)
    for partner in partners:
        tally.add(partner.id, "agreement", partner.id in agreed, 1)


def answered_and_sent(village: AreaCode, month: Month) -> tuple[int, int]:
    """Of all organisations, whether the village calls them partners or not."""
    rows = [row for found in _sent(village, month).values() for row in found]
    return sum(bool(row.answered) for row in rows), len(rows)


def _sent(village: AreaCode, month: Month) -> Mapping[UUID, Sequence[Any]]:
    """By organisation: each referral sent in the month, with its first sending and what followed it."""
    first: Any = func.min(ReferralEvent.at)
    sent = (
        select(ReferralEvent.referral_id, first.label("at"))
        .where(
            ReferralEvent.village_id == village.id,
            ReferralEvent.kind == "sent",
            ReferralEvent.at >= month.since,
            ReferralEvent.at < month.until,
        )
        .group_by(ReferralEvent.referral_id)
        .subquery()
    )
    query = (
        select(
            Referral.organisation_id,
            sent.c.at,
            first.filter(ReferralEvent.kind == "accepted").label("accepted"),
            first.filter(ReferralEvent.kind == "returned").label("returned"),
            first.filter(ReferralEvent.kind.in_(("done", "refused"))).label("answered"),
        )
        .join(Referral, (Referral.village_id == village.id) & (Referral.id == sent.c.referral_id))
        .outerjoin(
            ReferralEvent,
            (ReferralEvent.village_id == village.id)
            & (ReferralEvent.referral_id == Referral.id)
            & ReferralEvent.kind.in_(AFTERWARDS)
            & (ReferralEvent.at >= sent.c.at),
        )
        .group_by(Referral.organisation_id, Referral.id, sent.c.at)
    )
    found: dict[UUID, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.organisation_id, []).append(row)
    return found


def in_date(village: AreaCode, month: Month) -> frozenset[UUID]:
    """The partners with an agreement that was signed, in date and not ended on the day of which standings are told."""
    day = month.seen_on
    until, ended = PartnerAgreement.valid_until, PartnerAgreement.ended_on
    return frozenset(
        db.session.scalars(
            select(PartnerAgreement.partner_id).where(
                PartnerAgreement.village_id == village.id,
                PartnerAgreement.state.in_(("signed", "ended")),
                PartnerAgreement.signed_on <= day,
                until.is_(None) | (until >= day),
                ended.is_(None) | (ended > day),
            )
        )
    )


def late_answers(village: AreaCode, day: date) -> Sequence[tuple[UUID, int]]:
    """Organisations with referrals that are past their day, the most first: pairs of id and number."""
    late: Any = func.count()
    rows = db.session.execute(
        select(Referral.organisation_id, late)
        .where(
            Referral.village_id == village.id,
            Referral.state.in_(("sent", "accepted", "processing")),
            Referral.due_on < day,
        )
        .group_by(Referral.organisation_id)
        .order_by(late.desc(), Referral.organisation_id)
    )
    return [(row[0], row[1]) for row in rows]
