"""What stands on the papers of a meeting: plain texts, Indonesian, and never a NIK in full."""

from collections.abc import Sequence
from typing import Any

from core.cases.models import Case, LetterRecord
from core.people.identity import mask_nik
from core.web.formats import day_and_date, long_date

from .declaration import DECISIONS, ELEMENTS, KINDS, RANKED
from .finding import attendees_of
from .hearing import Heard, Hearing
from .minutes import KEY, OWNER, in_force
from .models import Meeting


def address_of(case: Case, *, short: bool = False) -> str:
    """Where a family lives; short: RT and RW only, as a public notice has it."""
    household = case.household
    if household is None:
        return "–"
    place = f"RT {household.rt}/RW {household.rw}" if household.rt else "–"
    if short:
        return place
    return ", ".join(part for part in (household.address, household.hamlet, place) if part and part != "–") or "–"


def masked_nik(case: Case) -> str:
    """As a paper about many may say it; in words where the resident has none."""
    return mask_nik(case.person.nik) if case.person.nik else "belum ada"


def line_of(heard: Heard) -> dict[str, str]:
    """A case in the list of a letter. By its "person" the line is found when the resident's data are erased."""
    case = heard.case
    return {
        "person": str(case.person_id),
        "rank": str(heard.rank or "–"),
        "name": case.person.name,
        "nik": masked_nik(case),
        "address": address_of(case),
        "rt_rw": address_of(case, short=True),
        "reason": heard.reason or "–",
    }


def when_and_where(meeting: Meeting) -> dict[str, Any]:
    """For any letter about a meeting."""
    return {
        "kind": str(KINDS.get(meeting.kind, meeting.kind)),
        "day": day_and_date(meeting.held_on),
        "date": long_date(meeting.held_on),
        "time": meeting.starts_at.replace(":", "."),
        "place": meeting.place,
        "leader": meeting.leader,
        "secretary": meeting.secretary,
        "agenda": list(meeting.agenda_lines),
        "attendees": [[a.name, str(ELEMENTS.get(a.element, a.element))] for a in attendees_of(meeting)],
    }


def meeting_values(meeting: Meeting, heard: Sequence[Hearing]) -> dict[str, Any]:
    """For minutes and attendance list; made inside ``in_indonesian()``."""
    return {**when_and_where(meeting), "programmes": [_programme(hearing) for hearing in heard]}


def _programme(hearing: Hearing) -> dict[str, Any]:
    decisions = hearing.declared.outcomes if hearing.declared else DECISIONS
    return {
        "title": hearing.title,
        "facts": [list(fact) for fact in hearing.facts],
        "lists": [
            {
                "decision": key,
                "title": hearing.title_of(key),
                "lines": [line_of(heard) for heard in hearing.decided(key)],
            }
            for key in decisions
        ],
    }


# ---- the notice for all to read ----


def notice_values(meeting: Meeting, heard: Sequence[Hearing], letters: Sequence[LetterRecord]) -> dict[str, Any]:
    """Names and RT/RW of the accepted and the reserve, nothing else of a family; ``programmes`` may be empty."""
    return {
        "kind": str(KINDS.get(meeting.kind, meeting.kind)),
        "date": long_date(meeting.held_on),
        "place": meeting.place,
        "programmes": [
            _announced(hearing, reference)
            for hearing in heard
            if (reference := announced_by(hearing, letters)) is not None
        ],
    }


def announced_by(hearing: Hearing, letters: Sequence[LetterRecord]) -> str | None:
    """The number of the signed letter by which a programme's result is announced; None while it is not."""
    declared = hearing.declared
    if declared is None or not declared.announced:
        return None
    owner, key = (hearing.plugin, declared.letters[0].letter.key) if declared.letters else (OWNER, KEY)
    letter = in_force(letters, owner, key)
    return letter.reference if letter else None


def _announced(hearing: Hearing, reference: str) -> dict[str, Any]:
    told = ("rank", "name", "rt_rw")
    return {
        "title": hearing.title,
        "reference": reference,
        "facts": [list(fact) for fact in hearing.facts],
        "lists": [
            {
                "title": hearing.title_of(key),
                "lines": [{name: line_of(heard)[name] for name in told} for heard in hearing.decided(key)],
            }
            for key in RANKED
            if hearing.decided(key)
        ],
    }
