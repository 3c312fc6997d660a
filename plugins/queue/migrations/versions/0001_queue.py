"""Services, counters, days off, numbers, slots, bookings, tickets, requests, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "queue_0001"
down_revision = None

TABLES = (
    "services",
    "counters",
    "counter_services",
    "days_off",
    "series",
    "slots",
    "bookings",
    "tickets",
    "steps",
    "requests",
    "turned_away",
)


def upgrade() -> None:
    _places()
    _numbers()
    _bookings()
    _tickets()
    _requests()
    for table in TABLES:
        for statement in policies(f"queue_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"queue_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"queue_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _index(table: str, name: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
    condition = {"postgresql_where": sa.text(where)} if where else {}
    op.create_index(name, f"queue_{table}", ["village_id", *columns], unique=unique, **condition)


def _referring(table: str, *columns: str) -> None:
    for column in columns:
        _index(table, f"ix_queue_{table}_{column}", column)


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _flag(name: str, default: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=default)


def _number(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _id(name: str, *, required: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=not required)


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)


def _moment(name: str, *, required: bool = False, default: str | None = None) -> sa.Column:
    default_sql = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not required, server_default=default_sql)


def _places() -> None:
    _table(
        "services",
        _text("name", 80, None),
        _text("prefix", 2, None),
        _number("minutes"),
        _flag("accepts_bookings", "true"),
        _number("slot_minutes", "60"),
        _number("slot_capacity", "4"),
        _number("walk_in_percent", "50"),
        sa.Column("day_limit", sa.Integer()),
        _text("bring", 500),
        _number("position", "0"),
        _flag("active", "true"),
        _number("version", "1"),
        sa.UniqueConstraint("village_id", "prefix", name="uq_queue_services_prefix"),
        sa.CheckConstraint("minutes > 0 AND slot_minutes > 0 AND slot_capacity > 0", name="lengths"),
        sa.CheckConstraint("walk_in_percent BETWEEN 0 AND 100", name="walk_in_percent"),
    )
    _table(
        "counters",
        _text("name", 40, None),
        _id("staff_id"),
        _number("position", "0"),
        _flag("active", "true"),
        _number("version", "1"),
        sa.UniqueConstraint("village_id", "name", name="uq_queue_counters_name"),
    )
    _table(
        "counter_services",
        _id("counter_id", required=True),
        _id("service_id", required=True),
        _reference("counter_id", "queue_counters"),
        _reference("service_id", "queue_services"),
        sa.UniqueConstraint("village_id", "counter_id", "service_id", name="uq_queue_counter_services_once"),
    )
    _referring("counter_services", "service_id")
    _table(
        "days_off",
        _id("counter_id"),
        _day("day"),
        _text("reason", 120),
        _reference("counter_id", "queue_counters"),
        sa.UniqueConstraint("village_id", "counter_id", "day", name="uq_queue_days_off_counter"),
    )
    _index("days_off", "uq_queue_days_off_whole", "day", where="counter_id IS NULL", unique=True)
    _index("days_off", "ix_queue_days_off_day", "day")


def _numbers() -> None:
    _table(
        "series",
        _id("service_id", required=True),
        _day("day"),
        _number("last"),
        _reference("service_id", "queue_services"),
        sa.UniqueConstraint("village_id", "service_id", "day", name="uq_queue_series_day"),
    )
    _table(
        "slots",
        _id("service_id", required=True),
        _moment("starts_at", required=True),
        _number("capacity"),
        _number("taken"),
        _reference("service_id", "queue_services"),
        sa.UniqueConstraint("village_id", "service_id", "starts_at", name="uq_queue_slots_start"),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
    )


def _bookings() -> None:
    _table(
        "bookings",
        _id("service_id", required=True),
        _day("day"),
        _moment("slot_start", required=True),
        _text("state", 16, "booked"),
        _text("channel", 16, "public"),
        _text("code", 16, None),
        _id("person_id"),
        _id("case_id"),
        _text("name", 80),
        _text("phone", 20),
        _text("priority", 16),
        _text("note", 500),
        _id("booked_by"),
        _moment("booked_at", required=True, default="now()"),
        _moment("ended_at"),
        _moment("reminded_at"),
        _number("version", "1"),
        _reference("service_id", "queue_services"),
        _reference("person_id", "persons"),
        _reference("case_id", "cases"),
        sa.UniqueConstraint("village_id", "code", name="uq_queue_bookings_code"),
    )
    _index("bookings", "ix_queue_bookings_day", "day", "slot_start", "id")
    _referring("bookings", "person_id", "case_id", "service_id")


def _tickets() -> None:
    _table(
        "tickets",
        _id("service_id", required=True),
        _id("waits_for_id", required=True),
        _day("day"),
        _number("number"),
        _text("origin", 16, "walk_in"),
        _text("state", 16, "waiting"),
        _text("priority", 16),
        _number("rank", "100"),
        _moment("arrived_at", required=True),
        _moment("queued_at", required=True),
        _moment("called_at"),
        _moment("last_called_at"),
        _number("calls", "0"),
        _moment("started_at"),
        _moment("finished_at"),
        _id("counter_id"),
        _id("served_by"),
        _id("booking_id"),
        _id("person_id"),
        _id("case_id"),
        sa.Column("papers_ready", sa.Boolean()),
        _id("created_by"),
        _number("version", "1"),
        _reference("service_id", "queue_services"),
        _reference("waits_for_id", "queue_services"),
        _reference("counter_id", "queue_counters"),
        _reference("booking_id", "queue_bookings"),
        _reference("person_id", "persons"),
        _reference("case_id", "cases"),
        sa.UniqueConstraint("village_id", "day", "service_id", "number", name="uq_queue_tickets_number"),
        sa.UniqueConstraint("village_id", "booking_id", name="uq_queue_tickets_booking"),
    )
    _referring("tickets", "person_id", "case_id", "service_id", "waits_for_id", "counter_id")
    _table(
        "steps",
        _id("ticket_id", required=True),
        _text("kind", 16, None),
        _moment("at", required=True),
        _id("by"),
        _flag("undone", "false"),
        sa.Column("before", JSONB(), nullable=False, server_default="{}"),
        _reference("ticket_id", "queue_tickets"),
    )
    _index("steps", "ix_queue_steps_ticket_id", "ticket_id", "id")


def _requests() -> None:
    _table(
        "requests",
        _day("day"),
        _moment("received_at", required=True),
        _text("channel", 16, "public"),
        _flag("outside", "true"),
        _text("state", 16, "open"),
        _text("code", 16, None),
        _id("service_id"),
        _id("person_id"),
        _text("name", 80),
        _text("phone", 20),
        _text("wish", 500),
        _text("answer", 500),
        _id("booking_id"),
        _id("taken_by"),
        _id("handled_by"),
        _moment("handled_at"),
        _number("version", "1"),
        _reference("service_id", "queue_services"),
        _reference("booking_id", "queue_bookings"),
        _reference("person_id", "persons"),
        sa.UniqueConstraint("village_id", "code", name="uq_queue_requests_code"),
    )
    _index("requests", "ix_queue_requests_open", "received_at", "id", where="state = 'open'")
    _index("requests", "ix_queue_requests_day", "day", "id")
    _referring("requests", "person_id", "booking_id", "service_id")
    _table(
        "turned_away",
        _day("day"),
        _id("service_id"),
        _moment("at", required=True),
        _text("reason", 16, None),
        _number("people", "1"),
        _id("created_by"),
        _reference("service_id", "queue_services"),
        sa.CheckConstraint("people > 0", name="people"),
    )
    _index("turned_away", "ix_queue_turned_away_day", "day")
    _referring("turned_away", "service_id")
