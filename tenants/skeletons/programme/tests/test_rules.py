"""For whom it is, as a table: change it together with rules.toml."""

from datetime import date

import pytest
from core.api import Family, Household, Person

from puskesos_newplugin.services import may_get_aid

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("born", "decile", "expected"),
    [
        (date(1990, 7, 15), 1, [True, True]),
        (date(1990, 7, 15), 4, [True, True]),
        (date(1990, 7, 15), 5, [True, False]),
        (date(1990, 7, 15), None, [True, None]),
        (date(2009, 3, 2), 4, [True, True]),
        (date(2009, 3, 3), 4, [False, True]),
    ],
)
def test_age_and_decile_speak_for_it(born: date, decile: int | None, expected: list[bool | None]) -> None:
    person = Person(name="Siti Aminah", birth_date=born)
    family = Family(Household(decile=decile), [person])
    assert [criterion.met for criterion in may_get_aid(person, family, TODAY)] == expected
