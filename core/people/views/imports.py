"""Resident files: upload, watch the check, read what it found, apply, undo."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from flask import Response, abort, flash, g, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.file import FileField, FileRequired

from core.areas.code import AreaCode
from core.database.session import commit
from core.files import FileRefused
from core.people import importing
from core.people.import_lists import ImportRow, all_findings, find_import, findings_page, imports_page
from core.people.labels import IMPORT_STATE_TITLES
from core.people.opensid import write_template
from core.people.sheet_files import write_table
from core.platform import platform
from core.texts import lazy_gettext
from core.users.permissions import requires
from core.web.forms import Form

from . import bp

SAMPLE = Path(importing.__file__).parent / "sample" / "penduduk-contoh.xlsx"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATE_KINDS = {"checked": "due", "refused": "late", "failed": "late", "applied": "ok", "undone": ""}


class UploadForm(Form):
    file = FileField(
        lazy_gettext("Berkas penduduk"),
        [FileRequired(lazy_gettext("Pilih dulu berkasnya: .xlsx atau .csv."))],
    )


def find_or_404(import_id: UUID) -> ImportRow:
    return find_import(g.area.id, import_id) or abort(404)


def to_import(import_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("people.show_import", id=import_id))


@bp.get("/<village:area>/people/imports")
@requires("people.import")
def imports(area: AreaCode) -> ResponseReturnValue:
    page = imports_page(g.area.id, request.args.get("after"))
    return render_template("people/imports.html", page=page, titles=IMPORT_STATE_TITLES, kinds=STATE_KINDS)


@bp.route("/<village:area>/people/imports/new", methods=["GET", "POST"])
@requires("people.import")
def new_import(area: AreaCode) -> ResponseReturnValue:
    form = UploadForm()
    page = {"form": form, "megabytes": platform().config.max_upload_bytes // 1024 // 1024}
    if not form.is_submitted():
        return render_template("people/import_new.html", **page)
    if not form.validate():
        return render_template("people/import_new.html", **page), 422
    try:
        received = importing.receive_file(g.area, form.file.data.filename or "", form.file.data.stream)
    except FileRefused as refusal:
        form.file.errors = [str(refusal)]
        return render_template("people/import_new.html", **page), 422
    import_id = received.id
    commit()
    return to_import(import_id)


@bp.get("/<village:area>/people/imports/<uuid:id>")
@requires("people.import")
def show_import(area: AreaCode, id: UUID) -> ResponseReturnValue:
    row = find_or_404(id)
    summary = row.item.summary
    errors = request.args.get("show", "errors" if summary.get("errors") else "warnings") == "errors"
    return render_template(
        "people/import_show.html",
        row=row,
        running=row.item.state in importing.RUNNING,
        errors=errors,
        page=findings_page(g.area.id, id, errors=errors, cursor=request.args.get("after")),
        titles=IMPORT_STATE_TITLES,
        kinds=STATE_KINDS,
    )


@bp.get("/<village:area>/people/imports/<uuid:id>/progress")
@requires("people.import")
def import_progress(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The part of the page that asks again every second; when the work is done it has the page read anew."""
    row = find_or_404(id)
    if row.item.state in importing.RUNNING:
        return render_template("people/import_progress.html", row=row, titles=IMPORT_STATE_TITLES)
    done = make_response("")
    done.headers["HX-Refresh"] = "true"
    return done


@bp.post("/<village:area>/people/imports/<uuid:id>/apply")
@requires("people.import")
def apply_import(area: AreaCode, id: UUID) -> ResponseReturnValue:
    find_or_404(id)
    if importing.ask_to_apply(g.area, id):
        commit()
    else:
        flash(_("Berkas ini tidak sedang menunggu untuk diterapkan."), "warning")
    return to_import(id)


@bp.post("/<village:area>/people/imports/<uuid:id>/check")
@requires("people.import")
def check_import(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Once more, after a breakdown."""
    find_or_404(id)
    if importing.ask_to_check_again(g.area, id):
        commit()
    return to_import(id)


@bp.route("/<village:area>/people/imports/<uuid:id>/undo", methods=["GET", "POST"])
@requires("people.import")
def undo_import(area: AreaCode, id: UUID) -> ResponseReturnValue:
    row = find_or_404(id)
    if request.method == "GET":
        return render_template("people/import_undo.html", row=row) if row.item.state == "applied" else to_import(id)
    report = importing.undo_import(g.area, id)
    if report is None:
        flash(_("Impor ini tidak sedang diterapkan, jadi tidak ada yang perlu diurungkan."), "warning")
        return to_import(id)
    commit()
    if report.kept:
        flash(_("Impor diurungkan, kecuali %(n)s baris yang namanya ada di bawah.", n=len(report.kept)), "warning")
    else:
        flash(_("Impor diurungkan seluruhnya."), "success")
    return to_import(id)


@bp.get("/<village:area>/people/imports/<uuid:id>/findings.xlsx")
@requires("people.import")
def import_findings(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Every error and warning as a sheet, to work through beside the file."""
    find_or_404(id)
    headers = [_("Baris"), _("Jenis"), _("Kolom"), _("Isi"), _("Masalah"), _("Yang harus dilakukan")]
    rows = [
        [str(f.row_no), _("salah") if f.is_error else _("periksa"), f.column, f.value, f.message, f.fix]
        for f in all_findings(g.area.id, id)
    ]
    with TemporaryDirectory() as directory:
        path = Path(directory) / "findings.xlsx"
        write_table(path, headers, rows)
        return _sheet(path.read_bytes(), _("temuan-impor.xlsx"))


@bp.get("/<village:area>/people/imports/template.xlsx")
@requires("people.import")
def import_template(area: AreaCode) -> ResponseReturnValue:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "template.xlsx"
        write_template(path)
        return _sheet(path.read_bytes(), _("templat-penduduk.xlsx"))


@bp.get("/<village:area>/people/imports/sample.xlsx")
@requires("people.import")
def import_sample(area: AreaCode) -> ResponseReturnValue:
    """Forty made-up residents, to see how a file should look and to try an import with."""
    return _sheet(SAMPLE.read_bytes(), SAMPLE.name)


def _sheet(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype=SHEET, as_attachment=True, download_name=name)
