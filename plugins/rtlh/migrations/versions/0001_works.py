"""Houses that are repaired, their stages and receipts, each village's under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "rtlh_0001"
down_revision = None

TABLES = ("works", "stages", "expenses")


def upgrade() -> None:
    _works()
    _stages()
    _expenses()
    for table in TABLES:
        for statement in policies(f"rtlh_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"rtlh_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"rtlh_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _whole(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _day(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=optional)


def _uuid(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def _text(name: str, length: int, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default="" if optional else None)


def _made() -> tuple[sa.Column, ...]:
    """A row's photo, who made it and when."""
    return (
        sa.Column("sha256", sa.String(64)),
        _text("media_type", 32, optional=True),
        _uuid("created_by", optional=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
    )


def _works() -> None:
    _table(
        "works",
        _uuid("case_id", optional=True),
        _uuid("person_id"),
        _uuid("household_id", optional=True),
        _text("source", 80),
        _text("decree", 80, optional=True),
        _day("begun_on"),
        _text("builder", 80, optional=True),
        _whole("budget_material"),
        _whole("budget_wages"),
        _whole("budget_operations"),
        _whole("progress", "0"),
        _day("handed_on", optional=True),
        _text("handing_note", 200, optional=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        _whole("version", "1"),
        _reference("case_id", "cases"),
        _reference("person_id", "persons"),
        _reference("household_id", "households"),
        sa.CheckConstraint(
            "budget_material >= 0 AND budget_wages >= 0 AND budget_operations >= 0",
            name=op.f("ck_rtlh_works_budget"),
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_rtlh_works_progress")),
    )
    op.create_index("uq_rtlh_works_case", "rtlh_works", ["village_id", "case_id"], unique=True)
    op.create_index("ix_rtlh_works_person_id", "rtlh_works", ["village_id", "person_id"])
    op.create_index("ix_rtlh_works_household_id", "rtlh_works", ["village_id", "household_id"])


def _stages() -> None:
    _table(
        "stages",
        _uuid("work_id"),
        _whole("percent"),
        _day("seen_on"),
        _text("note", 200, optional=True),
        *_made(),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        _text("undone_reason", 200, optional=True),
        _reference("work_id", "rtlh_works"),
    )
    op.create_index(
        "uq_rtlh_stages_percent",
        "rtlh_stages",
        ["village_id", "work_id", "percent"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def _expenses() -> None:
    _table(
        "expenses",
        _uuid("work_id"),
        _whole("serial"),
        _text("kind", 16),
        _day("spent_on"),
        _whole("amount"),
        _text("what", 200),
        _text("paid_to", 80),
        _text("receipt", 80, optional=True),
        *_made(),
        sa.Column("struck_at", sa.DateTime(timezone=True)),
        _text("struck_reason", 200, optional=True),
        _reference("work_id", "rtlh_works"),
        sa.CheckConstraint("amount > 0", name=op.f("ck_rtlh_expenses_amount")),
    )
    op.create_index("uq_rtlh_expenses_serial", "rtlh_expenses", ["village_id", "work_id", "serial"], unique=True)
