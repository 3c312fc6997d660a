"""The settings of plugins: what was set where, and who changed what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database.rls import inherited

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "plugin_settings",
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("plugin", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("area_hi", sa.BigInteger(), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("locked", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_plugin_settings_area_id")),
        sa.PrimaryKeyConstraint("area_id", "plugin", "name", name=op.f("pk_plugin_settings")),
    )
    op.create_table(
        "plugin_setting_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("area_hi", sa.BigInteger(), nullable=False),
        sa.Column("plugin", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_plugin_setting_changes_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_setting_changes")),
    )
    op.create_index(op.f("ix_plugin_setting_changes_area_id"), "plugin_setting_changes", ["area_id"])
    for statement in inherited("plugin_settings", read_above=True, commands="select insert update delete"):
        op.execute(statement)
    for statement in inherited("plugin_setting_changes", read_above=False, commands="select insert"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("plugin_setting_changes")
    op.drop_table("plugin_settings")
