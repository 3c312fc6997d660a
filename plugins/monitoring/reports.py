"""A monthly report from its first making to the district: made, made again, sent, sent back, amended.

What was sent is never changed: not by cases that come late, and not by an amendment, which is an edition of its own.
The caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.api import Area, AreaCode, CaseError, current_row, db, gettext, now, record, today, villages_in

from .models import OPEN, RETURNED, SENT, MonitoringReport
from .months import first_of, month_key, month_title, months_before
from .report_content import content_of
from .rulebook import deadline_of


@dataclass(frozen=True)
class Standing:
    """Where a village's report of a month stands. ``report``: the newest edition that was sent, if any."""

    village: Area
    report: MonitoringReport | None
    late: bool

    @property
    def state(self) -> str:
        """sent, returned, late or awaited."""
        if self.report is not None:
            return self.report.state
        return "late" if self.late else "awaited"


def editions(village_id: int, month: date) -> Sequence[MonitoringReport]:
    """All editions of a month, the newest first."""
    query = select(MonitoringReport).where(MonitoringReport.village_id == village_id, MonitoringReport.month == month)
    return db.session.scalars(query.order_by(MonitoringReport.edition.desc())).all()


def newest_editions(village_id: int, months: Sequence[date]) -> dict[date, MonitoringReport]:
    """The newest edition of each of these months that has one."""
    query = (
        select(MonitoringReport)
        .where(MonitoringReport.village_id == village_id, MonitoringReport.month.in_(months))
        .order_by(MonitoringReport.month, MonitoringReport.edition)
    )
    return {report.month: report for report in db.session.scalars(query)}


def find_report(village_id: int, id: UUID) -> MonitoringReport | None:
    return db.session.get(MonitoringReport, (village_id, id))


def make(area: Area, month: date) -> MonitoringReport:
    """The first edition.

    Raises:
        CaseError: the month has not begun, or it has a report.
    """
    if month > first_of(today(area.timezone)):
        raise CaseError(gettext("Bulan itu belum mulai."))
    if editions(area.id, month):
        raise CaseError(gettext("Laporan bulan itu sudah ada."))
    return _add(area, month, edition=1)


def make_again(area: Area, id: UUID, version: int) -> MonitoringReport:
    """With what is known now.

    Raises:
        CaseError: it was sent.
        Stale: somebody was faster.
    """
    report = _current(area.id, id, version)
    _must_be_open(report)
    report.content, report.made_at = content_of(area, report.month), now()
    record("monitoring.report_made", "monitoring_report", report.id, month=month_key(report.month))
    return report


def send(area: Area, id: UUID, version: int, *, by: UUID | None, name: str) -> MonitoringReport:
    """To the Dinas Sosial, with the figures as they stand in it: locked from now on.

    Raises:
        CaseError: it was sent already, or its month is not over.
        Stale: somebody was faster.
    """
    report = _current(area.id, id, version)
    _must_be_open(report)
    if today(area.timezone) < months_before(report.month, -1):
        raise CaseError(gettext("Bulan itu belum selesai; laporannya dikirim setelah hari terakhirnya."))
    if report.made_at.astimezone(ZoneInfo(area.timezone)).date() < months_before(report.month, -1):
        raise CaseError(gettext("Laporan ini disusun sebelum bulannya selesai. Susun ulang dulu, lalu kirim."))
    report.state, report.sent_at, report.sent_by, report.sender_name = SENT, now(), by, name
    month = month_key(report.month)
    record("monitoring.report_sent", "monitoring_report", report.id, month=month, edition=report.edition)
    return report


def amend(area: Area, id: UUID, version: int, reason: str) -> MonitoringReport:
    """A new edition with what is known now; the one that was sent stays as it is.

    Raises:
        CaseError: it was not sent, or is not the newest.
        Stale: somebody was faster.
    """
    report = _current(area.id, id, version)
    if report.is_open:
        raise CaseError(gettext("Laporan ini belum dikirim; susun ulang saja."))
    if editions(area.id, report.month)[0].id != report.id:
        raise CaseError(gettext("Sudah ada versi yang lebih baru."))
    made = _add(area, report.month, edition=report.edition + 1, reason=reason)
    record("monitoring.report_amended", "monitoring_report", made.id, month=month_key(made.month), edition=made.edition)
    return made


def send_back(village_id: int, id: UUID, version: int, remark: str) -> MonitoringReport:
    """By the district, in the scope of the village.

    Raises:
        CaseError: it is not one that was sent, or a newer one was.
        Stale: somebody was faster.
    """
    report = _current(village_id, id, version)
    if report.state != SENT:
        raise CaseError(gettext("Hanya laporan yang sudah dikirim dapat dikembalikan."))
    report.state, report.returned_at, report.remark = RETURNED, now(), remark
    record("monitoring.report_returned", "monitoring_report", report.id, month=month_key(report.month))
    return report


def standings(area: AreaCode, month: date, *, module: str = "monitoring") -> list[Standing]:
    """Of all villages of an area in which the module is on, those that were sent back and sent first: two queries."""
    newest = (
        select(MonitoringReport.village_id, func.max(MonitoringReport.edition).label("edition"))
        .where(
            MonitoringReport.village_id.between(area.id, area.hi),
            MonitoringReport.month == month,
            MonitoringReport.state != OPEN,
        )
        .group_by(MonitoringReport.village_id)
        .subquery()
    )
    query = select(MonitoringReport).join(
        newest,
        (newest.c.village_id == MonitoringReport.village_id) & (newest.c.edition == MonitoringReport.edition),
    )
    sent = {
        report.village_id: report
        for report in db.session.scalars(
            query.where(MonitoringReport.month == month, MonitoringReport.village_id.between(area.id, area.hi))
        )
    }
    deadline = deadline_of(month)
    found = [
        Standing(village, sent.get(village.id), _is_late(sent.get(village.id), deadline, village.timezone))
        for village in villages_in(area)
        if module in village.enabled
    ]
    order = ("returned", "sent", "late", "awaited")
    return sorted(found, key=lambda each: (order.index(each.state), each.village.id))


def is_late(report: MonitoringReport | None, month: date, timezone: str) -> bool:
    """Sent after the deadline, or not sent and the deadline is over."""
    return _is_late(report, deadline_of(month), timezone)


def title_of(report: MonitoringReport) -> str:
    """Laporan Oktober 2026, perubahan ke-1"""
    title = gettext("Laporan bulanan %(month)s", month=month_title(report.month))
    if report.edition == 1:
        return title
    return gettext("%(title)s, perubahan ke-%(n)s", title=title, n=report.edition - 1)


def _is_late(report: MonitoringReport | None, deadline: date, timezone: str) -> bool:
    sent_at: datetime | None = report.sent_at if report else None
    return (sent_at or now()).astimezone(ZoneInfo(timezone)).date() > deadline


def _current(village_id: int, id: UUID, version: int) -> MonitoringReport:
    found = current_row(MonitoringReport, village_id, id, version)
    if found is None:
        raise CaseError(gettext("Laporan itu tidak ada lagi."))
    return found


def _must_be_open(report: MonitoringReport) -> None:
    if not report.is_open:
        raise CaseError(gettext("Laporan ini sudah dikirim, jadi angkanya tidak berubah lagi. Buat perubahan."))


def _add(area: Area, month: date, *, edition: int, reason: str = "") -> MonitoringReport:
    report = MonitoringReport(
        village_id=area.id,
        month=month,
        edition=edition,
        reason=reason,
        content=content_of(area, month),
        made_at=now(),
    )
    db.session.add(report)
    db.session.flush()
    if edition == 1:
        record("monitoring.report_made", "monitoring_report", report.id, month=month_key(month))
    return report
