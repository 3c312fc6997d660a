"""Lists of deactivated members stand among the village's imports; a draft is gone, and can be uploaded again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import as_owner, policies

revision = "pbi_jk_0002"
down_revision = "pbi_jk_0001"


def upgrade() -> None:
    op.add_column("pbi_jk_lines", sa.Column("import_id", sa.Uuid()))
    for statement in as_owner(
        ("imports", "pbi_jk_lists", "pbi_jk_lines"),
        """
        INSERT INTO imports
            (village_id, id, kind, filename, state, total, columns, summary, created_by, created_at, applied_at)
        SELECT village_id, id, 'pbi_jk.members', filename, state, total, columns,
            jsonb_build_object('ready', added, 'same', 0, 'left_out', total - added, 'errors', 0, 'warnings', 0),
            created_by, created_at, applied_at
        FROM pbi_jk_lists WHERE state IN ('applied', 'undone')
        """,
        "UPDATE pbi_jk_lines SET import_id = list_id",
    ):
        op.execute(statement)
    op.alter_column("pbi_jk_lines", "import_id", nullable=False)
    op.drop_column("pbi_jk_lines", "list_id")
    op.drop_table("pbi_jk_lists")
    _refer("import_id", "imports")


def downgrade() -> None:
    op.create_table(
        "pbi_jk_lists",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(120), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, server_default="draft"),
        sa.Column("columns", JSONB(), nullable=False, server_default="{}"),
        sa.Column("raw", JSONB()),
        sa.Column("total", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("added", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("village_id", "id"),
    )
    op.create_index("ix_pbi_jk_lists_created_at", "pbi_jk_lists", ["village_id", "created_at"])
    for statement in policies("pbi_jk_lists"):
        op.execute(statement)
    op.add_column("pbi_jk_lines", sa.Column("list_id", sa.Uuid()))
    for statement in as_owner(
        ("imports", "import_findings", "pbi_jk_lists", "pbi_jk_lines"),
        """
        INSERT INTO pbi_jk_lists
            (village_id, id, filename, state, columns, total, added, created_by, created_at, applied_at)
        SELECT village_id, id, left(filename, 120), state, columns, total, coalesce((summary ->> 'ready')::int, 0),
            created_by, created_at, applied_at
        FROM imports WHERE kind = 'pbi_jk.members' AND state IN ('applied', 'undone')
        """,
        "UPDATE pbi_jk_lines SET list_id = import_id",
    ):
        op.execute(statement)
    op.alter_column("pbi_jk_lines", "list_id", nullable=False)
    op.drop_column("pbi_jk_lines", "import_id")
    _refer("list_id", "pbi_jk_lists")
    for statement in as_owner(
        ("imports", "import_findings"),
        """
        DELETE FROM import_findings f USING imports i
        WHERE i.village_id = f.village_id AND i.id = f.import_id AND i.kind = 'pbi_jk.members'
        """,
        "DELETE FROM imports WHERE kind = 'pbi_jk.members'",
    ):
        op.execute(statement)


def _refer(column: str, table: str) -> None:
    op.create_index(f"ix_pbi_jk_lines_{column}", "pbi_jk_lines", ["village_id", column])
    op.create_foreign_key(
        f"fk_pbi_jk_lines_{column}", "pbi_jk_lines", table, ["village_id", column], ["village_id", "id"]
    )
