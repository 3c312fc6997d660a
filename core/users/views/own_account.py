"""One's own account: who one is here, the second step, and the browsers in which one is signed in."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from core.database.session import commit
from core.users import sessions, two_step
from core.users.permissions import ROLES, signed_in

from .door import bp


@bp.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    return render_template(
        "users/own_account.html",
        roles=ROLES,
        state=two_step.state_of(current_user.id),
        sessions=sessions.sessions_of(current_user.id, current_user.token),
    )


@bp.post("/account/sessions/<uuid:id>/end")
@signed_in
def end_session(id: UUID) -> ResponseReturnValue:
    if not sessions.end_session(current_user.id, id):
        abort(404)
    commit()
    flash(_("Sesi itu sudah diakhiri."), "success")
    return redirect(url_for("users.account", _anchor="sessions"))


@bp.post("/account/sessions/end-others")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    count = sessions.end_sessions(current_user.id, keep=current_user.token)
    commit()
    flash(ngettext("%(num)s sesi lain sudah diakhiri.", "%(num)s sesi lain sudah diakhiri.", count), "success")
    return redirect(url_for("users.account", _anchor="sessions"))
