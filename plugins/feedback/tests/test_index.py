"""The index as the regulation works it out, its borders, the sample, the periods, and what is masked: as tables."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from plugins.feedback.comments import masked
from plugins.feedback.ikm import Marks, grade_of, result_of, rounded, sample_needed
from plugins.feedback.periods import Period, last_ended, months_back, period_with, read_period
from plugins.feedback.rulebook import index_rules, question_rules, sample_rules

RULE, SAMPLE = index_rules.all[-1], sample_rules.all[-1]


@pytest.mark.parametrize(
    ("index", "grade"),
    [
        ("100.00", "A"),
        ("88.31", "A"),
        ("88.30", "B"),
        ("76.61", "B"),
        ("76.60", "C"),
        ("65.00", "C"),
        ("64.99", "D"),
        ("25.00", "D"),
    ],
)
def test_grades_begin_at_their_lower_bounds(index: str, grade: str) -> None:
    assert grade_of(Decimal(index), RULE) == grade


def marks(total: int, n: int) -> Marks:
    """``n`` respondents whose answers add up to ``total``."""
    return Marks(n, (total, *(0,) * 8))


@pytest.mark.parametrize(
    ("found", "index", "grade"),
    [
        (Marks(5, (20,) * 9), "100.00", "A"),
        (Marks(5, (5,) * 9), "25.00", "D"),
        (Marks(7, (21,) * 9), "75.00", "C"),  # with weights of 0.11 it would be 74.25
        (Marks(7, (20, 22, 19, 28, 25, 24, 23, 21, 18)), "79.37", "B"),  # 200 × 25 / 63 = 79.365…
        # Exactly half a hundredth: rounded up first, then graded.
        (marks(158_949, 5_000), "88.31", "A"),  # 88.305
        (marks(137_889, 5_000), "76.61", "B"),  # 76.605
        (marks(116_991, 5_000), "65.00", "C"),  # 64.995
        # A hair below half stays below.
        (marks(158_948, 5_000), "88.30", "B"),
        (marks(137_888, 5_000), "76.60", "C"),
        (marks(116_990, 5_000), "64.99", "D"),
    ],
)
def test_the_index_is_exact_until_it_is_rounded_once(found: Marks, index: str, grade: str) -> None:
    result = result_of(found, RULE, small=5)
    assert result
    assert (str(result.index), result.grade) == (index, grade)


def test_fewer_than_five_are_not_told_and_nobody_is_no_error() -> None:
    assert result_of(Marks(4, (12,) * 9), RULE, small=5) is None
    assert result_of(Marks(5, (15,) * 9), RULE, small=5)
    assert result_of(Marks(), RULE, small=0) is None


def test_sums_add_up_and_the_lowest_may_be_several() -> None:
    whole = Marks(2, (4, 8, 4, 8, 8, 8, 8, 8, 8)) + Marks(3, (12, 12, 12, 12, 12, 12, 12, 12, 9))
    assert (whole.n, list(whole.sums)) == (5, [16, 20, 16, 20, 20, 20, 20, 20, 17])
    result = result_of(whole, RULE, small=5)
    assert result
    assert result.lowest == [1, 3]
    assert [str(mean) for mean in result.means[:2]] == ["3.200", "4.000"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Fraction(1, 200), "0.01"),
        (Fraction(1, 201), "0.00"),
        (Fraction(2, 3), "0.67"),
        (Fraction(10**20, 3), f"{'3' * 20}.33"),
    ],
)
def test_rounding_is_half_up_and_needs_no_context(value: Fraction, told: str) -> None:
    assert str(rounded(value, 2)) == told


@pytest.mark.parametrize(
    ("population", "needed"),
    list(
        zip(
            (0, 1, 10, 15, 30, 50, 100, 220, 500, 1_000, 5_000, 10_000, 75_000),
            (0, 1, 10, 14, 28, 44, 80, 140, 217, 278, 357, 370, 382),
            strict=True,
        )
    ),
)
def test_the_sample_is_that_of_krejcie_and_morgans_table(population: int, needed: int) -> None:
    assert sample_needed(population, SAMPLE) == needed


def test_all_nine_have_a_question_and_four_answers() -> None:
    rule = question_rules.all[-1]
    names = [f"u{number}" for number in range(1, 10)]
    assert list(rule.asked) == names == list(rule.answers)
    assert {len(answers) for answers in rule.answers.values()} == {4}
    assert rule.answers["u4"] == ("Sangat mahal", "Cukup mahal", "Murah", "Gratis")


@pytest.mark.parametrize(
    ("key", "first", "end"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-S1", date(2026, 1, 1), date(2026, 7, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_periods_are_whole_months(key: str, first: date, end: date) -> None:
    period = read_period(key)
    assert period
    assert (period.key, period.first, period.end) == (key, first, end)
    assert period_with(period.kind, first) == period == period.later(-3).later(3)
    assert not period.ended(first)
    assert period.ended(end)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "2026-S3", "1999-01", "2026-Q0", "satu", "2026-1"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


def test_the_last_ended_and_the_ended_months() -> None:
    assert last_ended("quarter", date(2026, 11, 12)) == Period("quarter", 2026, 3)
    assert last_ended("year", date(2026, 1, 1)) == Period("year", 2025)
    assert months_back(date(2026, 11, 12), 12) == (date(2025, 11, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("Hubungi 0812-3456-7890 ya", "Hubungi ••• ya"),
        ("WA +62 812 3456 7890.", "WA •••."),
        ("NIK 3201155507900001!", "NIK •••!"),
        ("NIK 3201 1555 0790 0001", "NIK •••"),
        ("telepon 021 7654321", "telepon •••"),
        ("biaya Rp 150.000.000 dan 12 kursi", "biaya Rp 150.000.000 dan 12 kursi"),
        ("buka jam 08.00, RT 02/RW 05, tahun 2026", "buka jam 08.00, RT 02/RW 05, tahun 2026"),
    ],
)
def test_numbers_that_look_personal_are_masked(written: str, published: str) -> None:
    assert masked(written) == published
