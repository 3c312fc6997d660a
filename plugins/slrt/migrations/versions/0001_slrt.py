"""Routes, what the district keeps of referrals, messages out and in, and figures by month, under the row-level rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "slrt_0001"
down_revision = None

TABLES = ("routes", "follow_ups", "notes", "forwards", "deliveries", "callbacks", "months")


def upgrade() -> None:
    _routes()
    _kept_of_referrals()
    _messages()
    _months()
    for table in TABLES:
        for statement in policies(f"slrt_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"slrt_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"slrt_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _about_referral(name: str, *parts: sa.Column | sa.Constraint) -> None:
    _table(
        name,
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["village_id", "case_id"], ["cases.village_id", "cases.id"]),
    )
    op.create_index(f"ix_slrt_{name}_case_id", f"slrt_{name}", ["village_id", "case_id"])


def _text(name: str, length: int, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _moment(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column:
    server_default = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=server_default)


def _count(name: str, default: str | None = "0") -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _routes() -> None:
    _table(
        "routes",
        _text("topic", 64),
        _text("level", 16),
        sa.Column("organisation_id", sa.Uuid()),
        _count("days", None),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False, server_default="true"),
        sa.Column("created_by", sa.Uuid()),
        _count("version", "1"),
        sa.UniqueConstraint("village_id", "topic", "level", "valid_from", name="uq_slrt_routes_from"),
    )


def _kept_of_referrals() -> None:
    _about_referral(
        "follow_ups",
        sa.Column("assigned_to", sa.Uuid()),
        _text("level", 16, ""),
        sa.Column("escalated_on", sa.Date()),
        _count("version", "1"),
        sa.UniqueConstraint("village_id", "referral_id", name="uq_slrt_follow_ups_referral"),
    )
    op.create_index("ix_slrt_follow_ups_assigned", "slrt_follow_ups", ["assigned_to", "village_id"])
    gone_up = sa.text("level <> ''")
    op.create_index("ix_slrt_follow_ups_level", "slrt_follow_ups", ["village_id"], postgresql_where=gone_up)
    _about_referral("notes", _moment("at", default="now()"), sa.Column("by", sa.Uuid()), _text("text", 1000))
    op.create_index("ix_slrt_notes_referral", "slrt_notes", ["village_id", "referral_id", "id"])
    _about_referral(
        "forwards",
        sa.Column("onward_id", sa.Uuid(), nullable=False),
        _moment("at", default="now()"),
        sa.UniqueConstraint("village_id", "onward_id", name="uq_slrt_forwards_onward"),
    )
    op.create_index("ix_slrt_forwards_referral", "slrt_forwards", ["village_id", "referral_id"])


def _messages() -> None:
    _about_referral(
        "deliveries",
        _text("event", 16),
        _moment("at"),
        _text("state", 16, "waiting"),
        _count("attempts"),
        sa.Column("status", sa.Integer()),
        _text("problem", 16, ""),
        _moment("next_at", nullable=True),
        _moment("done_at", nullable=True),
    )
    order = ["at", "village_id", "id"]
    failed = sa.text("state = 'failed'")
    op.create_index("ix_slrt_deliveries_at", "slrt_deliveries", order)
    op.create_index("ix_slrt_deliveries_failed", "slrt_deliveries", order, postgresql_where=failed)
    _about_referral(
        "callbacks",
        _text("delivery", 64),
        _text("digest", 64),
        _moment("at", default="now()"),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", JSONB(), nullable=False, server_default="{}"),
        sa.UniqueConstraint("village_id", "delivery", name="uq_slrt_callbacks_delivery"),
    )


def _months() -> None:
    counts = ("opened", "closed", "local", "sent", "answered", "refused", "returned", "overdue", "answer_days")
    _table(
        "months",
        sa.Column("month", sa.Date(), nullable=False),
        _text("sector", 16),
        *(_count(name) for name in counts),
        _moment("counted_at"),
        sa.UniqueConstraint("village_id", "month", "sector", name="uq_slrt_months_once"),
    )
    op.create_index("ix_slrt_months_month", "slrt_months", ["month", "village_id"])
