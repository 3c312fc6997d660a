"""Aid that was told by families or read in lists."""

import sqlalchemy as sa
from alembic import op

from core.database.rls import policies

revision = "0014"
down_revision = "0011"


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
    for statement in policies("told_aid"):
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
    op.drop_table("told_aid")
