"""The results for the village and who oversees it: a period at a time, and as a sheet."""

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, here, record, requires, service_titles, settings_of

from .. import actions
from ..charts import pictures_of
from ..periods import MONTHS_IN, Period, last_ended, read_period
from ..report import answers_in, report_of
from ..rulebook import index_rule, question_rule, sample_rule
from ..sections import comma
from ..settings import FeedbackSettings
from ..sheet import sheet
from ..words import CHARACTERISTICS, ELEMENT_TITLES, GRADES, PERIODS, TOLD, element_title
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires("feedback.read")
def index() -> ResponseReturnValue:
    """A fixed number of queries, however many have answered."""
    area, today, period = here(), area_today(), _period()
    report = report_of(area, period, today)
    kinds = [(key, title, period if key == period.kind else last_ended(key, today)) for key, title in PERIODS.items()]
    return render_template(
        "feedback/index.html",
        report=report,
        pictures=pictures_of(report),
        kinds=kinds,
        before=period.later(-1),
        after=period.later(1) if period.end <= today else None,
        plans=actions.open_actions(area.id),
        today=today,
        services=service_titles(),
        rules=[index_rule(period.first), question_rule(period.first), sample_rule(period.first)],
        titles=ELEMENT_TITLES,
        element_title=element_title,
        grades=GRADES,
        characteristics=CHARACTERISTICS,
        told=TOLD,
        comma=comma,
        publishes=settings_of(area, FeedbackSettings).publish,
    )


@bp.get("/sheet.xlsx")
@requires("feedback.read")
def download() -> ResponseReturnValue:
    area, period = here(), _period()
    report = report_of(area, period, area_today())
    file = sheet(report, answers_in(area.id, period))
    record("feedback.sheet_downloaded", "feedback_survey", period.key, period=period.key)
    commit()
    name = f"survei-kepuasan-{area.code}-{period.key}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


def _period() -> Period:
    """Of the address, else the last of the village's own kind that has ended; nothing that is still to come."""
    today = area_today()
    asked = read_period(request.args.get("period", ""))
    if asked and asked.first <= today:
        return asked
    kind = settings_of(here(), FeedbackSettings).period
    return last_ended(kind if kind in MONTHS_IN else "quarter", today)
