"""What differs from what is on record, for DTSEN: members, their schooling and work, the address, the house.

The records of the house are the household's last countersigned survey, since no register of the village has them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.api import Household, Person, gettext, long_date, mask_nik

from .models import SurveyMember
from .questionnaire import Questionnaire
from .questions import ROLES, SCHOOLING, STANDING
from .typed import Answers, in_words

OF_HOME = ("gate", "house", "spending", "work", "assets", "aid")
"""Sections of which a change since the last survey is told."""

SCHOOLED: Mapping[str, tuple[str, ...]] = {
    "none": ("tidak/belum sekolah", "tidak sekolah", "belum sekolah"),
    "below": ("belum tamat", "tidak tamat"),
    "sd": ("tamat sd", "sd"),
    "smp": ("sltp", "smp", "mts", "tamat smp"),
    "sma": ("slta", "sma", "smk", "ma", "tamat sma"),
    "higher": ("diploma", "akademi", "strata", "sarjana", "d1", "d2", "d3", "d4", "s1", "s2", "s3", "d-1"),
}
"""How the words of the civil registry begin, by the code of the questionnaire."""


@dataclass(frozen=True)
class Change:
    """``what`` was ``before`` on record and is ``now`` at the home; a dash for nothing."""

    what: str
    before: str
    now: str

    def store(self) -> list[str]:
        return [self.what, self.before, self.now]


def schooling_of(education: str) -> str | None:
    """The code for the registry's words, None for words that it does not have."""
    words = education.strip().lower()
    for code, starts in SCHOOLED.items():
        if any(words == start or words.startswith(f"{start}/") or words.startswith(f"{start} ") for start in starts):
            return code
    return None


def on_record(person: Person) -> dict[str, str]:
    """A resident as the answers of a member. Without NIK and illness: those are read at the door, and not passed on."""
    return {
        "standing": "here" if person.life_status == "alive" else "dead" if person.life_status == "dead" else "moved",
        "name": person.name,
        "role": person.family_role if person.family_role in ROLES else "other",
        "sex": person.sex,
        "born": person.birth_date.isoformat(),
        "schooling": schooling_of(person.education) or "",
        "occupation": person.occupation,
        "disability": person.disability,
    }


def family_changes(answers: Answers, household: Household | None) -> list[Change]:
    """The number of the card, the address and the place on the map. A NIK or KK is masked here."""
    return list(_family_changes(answers, household))


def _family_changes(answers: Answers, household: Household | None) -> Iterator[Change]:
    if household is None:
        yield Change(gettext("Keluarga"), "–", gettext("belum tercatat dalam satu KK"))
        return
    kk = _digits(answers.text("kk_number"))
    if kk and kk != household.kk_number:
        yield Change("No. KK", mask_nik(household.kk_number) or "–", mask_nik(kk))
    for key, held in (("address", household.address), ("rt", household.rt), ("rw", household.rw)):
        typed = answers.text(key)
        if typed and not _same(typed.lstrip("0"), held.lstrip("0")):
            yield Change(str(answers.questions[key].title), held or "–", typed)
    place = answers.place("location")
    if place and household.lat is None:
        yield Change(str(answers.questions["location"].title), "–", answers.text("location"))


def member_changes(answers: Answers, person: Person | None) -> list[Change]:
    """Of one member, answer by answer; of somebody who is not on record, that he or she lives here."""
    if person is None:
        born = answers.day("born")
        told = [str(ROLES.get(answers.text("role"), "")), long_date(born) if born else ""]
        return [Change(gettext("Anggota baru"), "–", ", ".join(part for part in told if part) or "–")]
    return list(_member_changes(answers, person))


def _member_changes(answers: Answers, person: Person) -> Iterator[Change]:
    questions, record = answers.questions, on_record(person)
    standing = answers.code("standing")
    if standing and standing != "here":
        yield Change(str(questions["standing"].title), str(STANDING["here"]), str(STANDING[standing]))
        return
    for key in ("name", "role", "sex", "born", "schooling", "occupation", "disability"):
        typed = answers.text(key)
        if typed and not _same(typed, record[key]):
            yield Change(
                str(questions[key].title), _told(answers, key, person, record), in_words(questions[key], typed)
            )
    nik = _digits(answers.text("nik"))
    if nik and nik != person.nik:
        yield Change("NIK", mask_nik(person.nik) or "–", mask_nik(nik))


def _told(answers: Answers, key: str, person: Person, record: Mapping[str, str]) -> str:
    if key == "schooling" and not record[key]:
        return person.education or "–"
    return in_words(answers.questions[key], record[key])


def since_last(
    questionnaire: Questionnaire, now: Mapping[str, Any], before: Mapping[str, Any], sections: Sequence[str] = OF_HOME
) -> list[Change]:
    """Answers of those sections that differ from an earlier survey; what only one of them has, differs too."""
    told: list[Change] = []
    for section in questionnaire.sections:
        for question in section.questions if section.key in sections else ():
            old, new = before.get(question.key), now.get(question.key)
            if (old or new) and not _same_answer(old, new):
                told.append(Change(str(question.title), in_words(question, old), in_words(question, new)))
    return told


def people_here(members: Sequence[SurveyMember]) -> list[SurveyMember]:
    """Those who live in the house, as far as the answers say."""
    return [member for member in members if member.answers.get("standing") == "here"]


def _same_answer(old: object, new: object) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        return set(map(str, old)) == set(map(str, new))
    return _same(old, new) if isinstance(old, str) and isinstance(new, str) else old == new


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def head_schooling(members: Sequence[SurveyMember]) -> str | None:
    """The code of the head's highest certificate; None where there is not exactly one head, or nobody said."""
    heads = [member for member in people_here(members) if member.answers.get("role") == "head"]
    found = heads[0].answers.get("schooling") if len(heads) == 1 else None
    return found if isinstance(found, str) and found in SCHOOLING else None
