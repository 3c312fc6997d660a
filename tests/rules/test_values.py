"""The values of a rule: of what kind each is, how people write it, and what can take its place."""

from datetime import date

import pytest

from core.rules.values import NotAValue, as_json, can_be_set, fits, from_json, in_words, leaves, put, read_value


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [
        (4, "6", 6),
        (300_000, "1.250.000", 1_250_000),
        (300_000, "1250000", 1_250_000),
        (2.5, "3,25", 3.25),
        (True, "tidak", False),
        (False, "Ya", True),
        ("460", " 420 ", "420"),
        (date(2026, 1, 1), "2026-03-01", date(2026, 3, 1)),
        ((6, 12), "7, 13", (7, 13)),
        (("bpd", "women"), "women", ("women",)),
    ],
)
def test_what_people_write_becomes_a_value_of_the_declared_kind(declared: object, text: str, value: object) -> None:
    assert read_value(text, declared) == value
    assert fits(declared, value)
    assert from_json(as_json(value), declared) == value
    assert read_value(in_words(value), declared) == value


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        (4, "enam"),
        (4, "-1"),
        (4, "1.5"),
        (4, "1.23.456"),
        (4, ""),
        (4, "9" * 16),
        (2.5, "2,5,1"),
        (True, "mungkin"),
        (date(2026, 1, 1), "1 Maret"),
        ((6, 12), "7"),
        ((6, 12), "7, a"),
        (("bpd",), " , "),
        (("bpd",), "bpd, bpd"),
        ("460", "x" * 201),
    ],
)
def test_what_is_no_such_value_is_refused(declared: object, text: str) -> None:
    with pytest.raises(NotAValue):
        read_value(text, declared)


def test_a_text_is_one_of_the_choices_where_there_are_some() -> None:
    assert read_value("last", "first", ("first", "last")) == "last"
    with pytest.raises(NotAValue, match="first, last"):
        read_value("middle", "first", ("first", "last"))
    with pytest.raises(NotAValue):
        read_value("bpd, camat", ("bpd",), ("bpd",))


@pytest.mark.parametrize(
    ("declared", "value"),
    [(4, True), (True, 1), (4, "4"), (4, -1), ("460", 460), ((6, 12), (6,)), ((6, 12), ("6", "12")), (4, None)],
)
def test_a_value_of_another_kind_does_not_fit(declared: object, value: object) -> None:
    assert not fits(declared, value)


def test_lists_of_lists_are_structure() -> None:
    assert not can_be_set(((1, 2, 3), (4, 5, 6)))
    assert not can_be_set(())


def test_entries_of_tables_are_values_of_their_own() -> None:
    values = {"amount": {"sd": 450_000, "smp": 750_000}, "decile_max": 4}
    assert dict(leaves(values)) == {"amount.sd": 450_000, "amount.smp": 750_000, "decile_max": 4}
    changed = put(values, "amount.sd", 500_000)
    assert changed["amount"] == {"sd": 500_000, "smp": 750_000}
    assert values["amount"]["sd"] == 450_000
