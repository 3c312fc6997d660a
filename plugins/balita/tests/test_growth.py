"""Figures against the WHO standards and the categories of Permenkes 2/2020, as tables."""

import re
from datetime import date, timedelta

import pytest

from plugins.balita.growth import Reading, judge, times_not_risen, trends
from plugins.balita.plausibility import Child, problems
from plugins.balita.rulebook import INDEXES, Index, category_of
from plugins.balita.standards import table
from plugins.balita.values import Values, in_units, read_day, written

BORN = date(2024, 1, 10)
ON = date(2026, 1, 1)

# WHO 2006: −3 SD, −2 SD and median of kilograms and centimetres at completed months. Of the length at 24 months, which
# WHO publishes for lying and the tables by day for standing, 0.7 cm are the difference.
CHECK_POINTS = [
    ("L", 12, (6.9, 7.7, 9.6), (68.6, 71.0, 75.7)),
    ("L", 24, (8.6, 9.7, 12.2), (78.7, 81.7, 87.8)),
    ("L", 60, (12.4, 14.1, 18.3), (96.1, 100.7, 110.0)),
    ("P", 12, (6.3, 7.0, 8.9), (66.3, 68.9, 74.0)),
    ("P", 24, (8.1, 9.0, 11.5), (76.7, 80.0, 86.4)),
    ("P", 60, (12.1, 13.7, 18.2), (95.2, 99.9, 109.4)),
]


@pytest.mark.parametrize(("sex", "months", "kilograms", "centimetres"), CHECK_POINTS)
def test_the_curves_go_through_the_points_that_who_publishes(
    sex: str, months: int, kilograms: tuple[float, ...], centimetres: tuple[float, ...]
) -> None:
    """24 months are 730.5 days: the second of the two days around them."""
    day = {12: 365, 24: 731, 60: 1826}[months]
    taken = 0.7 if months == 24 else 0
    for z, weight, length in zip((-3, -2, 0), kilograms, centimetres, strict=True):
        assert round(table("wfa", sex)[day].value_at(z), 1) == weight
        assert round(table("lhfa", sex)[day].value_at(z) + taken, 1) == length


@pytest.mark.parametrize(("sex", "months", "kilograms", "centimetres"), CHECK_POINTS)
def test_a_child_on_a_curve_has_its_score(
    sex: str, months: int, kilograms: tuple[float, ...], centimetres: tuple[float, ...]
) -> None:
    """As far as one decimal of kilograms and centimetres tells it."""
    day = {12: 365, 24: 730, 60: 1826}[months]
    born = ON - timedelta(days=day)
    for z, weight, length in zip((-3, -2, 0), kilograms, centimetres, strict=True):
        growth = judge(sex, born, Reading(ON, round(weight * 1000), round(length * 10)))
        assert growth.z["weight_age"] == pytest.approx(z, abs=0.08)
        assert growth.z["length_age"] == pytest.approx(z, abs=0.03)


CATEGORIES: list[tuple[Index, float, str]] = [
    ("weight_age", -3.01, "severely_underweight"),
    ("weight_age", -3.0, "underweight"),
    ("weight_age", -2.01, "underweight"),
    ("weight_age", -2.0, "normal_weight"),
    ("weight_age", 1.0, "normal_weight"),
    ("weight_age", 1.01, "risk_of_overweight"),
    ("length_age", -3.01, "severely_short"),
    ("length_age", -3.0, "short"),
    ("length_age", -2.01, "short"),
    ("length_age", -2.0, "normal_length"),
    ("length_age", 3.0, "normal_length"),
    ("length_age", 3.01, "tall"),
    ("weight_length", -3.01, "severely_wasted"),
    ("weight_length", -3.0, "wasted"),
    ("weight_length", -2.0, "well_nourished"),
    ("weight_length", 1.0, "well_nourished"),
    ("weight_length", 1.01, "at_risk"),
    ("weight_length", 2.01, "overweight"),
    ("weight_length", 3.0, "overweight"),
    ("weight_length", 3.01, "obese"),
]


@pytest.mark.parametrize(("index", "z", "category"), CATEGORIES)
def test_categories_at_their_bounds(index: Index, z: float, category: str) -> None:
    assert category_of(index, z, ON) == category


def test_no_category_before_the_regulation() -> None:
    assert [category_of(index, -2.5, date(2020, 1, 7)) for index in INDEXES] == [None] * 3
    assert category_of("weight_age", -2.5, date(2020, 1, 8)) == "underweight"


@pytest.mark.parametrize(
    ("age", "position", "expected"),
    [
        (730, "lying", 850),
        (730, "standing", 857),
        (730, "", 850),
        (731, "standing", 850),
        (731, "lying", 843),
        (731, "", 850),
    ],
)
def test_who_is_measured_the_other_way_is_corrected(age: int, position: str, expected: int) -> None:
    growth = judge("P", ON - timedelta(days=age), Reading(ON, 11000, 850, position))
    assert growth.height_mm == expected
    assert set(growth.z) == set(INDEXES)


@pytest.mark.parametrize(("age", "known"), [(-1, False), (0, True), (1826, True), (1827, False)])
def test_the_standards_end_with_the_fifth_birthday(age: int, known: bool) -> None:
    growth = judge("L", ON - timedelta(days=age), Reading(ON, 9000, 750))
    assert ("weight_age" in growth.z) is known


def weighed(*kilograms: float | None, apart: int = 30) -> list[Reading]:
    return [
        Reading(BORN + timedelta(days=100 + apart * place), round(kg * 1000) if kg else None, None)
        for place, kg in enumerate(kilograms)
    ]


@pytest.mark.parametrize(
    ("kilograms", "said", "times"),
    [
        ((7.0,), ["unknown"], 0),
        ((7.0, 7.2), ["unknown", "risen"], 0),
        ((7.0, 7.0), ["unknown", "not_risen"], 1),
        ((7.0, 6.9, 6.9), ["unknown", "not_risen", "not_risen"], 2),
        ((7.0, 6.9, 7.1), ["unknown", "not_risen", "risen"], 0),
        ((7.0, None, 6.9), ["unknown", "unknown", "not_risen"], 1),
    ],
)
def test_a_weight_rises_or_not_by_consecutive_weighings(
    kilograms: tuple[float | None, ...], said: list[str], times: int
) -> None:
    readings = weighed(*kilograms)
    assert trends(readings, BORN) == said
    assert times_not_risen(readings, BORN) == times


@pytest.mark.parametrize(("apart", "said"), [(14, "unknown"), (15, "not_risen"), (62, "not_risen"), (63, "unknown")])
def test_weighings_too_near_or_too_far_apart_say_nothing(apart: int, said: str) -> None:
    assert trends(weighed(7.0, 7.0, apart=apart), BORN)[1] == said


ME = Child("P", BORN)
BEFORE = [Reading(date(2025, 6, 1), 9000, 760)]


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        (Values(date(2025, 7, 1), 9200, 765), None, ""),
        (Values(date(2026, 1, 2), 9200), True, "belum tiba"),
        (Values(date(2024, 1, 9), 3200), True, "sebelum anak lahir"),
        (Values(date(2025, 7, 1)), True, "Tidak ada yang diukur"),
        (Values(date(2025, 7, 1), 76500, 92), True, "tertukar"),
        (Values(date(2025, 7, 1), 92000), True, "tidak mungkin"),
        (Values(date(2025, 7, 1), 9200, 7650), True, "tidak mungkin"),
        (Values(date(2025, 7, 1), 9200, 740), False, "menyusut"),
        (Values(date(2025, 7, 1), 9200, 755), None, ""),
        (Values(date(2025, 5, 1), 9200, 780), False, "Lebih tinggi daripada"),
        (Values(date(2025, 7, 1), 4000, 765), False, "di luar yang wajar"),
    ],
)
def test_what_cannot_be_is_refused_and_what_is_odd_is_asked_about(
    values: Values, error: bool | None, words: str
) -> None:
    found = problems(values, ME, BEFORE, ON)
    assert [problem.is_error for problem in found[:1]] == ([] if error is None else [error])
    assert words in " ".join(map(str, found))


def test_standing_up_at_two_years_is_no_shrinking() -> None:
    lying = Reading(BORN + timedelta(days=729), 11000, 860, "lying")
    standing = Values(BORN + timedelta(days=735), 11000, 853, position="standing")
    assert not problems(standing, ME, [lying], ON + timedelta(days=60))


@pytest.mark.parametrize(
    ("text", "grams"),
    [("9,5", 9500), ("9.5 kg", 9500), ("10", 10000), ("-", None), ("", None)],
)
def test_kilograms_as_people_write_them(text: str, grams: int | None) -> None:
    assert in_units(text, 1000) == grams
    assert in_units(written(grams, 1000), 1000) == grams


@pytest.mark.parametrize("text", ["sembilan", "9,5,1", "-3", "1e3", "nan", "٩", "12345678"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        in_units(text, 1000)


@pytest.mark.parametrize("text", ["2026-11-05", "05/11/2026", "5-11-2026", "46331"])
def test_days_as_files_have_them(text: str) -> None:
    assert read_day(text) == date(2026, 11, 5)
