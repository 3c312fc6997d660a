"""Closing a meeting moves all its cases at once, through the steps of their workflow; reopening takes it back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from core.api import Answer, Area, CaseError, db, gettext, letters_about, long_date, now, record, take_step, today

from .meetings import attendees_of, candidates_of, touch
from .models import Attendee, Candidate, Meeting
from .rules import ELEMENTS, rule_of_year
from .screening import period_warnings
from .services import aid

# What was decided → the step of the case's workflow, where it leads, and the step back.
STEPS: Mapping[str, tuple[str, str, str]] = {
    "accepted": ("accept", "accepted", "undo_decision"),
    "reserve": ("set_aside", "reserve", "undo_decision"),
    "not_chosen": ("not_choose", "not_chosen", "reconsider"),
}


def obstacles(
    area: Area, meeting: Meeting, candidates: Sequence[Candidate], attendees: Sequence[Attendee]
) -> list[str]:
    """What must be done before the meeting can be closed, each with how."""
    found: list[str] = []
    if meeting.held_on > today(area.timezone):
        found.append(gettext("Musdesnya baru berlangsung %(date)s.", date=long_date(meeting.held_on)))
    if not attendees:
        found.append(gettext("Daftar hadir masih kosong. Catat siapa yang hadir."))
    if not candidates:
        found.append(gettext("Belum ada calon. Masukkan keluarga yang dibahas."))
    undecided = [c.case.person.name for c in candidates if c.decision not in STEPS]
    if undecided:
        found.append(gettext("Belum diputuskan: %(names)s.", names=", ".join(undecided)))
    if unexplained := [c.case.person.name for c in candidates if c.decision == "not_chosen" and not c.reason]:
        found.append(gettext("Alasannya belum ditulis: %(names)s.", names=", ".join(unexplained)))
    if gone := [c.case.ticket for c in candidates if c.case.state != "candidate"]:
        found.append(gettext("Kasusnya bukan calon lagi: %(tickets)s. Keluarkan dari daftar.", tickets=", ".join(gone)))
    return found + [
        gettext("Peringkat %(rank)s dipakai lebih dari satu keluarga.", rank=rank) for rank in double_ranks(candidates)
    ]


def double_ranks(candidates: Sequence[Candidate]) -> list[int]:
    ranks = Counter((c.decision, c.rank) for c in candidates if c.rank is not None)
    return sorted({rank for (_decision, rank), times in ranks.items() if times > 1 and rank is not None})


def warnings(meeting: Meeting, candidates: Sequence[Candidate], attendees: Sequence[Attendee]) -> list[str]:
    """What departs from the rules, but is the village's to answer for."""
    found = period_warnings(meeting)
    rule = rule_of_year(meeting.year, meeting.first_month)
    present = {attendee.element for attendee in attendees}
    missing = [str(ELEMENTS.get(key, key)) for key in (rule.elements if rule else ()) if key not in present]
    if attendees and missing:
        found.append(gettext("Unsur yang belum tercatat hadir: %(elements)s.", elements=", ".join(missing)))
    if candidates and not any(c.decision in ("accepted", "") for c in candidates):
        found.append(gettext("Tidak satu pun calon diterima."))
    return found


def close_meeting(area: Area, meeting: Meeting, permissions: frozenset[str], by: UUID | None) -> None:
    """All cases take their step, or none does. The caller commits.

    Raises:
        CaseError: something is missing, or a case cannot take its step.
    """
    candidates, attendees = candidates_of(meeting), attendees_of(meeting)
    if problems := obstacles(area, meeting, candidates, attendees):
        raise CaseError(" ".join(problems))
    for key in ("accepted", "reserve"):
        for rank, candidate in enumerate((c for c in candidates if c.decision == key), start=1):
            candidate.rank = rank
    meeting.closed_at, meeting.closed_by = now(), by
    db.session.flush()
    for candidate in sorted(candidates, key=lambda c: c.case_id):
        step, _state, _back = STEPS[candidate.decision]
        take_step(area, candidate.case, aid, step, permissions, Answer(note=_note(meeting, candidate)))
    record("blt_desa.meeting_closed", "meeting", meeting.id, **Counter(c.decision for c in candidates))


def _note(meeting: Meeting, candidate: Candidate) -> str:
    """What the case's timeline says."""
    parts = [gettext("Musdes %(date)s", date=long_date(meeting.held_on))]
    if candidate.rank:
        parts.append(gettext("peringkat %(rank)s", rank=candidate.rank))
    if candidate.reason:
        parts.append(candidate.reason)
    return ", ".join(parts)


def holding_letters(meeting: Meeting) -> list[str]:
    """The numbers of the meeting's letters that were not revoked: they say what must then not be changed."""
    letters = letters_about(meeting.village_id, "blt_desa", meeting.id)
    return [letter.reference for letter in letters if letter.revoked_at is None]


def letters_ever(meeting: Meeting) -> list[str]:
    """The numbers of all its letters, revoked ones too: they stay in the register, and so must what they are about."""
    return [letter.reference for letter in letters_about(meeting.village_id, "blt_desa", meeting.id)]


def reopen_meeting(area: Area, meeting: Meeting, permissions: frozenset[str], reason: str) -> None:
    """Its cases are candidates again; one that went elsewhere meanwhile stays where it is. The caller commits.

    Raises:
        CaseError: it is open, or a letter of it holds.
    """
    if meeting.closed_at is None:
        raise CaseError(gettext("Musdes ini belum ditutup."))
    if held := holding_letters(meeting):
        raise CaseError(gettext("Cabut dulu surat yang masih berlaku: %(letters)s.", letters=", ".join(held)))
    meeting.closed_at = meeting.closed_by = None
    touch(meeting)
    db.session.flush()
    for candidate in sorted(candidates_of(meeting), key=lambda c: c.case_id):
        _step, state, back = STEPS[candidate.decision]
        if candidate.case.state == state:
            take_step(area, candidate.case, aid, back, permissions, Answer(note=reason))
    record("blt_desa.meeting_reopened", "meeting", meeting.id)
