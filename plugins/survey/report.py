"""The surveys of one month in figures. No household is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from sqlalchemy import func, select

from core.api import Area, Figure, ReportSection, db
from core.api import lazy_gettext as _

from .listing import made_between
from .models import FINAL, OPEN, SIGNED, HomeSurvey


@dataclass(frozen=True)
class MonthReport:
    """Of the surveys whose visit was in the month, and what was still open on the day of the report.

    ``days`` is the median from asking to the visit, None without any.
    """

    surveys: Sequence[HomeSurvey]
    open: int
    met: int
    signed: int
    unsheltered: int
    poor: int
    not_poor: int
    undecided: int
    with_changes: int
    days: float | None


def month_report(village_id: int, first: date) -> MonthReport:
    """Two queries."""
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    made = made_between(village_id, first, last)
    counted = [survey for survey in made if survey.answers.get("found") == "yes"]
    still_open = db.session.scalar(
        select(func.count()).where(HomeSurvey.village_id == village_id, HomeSurvey.state == OPEN)
    )
    poor = [survey.outcome.get("poor") for survey in counted]
    waits = [(survey.done_on - survey.asked_at.date()).days for survey in made if survey.done_on]
    return MonthReport(
        surveys=made,
        open=still_open or 0,
        met=len(counted),
        signed=sum(survey.state == SIGNED for survey in made),
        unsheltered=sum(bool(survey.outcome.get("unsheltered")) for survey in counted),
        poor=poor.count(True),
        not_poor=poor.count(False),
        undecided=poor.count(None),
        with_changes=sum(bool(survey.outcome.get("changed")) for survey in counted),
        days=median(waits) if waits else None,
    )


def section_of(area: Area, month: date) -> ReportSection:
    """Of the monthly report: homes that were visited in the month and whose survey is finished; one query."""
    after = (month + timedelta(days=32)).replace(day=1)
    done, signed = db.session.execute(
        select(func.count(), func.count().filter(HomeSurvey.state == SIGNED)).where(
            HomeSurvey.village_id == area.id,
            HomeSurvey.state.in_((FINAL, SIGNED)),
            HomeSurvey.done_on >= month,
            HomeSurvey.done_on < after,
        )
    ).one()
    figures = [
        Figure(key="survey.done", title=_("Survei rumah selesai"), amount=done),
        Figure(key="survey.signed", title=_("Ditandatangani orang kedua"), amount=signed),
    ]
    return ReportSection(name="survey", title=_("Survei rumah"), figures=figures)
