"""What a page asks for: each commits nothing, so that the job and the row come into being together."""

from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from flask_babel import gettext as _

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.audit import record
from core.cases.errors import CaseError
from core.database.session import after_commit, db
from core.database.uuid7 import uuid7
from core.database.versions import Stale
from core.jobs import enqueue
from core.platform import platform

from .columns import missing_columns
from .kind import ImportKind
from .models import Import
from .retention import forget_rows
from .states import OPEN, current, move
from .uploads import drop_upload, keep_upload

CHECK, APPLY, UNDO = "imports.check", "imports.apply", "imports.undo"


def receive(
    area: CurrentArea,
    kind: ImportKind,
    filename: str,
    stream: IO[bytes],
    *,
    about: UUID | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Import:
    """Keep a file and have it checked.

    Raises:
        FileRefused: larger than the installation takes.
    """
    made = new_import(area, kind, filename, stream, about=about, answers=answers)
    enqueue(CHECK, area, import_id=str(made.id))
    return made


def new_import(
    area: CurrentArea,
    kind: ImportKind,
    filename: str,
    stream: IO[bytes],
    *,
    about: UUID | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Import:
    """The row of a file that waits. Raises: FileRefused: as :func:`receive`."""
    import_id = uuid7()
    digest = keep_upload(area.id, import_id, stream, platform().config.max_upload_bytes)
    made = Import(
        village_id=area.id,
        id=import_id,
        kind=kind.name,
        about=about,
        filename=filename[:200] or "–",
        digest=digest,
        answers=dict(answers or {}),
        created_by=current_actor.get().user_id,
    )
    db.session.add(made)
    db.session.flush()
    record("imports.received", "import", made.id, kind=kind.name, file=made.filename)
    return made


def choose_columns(  # noqa: PLR0917 - what the page sends
    area: CurrentArea, item: Import, kind: ImportKind, sheet: str, columns: Mapping[str, str], seen: int
) -> None:
    """Have a file checked with these columns; blank for one that it does not have.

    Raises:
        CaseError: a required one is missing, or one header stands for two.
        Stale: the file is not any more as the page showed it.
    """
    chosen = {column.key: columns.get(column.key, "") for column in kind.columns}
    if missing := missing_columns(kind, chosen):
        titles = ", ".join(str(kind.title_of(key)) for key in missing)
        raise CaseError(_("Pilih dulu kolom untuk: %(columns)s.", columns=titles))
    used = [header for header in chosen.values() if header]
    if len(set(used)) < len(used):
        raise CaseError(_("Satu kolom berkas dipilih dua kali. Periksa pilihannya."))
    _or_stale(move(area.id, item.id, OPEN, "waiting", seen=seen, sheet=sheet, columns=chosen, problem=None, progress=0))
    enqueue(CHECK, area, import_id=str(item.id))


def ask_to_check(area: CurrentArea, import_id: UUID, seen: int | None = None) -> None:
    """Once more: after a breakdown, or when the register has changed.

    Raises:
        Stale: it is at work, or has ended.
    """
    _or_stale(move(area.id, import_id, OPEN, "waiting", seen=seen, problem=None, progress=0))
    enqueue(CHECK, area, import_id=str(import_id))


def ask_to_apply(area: CurrentArea, import_id: UUID, seen: int | None = None) -> None:
    """Raises: Stale: it does not wait for that any more, for instance after a second click."""
    _or_stale(move(area.id, import_id, "checked", "applying", seen=seen, problem=None, progress=0))
    enqueue(APPLY, area, import_id=str(import_id))


def ask_to_undo(area: CurrentArea, import_id: UUID, seen: int | None = None) -> None:
    """Raises: Stale: it is not applied, or undone already."""
    _or_stale(move(area.id, import_id, "applied", "undoing", seen=seen, problem=None))
    enqueue(UNDO, area, import_id=str(import_id))


def discard(area: CurrentArea, import_id: UUID, seen: int | None = None) -> None:
    """Nobody wants it: of the file nothing is kept but that it was there.

    Raises:
        Stale: it is at work, or has ended.
    """
    _or_stale(move(area.id, import_id, OPEN, "discarded", seen=seen, heads=None))
    forget_rows(area.id, [import_id])
    record("imports.discarded", "import", import_id, kind=current(area.id, import_id).kind)
    after_commit(lambda: drop_upload(area.id, import_id))


def _or_stale(moved: bool) -> None:
    if not moved:
        raise Stale
