"""Who may be the same person, and who is certainly not."""

import random
from collections import defaultdict
from datetime import date
from itertools import combinations
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from core.people.duplicates import SIMILAR, Candidate, Register, name_key, probable_duplicates
from core.people.synthetic import residents

BORN = date(1990, 7, 15)
NIK, OTHER_NIK = "3201155507900001", "3201155507900002"
KK = "3201151507100001"


def reasons(a: Candidate, b: Candidate) -> list[str]:
    """Why the two may be one person; the same from either side."""
    there, back = probable_duplicates(a, [b]), probable_duplicates(b, [a])
    assert [m.reasons for m in there] == [m.reasons for m in back]
    assert [m.score for m in there] == [m.score for m in back]
    return [str(reason) for match in there for reason in match.reasons]


def person(id_: int, name: str = "Siti Aminah", **known: object) -> Candidate:
    return Candidate(id_, name, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SITI AMINAH", "siti  aminah"),
        ("H. Ahmad", "AHMAD"),
        ("HJ. SITI AMINAH", "SITI AMINAH"),
        ("ALM. UJANG SUTISNA", "UJANG SUTISNA"),
        ("UJANG BIN SUTISNA", "UJANG SUTISNA"),
        ("NENG BINTI OMAN", "NENG OMAN"),
        ("Drs. H. Asep Hidayat, M.Si.", "ASEP HIDAYAT"),
        ("SOEKARNO", "SUKARNO"),
        ("DJOKO", "JOKO"),
        ("TJUTJU", "CUCU"),
        ("SJARIF", "SYARIF"),
        ("YANI", "IANI"),
        ("MUHAMMAD RIZKI", "MUHAMAD RIZKI"),
        ("MUHAMMAD RIZKI", "M. RIZKI"),
        ("MOCH. RIZKI", "MUH RIZKI"),
        ("ACHMAD", "AHMAD"),
        ("NURHASANNAH", "NURHASANAH"),
        ("NUR HAYATI", "NURHAYATI"),
        ("MA'MUN", "MAMUN"),
        ("Andréas", "ANDREAS"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("SITI AMINAH", "SITI AISYAH"), ("HASAN", "HUSEN"), ("RINA", "RINI"), ("ASEP", "UJANG")]
)
def test_different_names_keep_different_keys(one: str, other: str):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("title", ["HAJI", "H.", "R", "NY."])
def test_a_name_that_is_only_a_title_does_not_become_blank(title: str):
    assert name_key(title) != ""


@given(st.text())
def test_a_key_is_capitals_of_a_bounded_length_and_never_raises(name: str):
    key = name_key(name)
    assert key == "" or (key.isascii() and key.isalpha() and key.isupper())
    assert len(key) <= 120


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        (person(1, "Asep", nik=NIK), person(2, "Ujang", nik=NIK), ["NIK sama"]),
        (person(1, birth_date=BORN), person(2, birth_date=BORN), ["nama sama dan tanggal lahir sama"]),
        (person(1, birth_date=BORN), person(2, "SITI AMINNAH", birth_date=BORN), ["nama sama dan tanggal lahir sama"]),
        (person(1, birth_date=BORN), person(2, "Siti Amina", birth_date=BORN), ["nama mirip dan tanggal lahir sama"]),
        (
            person(1, birth_date=BORN, nik=NIK, mother_name="Euis"),
            person(2, birth_date=BORN, mother_name="EUIS"),
            ["nama sama dan tanggal lahir sama", "nama sama dan nama ibu sama"],
        ),
        (person(1, mother_name="Euis"), person(2, mother_name="EUIS"), ["nama sama dan nama ibu sama"]),
        (
            person(1, mother_name="Euis", birth_date=date(1990, 5, 4)),
            person(2, mother_name="Euis", birth_date=date(1990, 4, 5)),
            ["nama sama dan nama ibu sama"],
        ),
        (person(1, kk_number=KK), person(2, kk_number=KK), ["nama sama dan No. KK sama"]),
        (
            person(1, "Siti", birth_date=BORN, mother_name="Euis"),
            person(2, "Siti Aminah", birth_date=BORN, mother_name="Euis"),
            ["sebagian nama sama dan tanggal lahir sama"],
        ),
        (
            person(1, birth_date=BORN, nik=NIK),
            person(2, birth_date=BORN, nik=OTHER_NIK),
            ["nama sama dan tanggal lahir sama", "tetapi NIK berbeda"],
        ),
    ],
)
def test_these_may_be_one_person_and_the_reasons_are_told(a: Candidate, b: Candidate, why: list[str]):
    assert reasons(a, b) == why


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(person(1), person(2), id="a name alone is no evidence"),
        pytest.param(person(1, birth_date=BORN), person(2, "Ujang", birth_date=BORN), id="nor is a birth date"),
        pytest.param(
            person(1, "Siti", birth_date=BORN), person(2, "Siti Aminah", birth_date=BORN),
            id="part of a name needs the mother or the family",
        ),
        pytest.param(
            person(1, "Hasan", birth_date=BORN, mother_name="Euis", kk_number=KK),
            person(2, "Husen", birth_date=BORN, mother_name="Euis", kk_number=KK),
            id="twins",
        ),
        pytest.param(
            person(1, "Siti Aminah", birth_date=BORN, mother_name="Euis", kk_number=KK, nik=NIK),
            person(2, "Siti Aminih", birth_date=BORN, mother_name="Euis", kk_number=KK, nik=OTHER_NIK),
            id="twins with nearly one name, told apart by their NIK",
        ),
        pytest.param(
            person(1, "Rina", birth_date=date(2010, 1, 2), kk_number=KK),
            person(2, "Rini", birth_date=date(2012, 3, 4), kk_number=KK),
            id="sisters",
        ),
        pytest.param(
            person(1, mother_name="Euis", birth_date=date(1990, 7, 15)),
            person(2, mother_name="Euis", birth_date=date(1961, 2, 3)),
            id="birth dates that no single slip explains",
        ),
        pytest.param(
            person(1, mother_name="Euis", nik=NIK, birth_date=BORN),
            person(2, mother_name="Euis", nik=OTHER_NIK, birth_date=date(1990, 7, 16)),
            id="two NIK and two birth dates",
        ),
    ],
)  # fmt: skip
def test_these_are_two_people(a: Candidate, b: Candidate):
    assert reasons(a, b) == []


def test_a_blank_never_matches_a_blank():
    blanks = {"nik": "", "birth_date": None, "mother_name": " ", "kk_number": ""}
    assert reasons(person(1, **blanks), person(2, **blanks)) == []
    assert reasons(person(1, nik=None), person(2, nik=None)) == []
    assert reasons(person(1, "", birth_date=BORN, kk_number=KK), person(2, "", birth_date=BORN, kk_number=KK)) == []
    assert reasons(person(1, mother_name="-"), person(2, mother_name="-")) == []


def test_the_likeliest_comes_first_and_nobody_matches_themselves():
    new = person(1, nik=NIK, birth_date=BORN, mother_name="Euis")
    same_nik = person(2, "Ujang", nik=NIK)
    same_mother = person(3, birth_date=BORN, mother_name="Euis")
    alike = person(4, "Siti Amina", birth_date=BORN)
    found = probable_duplicates(new, [alike, same_mother, new, same_nik])
    assert [match.candidate.id for match in found] == [2, 3, 4]
    assert found[0].score == 100
    assert all(0 < match.score < 100 for match in found[1:])


def test_a_register_finds_what_comparing_with_everyone_finds():
    people = [
        Candidate(i, r.name, r.nik if i % 3 else None, r.birth_date, r.mother_name, r.kk_number)
        for i, r in enumerate(residents("32.01.15.2008", 400, 2))
    ]
    entered_again = [Candidate(1000 + i, p.name.upper(), None, p.birth_date, "", None) for i, p in enumerate(people)]
    register = Register(people)
    for p, again in zip(people, entered_again, strict=True):
        found = register.matches(again)
        assert p.id in [match.candidate.id for match in found]
        assert found == probable_duplicates(again, people)


def test_the_threshold_parts_slips_of_the_hand_from_strangers_with_one_birthday():
    """The measurement that ``SIMILAR`` comes from, on fewer residents."""
    rng = random.Random(5)  # noqa: S311 (a repeatable measurement)
    people = residents("32.01.15.2008", 8_000, 3)
    by_birth_date: defaultdict[date, list[str]] = defaultdict(list)
    for p in people:
        by_birth_date[p.birth_date].append(p.name)
    strangers = [pair for names in by_birth_date.values() for pair in combinations(names, 2)]
    slips = [(p.name, with_a_slip(p.name, rng)) for p in people[:2_000] if len(p.name) > 3]
    assert len(strangers) > 1_000
    assert share_alike(strangers) < 0.005
    assert share_alike(slips) > 0.95
    assert share_alike([(name, with_a_slip(slip, rng)) for name, slip in slips]) > 0.88


def share_alike(pairs: list[tuple[str, str]]) -> float:
    return sum(ratio(name_key(a), name_key(b)) >= SIMILAR for a, b in pairs) / len(pairs)


def with_a_slip(name: str, rng: random.Random) -> str:
    """A letter too many, too few, another one, or two exchanged."""
    at, letter = rng.randrange(len(name)), rng.choice(ascii_lowercase)
    head, tail = name[:at], name[at:]
    return rng.choice(
        [head + letter + tail, head + tail[1:], head + letter + tail[1:], head + tail[1:2] + tail[:1] + tail[2:]]
    )
