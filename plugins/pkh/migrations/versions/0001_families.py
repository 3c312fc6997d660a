"""Families that are KPM, what their members count for, and their commitments, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "pkh_0001"
down_revision = None

TABLES = ("families", "members", "checks")


def upgrade() -> None:
    _families()
    _members()
    _checks()
    for table in TABLES:
        for statement in policies(f"pkh_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"pkh_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"pkh_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _families() -> None:
    _table(
        "families",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("since", sa.Date(), nullable=False),
        _text("participant", 40),
        _text("state", 16, "active"),
        sa.Column("left_on", sa.Date()),
        _text("left_why", 16),
        _text("left_note", 200),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        _reference("household_id", "households"),
        _reference("payee_id", "persons"),
        _reference("case_id", "cases"),
    )
    op.create_index(
        "uq_pkh_families_household",
        "pkh_families",
        ["village_id", "household_id"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index("ix_pkh_families_payee_id", "pkh_families", ["village_id", "payee_id"])


def _members() -> None:
    _table(
        "members",
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _text("component", 16, None),
        _text("place", 80),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        _reference("family_id", "pkh_families"),
        _reference("person_id", "persons"),
        sa.CheckConstraint("until >= since", name=op.f("ck_pkh_members_period")),
    )
    op.create_index("ix_pkh_members_family_id", "pkh_members", ["village_id", "family_id"])
    op.create_index("ix_pkh_members_person_id", "pkh_members", ["village_id", "person_id"])
    op.create_index(
        "uq_pkh_members_component",
        "pkh_members",
        ["village_id", "family_id", "person_id", "component"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )


def _checks() -> None:
    _table(
        "checks",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer()),
        sa.Column("excused", sa.Boolean(), nullable=False, server_default="false"),
        _text("note", 200),
        sa.Column("checked_by", sa.Uuid()),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        _reference("member_id", "pkh_members"),
        sa.UniqueConstraint("village_id", "member_id", "year", "month", name="uq_pkh_checks_month"),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_pkh_checks_month")),
        sa.CheckConstraint("excused OR value IS NOT NULL", name=op.f("ck_pkh_checks_says_something")),
    )
