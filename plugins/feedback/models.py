"""The plugin's tables: who was invited, which case was rated, and, apart from both, the marks and the comments.

**No road leads from a mark to a case.** ``feedback_rated`` says that a case was rated and nothing else; the marks carry
no reference, the month instead of the day, and an id that is drawn (our usual ids begin with the time, and two rows
written in the same moment would find each other by them). A comment stands apart from the marks sent with it, since a
remark in somebody's own words may tell who wrote it.
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from core.api import KEPT, Base, VillageOwned, village_reference

CODE, LINE, WORDS = 16, 200, 1000
ELEMENTS = tuple(f"u{number}" for number in range(1, 10))


class DrawnKey(VillageOwned):
    """Mixin: ``VillageOwned`` with an id that is drawn and tells no time. Both columns, for the order of the key."""

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


class FeedbackInvitation(VillageOwned, Base):
    """A finished case may be rated with this token until the end of a day; a later one takes the place of the first."""

    __tablename__ = "feedback_invitations"
    __table_args__ = (
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "case_id", name="uq_feedback_invitations_case"),
        UniqueConstraint("village_id", "token_hash", name="uq_feedback_invitations_token"),
    )

    case_id: Mapped[UUID]
    token_hash: Mapped[str] = mapped_column(String(64), info=KEPT)
    expires_on: Mapped[date]
    created_by: Mapped[UUID | None]


class FeedbackRated(DrawnKey, Base):
    """That a case was rated: once, which the database sees to. Neither when nor how."""

    __tablename__ = "feedback_rated"
    __table_args__ = (
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "case_id", name="uq_feedback_rated_case"),
    )

    case_id: Mapped[UUID]


class FeedbackAnswer(DrawnKey, Base):
    """The nine marks (1–4) of somebody unknown; ``month`` is the first day of one. The codes only as far as told."""

    __tablename__ = "feedback_answers"
    __table_args__ = (
        CheckConstraint(
            " AND ".join(f"{element} BETWEEN 1 AND 4" for element in ELEMENTS), name="marks_of_one_to_four"
        ),
        Index("ix_feedback_answers_month", "village_id", "month"),
    )

    month: Mapped[date]
    service: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(CODE))
    u1: Mapped[int] = mapped_column(SmallInteger)
    u2: Mapped[int] = mapped_column(SmallInteger)
    u3: Mapped[int] = mapped_column(SmallInteger)
    u4: Mapped[int] = mapped_column(SmallInteger)
    u5: Mapped[int] = mapped_column(SmallInteger)
    u6: Mapped[int] = mapped_column(SmallInteger)
    u7: Mapped[int] = mapped_column(SmallInteger)
    u8: Mapped[int] = mapped_column(SmallInteger)
    u9: Mapped[int] = mapped_column(SmallInteger)
    sex: Mapped[str] = mapped_column(String(CODE), default="", server_default="")
    age_group: Mapped[str] = mapped_column(String(CODE), default="", server_default="")
    education: Mapped[str] = mapped_column(String(CODE), default="", server_default="")
    work: Mapped[str] = mapped_column(String(CODE), default="", server_default="")


class FeedbackComment(DrawnKey, Base):
    """What somebody unknown wrote. ``state`` is waiting, published (``public_text`` with ``answer``) or withheld."""

    __tablename__ = "feedback_comments"
    __table_args__ = (Index("ix_feedback_comments_state", "village_id", "state", "month", "id"),)

    month: Mapped[date]
    text: Mapped[str] = mapped_column(String(WORDS))
    state: Mapped[str] = mapped_column(String(CODE), default="waiting", server_default="waiting")
    public_text: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    answer: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class FeedbackAction(VillageOwned, Base):
    """What the village does about an element after a period (``2026-Q3``).

    ``state`` is planned, running, done or dropped.
    """

    __tablename__ = "feedback_actions"
    __table_args__ = (
        Index("ix_feedback_actions_due", "village_id", "due_on", "id"),
        CheckConstraint("element BETWEEN 1 AND 9", name="element_of_nine"),
    )

    period: Mapped[str] = mapped_column(String(CODE))
    element: Mapped[int] = mapped_column(SmallInteger)
    what: Mapped[str] = mapped_column(String(LINE))
    who: Mapped[str] = mapped_column(String(80))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(CODE), default="planned", server_default="planned")
    outcome: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def open(self) -> bool:
        return self.state in ("planned", "running")


class FeedbackActionEntry(VillageOwned, Base):
    """A line of an action's history: how it stood after a change, and what was said about it."""

    __tablename__ = "feedback_action_entries"
    __table_args__ = (
        village_reference("action_id", "feedback_actions"),
        Index("ix_feedback_action_entries_action_id", "village_id", "action_id", "id"),
    )

    action_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(CODE))
    due_on: Mapped[date]
    text: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
