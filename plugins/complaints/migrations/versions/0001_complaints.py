"""Who complains, complaints, what was said and done about them, and their files, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "complaints_0001"
down_revision = None

TABLES = ("reporters", "complaints", "entries", "photos")


def upgrade() -> None:
    _reporters()
    _complaints()
    _entries()
    _photos()
    for table in TABLES:
        for statement in policies(f"complaints_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"complaints_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"complaints_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _text(name: str, length: int | None = None, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default="false")


def _number(name: str, default: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()"))


def _reporters() -> None:
    _table(
        "reporters",
        sa.Column("person_id", sa.Uuid()),
        _text("name", 80),
        _text("phone", 20),
        _text("nik", 16),
        _reference("person_id", "persons"),
    )
    op.create_index("ix_complaints_reporters_person_id", "complaints_reporters", ["village_id", "person_id"])
    op.create_index(
        "ix_complaints_reporters_nik",
        "complaints_reporters",
        ["village_id", "nik"],
        postgresql_where=sa.text("nik <> ''"),
    )


def _complaints() -> None:
    _table(
        "complaints",
        sa.Column("reporter_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("duplicate_of", sa.Uuid()),
        _text("ticket", 16, None),
        _text("code_hash", 64),
        _text("sector", 40, None),
        _text("kind", 16, None),
        _text("about", 16, "service"),
        _text("channel", 16, None),
        _flag("confidential"),
        _text("description", None, None),
        _text("place", 80),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _flag("extended"),
        _text("state", 16, "open"),
        sa.Column("first_answer_on", sa.Date()),
        sa.Column("answered_on", sa.Date()),
        sa.Column("reopen_until", sa.Date()),
        _text("outcome", 16),
        _text("rating", 16),
        _number("reopened", "0"),
        sa.Column("created_by", sa.Uuid()),
        _moment("created_at"),
        _number("version", "1"),
        _reference("reporter_id", "complaints_reporters"),
        _reference("person_id", "persons"),
        _reference("case_id", "cases"),
        _reference("duplicate_of", "complaints_complaints"),
        sa.UniqueConstraint("village_id", "ticket", name="uq_complaints_complaints_ticket"),
    )
    for column in ("person_id", "case_id", "reporter_id", "duplicate_of"):
        op.create_index(f"ix_complaints_complaints_{column}", "complaints_complaints", ["village_id", column])
    op.create_index("ix_complaints_received", "complaints_complaints", ["village_id", "received_on", "id"])
    op.create_index(
        "ix_complaints_open",
        "complaints_complaints",
        ["village_id", "due_on", "id"],
        postgresql_where=sa.text("state = 'open'"),
    )


def _entries() -> None:
    _table(
        "entries",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        _text("kind", 16, None),
        _moment("at"),
        sa.Column("by", sa.Uuid()),
        _flag("told"),
        _text("text"),
        _text("whom", 80),
        sa.Column("answer_by", sa.Date()),
        _reference("complaint_id", "complaints_complaints"),
    )
    op.create_index("ix_complaints_entries_complaint_id", "complaints_entries", ["village_id", "complaint_id", "id"])


def _photos() -> None:
    _table(
        "photos",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        _text("sha256", 64, None),
        _text("media_type", 40, None),
        _reference("complaint_id", "complaints_complaints"),
    )
    op.create_index("ix_complaints_photos_complaint_id", "complaints_photos", ["village_id", "complaint_id"])
