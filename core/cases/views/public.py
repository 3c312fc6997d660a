"""What anyone may open: checking a letter, and asking how far a case is."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.cases.letters import find_letter_by_token, letter_state
from core.cases.public_status import find_status
from core.users.permissions import public
from core.web.answers import private_page
from core.web.formats import area_today
from core.web.limits import limiter

from . import bp
from .forms import StatusForm


@bp.get("/<village:area>/verify/<token>")
@public
@limiter.limit("60 per minute")
def verify(area: AreaCode, token: str) -> ResponseReturnValue:
    """Whoever holds the paper sees whether it holds, and compares number, name and date with it."""
    letter = find_letter_by_token(g.area.id, token)
    state = letter_state(letter, area_today()) if letter else "unknown"
    page = render_template("cases/verify.html", letter=letter, state=state)
    return private_page(page, 200 if letter else 404)


def asked_ticket() -> str:
    return f"{g.area.id if g.get('area') else ''}:{request.form.get('ticket', '').strip().upper()}"


@bp.route("/<village:area>/status", methods=["GET", "POST"])
@bp.route("/<village:area>/status/<ticket>", methods=["GET", "POST"])
@public
@limiter.limit("10 per 5 minutes", methods=["POST"])
@limiter.limit(
    "20 per hour", key_func=asked_ticket, methods=["POST"], deduct_when=lambda answer: answer.status_code == 404
)
def status(area: AreaCode, ticket: str = "") -> ResponseReturnValue:
    """Ticket and the last four digits of the NIK together show the state and the next step, and nothing else.

    Wrong guesses are counted for each ticket too: whoever has many addresses has no more of them for one resident.
    """
    form = StatusForm(ticket=ticket)
    if not form.validate_on_submit():
        page = render_template("cases/status.html", form=form, status=None)
        return private_page(page, 422 if form.is_submitted() else 200)
    found = find_status(g.area.id, form.ticket.data or "", form.digits.data or "")
    if found is None:
        form.digits.errors = [_("Tiket dan empat angka itu tidak cocok. Periksa lagi tanda terima dan KTP.")]
    return private_page(render_template("cases/status.html", form=form, status=found), 200 if found else 404)
