"""The plugin's tables: partners, what was agreed and given, what stands in the way, meetings and what came of them.

None of them is about a resident. An organisation of core's registry is named by its id alone: a village's rows refer to
none outside the village.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from core.api import KEPT, Base, Organisation, VillageOwned, village_reference

CODE, NAME, LINE, WORDS, PROSE = 16, 80, 120, 300, 1500
OPEN_BARRIER, OPEN_ACTION = text("resolved_on IS NULL"), text("done_on IS NULL")


def _code(default: str | None = None) -> Mapped[str]:
    if default is None:
        return mapped_column(String(CODE), info=KEPT)
    return mapped_column(String(CODE), default=default, server_default=default, info=KEPT)


def _text(length: int) -> Mapped[str]:
    return mapped_column(String(length), default="", server_default="")


class Partner(VillageOwned, Base):
    """Somebody the village works with: an organisation of the registry, or one that takes no referrals.

    Of an organisation name, kind, sector and telephone stand in core's registry, and ``name`` is None. ``active_on``
    is the last day on which it did something, as the night of ``active_seen_at`` found it: for lists over villages.
    """

    __tablename__ = "partnership_partners"
    __table_args__ = (
        UniqueConstraint("village_id", "organisation_id"),
        UniqueConstraint("village_id", "name"),
        Index("ix_partnership_partners_organisation_id", "organisation_id", "village_id"),
    )

    organisation_id: Mapped[UUID | None]
    name: Mapped[str | None] = mapped_column(String(LINE))
    kind: Mapped[str] = _code("community")
    area_served: Mapped[str] = _text(LINE)
    contact: Mapped[str] = _text(NAME)
    phone: Mapped[str] = _text(20)
    hours: Mapped[str] = _text(LINE)
    note: Mapped[str] = _text(WORDS)
    ended_on: Mapped[date | None]
    active_on: Mapped[date | None]
    active_seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation | None] = relationship(
        primaryjoin=lambda: foreign(Partner.organisation_id) == Organisation.id, viewonly=True
    )

    @property
    def title(self) -> str:
        return self.organisation.name if self.organisation else self.name or "–"

    @property
    def kind_code(self) -> str:
        """government, non_government or community."""
        return self.organisation.kind if self.organisation else self.kind

    @property
    def telephone(self) -> str:
        """The village's own number for it before that of the registry."""
        return self.phone or (self.organisation.phone if self.organisation else "")


class PartnerAgreement(VillageOwned, Base):
    """What both sides promised. ``state`` is draft, signed or ended; past ``valid_until`` a signed one has run out."""

    __tablename__ = "partnership_agreements"
    __table_args__ = (
        village_reference("partner_id", "partnership_partners"),
        Index("ix_partnership_agreements_partner_id", "village_id", "partner_id"),
        Index("ix_partnership_agreements_until", "village_id", "valid_until",
              postgresql_where=text("state = 'signed'")),
    )  # fmt: skip

    partner_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(LINE))
    number: Mapped[str] = _text(60)
    our_role: Mapped[str] = _text(PROSE)
    their_role: Mapped[str] = _text(PROSE)
    state: Mapped[str] = _code("draft")
    signed_on: Mapped[date | None]
    our_signer: Mapped[str] = _text(NAME)
    their_signer: Mapped[str] = _text(NAME)
    valid_until: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_why: Mapped[str] = _text(WORDS)
    sha256: Mapped[str | None] = mapped_column(String(64), info=KEPT)
    media_type: Mapped[str | None] = mapped_column(String(60), info=KEPT)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class PartnerContribution(VillageOwned, Base):
    """What a partner gave: ``amount`` in the unit of its ``kind`` (children measured, rupiah, hours …)."""

    __tablename__ = "partnership_contributions"
    __table_args__ = (
        village_reference("partner_id", "partnership_partners"),
        Index("ix_partnership_contributions_partner_id", "village_id", "partner_id", "given_on"),
    )

    partner_id: Mapped[UUID]
    kind: Mapped[str] = _code()
    amount: Mapped[int] = mapped_column(BigInteger)
    given_on: Mapped[date]
    note: Mapped[str] = _text(WORDS)
    created_by: Mapped[UUID | None]


class PartnerBarrier(VillageOwned, Base):
    """What stands in the way. ``source`` says who told of it; ``owner`` works on it."""

    __tablename__ = "partnership_barriers"
    __table_args__ = (
        village_reference("partner_id", "partnership_partners"),
        Index("ix_partnership_barriers_open", "village_id", "opened_on", "id", postgresql_where=OPEN_BARRIER),
        Index("ix_partnership_barriers_opened", "village_id", "opened_on", "id"),
    )

    partner_id: Mapped[UUID | None]
    kind: Mapped[str] = _code()
    source: Mapped[str] = _code("clerk")
    text: Mapped[str] = mapped_column(String(WORDS))
    owner: Mapped[str] = _text(NAME)
    opened_on: Mapped[date]
    resolved_on: Mapped[date | None]
    resolution: Mapped[str] = _text(WORDS)
    created_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class PartnerProposal(VillageOwned, Base):
    """What a partner proposes, or residents where there is none. ``decision`` is blank, adopted or rejected."""

    __tablename__ = "partnership_proposals"
    __table_args__ = (
        village_reference("partner_id", "partnership_partners"),
        Index("ix_partnership_proposals_made", "village_id", "made_on", "id"),
    )

    partner_id: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(String(WORDS))
    made_on: Mapped[date]
    decision: Mapped[str] = _code("")
    decided_on: Mapped[date | None]
    reason: Mapped[str] = _text(WORDS)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class PartnerMeeting(VillageOwned, Base):
    """The meeting about a month, whose first day ``month`` is. ``state`` is planned or closed."""

    __tablename__ = "partnership_meetings"
    __table_args__ = (
        UniqueConstraint("village_id", "month"),
        Index("ix_partnership_meetings_held", "village_id", "held_on", "id"),
    )

    month: Mapped[date]
    held_on: Mapped[date]
    starts_at: Mapped[str] = mapped_column(String(5), default="09:00", server_default="09:00", info=KEPT)
    place: Mapped[str] = mapped_column(String(LINE))
    leader: Mapped[str] = _text(NAME)
    secretary: Mapped[str] = _text(NAME)
    state: Mapped[str] = _code("planned")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def closed(self) -> bool:
        return self.state == "closed"


class PartnerMeetingPoint(VillageOwned, Base):
    """A point of the agenda, with what was said. ``section``: the module that brought it; blank: the village's own."""

    __tablename__ = "partnership_points"
    __table_args__ = (
        village_reference("meeting_id", "partnership_meetings"),
        Index("ix_partnership_points_meeting_id", "village_id", "meeting_id", "id"),
    )

    meeting_id: Mapped[UUID]
    section: Mapped[str] = mapped_column(String(40), default="", server_default="", info=KEPT)
    title: Mapped[str] = mapped_column(String(LINE))
    text: Mapped[str] = _text(WORDS)
    outcome: Mapped[str] = _text(PROSE)


class PartnerInvitation(VillageOwned, Base):
    """``answer`` is blank, yes or no, before the meeting; ``present`` is None until somebody was counted."""

    __tablename__ = "partnership_invitations"
    __table_args__ = (
        village_reference("meeting_id", "partnership_meetings"),
        village_reference("partner_id", "partnership_partners"),
        UniqueConstraint("village_id", "meeting_id", "partner_id"),
        Index("ix_partnership_invitations_partner_id", "village_id", "partner_id"),
    )

    meeting_id: Mapped[UUID]
    partner_id: Mapped[UUID]
    answer: Mapped[str] = _code("")
    answered_at: Mapped[datetime | None]
    present: Mapped[bool | None]
    who: Mapped[str] = _text(NAME)


class PartnerAction(VillageOwned, Base):
    """Something that a meeting decided to be done, by whom and until when."""

    __tablename__ = "partnership_actions"
    __table_args__ = (
        village_reference("meeting_id", "partnership_meetings"),
        village_reference("partner_id", "partnership_partners"),
        Index("ix_partnership_actions_meeting_id", "village_id", "meeting_id"),
        Index("ix_partnership_actions_partner_id", "village_id", "partner_id", "due_on"),
        Index("ix_partnership_actions_open", "village_id", "due_on", "id", postgresql_where=OPEN_ACTION),
    )

    meeting_id: Mapped[UUID]
    partner_id: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(String(WORDS))
    owner: Mapped[str] = mapped_column(String(NAME))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class PartnerReview(VillageOwned, Base):
    """A partner's own view of a year: ``answers`` are 1 to 5 by the statement's key. ``side``: partner or village."""

    __tablename__ = "partnership_reviews"
    __table_args__ = (
        village_reference("partner_id", "partnership_partners"),
        UniqueConstraint("village_id", "partner_id", "year"),
    )

    partner_id: Mapped[UUID]
    year: Mapped[int] = mapped_column(SmallInteger)
    answers: Mapped[dict] = mapped_column(default=dict, server_default="{}", info=KEPT)
    comment: Mapped[str] = _text(PROSE)
    side: Mapped[str] = _code("partner")
    filled_by: Mapped[str] = _text(NAME)
    filled_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class PartnerScorecard(VillageOwned, Base):
    """A closed month as it was counted at ``made_at``: of a partner, or of the village where there is none.

    ``figures``: by indicator, a pair of amount and what it is of. ``sent`` and ``answered`` stand apart for districts.
    """

    __tablename__ = "partnership_scorecards"
    __table_args__ = (
        village_reference("partner_id", "partnership_partners"),
        UniqueConstraint("village_id", "month", "partner_id", postgresql_nulls_not_distinct=True),
        Index("ix_partnership_scorecards_month", "month", "organisation_id", "village_id"),
    )

    month: Mapped[date]
    partner_id: Mapped[UUID | None]
    organisation_id: Mapped[UUID | None]
    figures: Mapped[dict] = mapped_column(default=dict, server_default="{}", info=KEPT)
    sent: Mapped[int] = mapped_column(default=0, server_default="0")
    answered: Mapped[int] = mapped_column(default=0, server_default="0")
    made_at: Mapped[datetime]
