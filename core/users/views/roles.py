"""The roles of an account: one more, another last day, a move, an end; and the name of who holds them."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.database.session import commit, scope
from core.users import administration, directory
from core.users.accounts import AccountError
from core.users.delegation import Post, givable
from core.users.permissions import requires
from core.users.targets import (
    Authority,
    find_membership,
    find_target,
    home_of,
    post_of,
    require_change,
    require_take,
)
from core.web.formats import area_today
from core.web.forms import Form

from .account_forms import MoveForm, NameForm, PostForm, UntilForm, chosen_post, offer_posts
from .accounts import authority, bp


class Page(NamedTuple):
    """What the one template of these forms says."""

    user_id: UUID
    name: str
    heading: str
    lead: str
    button: str


def _answer(page: Page, form: Form, done: str, deed: Callable[[], None], where: AreaCode) -> ResponseReturnValue:
    """Do it in the scope of the area in whose audit it stands, or show beside the field what is wrong."""
    try:
        with scope(where):
            deed()
            commit()
    except AccountError as problem:
        form[problem.field or next(iter(form)).name].errors = [str(problem)]
        return _form_page(page, form), 422
    flash(done, "success")
    return redirect(url_for("accounts.show", id=page.user_id))


def _form_page(page: Page, form: Form) -> str:
    return render_template("users/change.html", page=page, form=form)


def _offer(form: PostForm, by: Authority) -> None:
    offer_posts(form, givable(by.posts, g.area.interval), directory.places_in(g.area))


@bp.route("/<area:area>/users/<uuid:id>/name", methods=["GET", "POST"])
@requires("users.manage")
def rename(area: AreaCode, id: UUID) -> ResponseReturnValue:
    by = authority()
    target = find_target(by, id)
    require_change(by, target)
    form = NameForm(name=target.user.name)
    page = Page(id, target.user.name, _("Ganti nama"), _("Nama ini tampil pada surat dan jejak kerjanya."), _("Simpan"))
    if request.method == "GET":
        form.before.data = target.user.name
        return _form_page(page, form)
    if not form.validate():
        return _form_page(page, form), 422
    name, before = form.name.data or "", form.before.data or ""
    return _answer(
        page, form, _("Nama sudah diganti."), lambda: administration.rename(by, id, name, before), home_of(by, id)
    )


@bp.route("/<area:area>/users/<uuid:id>/roles/new", methods=["GET", "POST"])
@requires("users.manage")
def give(area: AreaCode, id: UUID) -> ResponseReturnValue:
    by = authority()
    target = find_target(by, id)
    require_change(by, target)
    form, page = (
        PostForm(),
        Page(id, target.user.name, _("Beri peran lain"), _("Peran yang sudah ada tetap."), _("Beri peran")),
    )
    _offer(form, by)
    if request.method == "GET":
        return _form_page(page, form)
    valid, post = form.validate(), chosen_post(form)
    if not valid or post is None:
        return _form_page(page, form), 422
    until = form.until.data
    return _answer(page, form, _("Peran sudah diberikan."), lambda: administration.give(by, id, post, until), post.area)


@bp.route("/<area:area>/users/<uuid:id>/roles/<uuid:membership_id>/move", methods=["GET", "POST"])
@requires("users.manage")
def move(area: AreaCode, id: UUID, membership_id: UUID) -> ResponseReturnValue:
    by = authority()
    name, post = _membership(by, id, membership_id, whole=True)
    form = MoveForm(role=post.role, area=str(post.area), since=area_today())
    _offer(form, by)
    page = Page(
        id,
        name,
        _("Pindahkan"),
        _("Peran yang sekarang berakhir sehari sebelumnya. Riwayatnya tetap."),
        _("Pindahkan"),
    )
    if request.method == "GET":
        return _form_page(page, form)
    valid, wanted = form.validate(), chosen_post(form)
    if not valid or wanted is None:
        return _form_page(page, form), 422
    since, until = form.since.data or area_today(), form.until.data

    def deed() -> None:
        administration.move(by, id, membership_id, wanted, since=since, until=until)

    return _answer(page, form, _("Perpindahan tersimpan."), deed, home_of(by, id))


@bp.route("/<area:area>/users/<uuid:id>/roles/<uuid:membership_id>/until", methods=["GET", "POST"])
@requires("users.manage")
def set_until(area: AreaCode, id: UUID, membership_id: UUID) -> ResponseReturnValue:
    by = authority()
    name, post = _membership(by, id, membership_id)
    membership = next(item for item in directory.posts_of([id], g.area)[id] if item.id == membership_id)
    form = UntilForm(until=membership.until)
    page = Page(
        id, name, _("Hari terakhir bertugas"), _("Kosongkan bila belum diketahui kapan tugasnya berakhir."), _("Simpan")
    )
    if request.method == "GET":
        return _form_page(page, form)
    if not form.validate():
        return _form_page(page, form), 422
    until = form.until.data

    def deed() -> None:
        administration.set_until(by, id, membership_id, until)

    return _answer(page, form, _("Hari terakhir tersimpan."), deed, post.area)


@bp.post("/<area:area>/users/<uuid:id>/roles/<uuid:membership_id>/take")
@requires("users.manage")
def take(area: AreaCode, id: UUID, membership_id: UUID) -> ResponseReturnValue:
    by = authority()
    _name, post = _membership(by, id, membership_id)
    with scope(post.area):
        administration.take(by, id, membership_id)
        commit()
    flash(_("Peran itu sudah dicabut. Bila keliru, beri lagi peran yang sama."), "success")
    return redirect(url_for("accounts.show", id=id))


def _membership(by: Authority, user_id: UUID, membership_id: UUID, *, whole: bool = False) -> tuple[str, Post]:
    """The holder's name, and what is held; for a move the ``whole`` account must be this person's to change."""
    target = find_target(by, user_id)
    membership = find_membership(by, target, membership_id)
    require_take(by, target, membership)
    if whole:
        require_change(by, target)
    return target.user.name, post_of(membership)
