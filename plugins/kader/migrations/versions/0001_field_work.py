"""Assignments, visits, findings and papers seen at home, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "kader_0001"
down_revision = None

TABLES = ("assignments", "group_households", "visits", "findings", "prechecks")
WAITING = "state IN ('new', 'seen')"


def upgrade() -> None:
    _assignments()
    _visits()
    _findings()
    _prechecks()
    for table in TABLES:
        for statement in policies(f"kader_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"kader_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"kader_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _id(name: str, *, needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=not needed)


def _day(name: str, *, needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=not needed)


def _moment(name: str, *, now: bool = False) -> sa.Column:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not now, server_default=default)


def _version() -> sa.Column:
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


def _index(table: str, name: str, *columns: str, where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(f"ix_kader_{table}_{name}", f"kader_{table}", ["village_id", *columns], postgresql_where=condition)


def _assignments() -> None:
    _table(
        "assignments",
        _id("user_id", needed=True),
        _text("kind", 16, None),
        _text("rw", 3),
        _text("rt", 3),
        _text("group_name", 80),
        _day("starts_on", needed=True),
        _day("ends_on"),
        _id("created_by"),
        _moment("created_at", now=True),
        _version(),
    )
    _index("assignments", "user_id", "user_id")
    _table(
        "group_households",
        _id("assignment_id", needed=True),
        _id("household_id", needed=True),
        _reference("assignment_id", "kader_assignments"),
        _reference("household_id", "households"),
        sa.UniqueConstraint("village_id", "assignment_id", "household_id", name="uq_kader_group_households_once"),
    )
    _index("group_households", "household_id", "household_id")


def _visits() -> None:
    _table(
        "visits",
        _id("household_id", needed=True),
        _id("user_id", needed=True),
        _text("purpose", 16, None),
        _text("state", 16, "planned"),
        _day("planned_on"),
        _day("done_on"),
        _text("note", 600),
        _text("cancel_reason", 120),
        _id("created_by"),
        _moment("created_at", now=True),
        _version(),
        _reference("household_id", "households"),
    )
    _index("visits", "planned", "user_id", "planned_on", "id", where="state = 'planned'")
    _index("visits", "done", "done_on", "id", where="state = 'done'")
    _index("visits", "household_id", "household_id", "done_on")


def _findings() -> None:
    _table(
        "findings",
        _id("user_id", needed=True),
        _text("kind", 16, None),
        _id("person_id"),
        _id("household_id"),
        _text("name", 80),
        _text("place", 120),
        _text("words", 600),
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default="false"),
        _text("position", 120),
        sa.Column("sha256", sa.String(64)),
        _text("media_type", 40),
        _moment("found_at", now=True),
        _text("state", 16, "new"),
        _day("answer_by", needed=True),
        _moment("answered_at"),
        _id("handled_by"),
        _text("answer", 600),
        _id("case_id"),
        _version(),
        _reference("person_id", "persons"),
        _reference("household_id", "households"),
        _reference("case_id", "cases"),
    )
    _index("findings", "found", "found_at", "id")
    _index("findings", "waiting", "answer_by", "id", where=WAITING)
    _index("findings", "user_id", "user_id", "found_at", "id")
    for column in ("person_id", "household_id", "case_id"):
        _index("findings", column, column)


def _prechecks() -> None:
    _table(
        "prechecks",
        _id("case_id", needed=True),
        _id("user_id", needed=True),
        _text("by_name", 80),
        _day("done_on", needed=True),
        sa.Column("seen", JSONB(), nullable=False, server_default="[]"),
        sa.Column("missing", JSONB(), nullable=False, server_default="[]"),
        _text("note", 120),
        _day("coming_on"),
        _moment("created_at", now=True),
        _moment("undone_at"),
        _reference("case_id", "cases"),
    )
    _index("prechecks", "case_id", "case_id", "id")
    _index("prechecks", "done", "done_on", "id")
