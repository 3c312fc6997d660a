"""What is known of plugins beyond one process: failures, suspensions, and the state of their tables."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "plugin_failures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("plugin", sa.String(length=32), nullable=False),
        sa.Column("hook", sa.String(length=64), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.String(length=32), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("suspends", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_failures")),
    )
    op.create_index("ix_plugin_failures_newest", "plugin_failures", ["plugin", "at"])
    op.create_index("ix_plugin_failures_suspends", "plugin_failures", ["at"], postgresql_where=sa.text("suspends"))
    op.create_table(
        "plugin_suspensions",
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("plugin", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "plugin", name=op.f("pk_plugin_suspensions")),
    )
    # Written by the upgrade and read by every process at its start; see core.database.plugin_schemas.
    op.create_table(
        "plugin_schemas",
        sa.Column("plugin", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("plugin", name=op.f("pk_plugin_schemas")),
    )


def downgrade() -> None:
    op.drop_table("plugin_schemas")
    op.drop_table("plugin_suspensions")
    op.drop_table("plugin_failures")
