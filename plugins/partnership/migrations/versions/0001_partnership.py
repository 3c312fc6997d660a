"""Partners with all that is known of them, meetings, reviews and kept scorecards, under the one rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.api import policies

revision = "partnership_0001"
down_revision = None

TABLES = (
    "partners",
    "agreements",
    "contributions",
    "barriers",
    "proposals",
    "meetings",
    "points",
    "invitations",
    "actions",
    "reviews",
    "scorecards",
)
PREFIX = "partnership_"


def upgrade() -> None:
    _partners()
    _given()
    _told()
    _meetings()
    _reviews()
    for table in TABLES:
        for statement in policies(f"{PREFIX}{table}"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"{PREFIX}{table}")


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    """A table that belongs to villages: its key is (village_id, id)."""
    op.create_table(
        f"{PREFIX}{name}",
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("village_id", "id"),
    )


def _index(table: str, name: str, *columns: str, where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(f"ix_{PREFIX}{table}_{name}", f"{PREFIX}{table}", list(columns), postgresql_where=condition)


def _id(name: str, *, needed: bool = True) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=not needed)


def _own(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["village_id", column], [f"{PREFIX}{table}.village_id", f"{PREFIX}{table}.id"])


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _day(name: str, *, needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=not needed)


def _moment(name: str, *, needed: bool = False, default: str | None = None) -> sa.Column:
    server_default = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed, server_default=server_default)


def _version() -> sa.Column:
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _json(name: str) -> sa.Column:
    return sa.Column(name, JSONB(), nullable=False, server_default="{}")


def _partners() -> None:
    _table(
        "partners",
        _id("organisation_id", needed=False),
        sa.Column("name", sa.String(120)),
        _text("kind", 16, "community"),
        _text("area_served", 120),
        _text("contact", 80),
        _text("phone", 20),
        _text("hours", 120),
        _text("note", 300),
        _day("ended_on"),
        _day("active_on"),
        _moment("active_seen_at"),
        _moment("created_at", needed=True, default="now()"),
        _version(),
        sa.UniqueConstraint("village_id", "organisation_id", name="uq_partnership_partners_village_id_organisation_id"),
        sa.UniqueConstraint("village_id", "name", name="uq_partnership_partners_village_id_name"),
    )
    _index("partners", "organisation_id", "organisation_id", "village_id")


def _given() -> None:
    _table(
        "agreements",
        _id("partner_id"),
        _text("title", 120, None),
        _text("number", 60),
        _text("our_role", 1500),
        _text("their_role", 1500),
        _text("state", 16, "draft"),
        _day("signed_on"),
        _text("our_signer", 80),
        _text("their_signer", 80),
        _day("valid_until"),
        _day("ended_on"),
        _text("ended_why", 300),
        sa.Column("sha256", sa.String(64)),
        sa.Column("media_type", sa.String(60)),
        _moment("created_at", needed=True, default="now()"),
        _version(),
        _own("partner_id", "partners"),
    )
    _index("agreements", "partner_id", "village_id", "partner_id")
    _index("agreements", "until", "village_id", "valid_until", where="state = 'signed'")
    _table(
        "contributions",
        _id("partner_id"),
        _text("kind", 16, None),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _day("given_on", needed=True),
        _text("note", 300),
        _id("created_by", needed=False),
        _own("partner_id", "partners"),
    )
    _index("contributions", "partner_id", "village_id", "partner_id", "given_on")


def _told() -> None:
    _table(
        "barriers",
        _id("partner_id", needed=False),
        _text("kind", 16, None),
        _text("source", 16, "clerk"),
        _text("text", 300, None),
        _text("owner", 80),
        _day("opened_on", needed=True),
        _day("resolved_on"),
        _text("resolution", 300),
        _id("created_by", needed=False),
        _version(),
        _own("partner_id", "partners"),
    )
    _index("barriers", "open", "village_id", "opened_on", "id", where="resolved_on IS NULL")
    _index("barriers", "opened", "village_id", "opened_on", "id")
    _table(
        "proposals",
        _id("partner_id", needed=False),
        _text("text", 300, None),
        _day("made_on", needed=True),
        _text("decision", 16),
        _day("decided_on"),
        _text("reason", 300),
        _version(),
        _own("partner_id", "partners"),
    )
    _index("proposals", "made", "village_id", "made_on", "id")


def _meetings() -> None:
    _table(
        "meetings",
        _day("month", needed=True),
        _day("held_on", needed=True),
        _text("starts_at", 5, "09:00"),
        _text("place", 120, None),
        _text("leader", 80),
        _text("secretary", 80),
        _text("state", 16, "planned"),
        _moment("closed_at"),
        _id("closed_by", needed=False),
        _version(),
        sa.UniqueConstraint("village_id", "month", name="uq_partnership_meetings_village_id_month"),
    )
    _index("meetings", "held", "village_id", "held_on", "id")
    _table(
        "points",
        _id("meeting_id"),
        _text("section", 40),
        _text("title", 120, None),
        _text("text", 300),
        _text("outcome", 1500),
        _own("meeting_id", "meetings"),
    )
    _index("points", "meeting_id", "village_id", "meeting_id", "id")
    _table(
        "invitations",
        _id("meeting_id"),
        _id("partner_id"),
        _text("answer", 16),
        _moment("answered_at"),
        sa.Column("present", sa.Boolean()),
        _text("who", 80),
        _own("meeting_id", "meetings"),
        _own("partner_id", "partners"),
        sa.UniqueConstraint(
            "village_id", "meeting_id", "partner_id", name="uq_partnership_invitations_village_id_meeting_id_partner_id"
        ),
    )
    _index("invitations", "partner_id", "village_id", "partner_id")
    _table(
        "actions",
        _id("meeting_id"),
        _id("partner_id", needed=False),
        _text("text", 300, None),
        _text("owner", 80, None),
        _day("due_on", needed=True),
        _day("done_on"),
        _version(),
        _own("meeting_id", "meetings"),
        _own("partner_id", "partners"),
    )
    _index("actions", "meeting_id", "village_id", "meeting_id")
    _index("actions", "partner_id", "village_id", "partner_id", "due_on")
    _index("actions", "open", "village_id", "due_on", "id", where="done_on IS NULL")


def _reviews() -> None:
    _table(
        "reviews",
        _id("partner_id"),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        _json("answers"),
        _text("comment", 1500),
        _text("side", 16, "partner"),
        _text("filled_by", 80),
        _moment("filled_at", needed=True),
        _version(),
        _own("partner_id", "partners"),
        sa.UniqueConstraint(
            "village_id", "partner_id", "year", name="uq_partnership_reviews_village_id_partner_id_year"
        ),
    )
    _table(
        "scorecards",
        _day("month", needed=True),
        _id("partner_id", needed=False),
        _id("organisation_id", needed=False),
        _json("figures"),
        _number("sent"),
        _number("answered"),
        _moment("made_at", needed=True),
        _own("partner_id", "partners"),
        sa.UniqueConstraint(
            "village_id",
            "month",
            "partner_id",
            name="uq_partnership_scorecards_village_id_month_partner_id",
            postgresql_nulls_not_distinct=True,
        ),
    )
    _index("scorecards", "month", "month", "organisation_id", "village_id")
