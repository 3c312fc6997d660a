"""A file in one call, for the command line and the demonstration: as the pages do it, without the queue."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from core.areas.current import CurrentArea
from core.database.session import commit, db, scope

from .asking import new_import
from .findings import wait_for_turn
from .kind import ImportKind
from .models import Import
from .rows import OnProgress
from .states import move
from .working import ImportReport, apply, check, examine, tell_failure


def import_file(
    area: CurrentArea,
    kind: ImportKind,
    path: Path,
    *,
    dry_run: bool = False,
    about: UUID | None = None,
    answers: Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str = "",
    on_progress: OnProgress = lambda _done, _total: None,
) -> ImportReport:
    """Check a file and, unless ``dry_run`` or it is refused, apply it, before returning.

    A dry run leaves nothing behind. An applied file is listed among the village's imports and can be undone there.

    Args:
        columns: the file's header by key, for those columns that it calls otherwise than is known.
    """
    with scope(area):
        if dry_run:
            trial = Import(
                village_id=area.id,
                kind=kind.name,
                about=about,
                answers=dict(answers or {}),
                sheet=sheet,
                columns=dict(columns or {}),
            )
            try:
                return examine(area, kind, trial, path, on_progress)
            finally:
                db.session.rollback()
        with path.open("rb") as stream:
            item = new_import(area, kind, path.name, stream, about=about, answers=answers)
        item.state, item.sheet, item.columns = "checking", sheet, dict(columns or {})
        import_id = item.id
        commit()
        return _bring_in(area, import_id, on_progress)


def _bring_in(area: CurrentArea, import_id: UUID, on_progress: OnProgress) -> ImportReport:
    try:
        report = check(area, import_id, on_progress)
        if report.state != "checked" or not move(area.id, import_id, "checked", "applying"):
            return report
        commit()
        wait_for_turn(area.id)
        applied = apply(area, import_id, on_progress)
    except Exception as error:
        db.session.rollback()
        tell_failure(area, error, str(import_id))
        raise
    # A check before saving does not look for all that is doubtful.
    return replace(applied, found=report.found) if applied.state == "applied" else applied
