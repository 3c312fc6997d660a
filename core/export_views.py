"""What one has asked for to download: the list, how far a file is, the file itself."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.areas.code import AreaCode
from core.audit import record
from core.cases.lists import read_keys
from core.database.session import commit
from core.exports import KINDS, Export, file_of, find_export, my_exports
from core.job_overview import worker_state
from core.texts import lazy_gettext
from core.users.permissions import requires

bp = Blueprint("exports", __name__)

STATES = {
    "waiting": lazy_gettext("Menunggu giliran"),
    "working": lazy_gettext("Sedang disiapkan"),
    "done": lazy_gettext("Siap diunduh"),
    "failed": lazy_gettext("Gagal"),
    "gone": lazy_gettext("Sudah dihapus"),
}
STATE_KINDS = {"done": "ok", "failed": "late", "gone": ""}


def state_of(item: Export) -> str:
    return "gone" if item.state == "done" and not item.is_there else item.state


def find_or_404(export_id: UUID) -> Export:
    return find_export(g.area.id, export_id, current_user.id) or abort(404)


def page_of(template: str, item: Export) -> str:
    running = item.is_running
    return render_template(
        template,
        item=item,
        kind=KINDS.get(item.kind),
        state=state_of(item),
        states=STATES,
        kinds=STATE_KINDS,
        worker=worker_state() if running else None,
    )


@bp.get("/<area:area>/exports")
@requires("exports.read")
def index(area: AreaCode) -> ResponseReturnValue:
    after = read_keys(request.args.get("after"), datetime.fromisoformat, UUID)
    page = my_exports(g.area.id, current_user.id, (after[0], after[1]) if after else None)
    return render_template(
        "exports/index.html", page=page, registered=KINDS, state_of=state_of, states=STATES, kinds=STATE_KINDS
    )


@bp.get("/<area:area>/exports/<uuid:id>")
@requires("exports.read")
def show(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return page_of("exports/show.html", find_or_404(id))


@bp.get("/<area:area>/exports/<uuid:id>/progress")
@requires("exports.read")
def progress(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The part of the page that asks again every second; when the file is made it has the page read anew."""
    item = find_or_404(id)
    if item.is_running:
        return page_of("exports/progress.html", item)
    done = make_response("")
    done.headers["HX-Refresh"] = "true"
    return done


@bp.get("/<area:area>/exports/<uuid:id>/file")
@requires("exports.read")
def download(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The file. Each time somebody takes it along is recorded."""
    item = find_or_404(id)
    path, kind = file_of(g.area.id, id), KINDS.get(item.kind)
    if kind is None or not item.is_there or not path.is_file():
        flash(_("Berkas ini sudah dihapus atau belum siap. Minta sekali lagi bila masih perlu."), "warning")
        return redirect(url_for("exports.show", id=id))
    name = item.filename
    record("exports.downloaded", "export", id, kind=item.kind, file=name)
    commit()
    return send_file(path, mimetype=kind.media_type, as_attachment=True, download_name=name)
