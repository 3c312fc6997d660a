"""Files on their way in, whatever they are about, and what was found in their rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import KEPT, Base, VillageOwned, village_reference


class Import(VillageOwned, Base):
    """One file: received, checked, applied as a whole, undone.

    ``kind`` is the name of its :class:`core.imports.kind.ImportKind`, ``about`` the row that it is brought into, where
    the kind has one. ``columns`` is the file's header for each of the kind's columns, "" for one that was left out on
    purpose; the next file with these headers is read the same way. ``heads`` are the sheets of a file whose columns are
    to be chosen. ``digest`` is the file's, which itself goes when it has served. ``outcome`` is the digest of what the
    check found: nothing else than that is applied.
    """

    __tablename__ = "imports"
    __table_args__ = (
        Index("ix_imports_created_at", "village_id", "created_at"),
        Index("ix_imports_kind", "village_id", "kind", "created_at"),
    )

    kind: Mapped[str] = mapped_column(String(64), info=KEPT)
    about: Mapped[UUID | None]
    filename: Mapped[str] = mapped_column(info=KEPT)
    digest: Mapped[str | None] = mapped_column(String(64), info=KEPT)
    state: Mapped[str] = mapped_column(String(16), default="waiting", server_default="waiting", info=KEPT)
    progress: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    sheet: Mapped[str] = mapped_column(default="", server_default="", info=KEPT)
    columns: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}", info=KEPT)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}", info=KEPT)
    heads: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[str] = mapped_column(String(64), default="", server_default="", info=KEPT)
    summary: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}", info=KEPT)
    problem: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportFinding(VillageOwned, Base):
    """Something about one row of a file, with what to do: ``level`` is error, warning, or same (there already)."""

    __tablename__ = "import_findings"
    __table_args__ = (
        village_reference("import_id", "imports"),
        Index("ix_import_findings_row", "village_id", "import_id", "level", "row_no", "id"),
    )

    import_id: Mapped[UUID]
    row_no: Mapped[int]
    level: Mapped[str] = mapped_column(String(8), info=KEPT)
    column: Mapped[str] = mapped_column(info=KEPT)
    value: Mapped[str]
    message: Mapped[str]
    fix: Mapped[str]
