"""The section of a village's monthly report: what was solved in the village, and whether answers come."""

from datetime import date

from core.api import Area, Figure, MeetingPoint, ReportSection, gettext
from core.api import lazy_gettext as _

from .rates import total_of


def section_of(area: Area, month: date) -> ReportSection:
    """From the counts of the night before, as all figures of this module."""
    counts = total_of(area.interval, month, month)
    points = []
    if counts.overdue:
        text = gettext("%(n)s rujukan yang dikirim bulan itu belum dijawab dan lewat tenggat.", n=counts.overdue)
        points.append(MeetingPoint(title=gettext("Rujukan tanpa jawaban"), text=text, endpoint="referrals.index"))
    return ReportSection(
        name="slrt",
        title=_("Rujukan berjenjang"),
        figures=[
            counts.local_rate,
            counts.answer_rate,
            counts.days,
            Figure(key="slrt.sent", title=_("Rujukan dikirim"), amount=counts.sent),
            Figure(key="slrt.overdue", title=_("Rujukan lewat tenggat"), amount=counts.overdue),
        ],
        points=points,
    )
