"""The plugin's tables: who complains, the complaint, all that was said and done about it, and its files.

Who complains stands apart from the complaint: a complaint about a resident's matter is that resident's, and a copy of
their data must not tell who spoke up.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, case, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.elements import ColumnElement

from core.api import KEPT, Base, VillageOwned, village_reference

CODE, SHORT, LINE = 16, 80, 200


class Reporter(VillageOwned, Base):
    """Who complains, as far as told. ``person_id`` only where the desk knows the resident: a NIK that a stranger typed
    on the public page proves nothing."""

    __tablename__ = "complaints_reporters"
    __table_args__ = (
        village_reference("person_id", "persons"),
        Index("ix_complaints_reporters_person_id", "village_id", "person_id"),
        Index("ix_complaints_reporters_nik", "village_id", "nik", postgresql_where=text("nik <> ''")),
    )

    person_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    phone: Mapped[str] = mapped_column(String(20), default="", server_default="")
    nik: Mapped[str] = mapped_column(String(16), default="", server_default="")


class Complaint(VillageOwned, Base):
    """A complaint, a question or a suggestion. ``reporter_id`` None: anonymous. ``person_id``: whose matter it is.

    ``state`` is open, answered, closed (the reporter says that it is solved) or merged (into ``duplicate_of``); an
    answered one counts as closed after ``reopen_until``. ``answer_by`` and ``due_on`` are the last days of the first
    answer and of the end; ``extended`` says that the second was moved. ``code_hash`` is that of the code that the
    reporter was given once.
    """

    __tablename__ = "complaints_complaints"
    __table_args__ = (
        village_reference("reporter_id", "complaints_reporters"),
        village_reference("person_id", "persons"),
        village_reference("case_id", "cases"),
        village_reference("duplicate_of", "complaints_complaints"),
        UniqueConstraint("village_id", "ticket", name="uq_complaints_complaints_ticket"),
        Index("ix_complaints_open", "village_id", "due_on", "id", postgresql_where=text("state = 'open'")),
        Index("ix_complaints_received", "village_id", "received_on", "id"),
        Index("ix_complaints_complaints_person_id", "village_id", "person_id"),
        Index("ix_complaints_complaints_case_id", "village_id", "case_id"),
        Index("ix_complaints_complaints_reporter_id", "village_id", "reporter_id"),
        Index("ix_complaints_complaints_duplicate_of", "village_id", "duplicate_of"),
    )

    reporter_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    duplicate_of: Mapped[UUID | None]
    ticket: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    code_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    sector: Mapped[str] = mapped_column(String(40), info=KEPT)
    kind: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    about: Mapped[str] = mapped_column(String(CODE), default="service", server_default="service", info=KEPT)
    channel: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    confidential: Mapped[bool] = mapped_column(default=False, server_default="false")
    description: Mapped[str]
    place: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    received_on: Mapped[date]
    answer_by: Mapped[date]
    due_on: Mapped[date]
    extended: Mapped[bool] = mapped_column(default=False, server_default="false")
    state: Mapped[str] = mapped_column(String(CODE), default="open", server_default="open", info=KEPT)
    first_answer_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    reopen_until: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(String(CODE), default="", server_default="", info=KEPT)
    rating: Mapped[str] = mapped_column(String(CODE), default="", server_default="", info=KEPT)
    reopened: Mapped[int] = mapped_column(default=0, server_default="0")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    reporter: Mapped[Reporter | None] = relationship(
        primaryjoin="and_(Complaint.village_id == Reporter.village_id, Complaint.reporter_id == Reporter.id)",
        foreign_keys="[Complaint.village_id, Complaint.reporter_id]",
        viewonly=True,
    )

    @property
    def anonymous(self) -> bool:
        return self.reporter_id is None

    def closed_on(self, today: date) -> bool:
        """Whether nothing more can be done with it on a day."""
        silent = self.state == "answered" and self.reopen_until is not None and self.reopen_until < today
        return silent or self.state in ("closed", "merged")

    def late_on(self, today: date) -> bool:
        """Whether it waits longer than it may: for a first answer, or for its end."""
        unanswered = self.first_answer_on is None and self.answer_by < today
        return self.state == "open" and (unanswered or self.due_on < today)

    def next_due(self) -> date:
        """The nearer of the two days that are still ahead of it."""
        return self.due_on if self.first_answer_on else min(self.answer_by, self.due_on)


def nearest_due() -> ColumnElement[date]:
    """As :meth:`Complaint.next_due`, for queries."""
    unanswered = Complaint.first_answer_on.is_(None)
    return case((unanswered, func.least(Complaint.answer_by, Complaint.due_on)), else_=Complaint.due_on)


def is_late(today: date) -> ColumnElement[bool]:
    """As :meth:`Complaint.late_on`, for queries."""
    unanswered = Complaint.first_answer_on.is_(None) & (Complaint.answer_by < today)
    return (Complaint.state == "open") & (unanswered | (Complaint.due_on < today))


class Entry(VillageOwned, Base):
    """Something said or done about a complaint, in order. ``told``: the reporter reads it too.

    ``whom`` and ``answer_by`` are of what was forwarded: to whom, and by when an answer is hoped for; ``answer_by``
    also the new day of what was extended.
    """

    __tablename__ = "complaints_entries"
    __table_args__ = (
        village_reference("complaint_id", "complaints_complaints"),
        Index("ix_complaints_entries_complaint_id", "village_id", "complaint_id", "id"),
    )

    complaint_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[UUID | None]
    told: Mapped[bool] = mapped_column(default=False, server_default="false")
    text: Mapped[str] = mapped_column(default="", server_default="")
    whom: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    answer_by: Mapped[date | None]


class Photo(VillageOwned, Base):
    """A photo or PDF that came with a complaint, in the village's store of files."""

    __tablename__ = "complaints_photos"
    __table_args__ = (
        village_reference("complaint_id", "complaints_complaints"),
        Index("ix_complaints_photos_complaint_id", "village_id", "complaint_id"),
    )

    complaint_id: Mapped[UUID]
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40), info=KEPT)
