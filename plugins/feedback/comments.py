"""What residents wrote, answered by the village: "you said, we did". Nothing is published that nobody has read."""

import re
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm.attributes import flag_modified

from core.api import PAGE_SIZE, CaseError, Page, db, gettext, now, paged, read_keys, record

from .models import FeedbackComment

SHOWN = ("waiting", "published", "withheld")
PUBLISHED = 10
MASK = "•••"
_RUN = re.compile(r"\+?\d(?:[ .\-]?\d){8,}")
PHONE, LONGEST_PHONE, NUMBERED = 9, 15, 13


def masked(text: str) -> str:
    """Without what looks like a NIK, a No. KK or an account (13 digits and more) or like a telephone number.

    Blanks, dots and dashes between the digits do not help. An amount of money stays: it begins with neither 0 nor 62.
    """
    return _RUN.sub(lambda found: MASK if _is_personal(found[0]) else found[0], text)


def _is_personal(run: str) -> bool:
    digits = "".join(c for c in run if c.isdigit())
    phone = digits.startswith(("0", "62")) and PHONE <= len(digits) <= LONGEST_PHONE
    return phone or len(digits) >= NUMBERED


def page_of(village_id: int, state: str, cursor: str | None) -> Page[FeedbackComment]:
    """Of the months the latest first; within a month in no order, since the order would tell who came when."""
    query = select(FeedbackComment).where(FeedbackComment.village_id == village_id, FeedbackComment.state == state)
    if after := read_keys(cursor, date.fromisoformat, UUID):
        query = query.where(tuple_(FeedbackComment.month, FeedbackComment.id) < after)
    order = (FeedbackComment.month.desc(), FeedbackComment.id.desc())
    rows = db.session.scalars(query.order_by(*order).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.month, row.id), cursor)


def published(village_id: int) -> Sequence[FeedbackComment]:
    """The latest answered, as the public page shows them."""
    return db.session.scalars(
        select(FeedbackComment)
        .where(FeedbackComment.village_id == village_id, FeedbackComment.state == "published")
        .order_by(FeedbackComment.month.desc(), FeedbackComment.id.desc())
        .limit(PUBLISHED)
    ).all()


def find(village_id: int, comment_id: UUID) -> FeedbackComment | None:
    return db.session.get(FeedbackComment, (village_id, comment_id))


def publish(comment: FeedbackComment, public_text: str, answer: str, *, by: UUID | None) -> None:
    """Show it with the village's answer; numbers that look personal are masked in both. The caller commits.

    Raises:
        CaseError: there is no answer, or nothing to show.
    """
    if not answer or not public_text:
        raise CaseError(gettext("Tulis jawabannya dulu: yang diumumkan adalah komentar bersama jawaban desa."))
    comment.public_text, comment.answer = masked(public_text), masked(answer)
    _decide(comment, "published", by)


def withhold(comment: FeedbackComment, answer: str, *, by: UUID | None) -> None:
    """Keep it for the desk; ``answer`` is a note for those who read it there. The caller commits."""
    comment.public_text, comment.answer = "", answer
    _decide(comment, "withheld", by)


def _decide(comment: FeedbackComment, state: str, by: UUID | None) -> None:
    flag_modified(comment, "state")
    comment.state, comment.decided_by, comment.decided_at = state, by, now()
    record(f"feedback.comment_{state}", "feedback_comment", comment.id)
