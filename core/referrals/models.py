"""Referrals to partner organisations and higher levels, and the organisations themselves."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.cases.models import Document
from core.database.base import KEPT, Base, VillageOwned, village_reference
from core.database.uuid7 import uuid7


class Organisation(Base):
    """Somebody who receives referrals from all villages of ``area_id``: a Puskesmas, a school, the Dinas Sosial.

    ``kind`` is government, non_government or community (what domain reports count by); ``sector`` decides what the
    organisation is told of a resident (``rules.toml``). The offices of the levels above a village, the kecamatan and
    the Dinas Sosial, are organisations too: one of each in an area.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        Index("uq_organisations_name", "area_id", text("lower(name)"), unique=True),
        Index(
            "uq_organisations_office",
            "area_id",
            "sector",
            unique=True,
            postgresql_where=text("sector IN ('dinsos', 'kecamatan')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("areas.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    sector: Mapped[str] = mapped_column(String(16))
    phone: Mapped[str] = mapped_column(String(20), default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Referral(VillageOwned, Base):
    """What a village asks of an organisation for a resident.

    The organisation reads ``shared`` and nothing behind it: a copy, made when the referral is sent, of the text and of
    the few fields of the resident that the village chose (``fields``, ``nik``). ``due_on`` is the day by which the next
    step is due, whoever's it is; ``back_at``: since when it is out of the organisation's hands. ``decision`` is done or
    refused once the organisation has answered, ``outcome`` its words.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "number"),
        Index("ix_referrals_case_id", "village_id", "case_id"),
        Index("ix_referrals_open", "village_id", "due_on", "id", postgresql_where=text("told_at IS NULL")),
        Index("ix_referrals_told", "village_id", "told_at", "id", postgresql_where=text("told_at IS NOT NULL")),
        Index(
            "ix_referrals_inbox",
            "organisation_id",
            "due_on",
            "village_id",
            "id",
            postgresql_where=text("state IN ('sent', 'accepted', 'processing')"),
        ),
        # A district's overdue answers, over all organisations.
        Index(
            "ix_referrals_late",
            "due_on",
            "village_id",
            "id",
            postgresql_where=text("state IN ('sent', 'accepted', 'processing')"),
        ),
        Index(
            "ix_referrals_back",
            "organisation_id",
            "back_at",
            "village_id",
            "id",
            postgresql_where=text("back_at IS NOT NULL"),
        ),
    )

    case_id: Mapped[UUID]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[str | None] = mapped_column(String(20), info=KEPT)
    kind: Mapped[str] = mapped_column(String(16), info=KEPT)
    ask: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="")
    fields: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default="{}", info=KEPT)
    nik: Mapped[str] = mapped_column(String(8), default="", server_default="", info=KEPT)
    shared: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    answer_days: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="draft", server_default="draft", info=KEPT)
    due_on: Mapped[date]
    decision: Mapped[str] = mapped_column(String(8), default="", server_default="", info=KEPT)
    outcome: Mapped[str] = mapped_column(default="", server_default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    back_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation] = relationship(viewonly=True)


class ReferralEvent(VillageOwned, Base):
    """A line of the history that both sides see: from the first sending on. Written once, never changed."""

    __tablename__ = "referral_events"
    __table_args__ = (
        village_reference("referral_id", "referrals"),
        Index("ix_referral_events_referral_id", "village_id", "referral_id"),
    )

    referral_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(32), info=KEPT)
    side: Mapped[str] = mapped_column(String(10), info=KEPT)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[UUID | None]
    by_name: Mapped[str] = mapped_column(String(120), info=KEPT)
    note: Mapped[str] = mapped_column(default="", server_default="")
    data: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}", info=KEPT)


class ReferralDocument(VillageOwned, Base):
    """A paper that goes with a referral: chosen by the village, or the evidence in the receiver's answer (``side``).

    ``title`` is what the receiver reads, who knows nothing of the service that asked for the paper.
    """

    __tablename__ = "referral_documents"
    __table_args__ = (
        village_reference("referral_id", "referrals"),
        village_reference("document_id", "documents"),
        UniqueConstraint("village_id", "referral_id", "document_id"),
    )

    referral_id: Mapped[UUID]
    document_id: Mapped[UUID]
    side: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120))

    document: Mapped[Document] = relationship(
        primaryjoin="and_(ReferralDocument.village_id == Document.village_id, "
        "ReferralDocument.document_id == Document.id)",
        foreign_keys="[ReferralDocument.village_id, ReferralDocument.document_id]",
        viewonly=True,
    )
