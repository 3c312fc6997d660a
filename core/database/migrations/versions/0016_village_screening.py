"""Screening a whole village."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database.rls import policies

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "screening_runs",
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("progress", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("residents", sa.Integer(), server_default="0", nullable=False),
        sa.Column("counts", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_screening_runs")),
    )
    op.create_index("ix_screening_runs_latest", "screening_runs", ["village_id", "created_at"])
    op.create_table(
        "screening_findings",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rw", sa.String(length=3), server_default="", nullable=False),
        sa.Column("rt", sa.String(length=3), server_default="", nullable=False),
        sa.Column("open_questions", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "run_id"],
            ["screening_runs.village_id", "screening_runs.id"],
            name=op.f("fk_screening_findings_village_id_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "person_id"],
            ["persons.village_id", "persons.id"],
            name=op.f("fk_screening_findings_village_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_screening_findings")),
    )
    op.create_index(
        "ix_screening_findings_list",
        "screening_findings",
        ["village_id", "run_id", "service", "open_questions", "rw", "rt", "id"],
    )
    op.create_index("ix_screening_findings_person_id", "screening_findings", ["village_id", "person_id"])
    for table in ("screening_runs", "screening_findings"):
        for statement in policies(table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("screening_findings")
    op.drop_table("screening_runs")
