"""Village meetings that decide on cases: the meeting, who came, which cases were discussed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database.rls import policies

revision = "0012"
down_revision = "0011"

TABLES = ("meetings", "meeting_attendees", "meeting_candidates")


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("agenda", sa.String(), nullable=False),
        sa.Column("leader", sa.String(length=80), nullable=False),
        sa.Column("secretary", sa.String(length=80), nullable=False),
        sa.Column("terms", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_meetings")),
    )
    op.create_index("ix_meetings_held_on", "meetings", ["village_id", "held_on", "id"])
    op.create_table(
        "meeting_attendees",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("element", sa.String(length=16), nullable=False),
        _reference("meeting_attendees", "meeting_id", "meetings"),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_meeting_attendees")),
    )
    op.create_index("ix_meeting_attendees_meeting_id", "meeting_attendees", ["village_id", "meeting_id", "place"])
    op.create_table(
        "meeting_candidates",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=16), server_default="", nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        _reference("meeting_candidates", "meeting_id", "meetings"),
        _reference("meeting_candidates", "case_id", "cases"),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_meeting_candidates")),
        sa.UniqueConstraint("village_id", "meeting_id", "case_id", name="uq_meeting_candidates_case"),
    )
    op.create_index("ix_meeting_candidates_case_id", "meeting_candidates", ["village_id", "case_id"])
    for table in TABLES:
        for statement in policies(table):
            op.execute(statement)
    # Letters of a meeting are looked for by the meeting, whichever programme has added them.
    op.create_index(
        "ix_letters_object_id",
        "letters",
        ["village_id", "object_id"],
        postgresql_where=sa.text("object_id IS NOT NULL"),
    )


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["village_id", column],
        [f"{target}.village_id", f"{target}.id"],
        name=op.f(f"fk_{table}_village_id_{column}"),
    )


def downgrade() -> None:
    op.drop_index("ix_letters_object_id", table_name="letters")
    for table in reversed(TABLES):
        op.drop_table(table)
