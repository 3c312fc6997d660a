"""The accounts of an area: the list, one account, and a new one."""

from dataclasses import replace
from typing import cast
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.areas.code import AreaCode
from core.audit.reading import AuditFilter, EntryRow, entries_page
from core.audit.wording import SIGN_INS
from core.database.session import commit, scope
from core.database.uuid7 import uuid7
from core.texts import lazy_gettext
from core.users import administration, directory, invitations, sessions, two_step
from core.users.accounts import AccountError
from core.users.administration import NewAccount, Stale, credential_version
from core.users.delegation import Post, givable, may_change, may_give
from core.users.directory import STATES, AccountFilter
from core.users.identity import Identity
from core.users.permissions import ROLES, requires
from core.users.targets import Authority, NotAllowed, NotFound, find_target
from core.web.errors import error_page, refused
from core.web.urls import public_url

from .account_forms import NewAccountForm, chosen_post, offer_posts

HISTORY = 12
SHOWN_ONCE = lazy_gettext(
    "Kata sandi atau tautan itu hanya ditampilkan sekali dan tidak disimpan. Bila hilang, buat yang baru."
)
LONGEST = 80

bp = Blueprint("accounts", __name__)

bp.register_error_handler(NotFound, lambda _error: error_page(404))
bp.register_error_handler(NotAllowed, lambda error: refused(str(error)))
bp.register_error_handler(Stale, lambda _error: error_page(409))


def authority() -> Authority:
    return Authority.of(cast(Identity, current_user), g.area.interval)


@bp.get("/<area:area>/users")
@requires("users.read")
def index(area: AreaCode) -> ResponseReturnValue:
    wanted = AccountFilter(*(_argument(name) for name in ("q", "role", "state")))
    return render_template(
        "users/index.html",
        page=directory.accounts_page(g.area, wanted, request.args.get("after")),
        wanted=wanted,
        query={k: v for k, v in zip(("q", "role", "state"), vars(wanted).values(), strict=True) if v},
        roles=ROLES,
        states=STATES,
    )


def _argument(name: str) -> str:
    return request.args.get(name, "").replace("\0", "").strip()[:LONGEST]


@bp.get("/<area:area>/users/<uuid:id>")
@requires("users.manage")
def show(area: AreaCode, id: UUID) -> ResponseReturnValue:
    by = authority()
    find_target(by, id)
    history = _history(id)  # looks into another scope, so before what the page keeps
    target = find_target(by, id)
    may = target.user.id != by.user_id and may_change(by.posts, target.posts())
    inside = directory.posts_of([id], g.area).get(id, [])
    return render_template(
        "users/account.html",
        user=target.user,
        account=directory.find_account(g.area, id),
        posts=inside,
        takeable={post.id for post in inside if id != by.user_id and may_give(by.posts, Post(post.area, post.role))},
        may=may,
        is_self=id == by.user_id,
        elsewhere=len(target.memberships) > len(inside),
        state=two_step.state_of(id),
        invitation=invitations.open_invitation(id) if may else None,
        sessions=sessions.sessions_of(id) if may else [],
        history=[row for row in history if may or row.area is not None],
        version=credential_version(target.user),
        once=uuid7(),
        roles=ROLES,
        states=STATES,
    )


def _history(user_id: UUID) -> list[EntryRow]:
    """What was done to the account here, and its sign-ins, the newest first."""
    wanted = AuditFilter(object_type="user", object_id=str(user_id))
    rows = [
        row
        for part in (replace(wanted, group=SIGN_INS), wanted)
        for row in entries_page(g.area, part, None, size=HISTORY).rows
    ]
    return sorted(rows, key=lambda row: row.entry.at, reverse=True)[:HISTORY]


# ---- new ----


@bp.route("/<area:area>/users/new", methods=["GET", "POST"])
@requires("users.manage")
def new(area: AreaCode) -> ResponseReturnValue:
    form = NewAccountForm()
    offer_posts(form, givable(authority().posts, g.area.interval), directory.places_in(g.area))
    if request.method == "GET":
        form.id.data, form.invitation.data = str(uuid7()), str(uuid7())
        return _new_page(form)
    valid, post = form.validate(), chosen_post(form)
    if not valid or post is None:
        return _new_page(form), 422
    wanted = NewAccount(UUID(form.id.data), form.username.data or "", form.name.data or "", post, form.until.data)
    try:
        return _create(wanted, UUID(form.invitation.data), by_link=form.first.data == "link")
    except AccountError as problem:
        form[problem.field or "username"].errors = [str(problem)]
        return _new_page(form), 422
    except Stale:
        flash(str(SHOWN_ONCE), "warning")
        return redirect(url_for("accounts.show", id=wanted.id))


def _new_page(form: NewAccountForm) -> str:
    return render_template("users/new.html", form=form)


def _create(wanted: NewAccount, invitation_id: UUID, *, by_link: bool) -> ResponseReturnValue:
    by = authority()
    with scope(wanted.post.area):
        if by_link:
            secret = administration.create_invited(by, wanted, invitation_id)
        else:
            secret = administration.create(by, wanted)
        commit()
    return slip(wanted.id, wanted.username, wanted.name, link=secret if by_link else None, password=secret)


def slip(
    user_id: UUID, username: str, name: str, *, link: str | None = None, password: str | None = None
) -> ResponseReturnValue:
    """The one answer that holds a password or a link: no address and no cookie does, and no page shows it again."""
    return render_template(
        "users/slip.html",
        user_id=user_id,
        username=username,
        name=name,
        password=None if link else password,
        link=public_url("users.invitation", token=link) if link else None,
        door=public_url("users.sign_in"),
        days=invitations.VALID_FOR.days,
    )
