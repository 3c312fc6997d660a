"""Cases of a restricted service are seen by those who may, and the database knows who."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database.rls import HI, LO, restricted_cases

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("cases", sa.Column("readers", postgresql.ARRAY(sa.Text()), nullable=True))
    for statement in restricted_cases():
        op.execute(statement)


def downgrade() -> None:
    """Raises: RuntimeError: there are restricted cases, which everybody would see then."""
    op.execute("SET LOCAL puskesos.lo = '0'; SET LOCAL puskesos.hi = '9999999999'; SET LOCAL puskesos.keys = '{*}'")
    if op.get_bind().scalar(sa.text("SELECT 1 FROM cases WHERE readers IS NOT NULL LIMIT 1")):
        raise RuntimeError("there are restricted cases; the version before 0015 would show them to everybody")
    op.execute(f"ALTER POLICY cases_select ON cases USING (village_id BETWEEN {LO} AND {HI})")
    for command in ("update", "delete"):
        op.execute(f"ALTER POLICY cases_{command} ON cases USING (village_id = {LO} AND village_id = {HI})")
    op.drop_column("cases", "readers")
