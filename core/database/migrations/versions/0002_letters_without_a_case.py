"""Letters that belong to no case, such as a decree with a list."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.alter_column("letters", "case_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("letters", sa.Column("plugin", sa.String(length=31), nullable=True))
    op.add_column("letters", sa.Column("object_id", sa.Uuid(), nullable=True))
    op.create_check_constraint(
        op.f("ck_letters_owner"),
        "letters",
        "num_nonnulls(case_id, plugin) = 1 AND (plugin IS NULL) = (object_id IS NULL)",
    )
    op.create_index(
        "uq_letters_of_plugin",
        "letters",
        ["village_id", "plugin", "object_id", "key"],
        unique=True,
        postgresql_where=sa.text("plugin IS NOT NULL AND revoked_at IS NULL"),
    )


def downgrade() -> None:
    """Refused by the database while there is a letter without a case: none is deleted to go back."""
    op.drop_index("uq_letters_of_plugin", table_name="letters")
    op.drop_constraint(op.f("ck_letters_owner"), "letters", type_="check")
    op.alter_column("letters", "case_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("letters", "object_id")
    op.drop_column("letters", "plugin")
