"""The messages, each village's under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from core.api import policies

revision = "0001"
down_revision = None

TABLE = "newplugin_messages"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("village_id", "id"),
        sa.ForeignKeyConstraint(["village_id", "case_id"], ["cases.village_id", "cases.id"]),
    )
    op.create_index("ix_newplugin_messages_sent_at", TABLE, ["village_id", "sent_at", "id"])
    for statement in policies(TABLE):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(TABLE)
