"""Files of recipients stand among the village's imports; what was only checked is gone, and can be uploaded again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import as_owner, policies

revision = "bansos_0002"
down_revision = "bansos_0001"

MINE = ("imports", "import_findings", "bansos_files", "bansos_recipients")


def upgrade() -> None:
    op.add_column("bansos_recipients", sa.Column("import_id", sa.Uuid()))
    for statement in as_owner(
        ("imports", "bansos_files", "bansos_recipients"),
        """
        INSERT INTO imports
            (village_id, id, kind, about, filename, state, total, columns, summary, created_by, created_at)
        SELECT village_id, id, 'bansos.recipients', distribution_id, coalesce(nullif(filename, ''), '–'), state,
            coalesce((counts ->> 'total')::int, 0),
            CASE WHEN nik_column <> '' AND name_column <> ''
                THEN jsonb_build_object('nik', nik_column, 'name', name_column) ELSE '{}' END,
            jsonb_build_object('ready', coalesce(counts -> 'added', '0'), 'same', coalesce(counts -> 'listed', '0'),
                'left_out', coalesce(counts -> 'error', '0'), 'errors', 0, 'warnings', 0)
            || CASE WHEN state = 'undone' THEN jsonb_build_object('undo', jsonb_build_object(
                'deleted', coalesce(counts -> 'removed', '0'), 'restored', 0,
                'kept_count', coalesce(counts -> 'kept', '0'), 'kept', '[]'::jsonb)) ELSE '{}' END,
            created_by, created_at
        FROM bansos_files WHERE state IN ('applied', 'undone')
        """,
        "UPDATE bansos_recipients SET import_id = file_id WHERE file_id IS NOT NULL",
    ):
        op.execute(statement)
    op.drop_column("bansos_recipients", "file_id")
    op.drop_table("bansos_files")
    _refer("import_id", "imports")


def downgrade() -> None:
    op.create_table(
        "bansos_files",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("distribution_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, server_default="checked"),
        sa.Column("nik_column", sa.String(80), nullable=False, server_default=""),
        sa.Column("name_column", sa.String(80), nullable=False, server_default=""),
        sa.Column("rows", JSONB(), nullable=False, server_default="[]"),
        sa.Column("findings", JSONB(), nullable=False, server_default="[]"),
        sa.Column("counts", JSONB(), nullable=False, server_default="{}"),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("village_id", "id"),
        sa.ForeignKeyConstraint(
            ["village_id", "distribution_id"], ["bansos_distributions.village_id", "bansos_distributions.id"]
        ),
    )
    op.create_index("ix_bansos_files_distribution_id", "bansos_files", ["village_id", "distribution_id", "id"])
    for statement in policies("bansos_files"):
        op.execute(statement)
    op.add_column("bansos_recipients", sa.Column("file_id", sa.Uuid()))
    for statement in as_owner(
        MINE,
        """
        INSERT INTO bansos_files (village_id, id, distribution_id, filename, state, counts, created_by, created_at)
        SELECT i.village_id, i.id, i.about, left(i.filename, 200), i.state,
            jsonb_build_object('total', i.total, 'added', coalesce(i.summary -> 'ready', '0'),
                'listed', coalesce(i.summary -> 'same', '0'), 'error', coalesce(i.summary -> 'left_out', '0'),
                'doubt', 0, 'removed', coalesce(i.summary #> '{undo,deleted}', '0'),
                'kept', coalesce(i.summary #> '{undo,kept_count}', '0')),
            i.created_by, i.created_at
        FROM imports i JOIN bansos_distributions d ON d.village_id = i.village_id AND d.id = i.about
        WHERE i.kind = 'bansos.recipients' AND i.state IN ('applied', 'undone')
        """,
        "UPDATE bansos_recipients SET file_id = import_id WHERE import_id IS NOT NULL",
    ):
        op.execute(statement)
    op.drop_column("bansos_recipients", "import_id")
    _refer("file_id", "bansos_files")
    for statement in as_owner(
        ("imports", "import_findings"),
        """
        DELETE FROM import_findings f USING imports i
        WHERE i.village_id = f.village_id AND i.id = f.import_id AND i.kind = 'bansos.recipients'
        """,
        "DELETE FROM imports WHERE kind = 'bansos.recipients'",
    ):
        op.execute(statement)


def _refer(column: str, table: str) -> None:
    op.create_index(f"ix_bansos_recipients_{column}", "bansos_recipients", ["village_id", column])
    op.create_foreign_key(
        f"fk_bansos_recipients_{column}", "bansos_recipients", table, ["village_id", column], ["village_id", "id"]
    )
