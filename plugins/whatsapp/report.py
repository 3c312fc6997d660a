"""Figures of messages: counts that add up, and never a number or a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.api import Area, AreaCode, Figure, MeetingPoint, ReportSection, db
from core.api import lazy_gettext as _

from .models import WhatsAppMessage


@dataclass(frozen=True)
class Counts:
    """Of the messages made in a time: ``sent`` went out, of which ``delivered`` arrived; ``unclear`` may have."""

    made: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    unclear: int = 0

    @property
    def share(self) -> Figure:
        title = _("Pesan sampai")
        return Figure(key="whatsapp.delivered", title=title, amount=self.delivered, of=self.sent, unit="share")


def bounds_of(month: date, timezone: str) -> tuple[datetime, datetime]:
    """From the first moment of the month to that of the next, in the village's own time."""
    first = month.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    zone = ZoneInfo(timezone)
    return datetime.combine(first, time(), zone), datetime.combine(after, time(), zone)


def counts_by_village(area: AreaCode | Area, since: datetime, until: datetime | None = None) -> Mapping[int, Counts]:
    """Of the villages in which messages were made, until now or before ``until``, in one query."""
    message = WhatsAppMessage
    query = (
        select(
            message.village_id,
            func.count(),
            func.count(message.sent_at),
            func.count(message.delivered_at),
            func.count().filter(message.state == "failed"),
            func.count().filter(message.state == "unclear"),
        )
        .where(message.village_id.between(area.id, area.hi), message.made_at >= since)
        .group_by(message.village_id)
        .order_by(message.village_id)
    )
    if until is not None:
        query = query.where(message.made_at < until)
    return {row[0]: Counts(*row[1:]) for row in db.session.execute(query)}


def total(counts: Mapping[int, Counts]) -> Counts:
    names = Counts.__dataclass_fields__
    return Counts(**{name: sum(getattr(each, name) for each in counts.values()) for name in names})


def figures(counts: Counts) -> list[Figure]:
    return [
        Figure(key="whatsapp.sent", title=_("Pesan terkirim"), amount=counts.sent),
        counts.share,
        Figure(key="whatsapp.failed", title=_("Pesan gagal"), amount=counts.failed),
    ]


def sections(area: Area, month: date) -> list[ReportSection]:
    counts = total(counts_by_village(area, *bounds_of(month, area.timezone)))
    points = []
    if counts.failed + counts.unclear:
        text = _("%(failed)s gagal dan %(unclear)s tidak pasti.", failed=counts.failed, unclear=counts.unclear)
        point = MeetingPoint(title=_("Pesan WhatsApp tidak sampai"), text=text, endpoint="whatsapp.index")
        points.append(point)
    return [ReportSection(name="whatsapp", title=_("Pesan WhatsApp"), figures=figures(counts), points=points)]
