"""A file of recipients: upload and check, read what was found, apply, undo."""

from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import CaseError, FileError, commit, gettext, here, ngettext, requires

from .. import recipient_files as domain
from ..distribution_forms import FileForm
from ..distributions import current
from ..models import AidDistribution, RecipientFile
from ..sheet import findings_sheet
from . import bp
from .page import changes_distribution, distribution_or_404, open_or_404, to_distribution

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_or_404(file_id: UUID, distribution_id: UUID) -> RecipientFile:
    found = domain.find_file(here().id, file_id)
    if found is None or found.distribution_id != distribution_id:
        abort(404)
    return found


@bp.route("/distributions/<uuid:id>/files/new", methods=["GET", "POST"])
@requires("bansos.write")
@changes_distribution
def new_file(id: UUID) -> ResponseReturnValue:
    found = open_or_404(id)
    nik_column, name_column = domain.columns_last_used(here().id)
    form = FileForm(nik_column=nik_column, name_column=name_column)
    if request.method == "GET":
        return _upload_page(found, form)
    if not form.validate():
        return _upload_page(found, form), 422
    found = current(here().id, id)
    names = (form.nik_column.data or "", form.name_column.data or "")
    try:
        checked = _check(found, form, *names)
    except FileError as problem:
        form.file.errors = [str(problem)]
        return _upload_page(found, form), 422
    kept_id = domain.keep(found, form.file.data.filename or "", checked, *names, current_user.id).id
    commit()
    return redirect(url_for("bansos.file", id=id, file_id=kept_id))


def _check(found: AidDistribution, form: FileForm, nik_column: str, name_column: str) -> domain.Checked:
    """Read from a file that is gone afterwards: what it says of strangers is nobody's to keep."""
    with NamedTemporaryFile() as file:
        form.file.data.save(file.name)
        return domain.check(found, Path(file.name), nik_column, name_column)


def _upload_page(found: AidDistribution, form: FileForm) -> str:
    return render_template("bansos/file_new.html", distribution=found, form=form, most=domain.MOST_ROWS)


@bp.get("/distributions/<uuid:id>/files/<uuid:file_id>")
@requires("bansos.write")
def file(id: UUID, file_id: UUID) -> ResponseReturnValue:
    found, distribution = file_or_404(file_id, id), distribution_or_404(id)
    findings = [domain.Finding(*finding) for finding in found.findings]
    kept = domain.kept_after_undo(found) if found.state == "undone" else []
    return render_template(
        "bansos/file.html",
        distribution=distribution,
        file=found,
        findings=findings[:SHOWN],
        more=max(0, len(findings) - SHOWN),
        kinds=domain.KINDS,
        kept=kept,
    )


SHOWN = 100


@bp.get("/distributions/<uuid:id>/files/<uuid:file_id>/findings.xlsx")
@requires("bansos.write")
def file_findings(id: UUID, file_id: UUID) -> ResponseReturnValue:
    """All that was found, to work through beside the file."""
    findings = [domain.Finding(*finding) for finding in file_or_404(file_id, id).findings]
    sheet: BytesIO = findings_sheet(findings, domain.KINDS)
    return send_file(sheet, mimetype=XLSX, as_attachment=True, download_name="temuan-daftar-penerima.xlsx")


@bp.post("/distributions/<uuid:id>/files/<uuid:file_id>/apply")
@requires("bansos.write")
@changes_distribution
def apply_file(id: UUID, file_id: UUID) -> ResponseReturnValue:
    file_or_404(file_id, id)
    added = domain.apply(current(here().id, id), _held(file_id))
    commit()
    flash(ngettext("%(num)s penerima ditambahkan.", "%(num)s penerima ditambahkan.", added), "success")
    return to_distribution(id, show="all")


@bp.post("/distributions/<uuid:id>/files/<uuid:file_id>/undo")
@requires("bansos.write")
@changes_distribution
def undo_file(id: UUID, file_id: UUID) -> ResponseReturnValue:
    file_or_404(file_id, id)
    current(here().id, id)
    gone, kept = domain.undo(_held(file_id))
    commit()
    text = gettext("%(n)s penerima dari berkas itu dikeluarkan dari daftar.", n=gone)
    if kept:
        text += " " + gettext("%(n)s tetap, karena pernah menerima penyerahan.", n=kept)
    flash(text, "warning" if kept else "success")
    return redirect(url_for("bansos.file", id=id, file_id=file_id))


def _held(file_id: UUID) -> RecipientFile:
    """Raises: CaseError: another file took its place."""
    found = domain.find_file(here().id, file_id, held=True)
    if found is None:
        raise CaseError(gettext("Berkas ini sudah diganti dengan unggahan yang lebih baru."))
    return found
