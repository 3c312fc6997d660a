"""Deciles, the log of SIKS-NG, checks of a NIK and months, each village's under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "dtsen_0001"
down_revision = None

TABLES = ("moves", "entries", "statuses", "checks", "months", "month_cases")


def upgrade() -> None:
    _deciles()
    _log()
    _checks()
    _months()
    for table in TABLES:
        for statement in policies(f"dtsen_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"dtsen_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"dtsen_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_dtsen_{table}_{columns[0]}", f"dtsen_{table}", ["village_id", *columns])


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _uuid(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def _text(name: str, length: int, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _day(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=optional)


def _created() -> sa.Column:
    return sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()"))


def _version() -> sa.Column:
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


def _deciles() -> None:
    _table(
        "moves",
        _uuid("household_id"),
        _uuid("import_id"),
        sa.Column("old_decile", sa.Integer()),
        _day("old_on", optional=True),
        _text("old_source", 80, ""),
        sa.Column("new_decile", sa.Integer()),
        _day("new_on", optional=True),
        _text("new_source", 80, ""),
        sa.Column("moved", sa.Boolean(), nullable=False),
        _created(),
        _reference("household_id", "households"),
        _reference("import_id", "imports"),
        sa.UniqueConstraint("village_id", "import_id", "household_id", name="uq_dtsen_moves_household"),
        sa.CheckConstraint("new_decile BETWEEN 1 AND 10", name=op.f("ck_dtsen_moves_new_decile")),
        sa.CheckConstraint("old_decile BETWEEN 1 AND 10", name=op.f("ck_dtsen_moves_old_decile")),
    )
    _index("moves", "household_id", "id")
    _index("moves", "moved", "id")


def _log() -> None:
    _table(
        "entries",
        _uuid("person_id"),
        _uuid("case_id", optional=True),
        _text("what", 16),
        _text("detail", 200, ""),
        _day("keyed_on"),
        _text("keyed_by", 80),
        _text("status", 80, ""),
        _day("status_on", optional=True),
        _uuid("created_by", optional=True),
        _created(),
        _version(),
        _reference("person_id", "persons"),
        _reference("case_id", "cases"),
    )
    _index("entries", "person_id", "keyed_on")
    _index("entries", "case_id")
    _index("entries", "keyed_on", "id")
    _table(
        "statuses",
        _uuid("entry_id"),
        _text("status", 80),
        _day("seen_on"),
        _text("note", 200, ""),
        _uuid("created_by", optional=True),
        _created(),
        _reference("entry_id", "dtsen_entries"),
    )
    _index("statuses", "entry_id", "seen_on", "id")


def _checks() -> None:
    _table(
        "checks",
        _uuid("person_id"),
        _text("result", 16),
        _day("checked_on"),
        _text("checked_by", 80),
        _text("note", 200, ""),
        _day("recheck_on", optional=True),
        _created(),
        _reference("person_id", "persons"),
    )
    _index("checks", "person_id", "id")


def _months() -> None:
    _table(
        "months",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        _created(),
        _version(),
        sa.UniqueConstraint("village_id", "year", "month", name="uq_dtsen_months_month"),
    )
    _table(
        "month_cases",
        _uuid("month_id"),
        _uuid("case_id"),
        sa.Column("named", sa.Boolean(), nullable=False, server_default="true"),
        _reference("month_id", "dtsen_months"),
        _reference("case_id", "cases"),
        sa.UniqueConstraint("village_id", "month_id", "case_id", name="uq_dtsen_month_cases_case"),
    )
