"""Files of deciles: upload, what would move, apply, undo, discard."""

from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    FileError,
    Stale,
    VersionedForm,
    area_today,
    commit,
    db,
    decile_gates,
    gettext,
    here,
    ngettext,
    requires,
)
from core.api import lazy_gettext as _

from .. import decile_files as domain
from ..decile_reading import KINDS, MOST_ROWS, Finding, check
from ..deciles import heads_of
from ..models import DecileFile
from ..page_forms import DecileFileForm
from . import bp

STATES = {
    "checked": (_("belum diterapkan"), "due"),
    "applied": (_("diterapkan"), "ok"),
    "undone": (_("diurungkan"), ""),
    "discarded": (_("dibuang"), ""),
}
SHOWN = 100


@bp.get("/files")
@requires("dtsen.import")
def files() -> ResponseReturnValue:
    return render_template("dtsen/files.html", files=domain.latest_files(here().id), states=STATES)


@bp.route("/files/new", methods=["GET", "POST"])
@requires("dtsen.import")
def new_file() -> ResponseReturnValue:
    form = DecileFileForm(decile_on=area_today(), **domain.columns_last_used(here().id))
    if request.method == "GET":
        return _upload_page(form)
    if not form.validate():
        return _upload_page(form), 422
    try:
        with NamedTemporaryFile() as file:  # gone afterwards: what it says of strangers is nobody's to keep
            form.file.data.save(file.name)
            checked = check(here().id, Path(file.name), form.columns)
    except FileError as problem:
        form.file.errors = [str(problem)]
        return _upload_page(form), 422
    kept_id = domain.keep(
        here().id,
        form.file.data.filename or "",
        checked,
        form.decile_on.data or area_today(),
        form.source.data or "",
        form.columns,
        current_user.id,
    ).id
    commit()
    return redirect(url_for("dtsen.file", id=kept_id))


def _upload_page(form: DecileFileForm) -> str:
    return render_template("dtsen/file_new.html", form=form, most=MOST_ROWS)


def file_or_404(file_id: UUID) -> DecileFile:
    return domain.find_file(here().id, file_id) or abort(404)


@bp.get("/files/<uuid:id>")
@requires("dtsen.import")
def file(id: UUID) -> ResponseReturnValue:
    return _file_page(file_or_404(id))


def _file_page(found: DecileFile, problem: str = "") -> str:
    findings = [Finding(*finding) for finding in found.findings]
    moved = domain.preview(found, limit=SHOWN)
    return render_template(
        "dtsen/file.html",
        file=found,
        states=STATES,
        counts=found.counts,
        findings=findings[:SHOWN],
        more=max(0, len(findings) - SHOWN),
        kinds=KINDS,
        moved=moved,
        heads=heads_of(here().id, [each.household.id for each in moved]),
        gates=decile_gates(here(), area_today()),
        problem=problem,
    )


@bp.post("/files/<uuid:id>/<any(apply, undo, discard):step>")
@requires("dtsen.import")
def file_step(id: UUID, step: str) -> ResponseReturnValue:
    file_or_404(id)
    try:
        answer = STEPS[step](id, VersionedForm().seen)
    except CaseError as problem:
        db.session.rollback()
        return _file_page(file_or_404(id), str(problem)), 422
    except Stale:
        db.session.rollback()
        found = file_or_404(id)
        state = STATES[found.state][0]
        told = gettext("Orang lain baru saja mengubah berkas ini: sekarang %(state)s.", state=state)
        return _file_page(found, told), 409
    return answer


def _apply(id: UUID, version: int) -> ResponseReturnValue:
    moved = domain.apply(here().id, id, version)
    commit()
    flash(ngettext("%(num)s keluarga desilnya berubah.", "%(num)s keluarga desilnya berubah.", moved), "success")
    return redirect(url_for("dtsen.deciles"))


def _undo(id: UUID, version: int) -> ResponseReturnValue:
    back, kept = domain.undo(here().id, id, version)
    commit()
    text = gettext("%(n)s keluarga kembali ke desil sebelumnya.", n=back)
    if kept:
        text += " " + gettext("%(n)s tetap, karena sudah diubah sesudahnya.", n=kept)
    flash(text, "warning" if kept else "success")
    return redirect(url_for("dtsen.file", id=id))


def _discard(id: UUID, version: int) -> ResponseReturnValue:
    domain.discard(here().id, id, version)
    commit()
    flash(gettext("Berkas dibuang; tidak ada desil yang berubah."), "success")
    return redirect(url_for("dtsen.files"))


STEPS: dict[str, Callable[[UUID, int], ResponseReturnValue]] = {"apply": _apply, "undo": _undo, "discard": _discard}
