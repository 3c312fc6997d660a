"""The states of an import, and the way from one to the next.

``waiting`` → ``checking`` → ``columns`` (they are to be chosen), ``checked`` or ``refused`` → ``applying`` →
``applied`` → ``undoing`` → ``undone``; ``discarded`` when nobody wants it; ``failed`` when the system broke down, which
changes nothing in the register either.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core.database.session import db
from core.texts import lazy_gettext as _

from .models import Import

RUNNING = ("waiting", "checking", "applying", "undoing")
OPEN = ("columns", "checked", "refused", "failed")
"""Nothing was saved; the file can be checked again, with other columns, or discarded."""
ENDED = ("applied", "undone", "discarded")

TITLES: Mapping[str, str] = {
    "waiting": _("Menunggu giliran"),
    "checking": _("Sedang diperiksa"),
    "columns": _("Pilih kolomnya"),
    "checked": _("Siap diterapkan"),
    "refused": _("Ditolak"),
    "applying": _("Sedang diterapkan"),
    "applied": _("Diterapkan"),
    "undoing": _("Sedang diurungkan"),
    "undone": _("Diurungkan"),
    "discarded": _("Dibuang"),
    "failed": _("Gagal"),
}
TAGS = {"columns": "due", "checked": "due", "refused": "late", "failed": "late", "applied": "ok"}


def move(
    village_id: int,
    import_id: UUID,
    came_from: str | tuple[str, ...],
    state: str,
    *,
    seen: int | None = None,
    **values: Any,
) -> bool:
    """Take an import to another state if it still is where it should be, and as it was ``seen`` on a page."""
    states = (came_from,) if isinstance(came_from, str) else came_from
    where = [Import.village_id == village_id, Import.id == import_id, Import.state.in_(states)]
    if seen is not None:
        where.append(Import.version == seen)
    moved = db.session.execute(
        update(Import)
        .where(*where)
        .values(state=state, version=Import.version + 1, **values)
        .returning(Import.id)
        .execution_options(synchronize_session=False)
    ).first()
    return moved is not None


def current(village_id: int, import_id: UUID) -> Import:
    """As it stands in the database now."""
    return db.session.scalars(
        select(Import)
        .where(Import.village_id == village_id, Import.id == import_id)
        .execution_options(populate_existing=True)
    ).one()
