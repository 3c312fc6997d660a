import sqlalchemy as sa
from alembic import op

revision = "notes_0002"
down_revision = "notes_0001"


def upgrade() -> None:
    op.add_column("notes_entries", sa.Column("pinned", sa.Boolean(), nullable=False, server_default="false"))


def downgrade() -> None:
    op.drop_column("notes_entries", "pinned")
