"""What anyone may open: complaining, seeing the answer with ticket and code, and what the village publishes.

Every answer is the same for a NIK that the village knows and for one that it does not: none is looked up here.
"""

from collections.abc import Callable
from typing import BinaryIO, cast

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from core.api import (
    CaseError,
    FileRefused,
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

from .. import reporter_side
from ..forms import PublicForm, RatingForm, ReopenForm, StatusForm
from ..intake import TakenBefore, receive
from ..models import Complaint
from ..report import published
from ..rulebook import rule_on
from ..settings import ComplaintSettings, lines_in
from ..words import ENTRIES, KINDS, OUTCOMES, RATINGS, STATES, sector_title
from . import bp

# Of what is taken in, and of all that is tried: on a mobile line many people have one address.
SENT, TRIED = "20 per hour", "120 per hour"
GUESSES = "10 per 5 minutes"
GUESSES_FOR_ONE = "20 per hour"


def asked_ticket() -> str:
    """Wrong guesses are counted for each ticket too: whoever has many addresses has no more of them for one."""
    return f"{here().id}:{request.form.get('ticket', '').strip().upper()}"


def taken_in(answer: object) -> bool:
    return getattr(answer, "status_code", 0) == 200


def missed(answer: object) -> bool:
    return getattr(answer, "status_code", 0) == 404


@bp.route("/send", methods=["GET", "POST"])
@public
@limiter.limit(SENT, methods=["POST"], deduct_when=taken_in)
@limiter.limit(TRIED, methods=["POST"])
def send() -> ResponseReturnValue:
    """A complaint, a question or a suggestion, with or without a name."""
    form = PublicForm()
    form.offer(here())
    if request.method == "GET":
        return private_page(_send_page(form))
    if not form.validate():
        return private_page(_send_page(form), 422)
    try:
        with without_address():
            taken = receive(
                here(), form.said("web"), form.teller, area_today(), by=None, files=_uploaded(form.photo.data)
            )
    except TakenBefore:
        db.session.rollback()
        return private_page(render_template("complaints/sent.html", complaint=None, code=""))
    except FileRefused as refusal:
        db.session.rollback()
        form.photo.errors = [str(refusal)]
        return private_page(_send_page(form), 422)
    told = {"ticket": taken.complaint.ticket, "answer_by": taken.complaint.answer_by, "due_on": taken.complaint.due_on}
    commit()
    return private_page(render_template("complaints/sent.html", complaint=told, code=taken.code))


def _uploaded(file: FileStorage | None) -> list[BinaryIO]:
    return [cast(BinaryIO, file.stream)] if file and file.filename else []


def _send_page(form: PublicForm) -> str:
    return render_template(
        "complaints/send.html",
        form=form,
        rule=rule_on(area_today()),
        kinds=KINDS,
        elsewhere=lines_in(settings_of(here(), ComplaintSettings).elsewhere),
    )


@bp.route("/status", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, methods=["POST"])
@limiter.limit(GUESSES_FOR_ONE, key_func=asked_ticket, methods=["POST"], deduct_when=missed)
def status() -> ResponseReturnValue:
    """The answer, for who has the ticket and the code."""
    form = StatusForm()
    if request.method == "GET":
        form.ticket.data = request.args.get("ticket", "")[:20]
        return private_page(_ask_page(form))
    if not form.validate():
        return private_page(_ask_page(form), 422)
    found = reporter_side.find(here().id, form.ticket.data or "", form.code.data or "")
    if found is None:
        return _unknown(form)
    return private_page(_status_page(found, form))


@bp.post("/status/rate")
@public
@limiter.limit(GUESSES, methods=["POST"])
@limiter.limit(GUESSES_FOR_ONE, key_func=asked_ticket, methods=["POST"], deduct_when=missed)
def rate() -> ResponseReturnValue:
    form = RatingForm()
    return _change(form, lambda found: reporter_side.rate(found, form.rating.data, area_today()))


@bp.post("/status/reopen")
@public
@limiter.limit(GUESSES, methods=["POST"])
@limiter.limit(GUESSES_FOR_ONE, key_func=asked_ticket, methods=["POST"], deduct_when=missed)
def reopen() -> ResponseReturnValue:
    form = ReopenForm()
    return _change(form, lambda found: reporter_side.reopen(found, form.why.data or "", area_today()))


def _change(form: RatingForm | ReopenForm, change: Callable[[Complaint], None]) -> ResponseReturnValue:
    """What was typed comes back with what was wrong; who does not know the code learns nothing either way."""
    valid = form.validate()
    found = reporter_side.find(here().id, form.ticket.data or "", form.code.data or "", for_change=True)
    if found is None:
        return _unknown(StatusForm(formdata=None, ticket=form.ticket.data))
    if not valid:
        return private_page(_status_page(found, form, changed=form), 422)
    try:
        with without_address():
            change(found)
        commit()
    except CaseError as problem:
        db.session.rollback()
        found = reporter_side.find(here().id, form.ticket.data or "", form.code.data or "")
        return private_page(_status_page(found, form, problem=str(problem)), 422) if found else _unknown(StatusForm())
    found = reporter_side.find(here().id, form.ticket.data or "", form.code.data or "")
    return private_page(_status_page(found, form, done=True)) if found else _unknown(StatusForm())


def _unknown(form: StatusForm) -> ResponseReturnValue:
    form.code.errors = [gettext("Nomor dan kode itu tidak cocok. Periksa lagi yang Anda catat waktu mengirim.")]
    return private_page(_ask_page(form), 404)


def _ask_page(form: StatusForm) -> str:
    return render_template("complaints/status.html", form=form, status=None)


def _status_page(
    found: Complaint, form: StatusForm, *, changed: StatusForm | None = None, problem: str = "", done: bool = False
) -> str:
    today = area_today()
    rating = changed if isinstance(changed, RatingForm) else RatingForm(formdata=None)
    reopening = changed if isinstance(changed, ReopenForm) else ReopenForm(formdata=None)
    return render_template(
        "complaints/status.html",
        form=form,
        status=reporter_side.status_of(found, today),
        rating=rating,
        reopening=reopening,
        problem=problem,
        done=done,
        today=today,
        states=STATES,
        outcomes=OUTCOMES,
        ratings=RATINGS,
        entries=ENTRIES,
        kinds=KINDS,
        sector_title=sector_title,
    )


@bp.get("/counts")
@public
@limiter.limit("120 per minute")
def counts() -> ResponseReturnValue:
    """How many, how fast, and what about: nothing by which anyone could be known."""
    return render_template(
        "complaints/counts.html", published=published(here().id, area_today()), sector_title=sector_title
    )
