"""Settings of modules on screen: which there are, what counts here and why, changing it, and the way back."""

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.database.session import commit
from core.platform import platform
from core.plugins.manifest import Plugin
from core.plugins.registry import settings_permission
from core.users.permissions import ROLES, requires

from .changing import (
    CannotUndo,
    LockedAbove,
    change_settings,
    find_change,
    history,
    hold_settings,
    touches_secret,
    undo,
)
from .page import Sent, SettingsPage, complete, read_page, wish_of
from .reading import rows_of
from .wording import steps_of

bp = Blueprint("settings", __name__)


@bp.get("/<area:area>/settings")
@requires("settings.read")
def index(area: AreaCode) -> ResponseReturnValue:
    """The modules that have settings, and how many are set in this very area."""
    plugins = [plugin for plugin in platform().plugins.plugins.values() if plugin.settings and _is_here(plugin)]
    set_here = {p.name: sum(row.area_id == area.id for row in rows_of(area, p.name)) for p in plugins}
    return render_template("settings/index.html", plugins=plugins, set_here=set_here, may_change=_may_change)


@bp.route("/<area:area>/settings/<plugin>", methods=["GET", "POST"])
@requires("settings.read")
def show(area: AreaCode, plugin: str) -> ResponseReturnValue:
    """One module's settings. A form that was sent while somebody else changed them comes back with what was typed."""
    found = _plugin(plugin)
    form_class = found.settings or abort(404)
    if request.method == "GET":
        page = read_page(area, plugin, form_class)
        return _page(found, page, Sent(page.current(), frozenset(), _locked_now(page)))
    if not _may_change(found):
        abort(403)
    hold_settings()
    page = read_page(area, plugin, form_class)
    sent = Sent(form_class(request.form), _ticked("reset"), _ticked("lock"))
    valid = complete(page, sent)
    if request.form.get("fingerprint") != page.fingerprint:
        return _page(found, page, sent, stale=True), 409
    if not valid:
        return _page(found, page, sent), 422
    changed = change_settings(area, plugin, wish_of(page, sent))
    commit()
    flash(_("Pengaturan berlaku sejak sekarang.") if changed else _("Tidak ada yang diubah."), "success")
    return redirect(url_for("settings.show", plugin=plugin))


@bp.post("/<area:area>/settings/<plugin>/changes/<uuid:id>/undo")
@requires("settings.read")
def take_back(area: AreaCode, plugin: str, id: UUID) -> ResponseReturnValue:
    found = _plugin(plugin)
    if not _may_change(found):
        abort(403)
    hold_settings()
    change = find_change(area, plugin, id) or abort(404)
    try:
        undo(change)
        commit()
        flash(_("Pengaturan kembali seperti sebelum perubahan itu."), "success")
    except CannotUndo:
        flash(_("Tidak diurungkan: nilainya rahasia, atau sudah diubah lagi sesudahnya. Ubah sendiri."), "warning")
    except LockedAbove:
        flash(_("Tidak diurungkan: wilayah di atas sudah mengunci pengaturan ini."), "warning")
    return redirect(url_for("settings.show", plugin=plugin))


def _plugin(name: str) -> Plugin:
    """404 for one that is not loaded, or does not run in the village."""
    plugin = platform().plugins.plugins.get(name)
    return plugin if plugin is not None and _is_here(plugin) else abort(404)


def _is_here(plugin: Plugin) -> bool:
    """Above a village everything that is installed can be set, also before it is switched on anywhere."""
    return not g.area.is_village or plugin.name in platform().hooks_for(g.area.enabled).plugins


def _may_change(plugin: Plugin) -> bool:
    return settings_permission(plugin.name) in g.permissions


def _ticked(kind: str) -> frozenset[str]:
    return frozenset(request.form.getlist(kind))


def _locked_now(page: SettingsPage) -> frozenset[str]:
    return frozenset(name for name, state in page.states.items() if state.own and state.own.locked)


def _page(plugin: Plugin, page: SettingsPage, sent: Sent, *, stale: bool = False) -> str:
    changes = [(change, steps_of(change, page.form_class)) for change in history(page.area, plugin.name)]
    return render_template(
        "settings/show.html",
        plugin=plugin,
        page=page,
        form=sent.form,
        sent=sent,
        stale=stale,
        may_change=_may_change(plugin),
        editors=[str(ROLES[role].title) for role in ("district_admin", *page.form_class.editors)],
        changes=changes,
        touches_secret=touches_secret,
    )
