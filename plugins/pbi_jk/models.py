"""The plugin's tables: the people on lists of deactivated members, calls, and letters about many at once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, Base, Case, Person, VillageOwned, village_reference

SHORT, NAME, LINE = 80, 120, 200


class Batch(VillageOwned, Base):
    """Cases that one letter to the Dinas Sosial is about."""

    __tablename__ = "pbi_jk_batches"

    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class Line(VillageOwned, Base):
    """Somebody on a list. ``person_id`` is the resident with the same NIK; None: not found here.

    ``doubtful``: the names differ, and nobody has said yet whether it is the same person. ``result`` is that of the
    last call, a key of ``calls.RESULTS``; "" before the first. ``next_call`` is when to try again.
    """

    __tablename__ = "pbi_jk_lines"
    __table_args__ = (
        village_reference("import_id", "imports"),
        village_reference("person_id", "persons"),
        village_reference("case_id", "cases"),
        village_reference("batch_id", "pbi_jk_batches"),
        Index("ix_pbi_jk_lines_import_id", "village_id", "import_id"),
        Index("ix_pbi_jk_lines_person_id", "village_id", "person_id"),
        Index("ix_pbi_jk_lines_case_id", "village_id", "case_id"),
        Index("ix_pbi_jk_lines_batch_id", "village_id", "batch_id"),
        Index("ix_pbi_jk_lines_nik", "village_id", "nik"),
    )

    import_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    batch_id: Mapped[UUID | None]
    row_no: Mapped[int]
    nik: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(NAME))
    card_number: Mapped[str] = mapped_column(String(13), default="", server_default="")
    inactive_since: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    doubtful: Mapped[bool] = mapped_column(default=False, server_default="false")
    result: Mapped[str] = mapped_column(String(16), default="", server_default="", info=KEPT)
    called_at: Mapped[datetime | None]
    next_call: Mapped[date | None]
    assigned_to: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person | None] = relationship(
        primaryjoin="and_(Line.village_id == Person.village_id, Line.person_id == Person.id)",
        foreign_keys="[Line.village_id, Line.person_id]",
        viewonly=True,
    )
    case: Mapped[Case | None] = relationship(
        primaryjoin="and_(Line.village_id == Case.village_id, Line.case_id == Case.id)",
        foreign_keys="[Line.village_id, Line.case_id]",
        viewonly=True,
    )


class Call(VillageOwned, Base):
    """One attempt to reach somebody on a list, and what came of it."""

    __tablename__ = "pbi_jk_calls"
    __table_args__ = (
        village_reference("line_id", "pbi_jk_lines"),
        Index("ix_pbi_jk_calls_line_id", "village_id", "line_id"),
    )

    line_id: Mapped[UUID]
    result: Mapped[str] = mapped_column(String(16), info=KEPT)
    note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    next_call: Mapped[date | None]
    called_at: Mapped[datetime] = mapped_column(server_default=func.now())
    called_by: Mapped[UUID | None]
    caller: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
