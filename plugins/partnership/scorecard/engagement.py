"""Engagement: who comes, who does what was agreed, who gives, and who has not been heard of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date as DateType
from sqlalchemy import cast, func, select, union_all

from core.api import AreaCode, Referral, ReferralEvent, db

from ..models import (
    Partner,
    PartnerAction,
    PartnerAgreement,
    PartnerContribution,
    PartnerInvitation,
    PartnerMeeting,
    PartnerProposal,
    PartnerReview,
)
from ..rulebook import rule_on
from .indicators import Tally
from .months import Month


def measure(village: AreaCode, month: Month, partners: Sequence[Partner], tally: Tally) -> None:
    """Four queries.

    - present: of the meetings held in the month whose attendance was taken, present / invited.
    - actions: of the actions whose day lies in the month (and is past, while it runs), done by their day / due.
    - contributions: how many were given in the month.
    - idle_days: days from the last activity to the month's last day (today, while it runs), or from the day on which
      the partner was registered. Activity: a step in a referral, an answer to an invitation or coming to a meeting, a
      contribution, a proposal, an action done, an agreement signed, a self-review.
    - dormant, of the village: partners with more idle days than ``dormant_days`` (rules.toml: 30) / partners.

    Source: domain of the partnership (The Partnering Initiative).
    """
    day = month.seen_on
    for partner_id, present, invited in _attendance(village, month):
        tally.add(partner_id, "present", present, invited)
    for partner_id, done, due in _actions(village, month, day):
        tally.add(partner_id, "actions", done, due)
    given = _given(village, month)
    for partner in partners:
        tally.add(partner.id, "contributions", given.get(partner.id, 0))
    last = last_activity(village, [partner.id for partner in partners], day, month.timezone)
    dormant_days = rule_on(day).dormant_days
    for partner in partners:
        idle = (day - last.get(partner.id, registered_on(partner, month.timezone))).days
        tally.put(partner.id, "idle_days", max(idle, 0))
        tally.add(partner.id, "dormant", idle > dormant_days, 1)


def registered_on(partner: Partner, timezone: str) -> date:
    return partner.created_at.astimezone(ZoneInfo(timezone)).date()


def _attendance(village: AreaCode, month: Month) -> Sequence[Any]:
    invited, present = func.count(), func.count().filter(PartnerInvitation.present.is_(True))
    return db.session.execute(
        select(PartnerInvitation.partner_id, present, invited)
        .join(
            PartnerMeeting,
            (PartnerMeeting.village_id == PartnerInvitation.village_id)
            & (PartnerMeeting.id == PartnerInvitation.meeting_id),
        )
        .where(
            PartnerInvitation.village_id == village.id,
            PartnerInvitation.present.is_not(None),
            PartnerMeeting.held_on >= month.first,
            PartnerMeeting.held_on < month.next,
        )
        .group_by(PartnerInvitation.partner_id)
    ).all()


def _actions(village: AreaCode, month: Month, day: date) -> Sequence[Any]:
    """Whose day is not past counts once it is done."""
    on_time = PartnerAction.done_on <= PartnerAction.due_on
    return db.session.execute(
        select(PartnerAction.partner_id, func.count().filter(on_time), func.count())
        .where(
            PartnerAction.village_id == village.id,
            PartnerAction.due_on >= month.first,
            PartnerAction.due_on < month.next,
            (PartnerAction.due_on < day) | (day == month.last) | on_time,
        )
        .group_by(PartnerAction.partner_id)
    ).all()


def _given(village: AreaCode, month: Month) -> Mapping[UUID, int]:
    rows = db.session.execute(
        select(PartnerContribution.partner_id, func.count())
        .where(
            PartnerContribution.village_id == village.id,
            PartnerContribution.given_on >= month.first,
            PartnerContribution.given_on < month.next,
        )
        .group_by(PartnerContribution.partner_id)
    )
    return {row[0]: row[1] for row in rows}


def last_activity(village: AreaCode, ids: Collection[UUID], day: date, timezone: str) -> Mapping[UUID, date]:
    """The last day up to ``day`` on which each of these partners did something; who never did is left out."""
    found = union_all(*_deeds(village, ids, timezone)).subquery()
    query = select(found.c.partner_id, func.max(found.c.on)).where(found.c.on <= day).group_by(found.c.partner_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _deeds(village: AreaCode, ids: Collection[UUID], timezone: str) -> Sequence[Any]:
    """Each tells partner and day."""

    def on(moment: Any) -> Any:
        return cast(func.timezone(timezone, moment), DateType)

    def of(model: Any, day: Any) -> Any:
        return select(model.partner_id.label("partner_id"), day.label("on")).where(
            model.village_id == village.id, model.partner_id.in_(ids), day.is_not(None)
        )

    steps = (
        select(Partner.id.label("partner_id"), on(ReferralEvent.at).label("on"))
        .join(Referral, (Referral.village_id == village.id) & (Referral.organisation_id == Partner.organisation_id))
        .join(ReferralEvent, (ReferralEvent.village_id == village.id) & (ReferralEvent.referral_id == Referral.id))
        .where(Partner.village_id == village.id, Partner.id.in_(ids), ReferralEvent.side == "receiver")
    )
    came = of(PartnerInvitation, PartnerMeeting.held_on).join(
        PartnerMeeting,
        (PartnerMeeting.village_id == village.id) & (PartnerMeeting.id == PartnerInvitation.meeting_id),
    )
    return (
        steps,
        came.where(PartnerInvitation.present.is_(True)),
        of(PartnerInvitation, on(PartnerInvitation.answered_at)),
        of(PartnerContribution, PartnerContribution.given_on),
        of(PartnerProposal, PartnerProposal.made_on),
        of(PartnerAction, PartnerAction.done_on),
        of(PartnerAgreement, PartnerAgreement.signed_on),
        of(PartnerReview, on(PartnerReview.filled_at)),
    )
