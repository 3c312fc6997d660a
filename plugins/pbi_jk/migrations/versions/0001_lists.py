"""Lists of deactivated members, calls and batches, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "pbi_jk_0001"
down_revision = None

TABLES = ("lists", "batches", "lines", "calls")


def upgrade() -> None:
    _lists()
    _table("batches", sa.Column("created_by", sa.Uuid()), _moment("created_at"), _version())
    _lines()
    _calls()
    for table in TABLES:
        for statement in policies(f"pbi_jk_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"pbi_jk_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"pbi_jk_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _number(name: str, default: str | None = "0") -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()"))


def _version() -> sa.Column:
    return _number("version", "1")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_pbi_jk_{table}_{columns[0]}", f"pbi_jk_{table}", ["village_id", *columns])


def _lists() -> None:
    _table(
        "lists",
        _text("filename", 120, None),
        _text("state", 16, "draft"),
        sa.Column("columns", JSONB(), nullable=False, server_default="{}"),
        sa.Column("raw", JSONB()),
        _number("total"),
        _number("added"),
        sa.Column("created_by", sa.Uuid()),
        _moment("created_at"),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        _version(),
    )
    _index("lists", "created_at")


def _lines() -> None:
    _table(
        "lines",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("batch_id", sa.Uuid()),
        _number("row_no", None),
        _text("nik", 16, None),
        _text("name", 120, None),
        _text("card_number", 13),
        sa.Column("inactive_since", sa.Date()),
        _text("address", 200),
        sa.Column("doubtful", sa.Boolean(), nullable=False, server_default="false"),
        _text("result", 16),
        sa.Column("called_at", sa.DateTime(timezone=True)),
        sa.Column("next_call", sa.Date()),
        sa.Column("assigned_to", sa.Uuid()),
        _version(),
        _reference("list_id", "pbi_jk_lists"),
        _reference("person_id", "persons"),
        _reference("case_id", "cases"),
        _reference("batch_id", "pbi_jk_batches"),
    )
    for column in ("list_id", "person_id", "case_id", "batch_id", "nik"):
        _index("lines", column)


def _calls() -> None:
    _table(
        "calls",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        _text("result", 16, None),
        _text("note", 200),
        sa.Column("next_call", sa.Date()),
        _moment("called_at"),
        sa.Column("called_by", sa.Uuid()),
        _text("caller", 80),
        _reference("line_id", "pbi_jk_lines"),
    )
    _index("calls", "line_id")
