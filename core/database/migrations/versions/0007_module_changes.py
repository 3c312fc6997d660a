"""Who switched which module, so that it can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "module_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("villages_on", sa.Integer(), nullable=False),
        sa.Column("villages_off", sa.Integer(), nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_module_changes_area_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["module_changes.id"], name=op.f("fk_module_changes_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_changes")),
    )
    op.create_index(op.f("ix_module_changes_area_id"), "module_changes", ["area_id"])
    op.create_index(op.f("ix_module_changes_undone_by"), "module_changes", ["undone_by"])


def downgrade() -> None:
    op.drop_table("module_changes")
