"""The visits, each village's under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "homevisit_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "homevisit_visits",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("visited_on", sa.Date()),
        sa.Column("visited_by", sa.Uuid()),
        sa.Column("finding", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("village_id", "id"),
        sa.ForeignKeyConstraint(["village_id", "person_id"], ["persons.village_id", "persons.id"]),
        sa.ForeignKeyConstraint(["village_id", "case_id"], ["cases.village_id", "cases.id"]),
    )
    op.create_index("ix_homevisit_visits_planned_on", "homevisit_visits", ["village_id", "planned_on", "id"])
    op.create_index("ix_homevisit_visits_person_id", "homevisit_visits", ["village_id", "person_id"])
    for statement in policies("homevisit_visits"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("homevisit_visits")
