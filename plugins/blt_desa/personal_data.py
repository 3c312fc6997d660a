"""What the letters of a meeting keep of one resident: core's rule knows rows, and these lists are inside of letters.

The PDF of minutes and decree stays as it was signed: a decision of the village about all its families, which it must be
able to show (UU 43/2009). What is kept beside it, and goes on the public notice, is blanked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from core.api import Case, IssuedLetter, Person, db, letters_about_all, long_date, mask_nik

from .models import Candidate

PLUGIN = "blt_desa"
LISTS = ("accepted", "reserve", "not_chosen")
KEPT_OF_FAMILY = ("rank", "amount", "months")
GONE = "–"

Family = Mapping[str, str]


def told_in_letters(person: Person) -> dict[str, Any] | None:
    """The resident's lines in minutes and decrees, by the letter's number."""
    lines = [
        {"surat": letter.reference, "tanggal": long_date(letter.issued_on), **family}
        for letter in _letters_about(person)
        for family in _families(letter)
        if _is_about(family, person)
    ]
    return {"Berita acara dan SK": lines} if lines else None


def erase_in_letters(person: Person) -> None:
    for letter in _letters_about(person):
        letter.data = {
            **letter.data,
            **{key: [_without(family, person) for family in letter.data[key]] for key in LISTS if key in letter.data},
        }


def _letters_about(person: Person) -> list[IssuedLetter]:
    """Of the meetings that heard a case of the resident's."""
    meetings = db.session.scalars(
        select(Candidate.meeting_id)
        .join(Case, (Case.village_id == Candidate.village_id) & (Case.id == Candidate.case_id))
        .where(Candidate.village_id == person.village_id, Case.person_id == person.id)
        .distinct()
    ).all()
    return list(letters_about_all(person.village_id, PLUGIN, meetings)) if meetings else []


def _families(letter: IssuedLetter) -> Iterator[Family]:
    for key in LISTS:
        yield from letter.data.get(key, ())


def _is_about(family: Family, person: Person) -> bool:
    nik = mask_nik(person.nik) if person.nik else "belum ada"
    return (
        family["person"] == str(person.id)
        if "person" in family
        else (family["name"], family["nik"]) == (person.name, nik)
    )


def _without(family: Family, person: Person) -> Family:
    if not _is_about(family, person):
        return family
    return {key: value if key in KEPT_OF_FAMILY else GONE for key, value in family.items()}
