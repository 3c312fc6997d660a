"""What is done to an account by one button."""

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.database.session import commit, db, scope
from core.database.uuid7 import uuid7
from core.users import administration
from core.users.accounts import AccountError
from core.users.administration import Stale
from core.users.models import User
from core.users.permissions import requires
from core.users.targets import Authority, home_of

from .accounts import SHOWN_ONCE, authority, bp, slip


def _do(user_id: UUID, deed: Callable[[Authority, UUID], object], done: str) -> ResponseReturnValue:
    by = authority()
    try:
        with scope(home_of(by, user_id)):
            deed(by, user_id)
            commit()
    except AccountError as problem:
        flash(str(problem), "error")
    else:
        flash(done, "success")
    return redirect(url_for("accounts.show", id=user_id))


@bp.post("/<area:area>/users/<uuid:id>/unlock")
@requires("users.manage")
def unlock(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _do(id, administration.unlock, _("Kunci akun sudah dibuka."))


@bp.post("/<area:area>/users/<uuid:id>/two-step/reset")
@requires("users.manage")
def reset_two_step(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _do(id, administration.reset_two_step, _("Masuk dua langkah dihapus. Semua sesinya ditutup."))


@bp.post("/<area:area>/users/<uuid:id>/invitation/revoke")
@requires("users.manage")
def revoke_invitation(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _do(id, administration.revoke_invitation, _("Tautan undangan tidak berlaku lagi."))


@bp.post("/<area:area>/users/<uuid:id>/end")
@requires("users.manage")
def end(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _do(id, administration.end, _("Akun sudah diakhiri. Bila keliru, buka lagi di halaman ini."))


@bp.post("/<area:area>/users/<uuid:id>/reopen")
@requires("users.manage")
def reopen(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _do(id, administration.reopen, _("Akun sudah dibuka lagi, dengan kata sandi yang lama."))


@bp.post("/<area:area>/users/<uuid:id>/sessions/end")
@requires("users.manage")
def end_sessions(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _do(id, administration.end_sessions, _("Semua sesinya sudah diakhiri."))


@bp.post("/<area:area>/users/<uuid:id>/sessions/<uuid:sign_in_id>/end")
@requires("users.manage")
def end_session(area: AreaCode, id: UUID, sign_in_id: UUID) -> ResponseReturnValue:
    def deed(by: Authority, user_id: UUID) -> None:
        if not administration.end_session(by, user_id, sign_in_id):
            abort(404)

    return _do(id, deed, _("Sesi itu sudah diakhiri."))


# ---- what is shown once ----


@bp.post("/<area:area>/users/<uuid:id>/reset")
@requires("users.manage")
def reset(area: AreaCode, id: UUID) -> ResponseReturnValue:
    version = request.form.get("version", "")
    return _show_once(id, lambda by: administration.reset(by, id, version), is_link=False)


@bp.post("/<area:area>/users/<uuid:id>/invite")
@requires("users.manage")
def invite(area: AreaCode, id: UUID) -> ResponseReturnValue:
    invitation_id = _uuid(request.form.get("once", "")) or uuid7()
    return _show_once(id, lambda by: administration.invite(by, id, invitation_id), is_link=True)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _show_once(user_id: UUID, deed: Callable[[Authority], str], *, is_link: bool) -> ResponseReturnValue:
    by = authority()
    try:
        with scope(home_of(by, user_id)):
            secret = deed(by)
            commit()
    except Stale:
        flash(str(SHOWN_ONCE), "warning")
    except AccountError as problem:
        flash(str(problem), "error")
    else:
        user = db.session.get_one(User, user_id)
        shown = {"link": secret} if is_link else {"password": secret}
        return slip(user_id, user.username, user.name, **shown)
    return redirect(url_for("accounts.show", id=user_id))
