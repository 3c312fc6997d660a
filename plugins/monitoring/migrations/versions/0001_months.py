"""A village's figures of a month and its monthly reports, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "monitoring_0001"
down_revision = None

TABLES = ("monitoring_months", "monitoring_reports")


def upgrade() -> None:
    _table(
        "monitoring_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("figures", JSONB(), nullable=False),
        sa.Column("sections", JSONB(), nullable=False),
        sa.Column("detail", JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.UniqueConstraint("village_id", "month", name="uq_monitoring_months_month"),
    )
    _table(
        "monitoring_reports",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        _text("state", 16, "open"),
        sa.Column("content", JSONB(), nullable=False),
        _text("reason", 500),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("sent_by", sa.Uuid()),
        _text("sender_name", 120),
        sa.Column("returned_at", sa.DateTime(timezone=True)),
        _text("remark", 500),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.UniqueConstraint("village_id", "month", "edition", name="uq_monitoring_reports_edition"),
    )
    op.create_index("ix_monitoring_reports_month", "monitoring_reports", ["month", "village_id"])
    for table in TABLES:
        for statement in policies(table):
            op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _text(name: str, length: int, default: str = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)
