"""Trainings, their materials and participants, and the villages' qualifications, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from core.api import policies

revision = "training_0001"
down_revision = None

TABLES = ("sessions", "materials", "participants", "qualifications")


def upgrade() -> None:
    _sessions()
    _materials()
    _participants()
    _table(
        "qualifications",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _text("service", 64, None),
        sa.Column("valid_until", sa.Date()),
        sa.UniqueConstraint("village_id", "user_id", "service", name="uq_training_qualifications_once"),
    )
    for table in TABLES:
        for statement in policies(f"training_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"training_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    op.create_table(
        f"training_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _of_session() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["village_id", "session_id"], ["training_sessions.village_id", "training_sessions.id"]
    )


def _sessions() -> None:
    _table(
        "sessions",
        _text("title", 120, None),
        sa.Column("services", ARRAY(sa.String()), nullable=False, server_default="{}"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        _text("place", 120, None),
        _text("trainer", 120, None),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer()),
        _text("notes", 600),
        _text("state", 16, "planned"),
        _text("reason", 600),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    )
    op.create_index("ix_training_sessions_day", "training_sessions", ["village_id", "day", "id"])


def _materials() -> None:
    _table(
        "materials",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        _text("title", 120, None),
        _text("link", 300),
        sa.Column("sha256", sa.String(64)),
        _text("media_type", 100),
        _of_session(),
    )
    op.create_index("ix_training_materials_session_id", "training_materials", ["village_id", "session_id"])


def _participants() -> None:
    _table(
        "participants",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("of_village", sa.BigInteger(), nullable=False),
        _text("name", 120, None),
        _text("place", 120, None),
        _text("answer", 16),
        _text("result", 16),
        sa.Column("token", sa.String(32)),
        sa.Column("valid_until", sa.Date()),
        sa.Column("revoked_on", sa.Date()),
        _text("revoked_why", 600),
        sa.UniqueConstraint("village_id", "session_id", "user_id", name="uq_training_participants_once"),
        _of_session(),
    )
    for column in ("user_id", "of_village"):
        op.create_index(f"ix_training_participants_{column}", "training_participants", ["village_id", column])
    op.create_index("ix_training_participants_token", "training_participants", ["village_id", "token"], unique=True)
