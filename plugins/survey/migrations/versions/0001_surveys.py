"""Surveys, members and photos, each village's under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "survey_0001"
down_revision = None

TABLES = ("surveys", "members", "photos")


def upgrade() -> None:
    _surveys()
    _members()
    _photos()
    for table in TABLES:
        for statement in policies(f"survey_{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"survey_{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"survey_{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_survey_{table}_{columns[0]}", f"survey_{table}", ["village_id", *columns])


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


def _uuid(name: str, *, optional: bool = True) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def _text(name: str, length: int, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _moment(name: str, *, now: bool = False) -> sa.Column:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not now, server_default=default)


def _json(name: str, default: str) -> sa.Column:
    return sa.Column(name, JSONB(), nullable=False, server_default=default)


def _surveys() -> None:
    _table(
        "surveys",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _uuid("person_id", optional=False),
        _uuid("household_id"),
        _uuid("case_id"),
        _text("state", 16, "open"),
        _text("questionnaire", 16),
        _text("reason", 200, ""),
        _uuid("asked_by"),
        _moment("asked_at", now=True),
        _uuid("surveyor_id"),
        sa.Column("planned_on", sa.Date()),
        _json("answers", "{}"),
        _moment("saved_at"),
        _json("outcome", "{}"),
        sa.Column("done_on", sa.Date()),
        _moment("finalised_at"),
        _uuid("finalised_by"),
        _moment("signed_at"),
        _uuid("signed_by"),
        _text("returned", 200, ""),
        _moment("cancelled_at"),
        _uuid("cancelled_by"),
        _text("cancelled_reason", 200, ""),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        _reference("person_id", "persons"),
        _reference("household_id", "households"),
        _reference("case_id", "cases"),
        sa.UniqueConstraint("village_id", "year", "number", name="uq_survey_surveys_number"),
    )
    _index("surveys", "state", "planned_on", "id")
    _index("surveys", "person_id")
    _index("surveys", "household_id")
    _index("surveys", "case_id")


def _members() -> None:
    _table(
        "members",
        _uuid("survey_id", optional=False),
        _uuid("person_id"),
        sa.Column("place", sa.Integer(), nullable=False, server_default="0"),
        _json("answers", "{}"),
        _json("changes", "[]"),
        _reference("survey_id", "survey_surveys"),
        _reference("person_id", "persons"),
    )
    _index("members", "survey_id", "place")
    _index("members", "person_id")


def _photos() -> None:
    _table(
        "photos",
        _uuid("survey_id", optional=False),
        _text("shows", 16),
        sa.Column("sha256", sa.String(64)),
        _text("media_type", 32),
        _uuid("taken_by"),
        _moment("taken_at", now=True),
        _reference("survey_id", "survey_surveys"),
    )
    _index("photos", "survey_id")
