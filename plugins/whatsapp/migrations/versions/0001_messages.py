"""Consents, messages and the webhook's days, under the row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "whatsapp_0001"
down_revision = None

TABLES = ("consents", "messages", "hook_days")


def upgrade() -> None:
    _consents()
    _messages()
    _hook_days()
    for table in TABLES:
        for statement in policies(f"whatsapp_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"whatsapp_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"whatsapp_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _moment(name: str, *, needed: bool = False, default: str | None = None) -> sa.Column:
    server_default = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed, server_default=server_default)


def _number(name: str, default: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _consents() -> None:
    table = "whatsapp_consents"
    _table(
        "consents",
        sa.Column("person_id", sa.Uuid()),
        sa.Column("phone", sa.String(15)),
        _text("how", 16, None),
        _moment("given_at", needed=True),
        sa.Column("given_by", sa.Uuid()),
        _moment("stopped_at"),
        _text("stopped_how", 16),
        sa.Column("stopped_by", sa.Uuid()),
        _number("version", "1"),
        _reference("person_id", "persons"),
    )
    op.create_index(
        "uq_whatsapp_consents_person",
        table,
        ["village_id", "phone", "person_id"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "uq_whatsapp_consents_phone",
        table,
        ["village_id", "phone"],
        unique=True,
        postgresql_where=sa.text("person_id IS NULL"),
    )
    op.create_index("ix_whatsapp_consents_person_id", table, ["village_id", "person_id"])
    op.create_index("ix_whatsapp_consents_given", table, ["village_id", "given_at", "id"])


def _messages() -> None:
    table = "whatsapp_messages"
    _table(
        "messages",
        sa.Column("person_id", sa.Uuid()),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("phone", sa.String(15)),
        _text("kind", 80, None),
        _text("template", 512, None),
        _text("language", 16, "id"),
        sa.Column("parameters", JSONB(), nullable=False, server_default="[]"),
        sa.Column("text", sa.String(), nullable=False, server_default=""),
        _text("reference", 80),
        _text("state", 16, "waiting"),
        _text("reason", 32),
        sa.Column("error_code", sa.Integer()),
        _text("trace", 80),
        _number("attempts", "0"),
        sa.Column("wamid", sa.String(160)),
        _moment("made_at", needed=True),
        sa.Column("made_by", sa.Uuid()),
        _moment("send_at", needed=True),
        _moment("claimed_at"),
        _moment("sent_at"),
        _moment("delivered_at"),
        _moment("read_at"),
        _moment("failed_at"),
        _moment("handled_at"),
        _number("version", "1"),
        _reference("person_id", "persons"),
        _reference("case_id", "cases"),
    )
    in_hand = sa.text("state IN ('waiting', 'sending')")
    unanswered = sa.text("state IN ('failed', 'unclear') AND handled_at IS NULL")
    made = ["village_id", "made_at", "id"]
    op.create_index("ix_whatsapp_messages_made", table, made)
    op.create_index("ix_whatsapp_messages_in_hand", table, ["village_id", "send_at", "id"], postgresql_where=in_hand)
    op.create_index("ix_whatsapp_messages_unanswered", table, made, postgresql_where=unanswered)
    op.create_index("ix_whatsapp_messages_wamid", table, ["wamid"])
    op.create_index("ix_whatsapp_messages_claimed", table, ["village_id", "claimed_at"])
    op.create_index("ix_whatsapp_messages_person_id", table, ["village_id", "person_id"])
    op.create_index("ix_whatsapp_messages_case_id", table, ["village_id", "case_id", "kind", "made_at"])


def _hook_days() -> None:
    _table(
        "hook_days",
        sa.Column("day", sa.Date(), nullable=False),
        _number("accepted", "0"),
        _number("refused", "0"),
        _number("unknown", "0"),
        _moment("updated_at", needed=True, default="now()"),
    )
