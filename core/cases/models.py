"""A case and all that hangs on it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database.base import KEPT, Base, VillageOwned, village_reference
from core.people.models import Household, Person


class Case(VillageOwned, Base):
    """A resident's application, complaint or emergency, under the service that a plugin declares.

    ``data`` holds the answers to the service's form; ``rule_version`` the dated rules under which it was judged.
    ``due_on`` is the day by which the next step is promised; ``waiting`` that somebody outside has to take it.
    ``priority`` is normal or urgent.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("village_id", "ticket"),
        village_reference("person_id", "persons"),
        village_reference("household_id", "households"),
        # Urgent cases stand first in every list of open ones: false is sorted before true.
        Index(
            "ix_cases_open_due",
            "village_id",
            text("(priority <> 'urgent')"),
            "due_on",
            "id",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_cases_mine", "village_id", "assigned_to", "due_on", "id", postgresql_where=text("closed_at IS NULL")),
        Index("ix_cases_closed", "village_id", "closed_at", "id", postgresql_where=text("closed_at IS NOT NULL")),
        Index("ix_cases_person_id", "village_id", "person_id"),
        Index("ix_cases_household_id", "village_id", "household_id"),
    )

    ticket: Mapped[str] = mapped_column(String(20), info=KEPT)
    service: Mapped[str] = mapped_column(String(64), info=KEPT)
    state: Mapped[str] = mapped_column(String(32), info=KEPT)
    waiting: Mapped[bool] = mapped_column(default=False, server_default="false")
    person_id: Mapped[UUID]
    household_id: Mapped[UUID | None]
    channel: Mapped[str] = mapped_column(String(16), info=KEPT)
    priority: Mapped[str] = mapped_column(String(16), default="normal", server_default="normal", info=KEPT)
    reporter_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    reporter_relation: Mapped[str] = mapped_column(String(40), default="", server_default="")
    reporter_phone: Mapped[str] = mapped_column(String(20), default="", server_default="")
    privacy_notice_given: Mapped[bool] = mapped_column(default=False, server_default="false")
    note: Mapped[str] = mapped_column(default="", server_default="")
    data: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    rule_version: Mapped[str | None] = mapped_column(info=KEPT)
    due_on: Mapped[date]
    assigned_to: Mapped[UUID | None]
    opened_by: Mapped[UUID | None]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state_since: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def urgent(self) -> bool:
        """It cannot wait."""
        return self.priority == "urgent"

    person: Mapped[Person] = relationship(
        primaryjoin="and_(Case.village_id == Person.village_id, Case.person_id == Person.id)",
        foreign_keys="[Case.village_id, Case.person_id]",
        viewonly=True,
    )
    household: Mapped[Household | None] = relationship(
        primaryjoin="and_(Case.village_id == Household.village_id, Case.household_id == Household.id)",
        foreign_keys="[Case.village_id, Case.household_id]",
        viewonly=True,
    )


class CaseEvent(VillageOwned, Base):
    """A line of the timeline: who did what, when, from which state to which. Written once, never changed."""

    __tablename__ = "case_events"
    __table_args__ = (village_reference("case_id", "cases"), Index("ix_case_events_case_id", "village_id", "case_id"))

    case_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(32), info=KEPT)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[UUID | None]
    from_state: Mapped[str | None] = mapped_column(String(32), info=KEPT)
    to_state: Mapped[str | None] = mapped_column(String(32), info=KEPT)
    note: Mapped[str] = mapped_column(default="", server_default="")
    data: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}", info=KEPT)


class Document(VillageOwned, Base):
    """A paper that a resident gave. It belongs to the person, so that the next case can use it again."""

    __tablename__ = "documents"
    __table_args__ = (
        village_reference("person_id", "persons"),
        village_reference("household_id", "households"),
        village_reference("case_id", "cases"),
        Index("ix_documents_person", "village_id", "person_id", "kind"),
        Index("ix_documents_household", "village_id", "household_id", "kind"),
    )

    person_id: Mapped[UUID]
    household_id: Mapped[UUID | None]
    case_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(32))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[UUID | None]
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CaseRequirement(VillageOwned, Base):
    """A document that the service asks for: wanted, given or waived (with the reason)."""

    __tablename__ = "case_requirements"
    __table_args__ = (
        village_reference("case_id", "cases"),
        village_reference("document_id", "documents"),
        UniqueConstraint("village_id", "case_id", "key"),
    )

    case_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(32), info=KEPT)
    state: Mapped[str] = mapped_column(String(16), default="wanted", server_default="wanted", info=KEPT)
    document_id: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(default="", server_default="")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    changed_by: Mapped[UUID | None]


class Task(VillageOwned, Base):
    """A follow-up with a date."""

    __tablename__ = "tasks"
    __table_args__ = (
        village_reference("case_id", "cases"),
        Index("ix_tasks_case_id", "village_id", "case_id"),
        Index("ix_tasks_due", "village_id", "due_on", "id", postgresql_where=text("done_at IS NULL")),
    )

    case_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    assigned_to: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]


class LetterRecord(VillageOwned, Base):
    """An issued letter: its number in the village's register of the year, the PDF's hash, who signed.

    It belongs to a case, or else to something of a plugin: ``object_id`` is then the id of a row of ``plugin``'s own, or
    of a meeting (``core.meetings``), whose minutes have "meetings" in the place of the plugin.
    ``token`` is what the QR code carries; whoever holds the paper can check it and nobody can guess one.
    """

    __tablename__ = "letters"
    __table_args__ = (
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "year", "number"),
        UniqueConstraint("village_id", "token"),
        CheckConstraint("num_nonnulls(case_id, plugin) = 1 AND (plugin IS NULL) = (object_id IS NULL)", name="owner"),
        Index("ix_letters_case_id", "village_id", "case_id"),
        Index(
            "uq_letters_of_plugin",
            "village_id",
            "plugin",
            "object_id",
            "key",
            unique=True,
            postgresql_where=text("plugin IS NOT NULL AND revoked_at IS NULL"),
        ),
        Index("ix_letters_object_id", "village_id", "object_id", postgresql_where=text("object_id IS NOT NULL")),
    )

    case_id: Mapped[UUID | None]
    plugin: Mapped[str | None] = mapped_column(String(31), info=KEPT)
    object_id: Mapped[UUID | None]
    key: Mapped[str] = mapped_column(String(32), info=KEPT)
    year: Mapped[int]
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(60), info=KEPT)
    subject: Mapped[str] = mapped_column(String(200))
    token: Mapped[str] = mapped_column(String(43), info=KEPT)
    data: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    sha256: Mapped[str] = mapped_column(String(64), info=KEPT)
    issued_on: Mapped[date]
    issued_by: Mapped[UUID | None]
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    valid_until: Mapped[date | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None]
    signer_name: Mapped[str] = mapped_column(default="", server_default="", info=KEPT)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    revoked_reason: Mapped[str] = mapped_column(default="", server_default="")


class Counter(VillageOwned, Base):
    """A number series of a village, such as the letters of 2026. ``id`` is unused but for the key's form."""

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("village_id", "series", "year"),)

    series: Mapped[str] = mapped_column(String(32))
    year: Mapped[int]
    value: Mapped[int]
