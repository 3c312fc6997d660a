"""Why somebody is the pengurus: what departs from the rule, or why the last one was replaced."""

import sqlalchemy as sa
from alembic import op

revision = "pkh_0002"
down_revision = "pkh_0001"


def upgrade() -> None:
    op.add_column("pkh_families", sa.Column("payee_note", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("pkh_families", "payee_note")
