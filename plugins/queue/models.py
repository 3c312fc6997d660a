"""The plugin's tables: what people can queue for, where and when; who comes, who has booked, who asked at night.

Nothing of the queue is kept in memory: each number, each call and each place in a slot is a row, so a restart loses
nothing and two desks see the same. Days and slots are those of the village's own time zone.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.api import KEPT, Base, VillageOwned, village_reference

CODE, NAME, PHONE, LINE, WORDS = 16, 80, 20, 120, 500


class QueueService(VillageOwned, Base):
    """What people can queue for, in the order of ``position``: "A Surat keterangan", "B Pengaduan".

    ``minutes`` is the typical time at the counter, until there are times of the village's own. A slot of
    ``slot_minutes`` takes ``slot_capacity`` people, of whom ``walk_in_percent`` are not given away by booking.
    ``day_limit`` is the most numbers on one day, None without one. ``bring`` tells who books what to bring, one thing
    a line.
    """

    __tablename__ = "queue_services"
    __table_args__ = (
        UniqueConstraint("village_id", "prefix", name="uq_queue_services_prefix"),
        CheckConstraint("minutes > 0 AND slot_minutes > 0 AND slot_capacity > 0", name="lengths"),
        CheckConstraint("walk_in_percent BETWEEN 0 AND 100", name="walk_in_percent"),
    )

    name: Mapped[str] = mapped_column(String(NAME))
    prefix: Mapped[str] = mapped_column(String(2))
    minutes: Mapped[int]
    accepts_bookings: Mapped[bool] = mapped_column(default=True, server_default="true")
    slot_minutes: Mapped[int] = mapped_column(default=60, server_default="60")
    slot_capacity: Mapped[int] = mapped_column(default=4, server_default="4")
    walk_in_percent: Mapped[int] = mapped_column(default=50, server_default="50")
    day_limit: Mapped[int | None]
    bring: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def bookable_places(self) -> int:
        """Places of a slot that may be booked: what is not kept for those who walk in."""
        return self.slot_capacity * (100 - self.walk_in_percent) // 100


class QueueCounter(VillageOwned, Base):
    """A counter (loket), and who usually sits there (``staff_id``, a user)."""

    __tablename__ = "queue_counters"
    __table_args__ = (UniqueConstraint("village_id", "name", name="uq_queue_counters_name"),)

    name: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class QueueCounterService(VillageOwned, Base):
    """That a counter serves a service. A counter without any serves all."""

    __tablename__ = "queue_counter_services"
    __table_args__ = (
        village_reference("counter_id", "queue_counters"),
        village_reference("service_id", "queue_services"),
        UniqueConstraint("village_id", "counter_id", "service_id", name="uq_queue_counter_services_once"),
        Index("ix_queue_counter_services_service_id", "village_id", "service_id"),
    )

    counter_id: Mapped[UUID]
    service_id: Mapped[UUID]


class QueueDayOff(VillageOwned, Base):
    """A day on which a counter is not served, or (``counter_id`` None) nobody is. The profile has holidays besides."""

    __tablename__ = "queue_days_off"
    __table_args__ = (
        village_reference("counter_id", "queue_counters"),
        Index("uq_queue_days_off_whole", "village_id", "day", unique=True, postgresql_where=text("counter_id IS NULL")),
        UniqueConstraint("village_id", "counter_id", "day", name="uq_queue_days_off_counter"),
        Index("ix_queue_days_off_day", "village_id", "day"),
    )

    counter_id: Mapped[UUID | None]
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")


class QueueSeries(VillageOwned, Base):
    """The last number that a service has given on a day. Its row is locked by whoever takes the next one."""

    __tablename__ = "queue_series"
    __table_args__ = (
        village_reference("service_id", "queue_services"),
        UniqueConstraint("village_id", "service_id", "day", name="uq_queue_series_day"),
    )

    service_id: Mapped[UUID]
    day: Mapped[date]
    last: Mapped[int]


class QueueSlot(VillageOwned, Base):
    """How many places of a slot are booked: never more than the capacity that it had when the last one was taken."""

    __tablename__ = "queue_slots"
    __table_args__ = (
        village_reference("service_id", "queue_services"),
        UniqueConstraint("village_id", "service_id", "starts_at", name="uq_queue_slots_start"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
    )

    service_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int]


class QueueBooking(VillageOwned, Base):
    """A place in a slot. ``state`` is booked, arrived, cancelled or no_show.

    From the public page it has a name and a phone alone: ``person_id`` is set by who knows the resident. ``booked_by``
    is the clerk or kader, None from the public page; ``channel`` is public, kader, desk or request.
    """

    __tablename__ = "queue_bookings"
    __table_args__ = (
        village_reference("service_id", "queue_services"),
        village_reference("person_id", "persons"),
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "code", name="uq_queue_bookings_code"),
        Index("ix_queue_bookings_day", "village_id", "day", "slot_start", "id"),
        Index("ix_queue_bookings_person_id", "village_id", "person_id"),
        Index("ix_queue_bookings_case_id", "village_id", "case_id"),
        Index("ix_queue_bookings_service_id", "village_id", "service_id"),
    )

    service_id: Mapped[UUID]
    day: Mapped[date]
    slot_start: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(CODE), default="booked", server_default="booked", info=KEPT)
    channel: Mapped[str] = mapped_column(String(CODE), default="public", server_default="public", info=KEPT)
    code: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    person_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(String(NAME), default="", server_default="")
    phone: Mapped[str] = mapped_column(String(PHONE), default="", server_default="")
    priority: Mapped[str] = mapped_column(String(CODE), default="", server_default="")
    note: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    booked_by: Mapped[UUID | None]
    booked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class QueueTicket(VillageOwned, Base):
    """Somebody who came. ``number`` is unique in (village, day, service): A-12 is prefix and number.

    ``origin`` is walk_in, booking or out_of_hours. ``state`` is waiting, called, serving, done, skipped (did not
    answer, may come back), no_show, left (went home) or turned_away (still waited when the desk closed). A transfer
    keeps the number: ``waits_for_id`` is the service in whose queue it stands now. ``priority`` is the reason, such as
    elderly, blank for none; ``rank`` its order, the lower first, as the rules had it on arrival. ``queued_at``
    is the moment by which it stands in line: its arrival, or the start of its booked slot. ``called_at`` is the first
    call, ``last_called_at`` the last; ``started_at`` and ``finished_at`` are of the last time at a counter.
    ``papers_ready``: whether all papers of its case were there on arrival, None without a case.
    """

    __tablename__ = "queue_tickets"
    __table_args__ = (
        village_reference("service_id", "queue_services"),
        village_reference("waits_for_id", "queue_services"),
        village_reference("counter_id", "queue_counters"),
        village_reference("booking_id", "queue_bookings"),
        village_reference("person_id", "persons"),
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "day", "service_id", "number", name="uq_queue_tickets_number"),
        UniqueConstraint("village_id", "booking_id", name="uq_queue_tickets_booking"),
        Index("ix_queue_tickets_person_id", "village_id", "person_id"),
        Index("ix_queue_tickets_case_id", "village_id", "case_id"),
        Index("ix_queue_tickets_service_id", "village_id", "service_id"),
        Index("ix_queue_tickets_waits_for_id", "village_id", "waits_for_id"),
        Index("ix_queue_tickets_counter_id", "village_id", "counter_id"),
    )

    service_id: Mapped[UUID]
    waits_for_id: Mapped[UUID]
    day: Mapped[date]
    number: Mapped[int]
    origin: Mapped[str] = mapped_column(String(CODE), default="walk_in", server_default="walk_in", info=KEPT)
    state: Mapped[str] = mapped_column(String(CODE), default="waiting", server_default="waiting", info=KEPT)
    priority: Mapped[str] = mapped_column(String(CODE), default="", server_default="")
    rank: Mapped[int] = mapped_column(default=100, server_default="100")
    arrived_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    last_called_at: Mapped[datetime | None]
    calls: Mapped[int] = mapped_column(default=0, server_default="0")
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    counter_id: Mapped[UUID | None]
    served_by: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    papers_ready: Mapped[bool | None]
    created_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class QueueStep(VillageOwned, Base):
    """What was done with a ticket. ``before`` is what the step changed, as it was: that is how it is undone."""

    __tablename__ = "queue_steps"
    __table_args__ = (
        village_reference("ticket_id", "queue_tickets"),
        Index("ix_queue_steps_ticket_id", "village_id", "ticket_id", "id"),
    )

    ticket_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    undone: Mapped[bool] = mapped_column(default=False, server_default="false")
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class QueueRequest(VillageOwned, Base):
    """What somebody asked for while the desk was shut. ``state`` is open, booked, emergency or closed.

    ``outside``: it came outside the hours of the desk. ``answer`` is what who asked is told, by ``code`` too.
    """

    __tablename__ = "queue_requests"
    __table_args__ = (
        village_reference("service_id", "queue_services"),
        village_reference("booking_id", "queue_bookings"),
        village_reference("person_id", "persons"),
        UniqueConstraint("village_id", "code", name="uq_queue_requests_code"),
        Index("ix_queue_requests_open", "village_id", "received_at", "id", postgresql_where=text("state = 'open'")),
        Index("ix_queue_requests_day", "village_id", "day", "id"),
        Index("ix_queue_requests_person_id", "village_id", "person_id"),
        Index("ix_queue_requests_booking_id", "village_id", "booking_id"),
        Index("ix_queue_requests_service_id", "village_id", "service_id"),
    )

    day: Mapped[date]
    received_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(CODE), default="public", server_default="public", info=KEPT)
    outside: Mapped[bool] = mapped_column(default=True, server_default="true")
    state: Mapped[str] = mapped_column(String(CODE), default="open", server_default="open", info=KEPT)
    code: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    service_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(String(NAME), default="", server_default="")
    phone: Mapped[str] = mapped_column(String(PHONE), default="", server_default="")
    wish: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    answer: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    booking_id: Mapped[UUID | None]
    taken_by: Mapped[UUID | None]
    handled_by: Mapped[UUID | None]
    handled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class QueueTurnedAway(VillageOwned, Base):
    """``people`` who were sent home without a number. ``reason`` is full, closing or other."""

    __tablename__ = "queue_turned_away"
    __table_args__ = (
        village_reference("service_id", "queue_services"),
        CheckConstraint("people > 0", name="people"),
        Index("ix_queue_turned_away_day", "village_id", "day"),
        Index("ix_queue_turned_away_service_id", "village_id", "service_id"),
    )

    day: Mapped[date]
    service_id: Mapped[UUID | None]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    people: Mapped[int] = mapped_column(default=1, server_default="1")
    created_by: Mapped[UUID | None]
