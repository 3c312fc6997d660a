"""Aid told by families or read in lists; steps and letters of many cases at once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database.rls import policies

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    empty_text = {"server_default": "", "nullable": False}
    op.create_table(
        "told_aid",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("for_family", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("programme", sa.String(length=32), **empty_text),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.String(length=200), **empty_text),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("goods", sa.String(length=200), **empty_text),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *_key(),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_told_aid_amount")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_told_aid_period")),
        _reference("told_aid", "person_id", "persons"),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_told_aid")),
    )
    op.create_index("ix_told_aid_person_id", "told_aid", ["village_id", "person_id"])
    op.create_table(
        "case_batches",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("answer", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        *_key(),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_case_batches")),
    )
    op.create_table(
        "case_batch_items",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version_seen", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(length=400), **empty_text),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("before", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        *_key(),
        _reference("case_batch_items", "batch_id", "case_batches"),
        _reference("case_batch_items", "case_id", "cases"),
        _reference("case_batch_items", "letter_id", "letters"),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_case_batch_items")),
        sa.UniqueConstraint(
            "village_id", "batch_id", "case_id", name=op.f("uq_case_batch_items_village_id_batch_id_case_id")
        ),
    )
    op.create_index("ix_case_batch_items_batch_id", "case_batch_items", ["village_id", "batch_id", "place"])
    op.create_index("ix_case_batch_items_case_id", "case_batch_items", ["village_id", "case_id"])
    op.create_index("ix_case_batch_items_letter_id", "case_batch_items", ["village_id", "letter_id"])
    for table in ("told_aid", "case_batches", "case_batch_items"):
        for statement in policies(table):
            op.execute(statement)


def _key() -> tuple[sa.Column, sa.Column]:
    return sa.Column("village_id", sa.BigInteger(), nullable=False), sa.Column("id", sa.Uuid(), nullable=False)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["village_id", column],
        [f"{target}.village_id", f"{target}.id"],
        name=op.f(f"fk_{table}_village_id_{column}"),
    )


def downgrade() -> None:
    op.drop_table("case_batch_items")
    op.drop_table("case_batches")
    op.drop_table("told_aid")
