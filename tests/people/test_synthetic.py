"""Made-up residents hold together: their numbers, ages, families, and the sample file made of them."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core.people
from core.people.identity import Checked, Sex, check_kk, check_nik
from core.people.opensid import COLUMNS, ParseContext, parse_residents, read_residents
from core.people.opensid_codes import FamilyRole, Insurance
from core.people.resident import Resident
from core.people.synthetic import REFERENCE_DAY, SAMPLE_VILLAGE, residents, write_sample
from core.people.synthetic_names import FIRST

SAMPLE = Path(core.people.__path__[0]) / "sample"
TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def village() -> list[Resident]:
    return residents("32.01.15.2008", 6_000, 1)


@pytest.fixture(scope="module")
def households(village: list[Resident]) -> list[list[Resident]]:
    families: defaultdict[str | None, list[Resident]] = defaultdict(list)
    for person in village:
        families[person.kk_number].append(person)
    return list(families.values())


def age(person: Resident) -> float:
    return (REFERENCE_DAY - person.birth_date).days / 365.25


def test_the_same_village_number_and_seed_give_the_same_residents():
    assert residents("3201152008", 100, 5) == residents("32.01.15.2008", 100, 5)
    assert residents("32.01.15.2008", 100, 5) != residents("32.01.15.2008", 100, 6)
    assert residents("32.01.15.2008", 100, 5) != residents("32.01.15.2007", 100, 5)


@pytest.mark.parametrize("n", [0, 1, 7, 40])
def test_there_are_as_many_as_asked_for(n: int):
    assert len(residents("32.01.15.2008", n, 1)) == n


@pytest.mark.parametrize("code", ["", "32.01", "cibadak", "32.01.15.20081"])
def test_only_a_village_has_residents(code: str):
    with pytest.raises(ValueError, match=r"32\.01\.15\.2008"):
        residents(code, 1, 1)


@settings(max_examples=20, deadline=None)
@given(st.integers(), st.sampled_from(["32.01.15.2008", "11.01.01.2001", "91.71.01.1001"]))
def test_every_number_checks_clean_against_birth_date_sex_and_area(seed: int, code: str):
    for person in residents(code, 60, seed):
        known = {"birth_date": person.birth_date, "sex": person.sex, "area_code": code, "today": TODAY}
        assert check_nik(person.nik, **known) == Checked(person.nik)
        assert check_kk(person.kk_number, area_code=code, today=TODAY) == Checked(person.kk_number)


def test_no_nik_is_given_twice_and_about_one_in_a_hundred_has_none(village: list[Resident]):
    niks = [person.nik for person in village if person.nik]
    assert len(set(niks)) == len(niks)
    assert 0.004 < 1 - len(niks) / len(village) < 0.02


def test_the_village_has_children_old_people_and_both_sexes(village: list[Resident]):
    shares = {name: sum(test(age(p)) for p in village) / len(village) for name, test in {
        "children": lambda a: a < 15, "old": lambda a: a >= 60,
    }.items()}  # fmt: skip
    assert 0.15 < shares["children"] < 0.32
    assert 0.05 < shares["old"] < 0.15
    assert 0.4 < sum(p.sex is Sex.L for p in village) / len(village) < 0.6
    assert all(0 <= age(p) < 100 for p in village)


def test_a_household_has_one_head_who_comes_first_and_one_address(households: list[list[Resident]]):
    for family in households:
        assert [p.family_role for p in family].count(FamilyRole.HEAD) == 1
        assert family[0].family_role is FamilyRole.HEAD
        assert len({(p.address, p.hamlet, p.rw, p.rt) for p in family}) == 1
    assert 2.5 < sum(map(len, households)) / len(households) < 4.5


def test_some_households_are_headed_by_a_woman_and_some_by_one_old_person(households: list[list[Resident]]):
    assert 0.1 < sum(family[0].sex is Sex.P for family in households) / len(households) < 0.25
    assert any(len(family) == 1 and age(family[0]) >= 60 for family in households)


def test_a_child_names_the_parents_it_lives_with_and_is_younger(households: list[list[Resident]]):
    for family in households:
        wives = [p for p in family if p.family_role is FamilyRole.WIFE]
        mother = wives[0] if wives else family[0]
        for child in (p for p in family if p.family_role is FamilyRole.CHILD):
            assert (child.mother_name, child.mother_nik) == (mother.name, mother.nik)
            assert age(mother) - age(child) > 17
            if family[0].sex is Sex.L:
                assert (child.father_name, child.father_nik) == (family[0].name, family[0].nik)


def test_a_grandmother_is_the_heads_own_mother(households: list[list[Resident]]):
    pairs = [(f[0], p) for f in households for p in f if p.family_role is FamilyRole.PARENT]
    assert pairs
    assert all(old.name == head.mother_name and age(old) > age(head) + 16 for head, old in pairs)


def test_names_follow_the_sex_and_insurance_and_hamlets_vary(village: list[Resident]):
    assert all(p.name.split()[0] in FIRST[p.sex] for p in village)
    assert len({p.name for p in village}) > len(village) / 3
    assert set(Counter(p.insurance for p in village)) == set(Insurance) - {Insurance.OTHER}
    assert len({p.hamlet for p in village}) > 3


def test_only_wives_of_bearing_age_are_pregnant_and_some_are(village: list[Resident]):
    pregnant = [p for p in village if p.pregnant]
    assert pregnant
    assert all(p.sex is Sex.P and age(p) < 45 for p in pregnant)


def test_the_committed_sample_is_what_write_sample_makes(tmp_path: Path):
    for made in write_sample(tmp_path):
        committed = SAMPLE / made.name
        assert list(read_residents(made)) == list(read_residents(committed))
    assert (tmp_path / "penduduk-contoh.csv").read_bytes() == (SAMPLE / "penduduk-contoh.csv").read_bytes()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_committed_sample_reads_without_a_finding(suffix: str):
    sheet = read_residents(SAMPLE / f"penduduk-contoh{suffix}")
    assert tuple(sheet.columns) == COLUMNS
    rows = list(parse_residents(sheet, ParseContext(TODAY, SAMPLE_VILLAGE)))
    assert len(rows) == 40
    assert [row for row in rows if row.errors or row.warnings] == []
