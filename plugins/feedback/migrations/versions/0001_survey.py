"""Invitations, rated cases, and apart from them marks and comments; actions with their history. Under the one rule."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "feedback_0001"
down_revision = None

ELEMENTS = tuple(f"u{number}" for number in range(1, 10))
TABLES = ("invitations", "rated", "answers", "comments", "actions", "action_entries")


def upgrade() -> None:
    _cases()
    _said()
    _actions()
    for table in TABLES:
        for statement in policies(f"feedback_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"feedback_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"feedback_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _moment(name: str, *, default: str | None = None) -> sa.Column:
    server_default = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=default is None, server_default=server_default)


def _version() -> sa.Column:
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


def _case() -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    reference = sa.ForeignKeyConstraint(["village_id", "case_id"], ["cases.village_id", "cases.id"])
    return sa.Column("case_id", sa.Uuid(), nullable=False), reference


def _cases() -> None:
    _table(
        "invitations",
        *_case(),
        _text("token_hash", 64, None),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.UniqueConstraint("village_id", "case_id", name="uq_feedback_invitations_case"),
        sa.UniqueConstraint("village_id", "token_hash", name="uq_feedback_invitations_token"),
    )
    _table("rated", *_case(), sa.UniqueConstraint("village_id", "case_id", name="uq_feedback_rated_case"))


def _said() -> None:
    marks = " AND ".join(f"{element} BETWEEN 1 AND 4" for element in ELEMENTS)
    _table(
        "answers",
        sa.Column("month", sa.Date(), nullable=False),
        _text("service", 64, None),
        _text("channel", 16, None),
        *(sa.Column(element, sa.SmallInteger(), nullable=False) for element in ELEMENTS),
        *(_text(name, 16) for name in ("sex", "age_group", "education", "work")),
        sa.CheckConstraint(marks, name="ck_feedback_answers_marks_of_one_to_four"),
    )
    op.create_index("ix_feedback_answers_month", "feedback_answers", ["village_id", "month"])
    _table(
        "comments",
        sa.Column("month", sa.Date(), nullable=False),
        _text("text", 1000, None),
        _text("state", 16, "waiting"),
        _text("public_text", 1000),
        _text("answer", 1000),
        sa.Column("decided_by", sa.Uuid()),
        _moment("decided_at"),
        _version(),
    )
    op.create_index("ix_feedback_comments_state", "feedback_comments", ["village_id", "state", "month", "id"])


def _actions() -> None:
    _table(
        "actions",
        _text("period", 16, None),
        sa.Column("element", sa.SmallInteger(), nullable=False),
        _text("what", 200, None),
        _text("who", 80, None),
        sa.Column("due_on", sa.Date(), nullable=False),
        _text("state", 16, "planned"),
        _text("outcome", 1000),
        _version(),
        sa.CheckConstraint("element BETWEEN 1 AND 9", name="ck_feedback_actions_element_of_nine"),
    )
    op.create_index("ix_feedback_actions_due", "feedback_actions", ["village_id", "due_on", "id"])
    _table(
        "action_entries",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        _moment("at", default="now()"),
        sa.Column("by", sa.Uuid()),
        _text("state", 16, None),
        sa.Column("due_on", sa.Date(), nullable=False),
        _text("text", 1000),
        sa.ForeignKeyConstraint(["village_id", "action_id"], ["feedback_actions.village_id", "feedback_actions.id"]),
    )
    op.create_index(
        "ix_feedback_action_entries_action_id", "feedback_action_entries", ["village_id", "action_id", "id"]
    )
