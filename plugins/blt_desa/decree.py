"""The two letters of a meeting, and what the kepala desa's signature under the decree sets in motion."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, update

from core.api import (
    Answer,
    Area,
    CaseError,
    IssuedLetter,
    Letter,
    db,
    find_village_letter,
    gettext,
    in_indonesian,
    issue_village_letter,
    letters_about,
    letters_about_all,
    record,
    revoke_village_letter,
    sign_village_letter,
    take_step,
)
from core.api import lazy_gettext as _

from .documents import meeting_values
from .meetings import candidates_of, touch
from .models import Meeting, Payment, Recipient
from .rules import rules
from .services import aid

PLUGIN = "blt_desa"
MINUTES = Letter(
    "minutes",
    _("Berita Acara Musyawarah Desa Khusus"),
    "blt_desa/minutes.typ",
    classification=rules.value("classification"),
)
DECREE = Letter(
    "decree", _("Keputusan Kepala Desa"), "blt_desa/decree.typ", classification=rules.value("classification")
)
LETTERS: Mapping[str, Letter] = {letter.key: letter for letter in (MINUTES, DECREE)}


def letters_of(meeting: Meeting) -> Sequence[IssuedLetter]:
    """Both letters with all their revoked versions, the latest first."""
    return letters_about(meeting.village_id, PLUGIN, meeting.id)


def decree_in_force(letters: Sequence[IssuedLetter]) -> IssuedLetter | None:
    """The signed decree that was not revoked."""
    return next((x for x in letters if x.key == "decree" and x.signed_at and not x.revoked_at), None)


def decrees_in_force(village_id: int, meeting_ids: Sequence[UUID]) -> dict[UUID, IssuedLetter]:
    """By the id of the meeting, from one query."""
    found = letters_about_all(village_id, PLUGIN, meeting_ids)
    return {x.object_id: x for x in found if x.key == "decree" and x.signed_at and not x.revoked_at and x.object_id}


def find_letter(village_id: int, letter_id: UUID) -> IssuedLetter | None:
    return find_village_letter(village_id, PLUGIN, letter_id)


def issue(area: Area, meeting: Meeting, letter: Letter) -> IssuedLetter:
    """Number and print a letter of a closed meeting, which the caller holds. The caller commits.

    Raises:
        CaseError: the meeting is open, the letter holds already, or nobody was accepted.
    """
    if meeting.closed_at is None:
        raise CaseError(gettext("Suratnya dapat dibuat setelah musdes ditutup."))
    candidates = candidates_of(meeting)
    if letter is DECREE and not any(c.decision == "accepted" for c in candidates):
        raise CaseError(gettext("Tidak ada keluarga yang diterima, jadi tidak ada yang ditetapkan."))
    minutes = next((x for x in letters_of(meeting) if x.key == "minutes" and not x.revoked_at), None)
    with in_indonesian():
        about = gettext("BLT Dana Desa %(year)s", year=meeting.year)
        values = meeting_values(meeting, candidates, minutes.reference if minutes else "")
    touch(meeting)
    return issue_village_letter(area, letter, meeting.id, about=about, values=values)


def sign(area: Area, meeting: Meeting, letter: IssuedLetter, permissions: frozenset[str]) -> None:
    """The paper is signed. With the decree each accepted family gets its months and its case moves on.

    Raises:
        CaseError: signed or revoked before, or a case cannot take its step. The caller commits.
    """
    sign_village_letter(letter)
    touch(meeting)
    if letter.key != "decree":
        return
    accepted = [c for c in candidates_of(meeting) if c.decision == "accepted" and c.case.state == "accepted"]
    for rank, candidate in enumerate(accepted, start=1):
        enlist(meeting, candidate.case_id, candidate.case.household_id, candidate.rank or rank, meeting.first_month)
    db.session.flush()
    note = gettext("SK %(reference)s", reference=letter.reference)
    for candidate in sorted(accepted, key=lambda c: c.case_id):
        take_step(area, candidate.case, aid, "decree", permissions, Answer(note=note))
    record("blt_desa.decreed", "meeting", meeting.id, reference=letter.reference, families=len(accepted))


def enlist(meeting: Meeting, case_id: UUID, household_id: UUID | None, rank: int, first_month: int) -> Recipient:
    """Put a family among those that are paid; a row that a revoked decree left behind is used again."""
    recipient = db.session.scalar(
        select(Recipient).where(
            Recipient.village_id == meeting.village_id,
            Recipient.meeting_id == meeting.id,
            Recipient.case_id == case_id,
        )
    ) or Recipient(village_id=meeting.village_id, meeting_id=meeting.id, case_id=case_id)
    recipient.household_id, recipient.rank, recipient.state = household_id, rank, "active"
    recipient.first_month, recipient.last_month = first_month, meeting.last_month
    db.session.add(recipient)
    return recipient


def revoke(area: Area, meeting: Meeting, letter: IssuedLetter, reason: str, permissions: frozenset[str]) -> None:
    """The letter no longer holds. A signed decree takes its families' months back, as long as nobody was paid.

    Raises:
        CaseError: no reason, revoked before, or the decree was carried out in part. The caller commits.
    """
    in_force = letter.key == "decree" and letter.signed_at is not None
    if in_force and (problem := _why_not_undone(meeting)):
        raise CaseError(problem)
    revoke_village_letter(letter, reason)
    touch(meeting)
    if not in_force:
        return
    every = Recipient.village_id == meeting.village_id, Recipient.meeting_id == meeting.id
    db.session.execute(update(Recipient).where(*every).values(state="void", version=Recipient.version + 1))
    db.session.expire_all()
    for candidate in sorted(candidates_of(meeting), key=lambda c: c.case_id):
        if candidate.decision == "accepted" and candidate.case.state == "receiving":
            take_step(area, candidate.case, aid, "undo_decree", permissions, Answer(note=reason))
    record("blt_desa.decree_revoked", "meeting", meeting.id, reference=letter.reference)


def _why_not_undone(meeting: Meeting) -> str | None:
    every = Recipient.village_id == meeting.village_id, Recipient.meeting_id == meeting.id
    paid = (
        select(Payment.id)
        .join(Recipient, (Recipient.village_id == Payment.village_id) & (Recipient.id == Payment.recipient_id))
        .where(*every, Payment.reversed_at.is_(None))
    )
    if db.session.scalar(paid.limit(1)) is not None:
        return gettext("Sudah ada pembayaran atas SK ini. Batalkan dulu pembayarannya.")
    if db.session.scalar(select(Recipient.id).where(*every, Recipient.state == "left").limit(1)) is not None:
        return gettext("Sudah ada keluarga yang berhenti atau diganti atas SK ini. Urungkan dulu.")
    return None
