"""What the worker does with a file: check it without changing anything, apply it as a whole, undo it.

A kind's own functions run with the transaction held: they cannot commit a part of it. What a check writes all the same
is rolled back with its savepoint.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from psycopg.errors import UniqueViolation
from sqlalchemy import update

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.audit import record
from core.cases.errors import CaseError
from core.clock import now, today
from core.database.session import AnnouncingSession, commit, db
from core.jobs import job

from .asking import APPLY, CHECK, UNDO
from .columns import chosen_columns, heads_of, missing_columns
from .findings import store_findings, wait_for_turn
from .kind import ImportKind, ImportRun, Undone
from .kinds import kind_in
from .models import Import
from .rows import FileRows, Finding, Findings, OnProgress
from .sheet_files import FileError
from .sheets import Sheet, read_sheets
from .states import RUNNING, current, move
from .uploads import drop_upload, upload_of

MOST_KEPT = 500
Answer = TypeVar("Answer")


class KindOff(Exception):
    """A file of a module that is not at work in its village any more."""


@dataclass(frozen=True)
class ImportReport:
    """What came of a file. ``problem`` says why it could not be read as a whole, or was not applied."""

    state: str
    total: int = 0
    found: Findings = field(default_factory=Findings)
    notes: list[str] = field(default_factory=list)
    problem: str | None = None
    sheet: Sheet | None = None
    columns: dict[str, str] = field(default_factory=dict)
    checked: Any = None
    heads: list[Any] | None = None

    @property
    def errors(self) -> list[Finding]:
        return self.found.errors

    @property
    def warnings(self) -> list[Finding]:
        return self.found.warnings

    @property
    def counts(self) -> dict[str, int]:
        return {**self.found.counts(self.total), **self.found.figures}


# ---- jobs ----


def tell_failure(area: CurrentArea, error: Exception, import_id: str) -> None:
    """What went wrong, on the import's page. Commits."""
    if isinstance(error.__cause__ or error, UniqueViolation):
        problem = _("Data berubah selagi berkas dikerjakan. Tidak ada yang tersimpan; periksa lagi berkasnya.")
    elif isinstance(error, KindOff):
        problem = _("Modul ini sedang tidak dipakai di desa ini. Tidak ada yang berubah.")
    else:
        problem = _(
            "Sistem terganggu di tengah jalan. Tidak ada data yang berubah. Coba lagi; bila terulang, "
            "sebutkan kode %(code)s kepada admin kabupaten.",
            code=current_actor.get().request_id or "-",
        )
    key = UUID(import_id)
    if not move(area.id, key, "undoing", "applied", problem=problem):
        move(area.id, key, RUNNING, "failed", problem=problem)
    commit()


@job(CHECK, on_failure=tell_failure)
def check_import(area: CurrentArea, import_id: str) -> None:
    """The dry run: what the file would do, and everything that is wrong with its rows."""
    key = UUID(import_id)
    if not move(area.id, key, ("waiting", "checking", "failed"), "checking", problem=None):
        return  # "failed": an administrator has the job done again
    commit()
    check(area, key)


@job(APPLY, on_failure=tell_failure)
def apply_import(area: CurrentArea, import_id: str) -> None:
    """Check the file once more, since the register may have moved on, and save all of it or nothing."""
    key = UUID(import_id)
    # An administrator may have a failed one done again. Committed at once: progress is written past this transaction.
    move(area.id, key, "failed", "applying", problem=None)
    commit()
    wait_for_turn(area.id)
    if current(area.id, key).state == "applying":
        apply(area, key)


@job(UNDO, on_failure=tell_failure)
def undo_import(area: CurrentArea, import_id: str) -> None:
    key = UUID(import_id)
    wait_for_turn(area.id)
    if current(area.id, key).state == "undoing":
        undo(area, key)


# ---- the work; each commits ----


def check(area: CurrentArea, import_id: UUID, on_progress: OnProgress | None = None) -> ImportReport:
    """Raises: KindOff: its module is off."""
    item = current(area.id, import_id)
    kind = _kind_of(area, item)
    report = examine(area, kind, item, upload_of(area.id, import_id), on_progress or _progress(area.id, import_id))
    store_findings(area.id, import_id, report.found.items)
    _finish(area.id, import_id, report)
    commit()
    return report


def apply(area: CurrentArea, import_id: UUID, on_progress: OnProgress | None = None) -> ImportReport:
    """Nothing is saved when the file would do something else by now than was shown: then that is shown.

    Raises:
        KindOff: its module is off.
    """
    item = current(area.id, import_id)
    kind, seen = _kind_of(area, item), item.outcome
    tell = on_progress or _progress(area.id, import_id)
    report = examine(area, kind, item, upload_of(area.id, import_id), tell, applying=True)
    if report.state == "checked" and report.found.digest(report.total) != seen:
        # Written anew by the check itself, so that its warnings are complete as well.
        db.session.rollback()
        report = check(area, import_id, tell)
        if report.state == "checked":
            moved_on = _("Data berubah sejak berkas ini diperiksa. Belum ada yang tersimpan: lihat hasil yang baru.")
            current(area.id, import_id).problem = moved_on
            commit()
            report = replace(report, problem=moved_on)
        return report
    if report.state == "checked":
        try:
            _held(lambda: kind.apply(_run(area, item, applying=True), report.checked))
            db.session.flush()
        except CaseError as refusal:
            db.session.rollback()
            report = replace(report, state="refused", problem=str(refusal))
        else:
            record("imports.applied", "import", import_id, kind=kind.name, file=item.filename, **report.counts)
            report = replace(report, state="applied")
    if report.state == "applied":
        _finish(area.id, import_id, report, applied_at=now())
        commit()
        drop_upload(area.id, import_id)
    else:
        store_findings(area.id, import_id, report.found.items)
        _finish(area.id, import_id, report)
        commit()
    return report


def undo(area: CurrentArea, import_id: UUID) -> Undone | None:
    """Take an applied import back; None when its module does not let it be undone, which its page tells.

    Raises:
        KindOff: its module is off.
    """
    item = current(area.id, import_id)
    kind = _kind_of(area, item)
    try:
        undone = _held(lambda: kind.undo(_run(area, item)))
        db.session.flush()
    except CaseError as refusal:
        db.session.rollback()
        move(area.id, import_id, ("applied", "undoing"), "applied", problem=str(refusal))
        commit()
        return None
    if not move(area.id, import_id, ("applied", "undoing"), "undone", undone_at=now(), problem=None):
        db.session.rollback()
        return None
    item = current(area.id, import_id)
    kept = [{"id": str(k.id), "name": k.name, "reason": k.reason, "endpoint": k.endpoint} for k in undone.kept]
    told = {"deleted": undone.deleted, "restored": undone.restored, "kept_count": len(kept), "kept": kept[:MOST_KEPT]}
    item.summary = {**item.summary, "undo": told}
    counts = {"deleted": undone.deleted, "restored": undone.restored, "kept": len(kept)}
    record("imports.undone", "import", import_id, kind=kind.name, file=item.filename, **counts)
    commit()
    return undone


def examine(
    area: CurrentArea, kind: ImportKind, item: Import, path: Path, on_progress: OnProgress, *, applying: bool = False
) -> ImportReport:
    """Read a file and have its kind check it. Nothing of it is in the register afterwards."""
    try:
        if not path.is_file():
            raise FileError(_("Berkasnya sudah dihapus."), _("Unggah berkasnya sekali lagi."))
        sheets = read_sheets(path, kind.layout)
        sheet, columns = chosen_columns(item, kind, sheets)
        if missing := missing_columns(kind, columns):
            if len(sheet.head.headers) < len(kind.required) or not sheet.head.samples:
                titles = ", ".join(str(kind.title_of(key)) for key in missing)
                raise FileError(
                    _("Kolom wajib tidak ditemukan: %(columns)s.", columns=titles),
                    _("Tambahkan judul kolom itu, atau pindahkan datanya ke templat yang dapat diunduh."),
                )
            return ImportReport("columns", sheet=sheet, columns=columns, heads=heads_of(sheets))
        rows = sheet.rows(columns, kind.most_rows)
        found, run = Findings(), _run(area, item, applying=applying)
        with _savepoint(unless=applying):
            checked = _held(lambda: kind.check(run, FileRows(rows, on_progress), found))
    except (FileError, CaseError) as problem:
        return ImportReport("refused", problem=str(problem))
    found.items.sort(key=lambda finding: finding.row_no)
    ready = found.counts(len(rows))["ready"]
    refused = (kind.whole and found.left_out) or not (ready or kind.whole)
    notes = [str(note) for note in (*rows.notes, *found.notes)]
    state = "refused" if refused else "checked"
    return ImportReport(state, len(rows), found, notes, None, sheet, columns, checked, heads_of(sheets))


# ---- what they have in common ----


def _kind_of(area: CurrentArea, item: Import) -> ImportKind:
    found = kind_in(area, item.kind)
    if found is None:
        raise KindOff(f"{item.kind} is off in {area.code}")
    return found


def _run(area: CurrentArea, item: Import, *, applying: bool = False) -> ImportRun:
    day = today(area.timezone)
    return ImportRun(area, item.id, item.about, item.answers or {}, day, applying, item.created_by)


def _held(work: Callable[[], Answer]) -> Answer:
    """Have a kind's function work in this transaction: it can neither commit it nor roll it back."""
    session = db.session()
    assert isinstance(session, AnnouncingSession)  # noqa: S101 - as it is made (core.database.session)
    before = session.held, session.keeps_work
    session.held = session.keeps_work = True
    try:
        return work()
    finally:
        session.held, session.keeps_work = before


@contextmanager
def _savepoint(*, unless: bool) -> Iterator[None]:
    """What is written inside is gone afterwards."""
    if unless:
        yield
        return
    point = db.session.begin_nested()
    try:
        yield
    finally:
        if point.is_active:
            point.rollback()
        db.session.expire_all()


def _finish(village_id: int, import_id: UUID, report: ImportReport, **columns: Any) -> None:
    item = current(village_id, import_id)
    before = item.summary
    item.state, item.problem, item.version = report.state, report.problem, item.version + 1
    if report.sheet is not None:
        item.sheet = report.sheet.name
        item.heads = report.heads if report.state in ("columns", "checked", "refused") else None
    if report.total:
        item.total = item.progress = report.total
        item.columns = report.columns
    item.outcome = report.found.digest(report.total) if report.state == "checked" else ""
    item.summary = {**report.counts, "notes": report.notes}
    if report.state == "applied":  # a check before saving need not look for all that is doubtful
        item.summary["warnings"] = before.get("warnings", 0)
    for name, value in columns.items():
        setattr(item, name, value)


def _progress(village_id: int, import_id: UUID) -> OnProgress:
    """Written in a short transaction of its own, so that the page sees it while the work is not committed."""

    def tell(done: int, total: int) -> None:
        with db.engine.begin() as connection:
            connection.execute(
                update(Import)
                .where(Import.village_id == village_id, Import.id == import_id)
                .values(progress=done, total=total)
            )

    return tell
