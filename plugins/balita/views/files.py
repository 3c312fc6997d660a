"""Files of measurements: upload, what the check found, apply, undo, discard."""

from io import BytesIO
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Stale,
    VersionedForm,
    area_today,
    commit,
    db,
    gettext,
    here,
    requires,
)
from core.api import lazy_gettext as _

from .. import imports as domain
from ..forms import UploadForm
from ..import_file import HEADER, MAX_BYTES, FileRefused
from ..models import GrowthImport
from . import bp

STATES = {
    "checked": (_("sudah diperiksa, belum diterapkan"), "due"),
    "applied": (_("diterapkan"), "ok"),
    "undone": (_("diurungkan"), ""),
    "discarded": (_("dibuang"), ""),
}


@bp.get("/files")
@requires("balita.import")
def files() -> ResponseReturnValue:
    page = domain.imports_page(here().id, request.args.get("after"))
    return render_template("balita/files.html", page=page, states=STATES)


@bp.route("/files/new", methods=["GET", "POST"])
@requires("balita.import")
def new_file() -> ResponseReturnValue:
    form = UploadForm()
    page = {"form": form, "header": HEADER}
    if request.method == "GET":
        return render_template("balita/file_new.html", **page)
    if not form.validate():
        return render_template("balita/file_new.html", **page), 422
    raw = form.file.data.stream.read(MAX_BYTES + 1)
    try:
        made = domain.receive(here().id, form.file.data.filename or "", raw, area_today(), by=current_user.id)
    except FileRefused as refusal:
        form.file.errors = [str(refusal)]
        return render_template("balita/file_new.html", **page), 422
    made_id = made.id
    commit()
    return redirect(url_for("balita.file", id=made_id))


@bp.get("/files/<uuid:id>")
@requires("balita.import")
def file(id: UUID) -> ResponseReturnValue:
    return _file_page(_file_or_404(id))


@bp.post("/files/<uuid:id>/<any(apply, undo, discard):step>")
@requires("balita.import")
def file_step(id: UUID, step: str) -> ResponseReturnValue:
    _file_or_404(id)
    seen = VersionedForm().seen
    try:
        told = _take(step, id, seen)
    except (CaseError, Stale) as problem:
        db.session.rollback()
        stale = gettext("Orang lain baru saja menangani berkas ini. Periksa keadaannya sekarang.")
        is_stale = isinstance(problem, Stale)
        return _file_page(_file_or_404(id), stale if is_stale else str(problem)), 409 if is_stale else 422
    commit()
    flash(told, "success")
    return redirect(url_for("balita.file", id=id))


@bp.get("/files/template.csv")
@requires("balita.import")
def template() -> ResponseReturnValue:
    content = BytesIO((",".join(HEADER) + "\n").encode())
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name="ukur-balita.csv")


def _take(step: str, id: UUID, seen: int) -> str:
    if step == "apply":
        return gettext("%(n)s hasil ukur tersimpan.", n=domain.apply(here().id, id, seen))
    if step == "undo":
        removed, kept = domain.undo(here().id, id, seen)
        if kept:
            return gettext("%(n)s hasil ukur dihapus; %(kept)s yang sudah diubah tetap.", n=removed, kept=kept)
        return gettext("%(n)s hasil ukur dihapus lagi.", n=removed)
    domain.discard(here().id, id, seen)
    return gettext("Berkas dibuang. Tidak ada yang tersimpan.")


def _file_or_404(id: UUID) -> GrowthImport:
    return domain.find_import(here().id, id) or abort(404)


def _file_page(found: GrowthImport, problem: str = "") -> str:
    kind = request.args.get("show", "error" if found.errors or not found.warnings else "warning")
    kind = kind if kind in ("error", "warning") else "error"
    page = domain.findings_page(found.village_id, found.id, kind, request.args.get("after"))
    return render_template("balita/file.html", file=found, page=page, kind=kind, states=STATES, problem=problem)
