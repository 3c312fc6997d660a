"""Files that a job makes for one person to fetch: asked for, made, downloaded, gone after three days.

The states of an export: ``waiting`` → ``working`` → ``done``, or ``failed`` when the system broke down. Whoever asked
for a file fetches it, and nobody else: what may stand in it was decided by that person's permissions.

An area of any level has exports. The row of a wide one is kept under its own number (:class:`OwnRows`); the file is
written in the scope of the whole area, in which it can read all its villages and write to none.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import BigInteger, Index, String, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.audit import record
from core.cases.workflow import Text
from core.clock import now
from core.database.base import Base, VillageOwned
from core.database.session import OwnRows, commit, current_scope, db, scope
from core.jobs import enqueue, hourly, job
from core.platform import platform
from core.web.paging import PAGE_SIZE, Page, paged

MAKE = "exports.make"
RUNNING = ("waiting", "working")
LIFETIME = timedelta(days=3)

OnProgress = Callable[[int, int], None]
Write = Callable[[CurrentArea, Path, Mapping[str, Any], OnProgress], None]


class Export(VillageOwned, Base):
    """A file on its way to ``created_by``: ``options`` say what goes into it, ``kind`` (``KINDS``) who makes it.

    ``village_id`` is the area that the file is about, which may be a wide one.
    """

    __tablename__ = "exports"
    # What lies on this installation's disk for three days is not part of a village's record.
    __table_args__ = (Index("ix_exports_mine", "village_id", "created_by", "created_at"), {"info": {"archived": False}})

    kind: Mapped[str] = mapped_column(String(32))
    options: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    state: Mapped[str] = mapped_column(String(16), default="waiting", server_default="waiting")
    progress: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[str | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_there(self) -> bool:
        """Whether the file can still be fetched."""
        return self.state == "done" and self.expires_at is not None and self.expires_at > now()


@dataclass(frozen=True)
class ExportKind:
    """``write(area, path, options, tell)`` writes the file, row by row, and tells how far it is: done, of how many."""

    title: Text
    media_type: str
    write: Write


KINDS: dict[str, ExportKind] = {}


def export_kind(name: str, title: Text, media_type: str) -> Callable[[Write], Write]:
    """Make a function the writer of a kind of export."""

    def register(write: Write) -> Write:
        KINDS[name] = ExportKind(title, media_type, write)
        return write

    return register


def request_export(area: CurrentArea, kind: str, filename: str, options: Mapping[str, Any]) -> Export:
    """Have a file made, in the scope of its village or of a wide area's :class:`OwnRows`. The caller commits, and so
    starts the job.

    Raises:
        LookupError: no such kind.
    """
    if kind not in KINDS:
        raise LookupError(f"no export is called {kind!r}")
    wanted = Export(
        village_id=area.id,
        kind=kind,
        filename=filename,
        options=dict(options),
        created_by=current_actor.get().user_id,
    )
    db.session.add(wanted)
    db.session.flush()
    record("exports.requested", "export", wanted.id, kind=kind, file=filename)
    enqueue(MAKE, area, export_id=str(wanted.id))
    return wanted


def my_exports(area_id: int, user_id: UUID, cursor: tuple[datetime, UUID] | None) -> Page[Export]:
    """One page of what a person asked for in an area, the latest first; not what was asked for in those below."""
    query = select(Export).where(Export.village_id == area_id, Export.created_by == user_id)
    if cursor:
        query = query.where(tuple_(Export.created_at, Export.id) < tuple_(*cursor))
    query = query.order_by(Export.created_at.desc(), Export.id.desc()).limit(PAGE_SIZE + 1)
    return paged(db.session.scalars(query).all(), lambda row: (row.created_at, row.id), "" if cursor else None)


def find_export(area_id: int, export_id: UUID, user_id: UUID) -> Export | None:
    """Only one's own."""
    return db.session.scalar(
        select(Export).where(Export.village_id == area_id, Export.id == export_id, Export.created_by == user_id)
    )


def file_of(area_id: int, export_id: UUID) -> Path:
    return platform().config.data_dir / "exports" / str(area_id) / str(export_id)


# ---- the job ----


def _tell_failure(area: CurrentArea, error: Exception, export_id: str) -> None:  # noqa: ARG001 - the job's signature
    file_of(area.id, UUID(export_id)).with_suffix(".part").unlink(missing_ok=True)
    problem = _(
        "Sistem terganggu saat menyiapkan berkas ini. Minta sekali lagi; bila terulang, sebutkan kode %(code)s kepada "
        "admin kabupaten.",
        code=current_actor.get().request_id or "-",
    )
    with scope(OwnRows(area.id)):
        _change(area.id, UUID(export_id), RUNNING, state="failed", problem=problem, finished_at=now())
        commit()


@job(MAKE, on_failure=_tell_failure)
def make(area: CurrentArea, export_id: str) -> None:
    """Write the file beside its place, and put it there when it is whole."""
    key = UUID(export_id)
    wanted = _begin(area, key)
    if wanted is None:
        return
    target = file_of(area.id, key)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(".part")
    KINDS[wanted.kind].write(area, part, wanted.options, _progress(area.id, key))
    with part.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    size = part.stat().st_size
    part.replace(target)
    moment = now()
    facts = {"sha256": sha256, "size": size, "finished_at": moment, "expires_at": moment + LIFETIME}
    with scope(OwnRows(area.id)):
        _change(area.id, key, ("working",), state="done", **facts)
        record("exports.made", "export", key, sha256=sha256, size=size, kind=wanted.kind, file=wanted.filename)
        commit()


@dataclass(frozen=True)
class _Wanted:
    kind: str
    options: Mapping[str, Any]
    filename: str


def _begin(area: CurrentArea, key: UUID) -> _Wanted | None:
    """What is to be made, if it still is; "failed": an administrator has the job done again."""
    with scope(OwnRows(area.id)):
        if not _change(area.id, key, (*RUNNING, "failed"), state="working", problem=None, progress=0):
            return None
        columns = select(Export.kind, Export.options, Export.filename)
        row = db.session.execute(columns.where(Export.village_id == area.id, Export.id == key)).one()
        commit()
        return _Wanted(*row)


def _change(area_id: int, export_id: UUID, came_from: Iterable[str], **values: Any) -> bool:
    """Change an export if it still is where it should be."""
    changed = db.session.execute(
        update(Export)
        .where(Export.village_id == area_id, Export.id == export_id, Export.state.in_(tuple(came_from)))
        .values(**values)
        .returning(Export.id)
        .execution_options(synchronize_session=False)
    ).first()
    return changed is not None


def _progress(area_id: int, export_id: UUID) -> OnProgress:
    """Written in a short transaction of its own, so that the page sees it while the work is not committed."""

    def tell(done: int, total: int) -> None:
        whole = current_scope.set((area_id, area_id))
        try:
            with db.engine.begin() as connection:
                connection.execute(
                    update(Export)
                    .where(Export.village_id == area_id, Export.id == export_id)
                    .values(progress=done, total=total)
                )
        finally:
            current_scope.reset(whole)

    return tell


@hourly
def remove_expired() -> None:
    """Files that are older than an export lives, whatever became of their rows."""
    oldest = (now() - LIFETIME).timestamp()
    for file in (platform().config.data_dir / "exports").glob("*/*"):
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
