import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "notes_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "notes_entries",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid()),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("body", sa.String(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("village_id", "id"),
        sa.ForeignKeyConstraint(["village_id", "person_id"], ["persons.village_id", "persons.id"]),
        sa.ForeignKeyConstraint(["village_id", "import_id"], ["imports.village_id", "imports.id"]),
    )
    op.create_index("ix_notes_entries_person_id", "notes_entries", ["village_id", "person_id"])
    for statement in policies("notes_entries"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("notes_entries")
