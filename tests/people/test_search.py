"""Finding residents."""

from datetime import date
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import event

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.database.session import commit, db, scope
from core.people.models import Household, Person
from core.people.search import family_of, find_person, members_of, people_page
from core.testing import FOREIGN, at, make_person
from core.web.paging import PAGE_SIZE


def names(village: CurrentArea, search: str) -> list[str]:
    return [person.name for person in people_page(village.id, search, None).rows]


@pytest.fixture
def people(village: CurrentArea) -> CurrentArea:
    make_person(village.id, "Siti Nur Aminah", nik="3201155507900011")
    make_person(village.id, "Dedi Kurnia", nik="3201151001800022", sex="L")
    make_person(village.id, "Nur Aeni 100%", nik=None)
    commit()
    return village


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["Dedi Kurnia", "Nur Aeni 100%", "Siti Nur Aminah"]),
        ("KURNIA", ["Dedi Kurnia"]),
        ("nur", ["Nur Aeni 100%", "Siti Nur Aminah"]),
        ("aminah siti", ["Siti Nur Aminah"]),
        ("100%", ["Nur Aeni 100%"]),
        ("_", []),
        ("3201155507900011", ["Siti Nur Aminah"]),
        ("3201 1555 0790 0011", ["Siti Nur Aminah"]),
        ("0011", ["Siti Nur Aminah"]),
        ("011", []),
        ("9999", []),
    ],
)
def test_a_search_finds_by_pieces_of_the_name_or_digits_of_the_nik(
    people: CurrentArea, search: str, found: list[str]
) -> None:
    assert names(people, search) == found


def test_a_family_number_finds_its_members(village: CurrentArea) -> None:
    person = make_person(village.id, "Dedi Kurnia")
    make_person(village.id, "Orang Lain")
    household = person.household or db.session.get_one(Household, (village.id, person.household_id))
    household.kk_number = "3201151507107777"
    commit()
    assert names(village, "3201151507107777") == names(village, "7777") == ["Dedi Kurnia"]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(village: CurrentArea) -> None:
    for number in range(PAGE_SIZE + 3):
        make_person(village.id, f"Élan {number % 7}", birth_date=date(1990, 1, 1 + number % 28))
    commit()
    first = people_page(village.id, "", None)
    second = people_page(village.id, "", first.next)
    assert (len(first.rows), len(second.rows), second.next) == (PAGE_SIZE, 3, None)
    assert (first.is_first, second.is_first) == (True, False)
    rows = [*first.rows, *second.rows]
    assert len({person.id for person in rows}) == PAGE_SIZE + 3
    assert all((a.name, a.id) < (b.name, b.id) for a, b in pairwise(rows))


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "WzEsMl0", "WyJhIiwibm8gdXVpZCJd"])
def test_a_damaged_cursor_starts_at_the_first_page(people: CurrentArea, cursor: str) -> None:
    assert len(people_page(people.id, "", cursor).rows) == 3


def test_a_page_is_one_query_with_the_households(people: CurrentArea) -> None:
    db.session.expunge_all()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page = people_page(people.id, "nur", None)
    assert [person.household.rt for person in page.rows if person.household] == ["002", "002"]
    assert len([s for s in statements if s.startswith("SELECT")]) == 1


def test_a_person_of_another_village_is_not_found(app: Flask, people: CurrentArea) -> None:
    with at(app, FOREIGN) as foreign:
        stranger = make_person(foreign.id, "Siti Asing")
        commit()
        stranger_id = stranger.id
    with scope(people):
        assert find_person(people.id, stranger_id) is None
        assert find_person(AreaCode.parse(FOREIGN).id, stranger_id) is None
        assert people_page(AreaCode.parse(FOREIGN).id, "", None).rows == []


def test_a_family_counts_the_living_and_its_page_shows_all(village: CurrentArea) -> None:
    head = make_person(village.id, "Ujang", birth_date=date(1960, 1, 1))
    for name, born, role, status in (
        ("Encum", date(1962, 1, 1), "wife", "dead"),
        ("Asep", date(1990, 1, 1), "child", "alive"),
    ):
        made = make_person(village.id, name, birth_date=born, family_role=role, life_status=status)
        made.household_id = head.household_id
    commit()
    found = find_person(village.id, head.id)
    assert found
    assert [member.name for member in family_of(found).members] == ["Ujang", "Asep"]
    assert found.household
    assert [member.name for member in members_of(found.household)] == ["Ujang", "Encum", "Asep"]


def test_a_person_without_a_household_is_a_family_of_one(village: CurrentArea) -> None:
    person = Person(
        village_id=village.id, name="Oom", name_key="OM", sex="P", birth_date=date(1950, 1, 1), life_status="alive"
    )
    db.session.add(person)
    commit()
    family = family_of(person)
    assert (family.household, family.size, family.decile) == (None, 1, None)
