"""The installed plugins on screen: how each is doing, what it holds, and how to stop it and let it go on."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from core.areas.code import AreaCode
from core.database.session import OwnRows, commit, db, scope
from core.modules.plugin_export import request_plugin_export
from core.modules.wording import module_title
from core.platform import platform
from core.plugins.failures import last_failures
from core.plugins.overview import PluginOverview, find, overview, villages_with
from core.plugins.plugin_data import sizes
from core.plugins.suspending import resume, suspend
from core.texts import lazy_gettext
from core.users.permissions import requires
from core.web.forms import Form

MOST_VILLAGES = 30

STATES = {
    "ready": lazy_gettext("siap"),
    "broken": lazy_gettext("rusak"),
    "skipped": lazy_gettext("dilewati"),
    "missing": lazy_gettext("tidak terpasang"),
}
STATE_KINDS = {"ready": "ok", "broken": "late", "skipped": "due", "missing": "due"}

# What a plugin was doing when it failed; hooks that few have to read of stand by their names.
HOOK_TITLES = {
    "menu_items": lazy_gettext("menu"),
    "dashboard_cards": lazy_gettext("kartu halaman depan desa"),
    "overview_cards": lazy_gettext("kartu halaman depan kabupaten"),
    "search_results": lazy_gettext("hasil pencarian"),
    "report_sections": lazy_gettext("bagian laporan bulanan"),
    "aid_received": lazy_gettext("bantuan yang diterima"),
    "case_panels": lazy_gettext("kartu halaman kasus"),
    "person_panels": lazy_gettext("kartu halaman warga"),
    "public_links": lazy_gettext("tautan halaman layanan"),
    "case_transition_allowed": lazy_gettext("pemeriksaan langkah kasus"),
    "stuck": lazy_gettext("menggantung dan tidak dapat diputus"),
    "page": lazy_gettext("halamannya sendiri"),
    "log": lazy_gettext("terlalu banyak baris log"),
    "for_whom": lazy_gettext("syarat layanannya"),
}


class SuspendForm(Form):
    reason = StringField(
        lazy_gettext("Alasan"),
        [DataRequired(lazy_gettext("Tulis alasannya; yang lain membacanya di riwayat.")), Length(max=300)],
    )


def add_plugin_views(bp: Blueprint) -> None:
    """Beside the matrix, under the same permissions."""
    bp.get("/<wide:area>/modules/installed")(installed)
    bp.get("/<wide:area>/modules/installed/<name>")(plugin)
    bp.post("/<wide:area>/modules/installed/<name>/suspend")(suspend_plugin)
    bp.post("/<wide:area>/modules/installed/<name>/resume")(resume_plugin)
    bp.post("/<wide:area>/modules/installed/<name>/export")(export_plugin)


@requires("modules.read")
def installed(area: AreaCode) -> ResponseReturnValue:
    """Which plugins are installed, which are broken and why, and in how many villages each is on."""
    found = overview(area)
    stops = [stop for item in found for stop in item.stops]
    return render_template(
        "modules/installed.html",
        plugins=found,
        stopped=stops,
        states=STATES,
        kinds=STATE_KINDS,
        module_title=module_title,
    )


@requires("modules.read")
def plugin(area: AreaCode, name: str) -> ResponseReturnValue:
    return _page(area, _find(area, name), SuspendForm(formdata=None))


@requires("modules.manage")
def suspend_plugin(area: AreaCode, name: str) -> ResponseReturnValue:
    """Stop it here and below, at once and in every process."""
    item, form = _find(area, name), SuspendForm()
    if not form.validate():
        return _page(area, item, form), 422
    suspend(area, name, form.reason.data or "")
    commit()
    flash(_("Modul dihentikan. Pengaturan dan datanya tetap."), "success")
    return redirect(url_for("modules.plugin", name=name))


@requires("modules.manage")
def resume_plugin(area: AreaCode, name: str) -> ResponseReturnValue:
    """Let it go on: what was stopped here, and what left it out because it failed. Not what stands above."""
    _find(area, name)
    done = resume(area, name, processes=True)
    commit()
    platform().plugins.resume(name)
    flash(_("Modul berjalan lagi.") if done else _("Modul ini tidak sedang dihentikan di sini."), "success")
    return redirect(url_for("modules.plugin", name=name))


@requires("modules.manage")
def export_plugin(area: AreaCode, name: str) -> ResponseReturnValue:
    """Have the plugin's rows of this area's villages copied, to take along before something is removed."""
    _find(area, name)
    with scope(OwnRows(area.id)):
        wanted = request_plugin_export(g.area, name).id
        commit()
    return redirect(url_for("exports.show", id=wanted))


def _find(area: AreaCode, name: str) -> PluginOverview:
    return find(area, name) or abort(404)


def _page(area: AreaCode, item: PluginOverview, form: SuspendForm) -> str:
    tables = sizes(db.session.connection(), area, item.name)
    return render_template(
        "modules/plugin.html",
        item=item,
        form=form,
        here=next((stop for stop in item.stops if stop.area_id == area.id), None),
        by_itself=any(stop.by_itself for stop in item.stops),
        stopped=item.stops,
        states=STATES,
        kinds=STATE_KINDS,
        hooks=HOOK_TITLES,
        module_title=module_title,
        tables=tables,
        rows=sum(table.rows for table in tables),
        bytes=sum(table.bytes for table in tables),
        most=MOST_VILLAGES,
        villages=villages_with(area, item.name, MOST_VILLAGES),
        failures=last_failures(area, item.name),
        dropped=platform().plugins.dropped_lines(item.name),
        area_of=lambda area_id: str(AreaCode.from_id(area_id)) if area_id else "–",
    )
