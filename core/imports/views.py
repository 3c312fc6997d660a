"""Files on their way in, whatever they are about: upload, columns, what was found, apply, undo, and all of before.

Who may do so is written down by each kind, so a view looks it up itself; a kind whose module is off is not there.
"""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.file import FileField, FileRequired

from core.areas.code import AreaCode
from core.cases.answers import answers_of
from core.cases.errors import CaseError
from core.database.session import commit, db
from core.database.versions import Stale
from core.files import FileRefused
from core.platform import platform
from core.texts import lazy_gettext
from core.users.permissions import requires
from core.web.forms import Form, VersionedForm

from . import asking
from .columns_form import ColumnsForm
from .kind import ImportKind, ImportTarget
from .kinds import kind_in, kinds_in
from .lists import ImportRow, all_findings, find_import, findings_page, imports_page
from .rows import LEVELS
from .sheet_files import write_table
from .states import OPEN, RUNNING, TAGS, TITLES

bp = Blueprint("imports", __name__)

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEVEL_TITLES = {
    "error": lazy_gettext("Kesalahan"),
    "warning": lazy_gettext("Perlu dilihat"),
    "same": lazy_gettext("Sudah ada"),
}


class UploadForm(Form):
    file = FileField(lazy_gettext("Berkas"), [FileRequired(lazy_gettext("Pilih dulu berkasnya: .xlsx atau .csv."))])


# ---- finding ----


def kind_or_404(name: str) -> ImportKind:
    found = kind_in(g.area, name) or abort(404)
    if found.permission not in g.permissions:
        abort(403)
    return found


def import_or_404(import_id: UUID) -> tuple[ImportRow, ImportKind]:
    row = find_import(g.area.id, import_id) or abort(404)
    return row, kind_or_404(row.item.kind)


def target_of(kind: ImportKind, about: object) -> ImportTarget | None:
    """The row that a file is brought into; 404 where the kind needs one and it is not there."""
    if kind.find_target is None:
        return None
    return (kind.find_target(g.area, str(about)) if about else None) or abort(404)


def crumbs_of(kind: ImportKind, target: ImportTarget | None) -> list[tuple[object, str]]:
    found: list[tuple[object, str]] = [(_home_title(kind), url_for(kind.home))]
    if target:
        found.append((target.title, url_for(target.endpoint, id=target.id)))
    return [*found, (kind.title, url_for("imports.index", kind=kind.name))]


def _home_title(kind: ImportKind) -> object:
    plugin = platform().plugins.plugins.get(kind.plugin)
    return plugin.title if plugin else _("Warga")


def to_import(import_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("imports.show", id=import_id))


# ---- pages ----


@bp.get("/<village:area>/imports")
@requires("area.view")
def index(area: AreaCode) -> ResponseReturnValue:
    """What somebody may bring in here, and what was; of one kind when the address names it."""
    mine = kinds_in(g.area, g.permissions)
    only = request.args.get("kind")
    if only is not None:
        kind_or_404(only)
    page = imports_page(g.area.id, [only] if only else [kind.name for kind in mine], None, request.args.get("after"))
    by_name = {kind.name: kind for kind in mine}
    return render_template(
        "imports/index.html", page=page, kinds=by_name, only=by_name.get(only or ""), titles=TITLES, tags=TAGS
    )


@bp.route("/<village:area>/imports/<kind>/new", methods=["GET", "POST"])
@requires("area.view")
def new(area: AreaCode, kind: str) -> ResponseReturnValue:
    found = kind_or_404(kind)
    target = target_of(found, request.args.get("about"))
    form = UploadForm()
    more = found.form(request.form if request.method == "POST" else None) if found.form else None
    if request.method == "GET":
        return _upload_page(found, target, form, more)
    valid = [form.validate(), more is None or more.validate()]
    if not all(valid):
        return _upload_page(found, target, form, more), 422
    answers = answers_of(more) if more is not None else {}
    file, about = form.file.data, target.id if target else None
    try:
        received = asking.receive(g.area, found, file.filename or "", file.stream, about=about, answers=answers)
    except FileRefused as refusal:
        form.file.errors = [str(refusal)]
        return _upload_page(found, target, form, more), 422
    import_id = received.id
    commit()
    return to_import(import_id)


def _upload_page(kind: ImportKind, target: ImportTarget | None, form: UploadForm, more: Any) -> str:
    return render_template(
        "imports/new.html",
        kind=kind,
        target=target,
        trail=crumbs_of(kind, target),
        form=form,
        more=more,
        megabytes=platform().config.max_upload_bytes // 1024 // 1024,
    )


@bp.get("/<village:area>/imports/<uuid:id>")
@requires("area.view")
def show(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _show_page(id)


def _show_page(import_id: UUID, problem: str = "") -> str:
    row, kind = import_or_404(import_id)
    counts = row.item.summary
    level = request.args.get("show", "")
    if level not in LEVELS:
        level = "error" if counts.get("errors") else "warning" if counts.get("warnings") else "same"
    return render_template(
        "imports/show.html",
        row=row,
        kind=kind,
        trail=crumbs_of(kind, _target_if_there(kind, row.item.about)),
        running=row.item.state in RUNNING,
        open=row.item.state in OPEN,
        level=level,
        levels=LEVEL_TITLES,
        page=findings_page(g.area.id, import_id, level=level, cursor=request.args.get("after")),
        problem=problem,
        titles=TITLES,
        tags=TAGS,
    )


def _target_if_there(kind: ImportKind, about: UUID | None) -> ImportTarget | None:
    """It may have been deleted since."""
    return kind.find_target(g.area, str(about)) if kind.find_target and about else None


@bp.get("/<village:area>/imports/<uuid:id>/progress")
@requires("area.view")
def progress(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The part of the page that asks again every second; when the work is done it has the page read anew."""
    row, _kind = import_or_404(id)
    if row.item.state in RUNNING:
        return render_template("imports/progress.html", row=row, titles=TITLES)
    done = make_response("")
    done.headers["HX-Refresh"] = "true"
    return done


@bp.route("/<village:area>/imports/<uuid:id>/columns", methods=["GET", "POST"])
@requires("area.view")
def columns(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Which column of the file is which."""
    row, kind = import_or_404(id)
    if row.item.state not in OPEN or not row.item.heads:
        return to_import(id)
    form = ColumnsForm(kind, row.item, request.values.get("sheet"), request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _columns_page(row, kind, form)
    try:
        asking.choose_columns(g.area, row.item, kind, form.sheet, form.chosen, VersionedForm().seen)
    except CaseError as problem:
        db.session.rollback()
        row, kind = import_or_404(id)
        return _columns_page(row, kind, form, str(problem)), 422
    except Stale:
        return _moved_on(id)
    commit()
    return to_import(id)


def _columns_page(row: ImportRow, kind: ImportKind, form: ColumnsForm, problem: str = "") -> str:
    trail = [*crumbs_of(kind, None), (row.item.filename, url_for("imports.show", id=row.item.id))]
    return render_template("imports/columns.html", row=row, kind=kind, form=form, trail=trail, problem=problem)


# ---- deeds ----


@bp.post("/<village:area>/imports/<uuid:id>/apply")
@requires("area.view")
def apply(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _ask(id, asking.ask_to_apply)


@bp.post("/<village:area>/imports/<uuid:id>/check")
@requires("area.view")
def check(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Once more, after a breakdown or when the register has changed."""
    return _ask(id, asking.ask_to_check)


@bp.post("/<village:area>/imports/<uuid:id>/discard")
@requires("area.view")
def discard(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _ask(id, asking.discard)


@bp.route("/<village:area>/imports/<uuid:id>/undo", methods=["GET", "POST"])
@requires("area.view")
def undo(area: AreaCode, id: UUID) -> ResponseReturnValue:
    if request.method == "POST":
        return _ask(id, asking.ask_to_undo)
    row, kind = import_or_404(id)
    if row.item.state != "applied":
        return to_import(id)
    trail = [*crumbs_of(kind, None), (row.item.filename, url_for("imports.show", id=id))]
    return render_template("imports/undo.html", row=row, kind=kind, trail=trail)


def _ask(import_id: UUID, ask: Any) -> ResponseReturnValue:
    import_or_404(import_id)
    try:
        ask(g.area, import_id, VersionedForm().seen)
    except Stale:
        return _moved_on(import_id)
    commit()
    return to_import(import_id)


def _moved_on(import_id: UUID) -> ResponseReturnValue:
    db.session.rollback()
    return _show_page(
        import_id, _("Berkas ini sudah ditangani sejak halaman ini dibuka. Periksa keadaannya sekarang.")
    ), 409


# ---- files to download ----


@bp.get("/<village:area>/imports/<uuid:id>/findings.xlsx")
@requires("area.view")
def findings(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Everything that was found as a sheet, to work through beside the file."""
    row, kind = import_or_404(id)
    headers = [_("Baris"), _("Jenis"), _("Kolom"), _("Isi"), _("Masalah"), _("Yang harus dilakukan")]
    rows = [
        [
            str(f.row_no),
            str(LEVEL_TITLES.get(f.level, f.level)),
            str(kind.title_of(f.column)),
            f.value,
            f.message,
            f.fix,
        ]
        for f in all_findings(g.area.id, row.item.id)
    ]
    return _table(headers, rows, _("temuan-impor.xlsx"))


@bp.get("/<village:area>/imports/<kind>/template.xlsx")
@requires("area.view")
def template(area: AreaCode, kind: str) -> ResponseReturnValue:
    found = kind_or_404(kind)
    return _table([column.header for column in found.columns], [], _("templat-%(kind)s.xlsx", kind=found.name))


@bp.get("/<village:area>/imports/<kind>/sample.xlsx")
@requires("area.view")
def sample(area: AreaCode, kind: str) -> ResponseReturnValue:
    """Made-up rows, to see how a file should look and to try an import with."""
    path = kind_or_404(kind).sample or abort(404)
    return _sheet(path.read_bytes(), path.name)


def _table(headers: list[str], rows: list[list[str]], name: str) -> Response:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "table.xlsx"
        write_table(path, headers, rows)
        return _sheet(path.read_bytes(), name)


def _sheet(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype=SHEET, as_attachment=True, download_name=name)
