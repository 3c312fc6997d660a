"""One table of imports for every kind of file: its kind, what it is brought into, and how its columns were read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.database.rls import as_owner

revision = "0013"
down_revision = "0012"

TASKS = {"people.check_import": "imports.check", "people.apply_import": "imports.apply"}


def upgrade() -> None:
    op.add_column("imports", sa.Column("kind", sa.String(64), nullable=False, server_default="people.residents"))
    op.alter_column("imports", "kind", server_default=None)
    op.add_column("imports", sa.Column("about", sa.Uuid()))
    op.add_column("imports", sa.Column("sheet", sa.String(), nullable=False, server_default=""))
    op.add_column("imports", sa.Column("columns", JSONB(), nullable=False, server_default="{}"))
    op.add_column("imports", sa.Column("answers", JSONB(), nullable=False, server_default="{}"))
    op.add_column("imports", sa.Column("heads", JSONB()))
    op.add_column("imports", sa.Column("outcome", sa.String(64), nullable=False, server_default=""))
    op.add_column("imports", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("imports", "sha256", new_column_name="digest", nullable=True)
    op.create_index("ix_imports_kind", "imports", ["village_id", "kind", "created_at"])
    op.drop_index("ix_import_findings_row", "import_findings")
    op.alter_column(
        "import_findings",
        "is_error",
        new_column_name="level",
        type_=sa.String(8),
        postgresql_using="CASE WHEN is_error THEN 'error' ELSE 'warning' END",
    )
    op.create_index("ix_import_findings_row", "import_findings", ["village_id", "import_id", "level", "row_no", "id"])
    for before, after in TASKS.items():
        _rename_waiting(before, after)


def downgrade() -> None:
    """Kinds that the earlier version does not know are lost with their findings; what they made stays."""
    for before, after in TASKS.items():
        _rename_waiting(after, before)
    for statement in as_owner(
        ("imports", "import_findings"),
        "DELETE FROM import_findings f USING imports i WHERE i.village_id = f.village_id AND i.id = f.import_id"
        " AND i.kind <> 'people.residents'",
        "DELETE FROM imports WHERE kind <> 'people.residents'",
        "UPDATE imports SET digest = '' WHERE digest IS NULL",
    ):
        op.execute(statement)
    op.drop_index("ix_import_findings_row", "import_findings")
    op.alter_column(
        "import_findings",
        "level",
        new_column_name="is_error",
        type_=sa.Boolean(),
        postgresql_using="level = 'error'",
    )
    op.create_index(
        "ix_import_findings_row", "import_findings", ["village_id", "import_id", "is_error", "row_no", "id"]
    )
    op.drop_index("ix_imports_kind", "imports")
    op.alter_column("imports", "digest", new_column_name="sha256", nullable=False)
    for column in ("version", "outcome", "heads", "answers", "columns", "sheet", "about", "kind"):
        op.drop_column("imports", column)


def _rename_waiting(before: str, after: str) -> None:
    jobs = sa.table("procrastinate_jobs", sa.column("task_name"))
    op.execute(jobs.update().where(jobs.c.task_name == before).values(task_name=after))
