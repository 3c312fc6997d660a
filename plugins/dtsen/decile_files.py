"""A file of official deciles that was checked: kept, applied, undone, discarded. The caller commits.

Each family gets the decile with the file's day and source, and a row that says what it was before; nothing is computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core.api import CaseError, Household, current_row, db, gettext, record

from .decile_reading import Checked
from .models import DecileFile, DecileMove


def keep(  # noqa: PLR0917 - a file with its day, source and columns
    village_id: int,
    filename: str,
    checked: Checked,
    decile_on: date,
    source: str,
    columns: Mapping[str, str],
    by: UUID | None,
) -> DecileFile:
    """What was found, to be looked at before it is applied."""
    made = DecileFile(
        village_id=village_id,
        filename=filename[:200] or "desil",
        decile_on=decile_on,
        source=source,
        columns={column: header for column, header in columns.items() if header},
        rows=[[row_no, str(home), decile] for home, (row_no, decile) in checked.deciles.items()],
        findings=[finding.store() for finding in checked.findings],
        counts=checked.counts,
        created_by=by,
    )
    db.session.add(made)
    db.session.flush()
    record("dtsen.file_checked", "file", made.id, rows=checked.total, families=len(checked.deciles))
    return made


def apply(village_id: int, file_id: UUID, version: int) -> int:
    """Give each family its decile with the file's day and source. How many families have another one than before.

    Raises:
        Stale: somebody else was faster.
        CaseError: it is not waiting to be applied, or a family has a later decile meanwhile.
    """
    file = _in_state(village_id, file_id, version, "checked")
    wanted = {UUID(home): decile for _row, home, decile in file.rows}
    homes = _locked(village_id, list(wanted))
    if later := [home for home in homes if home.decile_on and home.decile_on > file.decile_on]:
        raise CaseError(
            gettext(
                "%(n)s keluarga sudah punya desil yang lebih baru daripada tanggal berkas ini. Periksa tanggalnya.",
                n=len(later),
            )
        )
    moved = 0
    for home in homes:
        new = wanted[home.id]
        moved += home.decile != new
        db.session.add(_move(file, home, new))
        home.decile, home.decile_on, home.decile_source = new, file.decile_on, file.source
    _end(file, "applied")
    record("dtsen.file_applied", "file", file.id, families=len(homes), moved=moved)
    return moved


def _move(file: DecileFile, home: Household, new: int) -> DecileMove:
    return DecileMove(
        village_id=file.village_id,
        household_id=home.id,
        file_id=file.id,
        old_decile=home.decile,
        old_on=home.decile_on,
        old_source=(home.decile_source or "")[:80],
        new_decile=new,
        new_on=file.decile_on,
        new_source=file.source,
        moved=home.decile != new,
    )


def undo(village_id: int, file_id: UUID, version: int) -> tuple[int, int]:
    """Give each family back what it had, but for those that were changed since. How many went back, and stay.

    Raises:
        Stale, CaseError: as :func:`apply`.
    """
    file = _in_state(village_id, file_id, version, "applied")
    of_file = (DecileMove.village_id == village_id, DecileMove.file_id == file.id)
    moves = {move.household_id: move for move in db.session.scalars(select(DecileMove).where(*of_file))}
    back = 0
    for home in _locked(village_id, list(moves)):
        move = moves[home.id]
        if (home.decile, home.decile_on, home.decile_source) == (move.new_decile, file.decile_on, file.source):
            home.decile, home.decile_on, home.decile_source = move.old_decile, move.old_on, move.old_source or None
            db.session.delete(move)
            back += 1
    file.state = "undone"
    file.counts = {**file.counts, "back": back, "kept": len(moves) - back}
    db.session.flush()
    record("dtsen.file_undone", "file", file.id, families=back, kept=len(moves) - back)
    return back, len(moves) - back


def discard(village_id: int, file_id: UUID, version: int) -> None:
    """Of a file that was only checked nothing is kept but that it was there. Raises: as :func:`apply`."""
    file = _in_state(village_id, file_id, version, "checked")
    _end(file, "discarded")
    record("dtsen.file_discarded", "file", file.id)


def _in_state(village_id: int, file_id: UUID, version: int, state: str) -> DecileFile:
    found = current_row(DecileFile, village_id, file_id, version)
    if found is None or found.state != state:
        raise CaseError(gettext("Berkas ini sudah diterapkan, diurungkan, atau dibuang."))
    return found


def _locked(village_id: int, household_ids: Sequence[UUID]) -> Sequence[Household]:
    return db.session.scalars(
        select(Household)
        .where(Household.village_id == village_id, Household.id.in_(household_ids))
        .order_by(Household.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _end(file: DecileFile, state: str) -> None:
    """Rows and findings have served their purpose; the counts stay."""
    file.state, file.rows, file.findings = state, [], []
    db.session.flush()


# ---- finding ----


def find_file(village_id: int, file_id: UUID) -> DecileFile | None:
    return db.session.scalar(select(DecileFile).where(DecileFile.village_id == village_id, DecileFile.id == file_id))


def latest_files(village_id: int) -> Sequence[DecileFile]:
    """The last twenty, the latest first."""
    query = select(DecileFile).where(DecileFile.village_id == village_id)
    return db.session.scalars(query.order_by(DecileFile.id.desc()).limit(20)).all()


def columns_last_used(village_id: int) -> Mapping[str, str]:
    """What the village's last file called its columns, to begin with: who sends such files sends them alike."""
    query = select(DecileFile.columns).where(DecileFile.village_id == village_id)
    return db.session.scalar(query.order_by(DecileFile.id.desc()).limit(1)) or {}


@dataclass(frozen=True)
class Preview:
    """A family of a file that waits, with what it has and what it would get."""

    household: Household
    old: int | None
    new: int


def preview(file: DecileFile, *, limit: int = 100) -> list[Preview]:
    """The families whose decile the file would move, in the order of the file; two queries at most."""
    wanted = {UUID(home): decile for _row, home, decile in file.rows}
    homes = db.session.scalars(
        select(Household).where(Household.village_id == file.village_id, Household.id.in_(list(wanted)))
    )
    by_id = {home.id: home for home in homes}
    found = [Preview(by_id[home], by_id[home].decile, new) for home, new in wanted.items() if home in by_id]
    return [each for each in found if each.old != each.new][:limit]
