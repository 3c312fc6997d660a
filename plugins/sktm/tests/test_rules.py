"""Who is told that a letter would be well founded, by the rules of the day."""

from datetime import date

import pytest

from core.api import Family, Household, NoRule, Person
from plugins.sktm.services import is_poor_resident, letter_of_poverty, rules

TODAY, BEFORE_DTSEN = date(2026, 3, 2), date(2024, 3, 4)
KK = "3201150101200001"


def resident(life_status: str = "alive") -> Person:
    return Person(name="Siti Aminah", life_status=life_status)


def answers(person: Person, household: Household | None, on: date) -> list[bool | None]:
    """To the three criteria: a resident, of a registered family, in a low decile."""
    return [criterion.met for criterion in is_poor_resident(person, Family(household, [person]), on)]


@pytest.mark.parametrize(
    ("on", "decile", "met"),
    [
        (TODAY, 1, True),
        (TODAY, 5, True),
        (TODAY, 6, False),
        (TODAY, 10, False),
        (TODAY, None, None),
        (date(2025, 2, 5), 5, True),
        (date(2025, 2, 4), 5, False),
        (BEFORE_DTSEN, 4, True),
        (BEFORE_DTSEN, 5, False),
        (BEFORE_DTSEN, None, None),
    ],
)
def test_a_low_decile_speaks_for_the_letter_and_an_unknown_one_is_to_be_looked_up(
    on: date, decile: int | None, met: bool | None
) -> None:
    assert answers(resident(), Household(kk_number=KK, decile=decile), on) == [True, True, met]


@pytest.mark.parametrize("life_status", ["dead", "moved", "missing", "away", "invalid"])
def test_only_who_lives_here_is_a_resident(life_status: str) -> None:
    assert answers(resident(life_status), Household(kk_number=KK, decile=2), TODAY) == [False, True, True]


def test_without_a_family_card_the_family_is_not_known() -> None:
    assert answers(resident(), Household(kk_number=None, decile=2), TODAY) == [True, None, True]
    assert answers(resident(), None, TODAY) == [True, None, None]


def test_what_is_not_known_says_how_to_find_out() -> None:
    person = resident()
    unknown = [c for c in is_poor_resident(person, Family(None, [person]), TODAY) if c.met is None]
    assert len(unknown) == 2
    assert all(criterion.settled_by for criterion in unknown)


def test_before_the_first_rule_nothing_is_judged() -> None:
    with pytest.raises(NoRule):
        answers(resident(), None, date(2014, 12, 31))


def test_there_is_a_rule_for_every_day_since() -> None:
    for earlier, later in zip(rules.all, rules.all[1:], strict=False):
        assert earlier.valid_to is not None
        assert (later.valid_from - earlier.valid_to).days == 1
    assert rules.all[-1].valid_to is None


def test_the_promise_of_the_service_is_that_of_the_rule_in_force() -> None:
    rule, standard = rules.at(TODAY), letter_of_poverty.standard
    lines = {part.key: [str(line) for line in part.lines] for part in standard.components(())}
    assert (rule.time_days, rule.fee) == (1, 0)
    assert lines["time"] == ["1 hari kerja sejak berkas lengkap"]
    assert lines["fee"] == ["Gratis"]
    assert letter_of_poverty.rule_version(TODAY) == rule.version
