"""Escorts, what was done about them, and who is on call, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "emergency_0001"
down_revision = None

TABLES = ("escorts", "entries", "shifts")


def upgrade() -> None:
    _escorts()
    _entries()
    _shifts()
    for table in TABLES:
        for statement in policies(f"emergency_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in ("shifts", "entries", "escorts"):
        op.drop_table(f"emergency_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"emergency_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _moment(name: str, *, needed: bool = False, default: str | None = None) -> sa.Column:
    server_default = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed, server_default=server_default)


def _escorts() -> None:
    _table(
        "escorts",
        sa.Column("person_id", sa.Uuid()),
        sa.Column("case_id", sa.Uuid()),
        _text("patient_name", 80),
        _text("caller_name", 80),
        _text("caller_phone", 20),
        _text("place", 120, None),
        _text("condition", 300),
        _text("jkn", 16, "unknown"),
        _text("transport", 16),
        _text("escort_name", 80),
        _text("facility", 120),
        _text("receiver", 80),
        _moment("called_at", needed=True),
        _moment("departed_at"),
        _moment("arrived_at"),
        _moment("handed_over_at"),
        _text("state", 16, "running"),
        _text("cancel_reason", 300),
        _text("follow_up", 16, "pending"),
        sa.Column("follow_up_by", sa.Date(), nullable=False),
        _text("follow_up_why", 16),
        _text("follow_up_note", 300),
        sa.Column("created_by", sa.Uuid()),
        _moment("created_at", needed=True, default="now()"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        _reference("person_id", "persons"),
        _reference("case_id", "cases"),
    )
    op.create_index("ix_emergency_escorts_called", "emergency_escorts", ["village_id", "called_at", "id"])
    op.create_index(
        "ix_emergency_escorts_open",
        "emergency_escorts",
        ["village_id", "follow_up_by", "id"],
        postgresql_where=sa.text("state = 'running' OR (state = 'ended' AND follow_up = 'pending')"),
    )
    for column in ("person_id", "case_id"):
        op.create_index(f"ix_emergency_escorts_{column}", "emergency_escorts", ["village_id", column])


def _entries() -> None:
    _table(
        "entries",
        sa.Column("escort_id", sa.Uuid(), nullable=False),
        _text("kind", 16, None),
        _moment("at", needed=True, default="now()"),
        sa.Column("by", sa.Uuid()),
        _moment("moment"),
        _moment("before"),
        _text("text", 300),
        _reference("escort_id", "emergency_escorts"),
    )
    op.create_index("ix_emergency_entries_escort_id", "emergency_entries", ["village_id", "escort_id", "id"])


def _shifts() -> None:
    _table(
        "shifts",
        sa.Column("day", sa.Date(), nullable=False),
        _text("title", 40, None),
        _moment("starts_at", needed=True),
        _moment("ends_at", needed=True),
        _text("name", 80, None),
        _text("phone", 20, None),
        sa.Column("created_by", sa.Uuid()),
        sa.UniqueConstraint("village_id", "starts_at", "name", name="uq_emergency_shifts_once"),
    )
    op.create_index("ix_emergency_shifts_ends", "emergency_shifts", ["village_id", "ends_at"])
