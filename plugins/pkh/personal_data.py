"""What the letter of a proposal keeps of each member: core's rule knows rows, and this list is inside of a letter.

The PDF stays as it was signed; what is kept beside it is blanked.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.api import IssuedLetter, Person, db, long_date

GONE = "–"

Line = Mapping[str, str]


def told_in_letters(person: Person) -> dict[str, Any] | None:
    """The resident's lines in proposals, by the letter's number."""
    lines = [
        {"surat": letter.reference, "tanggal": long_date(letter.issued_on), "komponen": line["component"]}
        for letter in _letters_that_name(person)
        for line in _lines(letter)
        if line["person"] == str(person.id)
    ]
    return {"Surat usulan PKH": lines} if lines else None


def erase_in_letters(person: Person) -> None:
    for letter in _letters_that_name(person):
        lines = [_without(line, person) for line in _lines(letter)]
        letter.data = {**letter.data, "own": {**letter.data["own"], "components": lines}}


def _letters_that_name(person: Person) -> Sequence[IssuedLetter]:
    named = {"own": {"components": [{"person": str(person.id)}]}}
    return db.session.scalars(
        select(IssuedLetter).where(IssuedLetter.village_id == person.village_id, IssuedLetter.data.contains(named))
    ).all()


def _lines(letter: IssuedLetter) -> Sequence[Line]:
    return letter.data["own"]["components"]


def _without(line: Line, person: Person) -> Line:
    return {**line, "name": GONE, "person": ""} if line["person"] == str(person.id) else line
