"""Bringing a village in from an archive: upload, watch, result."""

from uuid import UUID, uuid4

from flask import abort, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import Length, Optional

from core.archive.format import ArchiveRefused
from core.archive.models import Restore
from core.areas.code import AreaCode
from core.database.session import commit, db
from core.job_overview import worker_state
from core.platform import platform
from core.texts import lazy_gettext
from core.users.permissions import requires
from core.web.forms import Form
from core.web.limits import takes_an_archive
from tenants.restoring import RUNNING, ask_to_restore, find_restore, last_restores, upload_of

from . import bp

STATES = {
    "waiting": lazy_gettext("Menunggu giliran"),
    "working": lazy_gettext("Sedang dipulihkan"),
    "done": lazy_gettext("Selesai"),
    "refused": lazy_gettext("Ditolak"),
    "failed": lazy_gettext("Gagal"),
}
STATE_KINDS = {"done": "ok", "refused": "late", "failed": "late"}


class RestoreForm(Form):
    file = FileField(lazy_gettext("Arsip desa"), [FileRequired(lazy_gettext("Pilih dulu arsipnya (.zip)."))])
    leave_out = StringField(lazy_gettext("Modul yang ditinggalkan"), [Optional(), Length(max=200)])


@bp.route("/<wide:area>/villages/restore", methods=["GET", "POST"])
@requires("villages.manage")
@takes_an_archive
def restore(area: AreaCode) -> ResponseReturnValue:
    form = RestoreForm()
    if not form.validate_on_submit():
        return _form_page(form), 422 if form.is_submitted() else 200
    upload = upload_of(uuid4())
    upload.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    form.file.data.save(upload)
    names = (form.leave_out.data or "").replace(",", " ").split()
    try:
        wanted = ask_to_restore(g.area, upload, form.file.data.filename or "arsip.zip", names)
    except ArchiveRefused as refusal:
        form.file.errors = [str(refusal)]
        return _form_page(form), 422
    restore_id = wanted.id
    commit()
    return redirect(url_for("tenants.show_restore", id=restore_id))


def _form_page(form: RestoreForm) -> str:
    return render_template(
        "tenants/restore.html",
        form=form,
        megabytes=platform().config.max_archive_bytes // 1024 // 1024,
        earlier=last_restores(g.area),
        states=STATES,
        kinds=STATE_KINDS,
    )


def find_or_404(restore_id: UUID) -> Restore:
    return find_restore(g.area, restore_id) or abort(404)


def page_of(template: str, item: Restore) -> str:
    running = item.state in RUNNING
    return render_template(
        template,
        item=item,
        running=running,
        states=STATES,
        kinds=STATE_KINDS,
        worker=worker_state() if running else None,
    )


@bp.get("/<wide:area>/villages/restores/<uuid:id>")
@requires("villages.manage")
def show_restore(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return page_of("tenants/restore_show.html", find_or_404(id))


@bp.get("/<wide:area>/villages/restores/<uuid:id>/progress")
@requires("villages.manage")
def restore_progress(area: AreaCode, id: UUID) -> ResponseReturnValue:
    item = find_or_404(id)
    if item.state in RUNNING:
        return page_of("tenants/restore_progress.html", item)
    db.session.rollback()
    done = make_response("")
    done.headers["HX-Refresh"] = "true"
    return done
