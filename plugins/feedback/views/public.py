"""What anyone may open: rating with a code, on one's own phone or at the desk's tablet, and the published results.

The tablet is signed in nowhere: it shows a page that asks for a code and returns to it. So whoever holds it can reach
nothing of the village, and nothing on it tells whose case is rated.
"""

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import (
    area_today,
    commit,
    db,
    gettext,
    here,
    limiter,
    private_page,
    public,
    settings_of,
    without_address,
)

from .. import actions, comments
from ..answering import RatedBefore, find_by_code, plain, take
from ..charts import pictures_of
from ..forms import CodeForm, PublicSurveyForm
from ..periods import last_ended
from ..report import report_of
from ..rulebook import question_rule
from ..sections import comma
from ..settings import FeedbackSettings
from ..words import ACTION_STATES, ELEMENT_TITLES, GRADES, element_title
from . import bp

# Of all that is sent, and of codes that nobody was given: on a mobile line many people have one address.
SENT, MISSED = "60 per hour", "20 per 5 minutes"
READ = "120 per minute"
THANKS_SECONDS, IDLE_SECONDS = 15, 600


def missed(answer: object) -> bool:
    return getattr(answer, "status_code", 0) == 404


@bp.route("/rate", methods=["GET", "POST"])
@public
@limiter.limit(MISSED, deduct_when=missed)
@limiter.limit(SENT, methods=["POST"])
def rate() -> ResponseReturnValue:
    """The nine questions for who has a code; without one it is asked for."""
    kiosk, code, today = bool(request.values.get("kiosk")), request.values.get("code", "")[:20], area_today()
    if not plain(code):
        return _page(_ask_page(kiosk))
    try:
        rated = find_by_code(here().id, code, today)
        if rated is None:
            return _page(_ask_page(kiosk, code), 404)
        form = PublicSurveyForm()
        form.offer(question_rule(today))
        if request.method == "GET":
            form.code.data, form.kiosk.data = code, "1" if kiosk else ""
            return _page(_survey_page(form, kiosk), idle=kiosk)
        if not form.validate():
            return _page(_survey_page(form, kiosk), 422, idle=kiosk)
        with without_address():
            take(here().id, rated, form.said, "kiosk" if kiosk else "qr", today)
    except RatedBefore as problem:
        db.session.rollback()
        return _page(render_template("feedback/thanks.html", problem=str(problem), kiosk=kiosk), 409, back=kiosk)
    commit()
    return _page(render_template("feedback/thanks.html", problem="", kiosk=kiosk), back=kiosk)


@bp.get("/kiosk")
@public
@limiter.limit(READ)
def kiosk() -> ResponseReturnValue:
    """The tablet at the desk: staff types the code of a finished case, or it scans the code on the slip."""
    return _page(_ask_page(kiosk=True))


def _ask_page(kiosk: bool, wrong: str = "") -> str:
    form = CodeForm(formdata=None, code=wrong)
    if wrong:
        form.code.errors = [gettext("Kode itu tidak berlaku: salah ketik, sudah diganti, atau sudah lewat harinya.")]
    return render_template("feedback/ask.html", form=form, kiosk=kiosk)


def _survey_page(form: PublicSurveyForm, kiosk: bool) -> str:
    return render_template(
        "feedback/rate.html", form=form, kiosk=kiosk, titles=ELEMENT_TITLES, rule=question_rule(area_today())
    )


def _page(page: str, status: int = 200, *, idle: bool = False, back: bool = False) -> Response:
    """At the tablet a page that was left, and the last one, go back to the start by themselves."""
    answer = private_page(page, status)
    if idle or back:
        answer.headers["Refresh"] = f"{THANKS_SECONDS if back else IDLE_SECONDS}; url={url_for('feedback.kiosk')}"
    return answer


@bp.get("/results")
@public
@limiter.limit(READ)
def results() -> ResponseReturnValue:
    """The index of the last period that has ended, what is done about it, and what residents said."""
    area, today = here(), area_today()
    settings = settings_of(area, FeedbackSettings)
    if not settings.publish:
        abort(404)
    report = report_of(area, last_ended(settings.period, today), today)
    return render_template(
        "feedback/results.html",
        report=report,
        pictures=pictures_of(report),
        plans=actions.published(area.id),
        comments=comments.published(area.id),
        action_states=ACTION_STATES,
        titles=ELEMENT_TITLES,
        element_title=element_title,
        grades=GRADES,
        comma=comma,
    )
