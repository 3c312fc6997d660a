"""Inviting to rate a finished case, and taking the marks in: once a case, and so that nobody can tell whose."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.exc import IntegrityError

from core.api import Case, CaseError, db, gettext, record

from .models import ELEMENTS, FeedbackAnswer, FeedbackComment, FeedbackInvitation, FeedbackRated
from .rulebook import display_rule

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which look alike in handwriting."""
LENGTH = 8


class RatedBefore(CaseError):
    """The case has its marks already."""

    def __init__(self) -> None:
        super().__init__(gettext("Layanan ini sudah dinilai. Satu layanan yang selesai dinilai satu kali saja."))


@dataclass(frozen=True)
class Said:
    """The marks (1–4) of U1 to U9, a comment, and what the respondent told of himself or herself, as codes."""

    marks: Sequence[int]
    comment: str = ""
    told: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Rateable:
    """A finished case as the pages of a respondent may know it."""

    case_id: UUID
    service: str


def may_be_rated(case: Case) -> bool:
    """A finished one, of a service that everybody at the desk may see.

    A restricted case is never asked about: a slip or a message in the house could tell of it to whom it is about.
    """
    return case.closed_at is not None and case.readers is None


def invite(case: Case, today: date, *, by: UUID | None) -> str:
    """Draw the code by which somebody may rate the case; an earlier one holds no longer. The caller commits.

    Raises:
        RatedBefore: it was rated.
        CaseError: it is not finished, or is not asked about.
    """
    check_open(case)
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    until = today + timedelta(days=display_rule(today).valid_days)
    found = db.session.scalar(
        select(FeedbackInvitation)
        .where(FeedbackInvitation.village_id == case.village_id, FeedbackInvitation.case_id == case.id)
        .with_for_update()
    )
    if found is None:
        found = FeedbackInvitation(village_id=case.village_id, case_id=case.id, created_by=by)
        db.session.add(found)
    found.token_hash, found.expires_on, found.created_by = _hash(case.village_id, drawn), until, by
    record("feedback.invited", "case", case.id, ticket=case.ticket)
    db.session.flush()
    return f"{drawn[:4]}-{drawn[4:]}"


def check_open(case: Case) -> None:
    """Raises: RatedBefore, or CaseError: it cannot be rated now, and why."""
    if case.closed_at is None:
        raise CaseError(gettext("Kasus ini belum selesai. Penilaian diminta sesudah kasus ditutup."))
    if not may_be_rated(case):
        raise CaseError(gettext("Kasus yang dibatasi tidak disurvei, agar tidak ada surat atau pesan tentangnya."))
    if is_rated(case.village_id, case.id):
        raise RatedBefore


def is_rated(village_id: int, case_id: UUID) -> bool:
    query = select(FeedbackRated.id).where(FeedbackRated.village_id == village_id, FeedbackRated.case_id == case_id)
    return db.session.scalar(query) is not None


def find_by_code(village_id: int, code: str, today: date) -> Rateable | None:
    """The case of a code that holds today; None for a wrong, replaced or expired one and for a reopened case alike.

    Raises:
        RatedBefore: the code was used.
    """
    row = db.session.execute(
        select(
            FeedbackInvitation.case_id, FeedbackInvitation.expires_on, Case.service, Case.closed_at, FeedbackRated.id
        )
        .join(Case, and_(Case.village_id == FeedbackInvitation.village_id, Case.id == FeedbackInvitation.case_id))
        .outerjoin(
            FeedbackRated,
            and_(
                FeedbackRated.village_id == FeedbackInvitation.village_id,
                FeedbackRated.case_id == FeedbackInvitation.case_id,
            ),
        )
        .where(
            FeedbackInvitation.village_id == village_id,
            FeedbackInvitation.token_hash == _hash(village_id, code),
            Case.readers.is_(None),
        )
    ).first()
    if row is None:
        return None
    if row.id is not None:
        raise RatedBefore
    return Rateable(row.case_id, row.service) if row.closed_at and row.expires_on >= today else None


def take(village_id: int, rated: Rateable, said: Said, channel: str, today: date) -> None:
    """Keep the marks, and apart from them that the case was rated. The caller commits.

    Raises:
        RatedBefore: somebody was faster; the database refuses a second row of one case.
    """
    try:
        with db.session.begin_nested():
            db.session.add(FeedbackRated(village_id=village_id, case_id=rated.case_id))
    except IntegrityError:
        raise RatedBefore from None
    month = today.replace(day=1)
    marks = dict(zip(ELEMENTS, said.marks, strict=True))
    told = dict(said.told or {})
    db.session.add(
        FeedbackAnswer(village_id=village_id, month=month, service=rated.service, channel=channel, **marks, **told)
    )
    if said.comment:
        db.session.add(FeedbackComment(village_id=village_id, month=month, text=said.comment))
    record("feedback.taken", "feedback_survey", f"{month:%Y-%m}", channel=channel)
    db.session.flush()


def plain(code: str) -> str:
    """As it was drawn, whatever blanks, dashes and small letters somebody types."""
    return "".join(c for c in code.upper() if c.isalnum())


def _hash(village_id: int, code: str) -> str:
    return hashlib.sha256(f"{village_id}:{plain(code)}".encode()).hexdigest()
