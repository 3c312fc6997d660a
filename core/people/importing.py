"""Bringing a resident file in: received, checked without changing anything, applied as a whole, undone.

The states of an import: ``waiting`` → ``checking`` → ``checked`` or ``refused`` → ``applying`` → ``applied`` →
``undone``; ``failed`` when the system broke down, which changes nothing in the register either.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from flask_babel import gettext as _
from psycopg.errors import UniqueViolation
from sqlalchemy import select, update

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.audit import record
from core.clock import now, today
from core.database.session import commit, db, scope
from core.files import FileStore
from core.jobs import enqueue, job
from core.platform import platform

from .import_apply import apply_staged
from .import_doubts import doubts
from .import_rows import Finding, ImportRows, OnProgress, read_rows
from .import_staging import Counts, stage, store_findings, wait_for_turn
from .import_undo import UndoReport, undo_changes
from .models import Import
from .sheet_files import FileError

CHECK = "people.check_import"
APPLY = "people.apply_import"
RUNNING = ("waiting", "checking", "applying")


@dataclass(frozen=True)
class ImportReport:
    """What came of a file. ``counts`` is None when the file as a whole could not be read; ``problem`` says why."""

    state: str
    counts: Counts | None
    findings: list[Finding]
    notes: list[str]
    problem: str | None = None

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]


# ---- asked for by a page; each commits nothing, so that the job and the row come into being together ----


def receive_file(area: CurrentArea, filename: str, stream: BinaryIO) -> Import:
    """Keep a file and have it checked.

    Raises:
        FileRefused: larger than the installation takes.
    """
    config = platform().config
    sha256, _size = FileStore(config.files_dir, area.id).save(stream, config.max_upload_bytes)
    received = Import(
        village_id=area.id, filename=filename[:200], sha256=sha256, created_by=current_actor.get().user_id
    )
    db.session.add(received)
    db.session.flush()
    record("people.import_received", "import", received.id)
    enqueue(CHECK, area, import_id=str(received.id))
    return received


def ask_to_apply(area: CurrentArea, import_id: UUID) -> bool:
    """Have a checked file applied; False when it is not in that state, for instance after a second click."""
    if not _move(area.id, import_id, "checked", "applying", progress=0):
        return False
    enqueue(APPLY, area, import_id=str(import_id))
    return True


def ask_to_check_again(area: CurrentArea, import_id: UUID) -> bool:
    """After a breakdown, and for a file that was refused before the register changed."""
    if not _move(area.id, import_id, ("failed", "refused", "checked"), "waiting", progress=0, problem=None):
        return False
    enqueue(CHECK, area, import_id=str(import_id))
    return True


def undo_import(area: CurrentArea, import_id: UUID) -> UndoReport | None:
    """Take an applied import back; None when it is not applied."""
    if not _move(area.id, import_id, "applied", "undone", undone_at=now()):
        return None
    report = undo_changes(area.id, import_id)
    row = _find(area.id, import_id)
    row.summary = {**row.summary, "undo": report.as_summary()}
    record("people.import_undone", "import", import_id, deleted=report.deleted, restored=report.restored)
    return report


# ---- jobs ----


def _tell_failure(area: CurrentArea, error: Exception, import_id: str) -> None:
    if isinstance(error.__cause__ or error, UniqueViolation):
        problem = _("Data warga berubah selagi berkas diterapkan. Tidak ada yang tersimpan; periksa lagi berkasnya.")
    else:
        problem = _(
            "Sistem terganggu di tengah jalan. Tidak ada data warga yang berubah. Coba lagi; bila terulang, "
            "sebutkan kode %(code)s kepada admin kabupaten.",
            code=current_actor.get().request_id or "-",
        )
    _move(area.id, UUID(import_id), RUNNING, "failed", problem=problem)
    commit()


@job(CHECK, on_failure=_tell_failure)
def check_import(area: CurrentArea, import_id: str) -> None:
    """The dry run: what the file would do, and every error and warning."""
    key = UUID(import_id)
    if not _move(area.id, key, ("waiting", "checking", "failed"), "checking", problem=None):
        return  # "failed": an administrator has the job done again
    commit()
    _check(area, key, _stored_file(area.id, key))


@job(APPLY, on_failure=_tell_failure)
def apply_import(area: CurrentArea, import_id: str) -> None:
    """Check the file once more, since the register may have moved on, and save all of it or nothing."""
    key = UUID(import_id)
    # An administrator may have a failed one done again. Committed at once: progress is written past this transaction.
    _move(area.id, key, "failed", "applying", problem=None)
    commit()
    wait_for_turn(area.id)
    if _find(area.id, key).state == "applying":
        _apply(area, key, _stored_file(area.id, key))


def import_file(
    area: CurrentArea, path: Path, *, dry_run: bool, on_progress: OnProgress = lambda _done, _total: None
) -> ImportReport:
    """Check a file and, unless ``dry_run`` or it has errors, apply it, before returning. For the command line.

    A dry run leaves nothing behind. An applied file is listed among the village's imports and can be undone there.
    """
    with scope(area):
        if dry_run:
            try:
                return _examine(area, path, on_progress)[0]
            finally:
                db.session.rollback()
        return _bring_in(area, path, on_progress)


def _bring_in(area: CurrentArea, path: Path, on_progress: OnProgress) -> ImportReport:
    with path.open("rb") as stream:
        sha256, _size = FileStore(platform().config.files_dir, area.id).save(stream, path.stat().st_size)
    who = current_actor.get().user_id
    row = Import(village_id=area.id, filename=path.name, sha256=sha256, state="checking", created_by=who)
    db.session.add(row)
    db.session.flush()
    import_id = row.id
    record("people.import_received", "import", import_id)
    commit()
    try:
        report = _check(area, import_id, path, on_progress)
        if report.state != "checked" or not _move(area.id, import_id, "checked", "applying"):
            return report
        commit()
        wait_for_turn(area.id)
        applied = _apply(area, import_id, path, on_progress)
    except Exception as error:
        db.session.rollback()
        _tell_failure(area, error, str(import_id))
        raise
    return replace(applied, findings=applied.findings if applied.errors else report.findings)


# ---- the work ----


def _check(area: CurrentArea, import_id: UUID, path: Path, on_progress: OnProgress | None = None) -> ImportReport:
    report, rows = _examine(area, path, on_progress or _progress(area.id, import_id))
    if rows is not None:
        store_findings(area.id, import_id, report.findings)
    _finish(area.id, import_id, report, rows)
    commit()
    return report


def _apply(area: CurrentArea, import_id: UUID, path: Path, on_progress: OnProgress | None = None) -> ImportReport:
    report, rows = _examine(area, path, on_progress or _progress(area.id, import_id), with_doubts=False)
    if report.state == "checked" and report.counts:
        apply_staged(area.id, import_id)
        record("people.import_applied", "import", import_id, **report.counts.as_dict())
        report = replace(report, state="applied")
    elif rows is not None:
        store_findings(area.id, import_id, report.findings)
    _finish(area.id, import_id, report, rows, applied_at=now() if report.state == "applied" else None)
    commit()
    return report


def _examine(
    area: CurrentArea, path: Path, on_progress: OnProgress, *, with_doubts: bool = True
) -> tuple[ImportReport, ImportRows | None]:
    """Read, check and stage a file; nothing of it is in the register yet."""
    try:
        rows = read_rows(path, today=today(area.timezone), area_code=area.code, on_progress=on_progress)
    except FileError as error:
        return ImportReport("refused", None, [], [], str(error)), None
    counts = stage(rows, area.id)
    findings = [*rows.findings, *doubts(area.id, rows)] if with_doubts else rows.findings
    state = "refused" if rows.has_errors else "checked"
    return ImportReport(state, counts, findings, rows.notes), rows


def _finish(village_id: int, import_id: UUID, report: ImportReport, rows: ImportRows | None, **columns: Any) -> None:
    row = _find(village_id, import_id)
    row.state, row.problem = report.state, report.problem
    if rows is not None:
        row.total = row.progress = rows.total
    row.summary = {
        **(report.counts.as_dict() if report.counts else {}),
        "errors": len(report.errors),
        "warnings": row.summary.get("warnings", 0) if report.state == "applied" else len(report.warnings),
        "notes": report.notes,
    }
    for name, value in columns.items():
        setattr(row, name, value)


def _progress(village_id: int, import_id: UUID) -> Callable[[int, int], None]:
    """Written in a short transaction of its own, so that the page sees it while the work is not committed."""

    def tell(done: int, total: int) -> None:
        with db.engine.begin() as connection:
            connection.execute(
                update(Import)
                .where(Import.village_id == village_id, Import.id == import_id)
                .values(progress=done, total=total)
            )

    return tell


def _move(village_id: int, import_id: UUID, came_from: str | tuple[str, ...], state: str, **values: Any) -> bool:
    """Take an import to another state if it still is where it should be."""
    states = (came_from,) if isinstance(came_from, str) else came_from
    moved = db.session.execute(
        update(Import)
        .where(Import.village_id == village_id, Import.id == import_id, Import.state.in_(states))
        .values(state=state, **values)
        .returning(Import.id)
        .execution_options(synchronize_session=False)
    ).first()
    return moved is not None


def _find(village_id: int, import_id: UUID) -> Import:
    return db.session.scalars(
        select(Import)
        .where(Import.village_id == village_id, Import.id == import_id)
        .execution_options(populate_existing=True)
    ).one()


def _stored_file(village_id: int, import_id: UUID) -> Path:
    return FileStore(platform().config.files_dir, village_id).path(_find(village_id, import_id).sha256)
