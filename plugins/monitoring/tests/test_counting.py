"""What a month comes to, as tables over made-up cases: borders of months, solved in the village, stock, groups."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from core.api import Area, CaseEvent, commit, db
from core.testing import Clock, make_person
from plugins.monitoring.counting import count_month
from plugins.monitoring.day_classes import class_of_median, in_classes
from plugins.monitoring.months import months_before, months_until, read_month
from plugins.monitoring.rulebook import age_group, age_groups

from .conftest import add_case, moment, refer

OCTOBER = date(2026, 10, 1)


def amounts(area: Area, month: date = OCTOBER) -> dict[str, tuple[float | None, float | None]]:
    figures = count_month(area, month).figures
    return {key.removeprefix("monitoring."): (sums[0], sums[1]) for key, sums in figures.items()}


def test_each_case_is_counted_where_it_belongs(village: Area, clock: Clock) -> None:
    person = make_person(village.id)
    add_case(village, person, "2026-10-01", "2026-10-01")  # solved on the day, in the village
    away = add_case(village, person, "2026-09-20", "2026-10-24")  # received in September, solved elsewhere
    refer(away, "2026-10-02", state="told", back_at=moment("2026-10-20"))
    refer(away, "2026-10-09", state="told", back_at=moment("2026-10-20"))  # one case, two referrals
    drafted = add_case(village, person, "2026-10-02", "2026-10-05")
    refer(drafted, "2026-10-02", sent_at=None, state="draft")  # never left the village
    add_case(village, person, "2026-10-03", "2026-10-06", state="refused")
    add_case(village, person, "2026-10-03", "2026-10-06", state="not_chosen", service="blt_desa.aid")
    add_case(village, person, "2026-10-03", "2026-10-06", state="cancelled")
    add_case(village, person, "2026-10-10", due_on=date(2026, 10, 31))  # late on 1 November
    add_case(village, person, "2026-10-10", due_on=date(2026, 11, 1))
    waiting = add_case(village, person, "2026-10-11", "2026-11-03")  # open at the end of October
    refer(waiting, "2026-10-12", due_on=date(2026, 10, 20))  # no answer
    add_case(village, person, "2026-10-12", readers=["atensi.read"])  # restricted: nowhere
    commit()
    found = amounts(village)
    assert {key: found[key][0] for key in ("received", "solved", "referred", "refused", "cancelled")} == {
        "received": 8,
        "solved": 3,
        "referred": 2,
        "refused": 2,
        "cancelled": 1,
    }
    assert found["local"] == (2, 3)
    assert found["days"] == (0 + 34 + 3, 3)
    assert (found["open"][0], found["overdue"][0]) == (3, 1)
    assert (found["sent"][0], found["unanswered"][0]) == (3, 1)
    counted = count_month(village, OCTOBER)
    assert counted.median == 3
    assert counted.classes == [1, 1, 0, 0, 0, 1, 0]
    assert counted.groups["service"] == {"blt_desa.aid": [1, 0, 0, 1], "sktm.letter": [7, 3, 2, 1]}
    assert all(sum(row[0] for row in rows.values()) == 8 for rows in counted.groups.values())


@pytest.mark.parametrize(
    ("zone", "hour", "in_october"),
    [
        ("Asia/Jakarta", 16, True),
        ("Asia/Jakarta", 17, False),
        ("Asia/Jayapura", 14, True),
        ("Asia/Jayapura", 15, False),
    ],
)
def test_a_month_ends_at_midnight_where_the_desk_stands(
    village: Area, clock: Clock, zone: str, hour: int, in_october: bool
) -> None:
    """17.00 in Greenwich on the last day is midnight in Jakarta, 15.00 in Jayapura."""
    there = replace(village, timezone=zone)
    opened = moment("2026-10-31", hour, zone=ZoneInfo("UTC"))
    add_case(village, make_person(village.id), opened, opened)
    commit()
    months = [amounts(there, month)["received"][0] for month in (OCTOBER, date(2026, 11, 1))]
    assert months == ([1, 0] if in_october else [0, 1])
    assert amounts(there, OCTOBER)["solved"][0] == int(in_october)


def test_groups_are_of_the_resident_and_the_service(village: Area, clock: Clock) -> None:
    child = make_person(village.id, sex="L", birth_date=date(2020, 10, 6))
    old = make_person(village.id, birth_date=date(1966, 10, 5))
    add_case(village, child, "2026-10-05", service="pip.school")
    add_case(village, old, "2026-10-05", "2026-10-07", service="rtlh.repair")
    commit()
    groups = count_month(village, OCTOBER).groups
    assert groups["sector"] == {"education": [1, 0, 0, 0], "housing": [1, 1, 0, 0]}
    assert groups["sex"] == {"L": [1, 0, 0, 0], "P": [1, 1, 0, 0]}
    assert groups["age"] == {"0-5": [1, 0, 0, 0], "60+": [1, 1, 0, 0]}
    assert groups["rt"] == {"002/005": [2, 1, 0, 0]}


def test_proposals_are_those_that_went_out(village: Area, clock: Clock) -> None:
    person = make_person(village.id)
    proposed = add_case(village, person, "2026-10-01", service="pip.school")
    decided_here = add_case(village, person, "2026-10-01")
    for case, state, day in (
        (proposed, "sent", "2026-10-04"),
        (proposed, "sent", "2026-10-09"),  # sent again after it had come back
        (proposed, "approved", "2026-10-20"),
        (decided_here, "approved", "2026-10-05"),  # by the kepala desa: no proposal
    ):
        db.session.add(CaseEvent(village_id=village.id, case_id=case.id, kind="moved", at=moment(day), to_state=state))
    commit()
    found = amounts(village)
    assert (found["proposed"][0], found["granted"][0]) == (1, 1)


@pytest.mark.parametrize(
    ("days", "classes", "median"),
    [
        ([], [0, 0, 0, 0, 0, 0, 0], None),
        ([0, 1, 2, 3, 7], [2, 2, 1, 0, 0, 0, 0], 1),
        ([8, 14, 15, 30, 31, 60, 61], [0, 0, 0, 2, 2, 2, 1], 4),
        ([1, 90], [1, 0, 0, 0, 0, 0, 1], 0),
    ],
)
def test_days_are_kept_in_classes(days: list[int], classes: list[int], median: int | None) -> None:
    assert in_classes(days) == classes
    assert class_of_median(classes) == median


def test_months_groups_of_age_and_the_deadline() -> None:
    assert months_until(date(2026, 2, 1), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert months_before(date(2026, 12, 1), -1) == date(2027, 1, 1)
    assert [read_month(text) for text in ("2026-10", "2026-13", "26-10", None)] == [OCTOBER, None, None, None]
    assert age_groups([6, 18, 60]) == ["0-5", "6-17", "18-59", "60+"]
    assert [age_group(age, [6, 18, 60]) for age in (0, 5, 6, 17, 18, 59, 60, 99)] == (
        ["0-5"] * 2 + ["6-17"] * 2 + ["18-59"] * 2 + ["60+"] * 2
    )
