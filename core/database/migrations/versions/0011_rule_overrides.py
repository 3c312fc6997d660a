"""Values of rules that a district has set in the place of a plugin's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database.rls import inherited

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "rule_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("area_hi", sa.BigInteger(), nullable=False),
        sa.Column("plugin", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("certainty", sa.String(length=16), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_rule_overrides_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_overrides")),
    )
    op.create_index("ix_rule_overrides_area", "rule_overrides", ["area_id", "plugin"])
    # Deleted by the owner alone, when a module is removed for good: the application has no right to it.
    for statement in inherited("rule_overrides", read_above=True, commands="select insert delete"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("rule_overrides")
