"""Service plans and visits, each village's under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "atensi_0001"
down_revision = None

TABLES = ("atensi_supports", "atensi_visits")


def upgrade() -> None:
    _table(
        "atensi_supports",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False, server_default=""),
        sa.Column("provider", sa.String(80), nullable=False, server_default=""),
        sa.Column("state", sa.String(12), nullable=False, server_default="planned"),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.CheckConstraint("state IN ('planned', 'delivered', 'ended')", name="state"),
    )
    op.create_index("ix_atensi_supports_case_id", "atensi_supports", ["village_id", "case_id"])
    _table(
        "atensi_visits",
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(80), nullable=False, server_default=""),
        sa.Column("condition", sa.String(600), nullable=False, server_default=""),
        sa.Column("next_on", sa.Date()),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
    )
    op.create_index("ix_atensi_visits_case_id", "atensi_visits", ["village_id", "case_id", "visited_on"])
    for table in TABLES:
        for statement in policies(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """Rows about a case of the same village."""
    op.create_table(
        name,
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["village_id", "case_id"], ["cases.village_id", "cases.id"]),
        sa.PrimaryKeyConstraint("village_id", "id"),
    )
