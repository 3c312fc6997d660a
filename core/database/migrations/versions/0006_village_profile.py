"""What a village tells the public of itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database.rls import policies

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    empty_text = {"server_default": "", "nullable": False}
    op.create_table(
        "village_profiles",
        sa.Column("hours", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("closed", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("address", sa.String(length=300), **empty_text),
        sa.Column("phone", sa.String(length=20), **empty_text),
        sa.Column("whatsapp", sa.String(length=20), **empty_text),
        sa.Column("email", sa.String(length=120), **empty_text),
        sa.Column("complaints", sa.String(length=300), **empty_text),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_village_profiles")),
        sa.UniqueConstraint("village_id", name=op.f("uq_village_profiles_village_id")),
    )
    for statement in policies("village_profiles"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("village_profiles")
