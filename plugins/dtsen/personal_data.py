"""What the statements of a month keep of one resident: core's rule knows rows, and these lists are inside of letters.

The PDF stays as it was signed, a statement of the village about all its proposals; what is kept beside it is blanked.
"""

from typing import Any

from sqlalchemy import select

from core.api import Case, IssuedLetter, Person, db, letters_about_all, long_date

from .models import DtsenMonthCase

PLUGIN = "dtsen"
GONE = "–"


def told_in_statements(person: Person) -> dict[str, Any] | None:
    """The resident's lines, by the letter's number."""
    lines = [
        {"surat": letter.reference, "tanggal": long_date(letter.issued_on), **line}
        for letter in _statements_about(person)
        for line in letter.data.get("lines", ())
        if line.get("person") == str(person.id)
    ]
    return {"SPTJM DTSEN": lines} if lines else None


def erase_in_statements(person: Person) -> None:
    for letter in _statements_about(person):
        lines = letter.data.get("lines", ())
        letter.data = {**letter.data, "lines": [_without(line, person) for line in lines]}


def _without(line: dict[str, str], person: Person) -> dict[str, str]:
    return dict.fromkeys(line, GONE) if line.get("person") == str(person.id) else line


def _statements_about(person: Person) -> list[IssuedLetter]:
    """Of the months in which a case of the resident's was ever named."""
    months = db.session.scalars(
        select(DtsenMonthCase.month_id)
        .join(Case, (Case.village_id == DtsenMonthCase.village_id) & (Case.id == DtsenMonthCase.case_id))
        .where(DtsenMonthCase.village_id == person.village_id, Case.person_id == person.id)
        .distinct()
    ).all()
    return list(letters_about_all(person.village_id, PLUGIN, months)) if months else []
