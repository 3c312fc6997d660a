"""What files say of people does not stay for ever: findings and files go after a month, whatever became of them."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, select, update

from core.areas.code import AreaCode
from core.audit import record
from core.clock import now
from core.database.session import after_commit, commit, db, scope
from core.jobs import hourly

from .models import Import, ImportFinding
from .sheet_files import FileError, read_tables
from .sheets import cell_text
from .states import OPEN
from .uploads import all_uploads, drop_upload, upload_of

LIFETIME = timedelta(days=30)


def forget_rows(village_id: int, imports: Iterable[UUID]) -> None:
    """The findings, and what the file says in its first rows."""
    ids = list(imports)
    mine = (ImportFinding.village_id == village_id, ImportFinding.import_id.in_(ids))
    db.session.execute(delete(ImportFinding).where(*mine).execution_options(synchronize_session=False))
    db.session.execute(
        update(Import)
        .where(Import.village_id == village_id, Import.id.in_(ids))
        .values(heads=None)
        .execution_options(synchronize_session=False)
    )


def discard_files_with(village_id: int, words: Iterable[str]) -> None:
    """Of the files that wait, those with a cell that is one of these: each can be brought in again without the row."""
    wanted = {word.casefold() for word in words}
    waiting = select(Import).where(Import.village_id == village_id, Import.state.in_((*OPEN, "waiting")))
    for item in db.session.scalars(waiting).all():
        path = upload_of(village_id, item.id)
        if path.is_file() and _has_cell(path, wanted):
            forget_rows(village_id, [item.id])
            item.state, item.version, item.heads = "discarded", item.version + 1, None
            record("imports.discarded", "import", item.id, kind=item.kind)
            after_commit(partial(drop_upload, village_id, item.id))


def _has_cell(path: Path, words: Collection[str]) -> bool:
    try:
        tables = read_tables(path, len)
    except FileError:  # nothing that anybody could read
        return False
    return any(cell_text(cell).casefold() in words for table in tables.values() for row in table for cell in row)


@hourly
def forget_old_files() -> None:
    """One query to find the villages, and three for each that has something to forget."""
    oldest = now() - LIFETIME
    for file in all_uploads():
        if file.stat().st_mtime < oldest.timestamp():
            file.unlink(missing_ok=True)
    too_old = Import.created_at < oldest
    with scope(AreaCode.from_id(0)):  # everywhere; there nothing can be written
        findings = select(ImportFinding.id).where(
            ImportFinding.village_id == Import.village_id, ImportFinding.import_id == Import.id
        )
        stale = too_old & (findings.exists() | Import.heads.is_not(None) | Import.state.in_(OPEN))
        found = db.session.execute(select(Import.village_id, Import.id).where(stale)).all()
    by_village: dict[int, list[UUID]] = {}
    for village_id, import_id in found:
        by_village.setdefault(village_id, []).append(import_id)
    for village_id, ids in by_village.items():
        with scope(AreaCode.from_id(village_id)):
            forget_rows(village_id, ids)
            db.session.execute(
                update(Import)
                .where(Import.village_id == village_id, Import.id.in_(ids), Import.state.in_(OPEN))
                .values(state="discarded", version=Import.version + 1)
                .execution_options(synchronize_session=False)
            )
            commit()
