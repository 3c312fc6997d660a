"""Lists of deactivated members: upload, columns, what a file would bring in, apply, undo."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import FileError, area_today, commit, db, gettext, here, requires, told_on_page

from .. import lists as domain
from ..list_files import COLUMNS, dry_run
from ..mass_forms import ColumnsForm, UploadForm, VersionedForm
from ..models import MemberList
from . import bp

STATES = {"draft": "due", "applied": "ok", "undone": ""}
MOST_FINDINGS = 200


def list_or_404(list_id: UUID) -> MemberList:
    return domain.find_list(here().id, list_id) or abort(404)


def to_list(list_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("pbi_jk.member_list", id=list_id))


def list_page(found: MemberList, problem: str = "", form: ColumnsForm | None = None) -> str:
    if form is None:
        form = ColumnsForm(formdata=None, version=found.version, **found.columns)
        form.offer(found.raw["headers"] if found.raw else [])
    tried = dry_run(found, area_today(), here().code) if found.raw else None
    return render_template(
        "pbi_jk/list.html",
        item=found,
        form=form,
        tried=tried,
        findings=tried.findings[:MOST_FINDINGS] if tried else [],
        doubtful=[member for member in tried.members if member.doubtful][:MOST_FINDINGS] if tried else [],
        columns=COLUMNS,
        problem=problem,
        kinds=STATES,
    )


def _moved_on() -> str:
    return gettext("Orang lain baru saja mengubah daftar ini. Periksa keadaannya sekarang, lalu ulangi.")


changes_list = told_on_page(lambda id, problem: list_page(list_or_404(id), problem), _moved_on)


@bp.get("/lists")
@requires("pbi_jk.import")
def lists() -> ResponseReturnValue:
    page = domain.lists_page(here().id, request.args.get("after"))
    return render_template("pbi_jk/lists.html", page=page, kinds=STATES)


@bp.route("/lists/new", methods=["GET", "POST"])
@requires("pbi_jk.import")
def new_list() -> ResponseReturnValue:
    form = UploadForm()
    if request.method == "GET":
        return render_template("pbi_jk/upload.html", form=form)
    if not form.validate():
        return render_template("pbi_jk/upload.html", form=form), 422
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        form.file.data.save(path)
        try:
            draft = domain.keep_draft(here().interval, path, form.file.data.filename or "–", current_user.id)
        except FileError as problem:
            db.session.rollback()
            form.file.errors = [str(problem)]
            return render_template("pbi_jk/upload.html", form=form), 422
    list_id = draft.id
    commit()
    return to_list(list_id)


@bp.route("/lists/<uuid:id>", methods=["GET", "POST"])
@requires("pbi_jk.import")
@changes_list
def member_list(id: UUID) -> ResponseReturnValue:
    """What the file says under the chosen columns; a POST chooses others."""
    found = list_or_404(id)
    if request.method == "GET":
        return list_page(found)
    form = ColumnsForm()
    form.offer(found.raw["headers"] if found.raw else [])
    if not form.validate():
        return list_page(found, form=form), 422
    domain.choose_columns(domain.current_list(here().id, id, form.seen), form.chosen)
    commit()
    return to_list(id)


@bp.post("/lists/<uuid:id>/apply")
@requires("pbi_jk.import")
@changes_list
def apply_list(id: UUID) -> ResponseReturnValue:
    list_or_404(id)
    found = domain.apply(here().interval, domain.current_list(here().id, id, VersionedForm().seen), area_today())
    commit()
    flash(gettext("%(n)s orang masuk ke daftar panggilan.", n=len(found.members)), "success")
    return redirect(url_for("pbi_jk.index"))


@bp.post("/lists/<uuid:id>/drop")
@requires("pbi_jk.import")
@changes_list
def drop_list(id: UUID) -> ResponseReturnValue:
    list_or_404(id)
    domain.drop_draft(domain.current_list(here().id, id, VersionedForm().seen))
    commit()
    flash(gettext("Berkas dibuang. Tidak ada yang tersimpan."), "success")
    return redirect(url_for("pbi_jk.lists"))


@bp.post("/lists/<uuid:id>/undo")
@requires("pbi_jk.import")
@changes_list
def undo_list(id: UUID) -> ResponseReturnValue:
    list_or_404(id)
    found = domain.current_list(here().id, id, VersionedForm().seen)
    gone, kept = domain.undo(found), found.added
    commit()
    text = gettext("Diurungkan: %(n)s orang keluar dari daftar.", n=gone)
    more = gettext("%(n)s tetap karena sudah dihubungi atau punya kasus.", n=kept) if kept else ""
    flash(f"{text} {more}".strip(), "success")
    return to_list(id)


@bp.post("/match")
@requires("pbi_jk.import")
def match() -> ResponseReturnValue:
    """After residents were added: look for those who were not found."""
    found = domain.match_again(here().id)
    commit()
    flash(
        gettext("%(n)s orang yang tadinya tidak ditemukan sekarang cocok.", n=found), "success" if found else "warning"
    )
    return redirect(url_for("pbi_jk.index", show="unsure"))
