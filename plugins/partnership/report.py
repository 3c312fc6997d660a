"""What the monthly report and the meeting hear of the partnership: figures, and what should be talked about."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from core.api import Area, MeetingPoint, Organisation, ReportSection, db, gettext, today
from core.api import Figure as CoreFigure
from core.api import lazy_gettext as _

from .models import PartnerAction, PartnerBarrier, PartnerMeeting
from .scorecard.months import Month
from .scorecard.relationship import answered_and_sent, late_answers
from .words import BARRIERS

MOST_POINTS = 15


def section_of(area: Area, first: date) -> ReportSection:
    """Six queries. Points are of today: a meeting talks about what is open, whatever its month."""
    month = Month(first, area.timezone)
    answered, sent = answered_and_sent(area.interval, month)
    return ReportSection(
        name="partnership",
        title=_("Kemitraan"),
        figures=[
            CoreFigure(
                key="partnership.answered", title=_("Rujukan dijawab mitra"), amount=answered, of=sent, unit="share"
            ),
            CoreFigure(
                key="partnership.barriers_open",
                title=_("Hambatan terbuka"),
                amount=_open_barriers(area.id, month.seen_on),
            ),
            CoreFigure(key="partnership.meetings", title=_("Pertemuan mitra"), amount=_meetings(area.id, month)),
        ],
        points=[*_late(area), *_barriers(area), *_undone(area)],
    )


def _open_barriers(village_id: int, day: date) -> int:
    resolved = PartnerBarrier.resolved_on
    return db.session.scalar(
        select(func.count())
        .select_from(PartnerBarrier)
        .where(
            PartnerBarrier.village_id == village_id,
            PartnerBarrier.opened_on <= day,
            resolved.is_(None) | (resolved > day),
        )
    ) or 0  # fmt: skip


def _meetings(village_id: int, month: Month) -> int:
    return db.session.scalar(
        select(func.count())
        .select_from(PartnerMeeting)
        .where(
            PartnerMeeting.village_id == village_id,
            PartnerMeeting.state == "closed",
            PartnerMeeting.held_on >= month.first,
            PartnerMeeting.held_on < month.next,
        )
    ) or 0  # fmt: skip


def _late(area: Area) -> Sequence[MeetingPoint]:
    """Referrals past their day, by organisation: numbers, and nobody whom they are about."""
    late = late_answers(area.interval, today(area.timezone))[:MOST_POINTS]
    ids = [organisation_id for organisation_id, _n in late]
    names = {
        row[0]: row[1]
        for row in db.session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    } if ids else {}  # fmt: skip
    return [
        MeetingPoint(
            title=gettext("Rujukan belum dijawab: %(name)s", name=names.get(organisation_id, "–")),
            text=gettext("%(n)s rujukan lewat tenggat.", n=number),
            endpoint="referrals.index",
            values={"which": "overdue"},
        )
        for organisation_id, number in late
    ]


def _barriers(area: Area) -> Sequence[MeetingPoint]:
    day = today(area.timezone)
    rows = db.session.scalars(
        select(PartnerBarrier)
        .where(PartnerBarrier.village_id == area.id, PartnerBarrier.resolved_on.is_(None))
        .order_by(PartnerBarrier.opened_on, PartnerBarrier.id)
        .limit(MOST_POINTS)
    )
    return [
        MeetingPoint(
            title=gettext("Hambatan: %(kind)s", kind=BARRIERS.get(row.kind, row.kind)),
            text=gettext("%(text)s (terbuka %(days)s hari)", text=row.text[:240], days=(day - row.opened_on).days),
            endpoint="partnership.barrier",
            values={"id": row.id},
        )
        for row in rows
    ]


def _undone(area: Area) -> Sequence[MeetingPoint]:
    rows = db.session.scalars(
        select(PartnerAction)
        .where(PartnerAction.village_id == area.id, PartnerAction.done_on.is_(None))
        .order_by(PartnerAction.due_on, PartnerAction.id)
        .limit(MOST_POINTS)
    )
    return [
        MeetingPoint(
            title=gettext("Tindakan yang belum selesai: %(owner)s", owner=row.owner),
            text=row.text,
            endpoint="partnership.meeting",
            values={"id": row.meeting_id},
        )
        for row in rows
    ]
