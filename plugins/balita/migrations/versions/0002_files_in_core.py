"""Files of measurements stand among the village's imports; what was only checked is gone, and can be uploaded again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import as_owner, policies

revision = "balita_0002"
down_revision = "balita_0001"

REFERENCE = "fk_balita_measurements_import_id"


def upgrade() -> None:
    for statement in as_owner(
        ("imports", "balita_imports"),
        """
        INSERT INTO imports (village_id, id, kind, filename, state, total, summary, created_by, created_at, applied_at)
        SELECT village_id, id, 'balita.measurements', filename, state, total,
            jsonb_build_object('ready', usable, 'same', greatest(total - usable - errors, 0), 'left_out', errors,
                'errors', 0, 'warnings', 0),
            created_by, created_at, CASE WHEN state = 'applied' THEN ended_at END
        FROM balita_imports WHERE state IN ('applied', 'undone', 'discarded')
        """,
    ):
        op.execute(statement)
    op.drop_table("balita_import_rows")
    op.execute("DROP TABLE balita_imports CASCADE")  # and with it the measurements' reference to it
    _refer("imports")


def downgrade() -> None:
    _imports()
    _import_rows()
    for table in ("balita_imports", "balita_import_rows"):
        for statement in policies(table):
            op.execute(statement)
    for statement in as_owner(
        ("imports", "balita_imports"),
        """
        INSERT INTO balita_imports
            (village_id, id, filename, state, total, usable, errors, created_by, created_at, ended_at)
        SELECT village_id, id, left(filename, 200), state, total, coalesce((summary ->> 'ready')::int, 0),
            coalesce((summary ->> 'left_out')::int, 0), created_by, created_at, coalesce(undone_at, applied_at)
        FROM imports WHERE kind = 'balita.measurements' AND state IN ('applied', 'undone', 'discarded')
        """,
    ):
        op.execute(statement)
    op.drop_constraint(REFERENCE, "balita_measurements")
    _refer("balita_imports")
    for statement in as_owner(
        ("imports", "import_findings"),
        """
        DELETE FROM import_findings f USING imports i
        WHERE i.village_id = f.village_id AND i.id = f.import_id AND i.kind = 'balita.measurements'
        """,
        "DELETE FROM imports WHERE kind = 'balita.measurements'",
    ):
        op.execute(statement)


def _refer(table: str) -> None:
    op.create_foreign_key(REFERENCE, "balita_measurements", table, ["village_id", "import_id"], ["village_id", "id"])


def _imports() -> None:
    op.create_table(
        "balita_imports",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, server_default="checked"),
        *(
            sa.Column(name, sa.Integer(), nullable=False, server_default="0")
            for name in ("total", "usable", "errors", "warnings")
        ),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _import_rows() -> None:
    op.create_table(
        "balita_import_rows",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("measured_on", sa.Date()),
        sa.Column("figures", JSONB(), nullable=False, server_default="{}"),
        sa.Column("findings", JSONB(), nullable=False, server_default="[]"),
        sa.ForeignKeyConstraint(["village_id", "import_id"], ["balita_imports.village_id", "balita_imports.id"]),
        sa.ForeignKeyConstraint(["village_id", "person_id"], ["persons.village_id", "persons.id"]),
        sa.UniqueConstraint("village_id", "import_id", "row_no", name="uq_balita_import_rows_row"),
        sa.PrimaryKeyConstraint("village_id", "id"),
    )
    op.create_index("ix_balita_import_rows_person_id", "balita_import_rows", ["village_id", "person_id"])
