"""Urgent cases stand first in every list of open ones."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_cases_open_due", "cases")
    by_urgency = ["village_id", sa.text("(priority <> 'urgent')"), "due_on", "id"]
    op.create_index("ix_cases_open_due", "cases", by_urgency, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_cases_open_due", "cases")
    op.create_index("ix_cases_open_due", "cases", ["village_id", "due_on", "id"], postgresql_where=OPEN)
