"""Decrees, who receives, and what was paid, each village's under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "blt_desa_0001"
down_revision = None

TABLES = ("decrees", "recipients", "payments", "paid_months")


def upgrade() -> None:
    _decrees()
    _recipients()
    _payments()
    for table in TABLES:
        for statement in policies(f"blt_desa_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"blt_desa_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"blt_desa_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _text(name: str, length: int | None = None, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default="" if optional else None)


def _moment(name: str, *, now: bool = False) -> sa.Column:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not now, server_default=default)


def _version() -> sa.Column:
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


def _decrees() -> None:
    _table(
        "decrees",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        _text("reference", 80),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False, server_default="false"),
        _reference("meeting_id", "meetings"),
        sa.UniqueConstraint("village_id", "meeting_id", name="uq_blt_desa_decrees_meeting"),
        sa.CheckConstraint(
            "1 <= first_month AND first_month <= last_month AND last_month <= 12",
            name=op.f("ck_blt_desa_decrees_months"),
        ),
    )
    op.create_index("ix_blt_desa_decrees_year", "blt_desa_decrees", ["village_id", "year", "id"])


def _recipients() -> None:
    _table(
        "recipients",
        sa.Column("decree_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid()),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, server_default="active"),
        sa.Column("left_on", sa.Date()),
        _text("left_why", 16, optional=True),
        _text("left_note", 200, optional=True),
        sa.Column("replaces_id", sa.Uuid()),
        _version(),
        _reference("decree_id", "blt_desa_decrees"),
        _reference("case_id", "cases"),
        _reference("household_id", "households"),
        _reference("replaces_id", "blt_desa_recipients"),
        sa.UniqueConstraint("village_id", "decree_id", "case_id", name="uq_blt_desa_recipients_case"),
    )
    op.create_index("ix_blt_desa_recipients_case_id", "blt_desa_recipients", ["village_id", "case_id"])
    op.create_index("ix_blt_desa_recipients_household_id", "blt_desa_recipients", ["village_id", "household_id"])


def _payments() -> None:
    _table(
        "payments",
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        _text("handed_by", 80),
        _text("received_by", 80),
        _text("received_as", 16),
        _text("authority", 200, optional=True),
        _text("reason", 200, optional=True),
        sa.Column("created_by", sa.Uuid()),
        _moment("created_at", now=True),
        _moment("reversed_at"),
        sa.Column("reversed_by", sa.Uuid()),
        _text("reversed_reason", 200, optional=True),
        _reference("recipient_id", "blt_desa_recipients"),
    )
    op.create_index("ix_blt_desa_payments_recipient_id", "blt_desa_payments", ["village_id", "recipient_id", "paid_on"])
    _table(
        "paid_months",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("reversed", sa.Boolean(), nullable=False, server_default="false"),
        _reference("payment_id", "blt_desa_payments"),
        _reference("recipient_id", "blt_desa_recipients"),
    )
    op.create_index("ix_blt_desa_paid_months_payment_id", "blt_desa_paid_months", ["village_id", "payment_id"])
    op.create_index(
        "uq_blt_desa_paid_months",
        "blt_desa_paid_months",
        ["village_id", "recipient_id", "month"],
        unique=True,
        postgresql_where=sa.text("NOT reversed"),
    )
