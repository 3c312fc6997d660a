"""The dated rules as tables: who may be proposed, what a card needs, and what a line of goods says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.api import Criterion, Family, Household, Person
from plugins.bansos.goods import Item, in_words, read_items
from plugins.bansos.rulebook import food_rules
from plugins.bansos.screening import may_get_food, may_mend_card

BEFORE, SINCE, NOW = date(2025, 2, 4), date(2025, 2, 5), date(2026, 11, 24)


def family(decile: int | None) -> Family:
    household = Household(kk_number="3201150101200001", decile=decile)
    person = Person(name="Enok", nik="3201155507900001", registry_match="matched", life_status="alive")
    return Family(household, [person])


def criterion(found: Any, begin: str) -> Criterion:
    return next(each for each in found if str(each.title).startswith(begin))


@pytest.mark.parametrize(
    ("day", "decile", "met"),
    [
        (SINCE, None, None),
        (SINCE, 1, True),
        (NOW, 4, True),
        (NOW, 5, None),  # sources disagree: neither yes nor no
        (NOW, 6, False),
        (BEFORE, 1, None),  # the list of those days had no decile
        (BEFORE, 9, None),
    ],
)
def test_the_gate_of_the_decile(app: Any, day: date, decile: int | None, met: bool | None) -> None:
    home = family(decile)
    with app.test_request_context():
        found = criterion(
            may_get_food(home.members[0], home, day, {}), "Terdaftar di DTKS" if day == BEFORE else "Desil"
        )
    assert found.met is met


@pytest.mark.parametrize(("match", "met"), [("matched", True), ("unmatched", False), ("unchecked", None)])
def test_a_nik_is_to_be_known_to_dukcapil(app: Any, match: str, met: bool | None) -> None:
    home = family(3)
    home.members[0].registry_match = match
    with app.test_request_context():
        assert criterion(may_get_food(home.members[0], home, NOW, {}), "NIK padan").met is met


@pytest.mark.parametrize(
    ("answers", "met"),
    [
        ({"trouble": "lost", "police_letter": "yes"}, [True]),
        ({"trouble": "lost", "police_letter": "no"}, [None]),  # a habit of banks refuses nobody
        ({"trouble": "zero", "police_letter": "no"}, []),
    ],
)
def test_only_a_lost_card_asks_for_the_police(app: Any, answers: dict[str, str], met: list[bool | None]) -> None:
    home = family(3)
    with app.test_request_context():
        found = [each for each in may_mend_card(home.members[0], home, NOW, answers) if "polisi" in str(each.title)]
    assert [each.met for each in found] == met


def test_what_nobody_has_confirmed_says_so() -> None:
    assert all(rule.certainty == "unverified" and rule.unverified for rule in food_rules.all)


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("10 kg beras", Item(Decimal(10), "kg", "beras")),
        ("1,5 liter minyak goreng", Item(Decimal("1.5"), "liter", "minyak goreng")),
        ("2dus mi instan", Item(Decimal(2), "dus", "mi instan")),
        ("beras 10 kg", None),
        ("0 kg beras", None),
        ("10 kg", None),
    ],
)
def test_goods_are_read_from_a_line(line: str, item: Item | None) -> None:
    if item is None:
        with pytest.raises(ValueError, match=line):
            read_items(line)
    else:
        assert read_items(f"\n{line}\n") == [item]


def test_goods_in_words() -> None:
    assert in_words(read_items("10 kg beras\n1,50 liter minyak"), 200_000) == "10 kg beras, 1,5 liter minyak, Rp200.000"
