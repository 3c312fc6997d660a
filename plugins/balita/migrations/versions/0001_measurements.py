"""Measurements of children, supplementary food, and files of measurements, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "balita_0001"
down_revision = None

TABLES = ("imports", "measurements", "rations", "import_rows")


def upgrade() -> None:
    _imports()
    _measurements()
    _rations()
    _import_rows()
    for table in TABLES:
        for statement in policies(f"balita_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"balita_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"balita_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _count(name: str, default: str = "0") -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _created() -> tuple[sa.Column, sa.Column]:
    when = sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()"))
    return sa.Column("created_by", sa.Uuid()), when


def _imports() -> None:
    _table(
        "imports",
        _text("filename", 200, None),
        _text("state", 16, "checked"),
        _count("total"),
        _count("usable"),
        _count("errors"),
        _count("warnings"),
        *_created(),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        _count("version", "1"),
    )


def _measurements() -> None:
    _table(
        "measurements",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("weight_g", sa.Integer()),
        sa.Column("height_mm", sa.Integer()),
        _text("position", 8),
        sa.Column("head_mm", sa.Integer()),
        sa.Column("arm_mm", sa.Integer()),
        _text("vitamin_a", 8),
        _text("breastfed", 8),
        _text("immunisation", 200),
        _text("remark", 200),
        _text("measured_by", 80),
        sa.Column("looked_at", sa.Boolean(), nullable=False, server_default="false"),
        sa.Column("import_id", sa.Uuid()),
        *_created(),
        _count("version", "1"),
        _reference("person_id", "persons"),
        _reference("import_id", "balita_imports"),
        sa.UniqueConstraint("village_id", "person_id", "measured_on", name="uq_balita_measurements_day"),
    )
    op.create_index("ix_balita_measurements_import_id", "balita_measurements", ["village_id", "import_id"])


def _rations() -> None:
    _table(
        "rations",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        _text("food", 80, None),
        sa.Column("portions", sa.Integer(), nullable=False),
        _text("received_by", 80, None),
        _text("given_by", 80),
        *_created(),
        _reference("person_id", "persons"),
    )
    op.create_index("ix_balita_rations_person_id", "balita_rations", ["village_id", "person_id", "given_on"])
    op.create_index("ix_balita_rations_given_on", "balita_rations", ["village_id", "given_on"])


def _import_rows() -> None:
    _table(
        "import_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        _text("kind", 8, None),
        sa.Column("measured_on", sa.Date()),
        sa.Column("figures", JSONB(), nullable=False, server_default="{}"),
        sa.Column("findings", JSONB(), nullable=False, server_default="[]"),
        _reference("import_id", "balita_imports"),
        _reference("person_id", "persons"),
        sa.UniqueConstraint("village_id", "import_id", "row_no", name="uq_balita_import_rows_row"),
    )
    op.create_index("ix_balita_import_rows_person_id", "balita_import_rows", ["village_id", "person_id"])
