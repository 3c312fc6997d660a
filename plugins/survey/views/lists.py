"""The village's surveys, the route of a day, and the report of a month with its sheet."""

from datetime import date, timedelta

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import area_today, colleagues, commit, here, may, month_name, names_of, record, requires

from .. import listing
from ..report import month_report
from ..sheet import surveys_sheet
from ..words import SHOWN_TITLES, STATES
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires("survey.read")
def index() -> ResponseReturnValue:
    """A fixed number of queries, however long the page is."""
    show = request.args.get("show", "open" if may("survey.assign") else "mine")
    show = show if show in listing.SHOWN else "open"
    page = listing.page_of(here().id, show, current_user.id, request.args.get("after"))
    return render_template(
        "survey/index.html",
        page=page,
        show=show,
        waiting=listing.waiting_for(here().id, current_user.id),
        titles=SHOWN_TITLES,
        states=STATES,
        names=names_of({row.surveyor_id for row in page.rows if row.surveyor_id}),
        today=area_today(),
    )


@bp.get("/route")
@requires("survey.read")
def route() -> ResponseReturnValue:
    """To carry along: where, who, which number to call. Without NIK and without answers."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = area_today()
    team = colleagues(here().interval)
    chosen = request.args.get("surveyor", "" if may("survey.assign") else str(current_user.id))
    surveyor = next((one for one in team if str(one.id) == chosen), None)
    stops = listing.route_of(here().id, day, surveyor.id if surveyor else None)
    return render_template(
        "survey/route.html",
        stops=stops,
        day=day,
        before=day - timedelta(days=1) if day > date.min else day,
        after=day + timedelta(days=1) if day < date.max else day,
        team=team,
        surveyor=surveyor,
        names={one.id: one.name for one in team},
    )


@bp.get("/report")
@requires("survey.report")
def report() -> ResponseReturnValue:
    first, today = _month(), area_today()
    later = (first + timedelta(days=32)).replace(day=1)
    return render_template(
        "survey/report.html",
        report=month_report(here().id, first),
        first=first,
        earlier=(first - timedelta(days=1)).replace(day=1),
        later=later if later <= today else None,
        month_name=month_name,
    )


@bp.get("/surveys.xlsx")
@requires("survey.read")
def download() -> ResponseReturnValue:
    """Who takes names out of the system is on record."""
    first = _month()
    surveys = month_report(here().id, first).surveys
    record("survey.sheet_downloaded", "survey_sheet", f"{first:%Y-%m}", surveys=len(surveys))
    commit()
    name = f"survei-rumah-{here().code}-{first:%Y-%m}.xlsx"
    return send_file(surveys_sheet(surveys), mimetype=XLSX, as_attachment=True, download_name=name)


def _month() -> date:
    """Of the address, else this month; one to come, or before there were such reports, is not there."""
    today = area_today()
    text = request.args.get("month") or f"{today:%Y-%m}"
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        abort(404)
    if not date(2000, 1, 1) <= first <= today:
        abort(404)
    return first
