"""The notes, each village's under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from core.api import policies

revision = "0001"
down_revision = None

TABLE = "newplugin_notes"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(600), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("written_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("village_id", "id"),
        sa.ForeignKeyConstraint(["village_id", "person_id"], ["persons.village_id", "persons.id"]),
    )
    op.create_index("ix_newplugin_notes_person_id", TABLE, ["village_id", "person_id", "id"])
    for statement in policies(TABLE):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(TABLE)
