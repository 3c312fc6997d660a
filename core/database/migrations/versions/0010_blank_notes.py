"""The words of a timeline can be taken out, and not changed: for a resident whose data are erased."""

from alembic import op

from core.database.rls import HI, LO

revision = "0010"
down_revision = "0009"

TABLES = ("case_events", "referral_events")


def upgrade() -> None:
    within = f"village_id = {LO} AND village_id = {HI}"
    for table in TABLES:
        op.execute(
            f"CREATE POLICY {table}_update ON {table} FOR UPDATE USING ({within}) WITH CHECK ({within} AND note = '')"
        )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP POLICY {table}_update ON {table}")
