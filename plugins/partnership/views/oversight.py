"""The partners of all villages of a kecamatan or district."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from core.api import area_today, here, month_name, requires

from .. import oversight
from ..rulebook import rule_on
from ..scorecard.months import read_month
from ..words import KINDS
from . import wide


@wide.get("/")
@requires("partnership.oversee")
def index() -> ResponseReturnValue:
    show, day = request.args.get("show", ""), area_today()
    show = show if show in oversight.SHOWN else oversight.SHOWN[0]
    return render_template(
        "partnership/wide.html",
        page=oversight.partners_page(here(), day, show, request.args.get("after")),
        standing=oversight.standing_of(here(), day),
        show=show,
        kinds=KINDS,
        dormant_days=rule_on(day).dormant_days,
        today=day,
    )


@wide.get("/answers")
@requires("partnership.oversee")
def answers() -> ResponseReturnValue:
    month = read_month(request.args.get("month"), here().timezone)
    return render_template(
        "partnership/answers.html",
        found=oversight.answer_rates(here(), month.first if month else None, request.args.get("after")),
        month_name=month_name,
    )
