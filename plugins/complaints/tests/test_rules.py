"""The days of SP4N-LAPOR!: the first answer within 3, the end within 5, 14 or 60."""

from datetime import date

import pytest

from plugins.complaints.models import Complaint
from plugins.complaints.rulebook import answer_by, due_by, reopen_until, rules

DAY = date(2026, 1, 30)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("information", date(2026, 2, 4)),
        ("no_inspection", date(2026, 2, 13)),
        ("inspection", date(2026, 3, 31)),
        ("suggestion", date(2026, 2, 13)),
        ("a kind of tomorrow", date(2026, 3, 31)),
    ],
)
def test_each_kind_has_its_days(kind: str, due: date) -> None:
    assert due_by(DAY, kind) == due


def test_the_first_answer_takes_three_days_and_the_reporter_has_ten() -> None:
    assert answer_by(DAY) == date(2026, 2, 2)
    assert reopen_until(DAY) == date(2026, 2, 9)


def test_what_nobody_has_confirmed_is_named() -> None:
    assert set(rules.all[-1].unverified) == {"since", "days_are", "suggestion", "reopen_days", "small"}
    assert rules.all[-1].certainty == "verified"


def made(**values: object) -> Complaint:
    given = {"state": "open", "answer_by": date(2026, 2, 2), "due_on": date(2026, 2, 13)}
    return Complaint(**{**given, **values})


@pytest.mark.parametrize(
    ("on", "first_answer", "late"),
    [
        (date(2026, 2, 2), None, False),
        (date(2026, 2, 3), None, True),
        (date(2026, 2, 3), date(2026, 2, 2), False),
        (date(2026, 2, 13), date(2026, 2, 2), False),
        (date(2026, 2, 14), date(2026, 2, 2), True),
    ],
)
def test_it_is_late_on_the_day_after(on: date, first_answer: date | None, *, late: bool) -> None:
    assert made(first_answer_on=first_answer).late_on(on) is late


@pytest.mark.parametrize(
    ("state", "on", "closed"),
    [
        ("open", date(2027, 1, 1), False),
        ("answered", date(2026, 2, 9), False),
        ("answered", date(2026, 2, 10), True),
        ("closed", date(2026, 1, 31), True),
        ("merged", date(2026, 1, 31), True),
    ],
)
def test_who_says_nothing_for_ten_days_has_no_more_to_say(state: str, on: date, *, closed: bool) -> None:
    assert made(state=state, reopen_until=date(2026, 2, 9)).closed_on(on) is closed
