"""A meeting's letters: the minutes, then what each programme adds. None is signed before the minutes are.

The minutes say what was decided, and every other letter rests on them: it names their number, so they are made first,
and they are revoked last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from core.areas.current import CurrentArea
from core.cases.catalogue import find_service
from core.cases.errors import CaseError
from core.cases.letter_values import in_indonesian
from core.cases.models import LetterRecord
from core.cases.service import Letter
from core.cases.village_letters import issue_village_letter, revoke_village_letter, sign_village_letter
from core.database.session import db

from .declaration import MeetingLetter
from .finding import candidates_of
from .hearing import Hearing, hearings
from .minutes import KEY, MINUTES, OWNER
from .models import Meeting
from .papers import meeting_values
from .planning import touch


@dataclass(frozen=True)
class Printable:
    """A letter that can be made of a meeting; ``problem`` says why not yet."""

    owner: str
    letter: Letter
    problem: str | None = None


def letters_of(meeting: Meeting) -> Sequence[LetterRecord]:
    """All letters of a meeting with all their revoked versions, the latest first."""
    return letters_of_all(meeting.village_id, [meeting.id])


def letters_of_all(village_id: int, meeting_ids: Iterable[UUID]) -> Sequence[LetterRecord]:
    """Of several meetings, from one query."""
    return db.session.scalars(
        select(LetterRecord)
        .where(LetterRecord.village_id == village_id, LetterRecord.object_id.in_(list(meeting_ids)))
        .order_by(LetterRecord.year.desc(), LetterRecord.number.desc())
    ).all()


def find_letter(meeting: Meeting, letter_id: UUID) -> LetterRecord | None:
    return next((letter for letter in letters_of(meeting) if letter.id == letter_id), None)


def meeting_of_letter(village_id: int, letter_id: UUID) -> UUID | None:
    """The meeting that a letter is about; None for any other letter."""
    return db.session.scalar(
        select(Meeting.id)
        .join(LetterRecord, (LetterRecord.village_id == Meeting.village_id) & (LetterRecord.object_id == Meeting.id))
        .where(Meeting.village_id == village_id, LetterRecord.id == letter_id)
    )


def meetings_among(village_id: int, object_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these ids are meetings, from one query."""
    return set(
        db.session.scalars(select(Meeting.id).where(Meeting.village_id == village_id, Meeting.id.in_(list(object_ids))))
    )


def minutes_of(letters: Sequence[LetterRecord]) -> LetterRecord | None:
    """The minutes that were not revoked."""
    return next((x for x in letters if x.plugin == OWNER and x.revoked_at is None), None)


def holding_letters(meeting: Meeting) -> list[str]:
    """The numbers of the meeting's letters that were not revoked: they say what must then not be changed."""
    return [letter.reference for letter in letters_of(meeting) if letter.revoked_at is None]


def letters_ever(meeting: Meeting) -> list[str]:
    """The numbers of all its letters, revoked ones too: they stay in the register, and so must what they are about."""
    return [letter.reference for letter in letters_of(meeting)]


def printable(meeting: Meeting, heard: Sequence[Hearing], letters: Sequence[LetterRecord]) -> list[Printable]:
    """What is still to be made of a closed meeting, the minutes first."""
    if meeting.closed_at is None:
        return []
    held = {(letter.plugin, letter.key) for letter in letters if letter.revoked_at is None}
    early = None if minutes_of(letters) else gettext("Setelah berita acara dibuat.")
    found = [Printable(OWNER, MINUTES[meeting.kind])]
    for hearing in heard:
        for added in _added(hearing):
            problem = added.obstacle(hearing) if added.obstacle else None
            found.append(Printable(hearing.plugin, added.letter, problem or early))
    return [letter for letter in found if (letter.owner, letter.letter.key) not in held]


def _added(hearing: Hearing) -> tuple[MeetingLetter, ...]:
    return hearing.declared.letters if hearing.declared else ()


def _entry(heard: Sequence[Hearing], owner: str, key: str) -> tuple[Hearing, MeetingLetter] | None:
    """The programme's letter and its part of the meeting; None where no programme of the meeting has it (any more)."""
    return next(
        ((h, added) for h in heard if h.plugin == owner for added in _added(h) if added.letter.key == key), None
    )


def is_known(meeting: Meeting, owner: str, key: str) -> bool:
    """Whether there is such a letter at all, of any programme that is installed."""
    if (owner, key) == (OWNER, KEY):
        return True
    services = (find_service(candidate.case.service) for candidate in candidates_of(meeting))
    return any(
        service.plugin == owner and any(added.letter.key == key for added in service.meeting.letters)
        for service in services
        if service and service.meeting
    )


def issue(area: CurrentArea, meeting: Meeting, owner: str, key: str) -> LetterRecord:
    """Number and print a letter of a closed meeting, which the caller holds. The caller commits.

    Raises:
        CaseError: the meeting is open, the letter holds already, the minutes are not there yet, or there is nothing to
            write about.
    """
    if meeting.closed_at is None:
        raise CaseError(gettext("Suratnya dapat dibuat setelah musdes ditutup."))
    heard = hearings(area, meeting, candidates_of(meeting), judged=False)
    if owner == OWNER:
        with in_indonesian():
            about, values = _programmes(heard), meeting_values(meeting, heard)
        touch(meeting)
        return issue_village_letter(area, MINUTES[meeting.kind], meeting.id, about=about, values=values)
    entry = _entry(heard, owner, key)
    if entry is None:
        raise CaseError(gettext("Program itu tidak dibahas dalam musdes ini."))
    hearing, added = entry
    if added.obstacle and (problem := added.obstacle(hearing)):
        raise CaseError(problem)
    minutes = minutes_of(letters_of(meeting))
    if minutes is None:
        raise CaseError(gettext("Buat dulu berita acaranya: surat ini menyebut nomornya."))
    with in_indonesian():
        about, values = added.about(hearing), dict(added.values(hearing, minutes.reference))
    touch(meeting)
    return issue_village_letter(area, added.letter, meeting.id, about=about, values=values)


def _programmes(heard: Sequence[Hearing]) -> str:
    return ", ".join(hearing.title for hearing in heard)


def why_not_signed(letter: LetterRecord, letters: Sequence[LetterRecord]) -> str | None:
    """Why a letter cannot be signed yet; None when it can, or has been."""
    minutes = minutes_of(letters)
    if letter.plugin == OWNER or (minutes and minutes.signed_at):
        return None
    return gettext("Tanda tangani dulu berita acaranya: surat ini didasarkan padanya.")


def sign(area: CurrentArea, meeting: Meeting, letter: LetterRecord, permissions: frozenset[str]) -> None:
    """The paper is signed; what that sets in motion is the programme's. The caller commits.

    Raises:
        CaseError: signed or revoked before, the minutes are not signed, or the programme cannot go on.
    """
    if problem := why_not_signed(letter, letters_of(meeting)):
        raise CaseError(problem)
    sign_village_letter(letter)
    touch(meeting)
    entry = _entry(hearings(area, meeting, candidates_of(meeting), judged=False), letter.plugin or "", letter.key)
    if entry and entry[1].signed:
        entry[1].signed(area, entry[0], letter, permissions)


def revoke(area: CurrentArea, meeting: Meeting, letter: LetterRecord, reason: str, permissions: frozenset[str]) -> None:
    """The letter no longer holds. The caller commits, and asks ``may_revoke`` before.

    Raises:
        CaseError: no reason, revoked before, other letters rest on the minutes, or the programme says that it is too
            late.
    """
    if letter.plugin == OWNER:
        resting = [x.reference for x in letters_of(meeting) if x.plugin != OWNER and x.revoked_at is None]
        if resting:
            raise CaseError(
                gettext(
                    "Cabut dulu surat yang didasarkan pada berita acara ini: %(letters)s.", letters=", ".join(resting)
                )
            )
    was_signed = letter.signed_at is not None
    revoke_village_letter(letter, reason)
    touch(meeting)
    entry = _entry(hearings(area, meeting, candidates_of(meeting), judged=False), letter.plugin or "", letter.key)
    if was_signed and entry and entry[1].revoked:
        entry[1].revoked(area, entry[0], letter, reason, permissions)
