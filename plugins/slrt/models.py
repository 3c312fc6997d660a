"""The plugin's tables: what the district routes where, what it keeps of a referral, what went out and came in, figures.

A referral is core's. Rows about one stand in its village and name it by ``referral_id``; by ``case_id`` they follow the
resident when their data are copied or erased.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.api import KEPT, Base, VillageOwned, village_reference

CODE, TOPIC, WORDS = 16, 64, 1000


class SlrtRoute(VillageOwned, Base):
    """Where the district sends what, at one level: its own row, ``village_id`` is the district's.

    ``topic`` is a service ("uhc.enrolment"), a module ("uhc") or "*" for everything else. ``organisation_id`` None: the
    office of that level around the village. It holds from ``valid_from`` until a newer row of the same topic and level;
    one that is not ``active`` ends it.
    """

    __tablename__ = "slrt_routes"
    __table_args__ = (UniqueConstraint("village_id", "topic", "level", "valid_from", name="uq_slrt_routes_from"),)

    topic: Mapped[str] = mapped_column(String(TOPIC), info=KEPT)
    level: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    organisation_id: Mapped[UUID | None]
    days: Mapped[int]
    valid_from: Mapped[date]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    created_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class SlrtFollowUp(VillageOwned, Base):
    """Who at the Dinas Sosial works on a referral, and to which level it has gone up since its deadline passed."""

    __tablename__ = "slrt_follow_ups"
    __table_args__ = (
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "referral_id", name="uq_slrt_follow_ups_referral"),
        Index("ix_slrt_follow_ups_case_id", "village_id", "case_id"),
        Index("ix_slrt_follow_ups_assigned", "assigned_to", "village_id"),
        Index("ix_slrt_follow_ups_level", "village_id", postgresql_where=text("level <> ''")),
    )

    case_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    assigned_to: Mapped[UUID | None]
    level: Mapped[str] = mapped_column(String(CODE), default="", server_default="", info=KEPT)
    escalated_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class SlrtNote(VillageOwned, Base):
    """What the Dinas Sosial writes for itself; no page of the village shows it. ``by`` None: the platform wrote it."""

    __tablename__ = "slrt_notes"
    __table_args__ = (
        village_reference("case_id", "cases"),
        Index("ix_slrt_notes_case_id", "village_id", "case_id"),
        Index("ix_slrt_notes_referral", "village_id", "referral_id", "id"),
    )

    case_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(String(WORDS))


class SlrtForward(VillageOwned, Base):
    """A referral that was passed on, and the one that another organisation got for it."""

    __tablename__ = "slrt_forwards"
    __table_args__ = (
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "onward_id", name="uq_slrt_forwards_onward"),
        Index("ix_slrt_forwards_case_id", "village_id", "case_id"),
        Index("ix_slrt_forwards_referral", "village_id", "referral_id"),
    )

    case_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    onward_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class SlrtDelivery(VillageOwned, Base):
    """A message to the external system: ``id`` is its delivery id. What it says of a resident is read when it is sent.

    ``event`` is the state that the referral had reached at ``at``; ``state`` is waiting, sent or failed.
    """

    __tablename__ = "slrt_deliveries"
    __table_args__ = (
        village_reference("case_id", "cases"),
        Index("ix_slrt_deliveries_case_id", "village_id", "case_id"),
        Index("ix_slrt_deliveries_at", "at", "village_id", "id"),
        Index("ix_slrt_deliveries_failed", "at", "village_id", "id", postgresql_where=text("state = 'failed'")),
    )

    case_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    event: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(CODE), default="waiting", server_default="waiting", info=KEPT)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    status: Mapped[int | None]
    problem: Mapped[str] = mapped_column(String(CODE), default="", server_default="", info=KEPT)
    next_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class SlrtCallback(VillageOwned, Base):
    """What the external system reported, and what it was answered: the same again when it asks again.

    ``digest`` is the SHA-256 of the body; ``answer`` holds nothing of a resident.
    """

    __tablename__ = "slrt_callbacks"
    __table_args__ = (
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "delivery", name="uq_slrt_callbacks_delivery"),
        Index("ix_slrt_callbacks_case_id", "village_id", "case_id"),
    )

    case_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    delivery: Mapped[str] = mapped_column(String(TOPIC), info=KEPT)
    digest: Mapped[str] = mapped_column(String(64), info=KEPT)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    status: Mapped[int]
    answer: Mapped[dict] = mapped_column(default=dict, server_default="{}", info=KEPT)


class SlrtMonth(VillageOwned, Base):
    """Counts of one village, month and sector, as of ``counted_at``; all of them add up.

    ``opened``, ``closed`` and ``local`` (closed without any referral sent) are cases of the month in which that
    happened. ``sent``, ``answered``, ``refused`` (of those answered), ``returned`` and ``overdue`` are referrals of the
    month in which they were last sent; ``answer_days``: the sum of whole days until the answer.
    """

    __tablename__ = "slrt_months"
    __table_args__ = (
        UniqueConstraint("village_id", "month", "sector", name="uq_slrt_months_once"),
        Index("ix_slrt_months_month", "month", "village_id"),
    )

    month: Mapped[date]
    sector: Mapped[str] = mapped_column(String(CODE))
    opened: Mapped[int] = mapped_column(default=0, server_default="0")
    closed: Mapped[int] = mapped_column(default=0, server_default="0")
    local: Mapped[int] = mapped_column(default=0, server_default="0")
    sent: Mapped[int] = mapped_column(default=0, server_default="0")
    answered: Mapped[int] = mapped_column(default=0, server_default="0")
    refused: Mapped[int] = mapped_column(default=0, server_default="0")
    returned: Mapped[int] = mapped_column(default=0, server_default="0")
    overdue: Mapped[int] = mapped_column(default=0, server_default="0")
    answer_days: Mapped[int] = mapped_column(default=0, server_default="0")
    counted_at: Mapped[datetime]
