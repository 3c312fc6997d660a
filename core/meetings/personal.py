"""What the letters of meetings keep of one resident: core's rule knows rows, and these lines are inside of letters.

The PDF stays as it was signed: a decision of the village about all its families, which it must be able to show
(UU 43/2009). What is kept beside it, and goes on the public notice, is blanked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from core.cases.models import Case, LetterRecord
from core.database.session import db
from core.people.models import Person
from core.web.formats import long_date

from .letters import letters_of_all
from .models import MeetingCandidate

KEPT_OF_LINE = frozenset({"rank", "amount", "months"})
GONE = "–"


def told_in_letters(person: Person) -> list[dict[str, Any]]:
    """The resident's lines in the letters of meetings, each with the letter's number."""
    return [
        {gettext("surat"): letter.reference, gettext("tanggal"): long_date(letter.issued_on), **_readable(line)}
        for letter in _letters_about(person)
        for line in _lines(letter.data, str(person.id))
    ]


def erase_in_letters(person: Person) -> None:
    """Blank the resident's lines; a letter's other lines stay. The caller commits."""
    for letter in _letters_about(person):
        letter.data = _without(letter.data, str(person.id))
    db.session.flush()


def _letters_about(person: Person) -> list[LetterRecord]:
    """Of the meetings that heard a case of the resident's."""
    meetings = db.session.scalars(
        select(MeetingCandidate.meeting_id)
        .join(Case, (Case.village_id == MeetingCandidate.village_id) & (Case.id == MeetingCandidate.case_id))
        .where(MeetingCandidate.village_id == person.village_id, Case.person_id == person.id)
        .distinct()
    ).all()
    return list(letters_of_all(person.village_id, meetings)) if meetings else []


def _lines(value: Any, person_id: str) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if value.get("person") == person_id:
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _lines(part, person_id)


def _readable(line: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key != "person"}


def _without(value: Any, person_id: str) -> Any:
    if isinstance(value, Mapping):
        if value.get("person") == person_id:
            return {key: held if key in KEPT_OF_LINE else GONE for key, held in value.items()}
        return {key: _without(held, person_id) for key, held in value.items()}
    return [_without(part, person_id) for part in value] if isinstance(value, list) else value
