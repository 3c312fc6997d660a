"""What the survey says to the monthly report and the monthly meeting."""

from datetime import date

from sqlalchemy import func, select

from core.api import Area, Figure, MeetingPoint, ReportSection, db, gettext, settings_of, today
from core.api import lazy_gettext as _

from .actions import OPEN
from .ikm import Marks, result_of
from .models import FeedbackAction
from .periods import Period, last_ended
from .report import marks_between, marks_in
from .rulebook import display_rule, index_rule
from .settings import FeedbackSettings
from .words import element_title


def section_of(area: Area, month: date) -> ReportSection:
    """Of a village's month: three queries. A month that still runs has no index yet."""
    now = today(area.timezone)
    asked = Period("month", month.year, month.month)
    period = last_ended(settings_of(area, FeedbackSettings).period, min(now, asked.end))
    said = marks_between(area.interval, min(period.first, asked.first), max(period.end, asked.end))
    marks = marks_in(said, asked)
    figures = [Figure(key="feedback.respondents", title=_("Penilai dalam survei kepuasan"), amount=marks.n)]
    if asked.ended(now):
        figures.append(
            Figure(
                key="feedback.ikm",
                title=_("Indeks kepuasan masyarakat (IKM)"),
                amount=sum(marks.sums) * 25 / 9,
                of=marks.n,
                unit="points",
            )
        )
    points = [*_lowest(marks_in(said, period), period, now), *_late(area, now)]
    return ReportSection(name="feedback", title=_("Survei kepuasan"), figures=figures, points=points)


def _lowest(marks: Marks, period: Period, now: date) -> list[MeetingPoint]:
    result = result_of(marks, index_rule(period.first), display_rule(now).small)
    if result is None:
        return []
    text = gettext(
        "%(elements)s: %(mean)s dari 4. IKM %(index)s (%(grade)s), %(period)s, %(n)s penilai.",
        elements=", ".join(element_title(number) for number in result.lowest),
        mean=comma(result.means[result.lowest[0] - 1]),
        index=comma(result.index),
        grade=result.grade,
        period=period.title,
        n=marks.n,
    )
    return [
        MeetingPoint(title=_("Unsur IKM terendah"), text=text, endpoint="feedback.index", values={"period": period.key})
    ]


def _late(area: Area, now: date) -> list[MeetingPoint]:
    late = db.session.scalar(
        select(func.count()).where(
            FeedbackAction.village_id == area.id, FeedbackAction.state.in_(OPEN), FeedbackAction.due_on < now
        )
    )
    if not late:
        return []
    text = gettext("%(n)s tindak lanjut lewat harinya.", n=late)
    return [MeetingPoint(title=_("Tindak lanjut survei kepuasan"), text=text, endpoint="feedback.actions")]


def comma(value: object) -> str:
    """As Indonesians write it: 82,35."""
    return str(value).replace(".", ",")
