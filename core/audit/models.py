"""The table of the audit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base


class AuditEntry(Base):
    """One deed, the ``seq``-th of its area. ``area_id`` is the area in whose scope it happened; 0 where there was none.

    ``at`` is the moment of the deed by the application's clock; the order of the commits, which ``seq`` counts, may
    differ from it by the length of a request. ``hash`` and ``prev_hash`` are what ``core.audit.chain`` says.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_newest", "area_id", "at", "seq"),
        # Wide areas read all their villages by time.
        Index("ix_audit_entries_newest_everywhere", "at", "area_id", "seq"),
        Index("ix_audit_entries_object", "object_id", "at"),
    )

    area_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    user_id: Mapped[UUID | None]
    user_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(64))
    object_type: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str] = mapped_column(String(64))
    address: Mapped[str | None]
    request_id: Mapped[str | None]
    # Not jsonb: the hash covers this very text, and jsonb would write numbers and keys in another way.
    detail: Mapped[dict] = mapped_column(JSON)
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
