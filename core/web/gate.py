"""The gate that every request passes: who asks, which area, is the module on, is it allowed.

Each view declares what it needs (``core.users.permissions.requires``); a view without a declaration stops the start.
What lies outside one's areas answers 404, as if it did not exist; what a role may not do there answers 403.
"""

import secrets
from itertools import chain
from uuid import UUID

from flask import Flask, abort, current_app, flash, g, redirect, request, request_started, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user

from core.actor import Actor, current_actor
from core.areas.code import AreaCode, Level
from core.areas.current import find_area
from core.areas.inside import modules_inside
from core.cases.restricted import keys_of
from core.database.session import ALL_CASES, current_keys, current_scope, db, narrow_scope
from core.platform import platform
from core.users.identity import Identity, load_identity, load_visit
from core.users.permissions import PUBLIC, SIGNED_IN, is_district_only
from core.web.errors import ModuleOff

from .errors import UnreadableText, VillageSuspended
from .limits import allow_large_upload

# All that somebody with a one-time password may open before it is changed.
BEFORE_A_NEW_PASSWORD = ("users.password", "users.sign_out")

# The same for somebody who reaches more than one village with a password alone.
BEFORE_TWO_STEP = ("users.two_step", *BEFORE_A_NEW_PASSWORD)

READING = ("GET", "HEAD", "OPTIONS")


def init_gate(app: Flask) -> None:
    app.config["SESSION_PROTECTION"] = None  # its fingerprint holds the address, which changes on a mobile line
    login = LoginManager(app)
    login.user_loader(_load)
    request_started.connect(begin, app)
    app.before_request(refuse_nul)
    app.before_request(enter)
    app.teardown_request(leave)


def _load(token: str) -> Identity | None:
    if g.get("identity_unknown"):  # the page of a failure must not fail at the same question
        return None
    code, demo_allowed = (request.view_args or {}).get("area"), not platform().config.production
    if code is None:
        return load_identity(token, demo_allowed=demo_allowed)
    visit = load_visit(token, code, demo_allowed=demo_allowed)
    if visit is None:
        return None
    g.asked_area = visit.area
    return visit.identity


def begin(_app: Flask, **_extra: object) -> None:
    """Start every request from nothing, before anything else looks at it: the check of a form's token included."""
    g.request_id = secrets.token_hex(6)
    g.asked_area, g.area, g.permissions = None, None, frozenset()
    current_scope.set(None)
    current_keys.set(frozenset())
    current_actor.set(_actor(None, "publik"))
    allow_large_upload()


def _actor(user_id: UUID | None, name: str) -> Actor:
    return Actor(user_id, name, request.remote_addr, g.request_id)


def refuse_nul() -> None:
    """No text of PostgreSQL can hold the character NUL, and no person types it: nothing of ours has to deal with it.

    Raises:
        UnreadableText: one stands in the path, the query, the form or the name of a file.
    """
    texts = chain(
        [request.path],
        *([name, *values] for name, values in chain(request.args.lists(), request.form.lists())),
        (file.filename or "" for file in request.files.values()),
    )
    if any("\0" in text for text in texts):
        raise UnreadableText


def enter() -> ResponseReturnValue | None:
    """Decide about the request before its view runs; answers instead of it where it may not."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    declared = getattr(view, "permission", None)
    code = (request.view_args or {}).get("area")
    if code is not None and is_district_only(view) and code.level != Level.DISTRICT:
        abort(404)
    if declared == PUBLIC:
        return _enter_publicly(code)
    if not current_user.is_authenticated:
        return _to_the_door()
    current_actor.set(_actor(current_user.id, current_user.name))
    if current_user.must_change_password and request.endpoint not in BEFORE_A_NEW_PASSWORD:
        return redirect(url_for("users.password"))
    if current_user.owes_two_step and request.endpoint not in BEFORE_TWO_STEP:
        return redirect(url_for("users.two_step"))
    if code is not None:
        _enter_area(code, declared)
    elif declared != SIGNED_IN:
        abort(403)
    return None


def _to_the_door() -> ResponseReturnValue:
    """To the sign-in and back; a form cannot come back, so whoever filled one in is told."""
    reading = request.method in READING
    if session.pop("_user_id", None) is not None:
        ended = _("Sesi Anda sudah berakhir. Masuklah lagi untuk melanjutkan.")
        lost = _("Sesi Anda sudah berakhir dan kiriman tadi belum tersimpan. Masuklah lagi, lalu isi sekali lagi.")
        flash(ended if reading else lost, "warning")
    return redirect(url_for("users.sign_in", next=request.full_path.rstrip("?") if reading else None))


def _enter_publicly(code: AreaCode | None) -> None:
    if code is None:
        return
    g.area = find_area(code)
    if g.area is None or g.area.suspended:
        abort(404)
    if _module_off() is not None:
        abort(404)
    narrow_scope(g.area)


def _enter_area(code: AreaCode, declared: str | None) -> None:
    if not current_user.covers(code):
        abort(404)
    g.area = g.asked_area
    if g.area is None:
        abort(404)
    if (plugin := _module_off()) is not None:
        raise ModuleOff(platform().plugins.plugins[plugin].title, g.area.title)
    g.permissions = current_user.permissions_at(code, platform().permissions)
    if declared != SIGNED_IN and declared not in g.permissions:
        abort(403)
    if g.area.suspended and request.method not in READING:
        raise VillageSuspended
    current_keys.set(keys_of(current_user.id, g.permissions))
    narrow_scope(g.area)


def _module_off() -> str | None:
    """The plugin whose page is asked for and that is off here. Its author cannot forget this."""
    plugin = platform().plugin_of_blueprint(request.blueprint)
    return plugin if plugin is not None and plugin not in platform().hooks_for(modules_inside(g.area)).plugins else None


def leave(_error: BaseException | None) -> None:
    db.session.remove()
    current_scope.set(None)
    current_keys.set(ALL_CASES)
    platform().plugins.tell_of_floods()
