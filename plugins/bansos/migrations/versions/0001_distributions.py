"""Distributions, their recipients, handovers and files, each village's under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "bansos_0001"
down_revision = None

TABLES = ("distributions", "files", "recipients", "handovers")


def upgrade() -> None:
    _distributions()
    _files()
    _recipients()
    _handovers()
    for table in TABLES:
        for statement in policies(f"bansos_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"bansos_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"bansos_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_bansos_{table}_{columns[0]}", f"bansos_{table}", ["village_id", *columns])


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _whole(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _day(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=optional)


def _uuid(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def _text(name: str, length: int, *, optional: bool = False, default: str = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default if optional else None)


def _moment(name: str, *, now: bool = False) -> sa.Column:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not now, server_default=default)


def _json(name: str, default: str) -> sa.Column:
    return sa.Column(name, JSONB(), nullable=False, server_default=default)


def _version() -> sa.Column:
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


def _distributions() -> None:
    _table(
        "distributions",
        _whole("year"),
        _whole("number"),
        _text("title", 80),
        _text("source", 16),
        _text("period", 80),
        _json("items", "[]"),
        sa.Column("amount", sa.Integer()),
        _text("place", 80),
        _day("first_day"),
        _day("last_day"),
        _text("answers_for", 80),
        _moment("closed_at"),
        _uuid("closed_by", optional=True),
        _text("returned_to", 80, optional=True),
        _text("closing_note", 200, optional=True),
        _moment("created_at", now=True),
        _version(),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_bansos_distributions_days")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_bansos_distributions_amount")),
        sa.UniqueConstraint("village_id", "year", "number", name="uq_bansos_distributions_number"),
    )
    _index("distributions", "first_day", "id")


def _files() -> None:
    _table(
        "files",
        _uuid("distribution_id"),
        _text("filename", 200),
        _text("state", 16, optional=True, default="checked"),
        _text("nik_column", 80, optional=True),
        _text("name_column", 80, optional=True),
        _json("rows", "[]"),
        _json("findings", "[]"),
        _json("counts", "{}"),
        _uuid("created_by", optional=True),
        _moment("created_at", now=True),
        _reference("distribution_id", "bansos_distributions"),
    )
    _index("files", "distribution_id", "id")


def _recipients() -> None:
    _table(
        "recipients",
        _uuid("distribution_id"),
        _uuid("person_id"),
        _uuid("file_id", optional=True),
        _whole("number"),
        sa.Column("fetched", sa.Boolean(), nullable=False, server_default="false"),
        _day("struck_on", optional=True),
        _text("struck_reason", 200, optional=True),
        _version(),
        _reference("distribution_id", "bansos_distributions"),
        _reference("person_id", "persons"),
        _reference("file_id", "bansos_files"),
        sa.UniqueConstraint("village_id", "distribution_id", "person_id", name="uq_bansos_recipients_person"),
        sa.UniqueConstraint("village_id", "distribution_id", "number", name="uq_bansos_recipients_number"),
    )
    _index("recipients", "person_id")
    _index("recipients", "file_id")


def _handovers() -> None:
    _table(
        "handovers",
        _uuid("recipient_id"),
        _whole("serial"),
        _day("handed_on"),
        _text("handed_by", 80),
        _text("received_by", 80),
        _text("relation", 16),
        _text("reason", 200, optional=True),
        sa.Column("sha256", sa.String(64)),
        _text("media_type", 32, optional=True),
        _uuid("created_by", optional=True),
        _moment("created_at", now=True),
        _moment("undone_at"),
        _uuid("undone_by", optional=True),
        _text("undone_reason", 200, optional=True),
        _reference("recipient_id", "bansos_recipients"),
    )
    _index("handovers", "recipient_id", "serial")
    _index("handovers", "handed_on")
    op.create_index(
        "uq_bansos_handovers_holds",
        "bansos_handovers",
        ["village_id", "recipient_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
