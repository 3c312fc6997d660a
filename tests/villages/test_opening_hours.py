"""When a desk is open, to the minute, where it stands."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from core.villages.opening_hours import (
    Interval,
    OpeningHours,
    UnreadableHours,
    is_open,
    next_opening,
    open_until,
    read_closed,
    read_day,
    write_closed,
    write_day,
)

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
WEDNESDAY = 2
MORNING, AFTERNOON = Interval(time(8), time(12)), Interval(time(13), time(15))
ONE_DAY = OpeningHours("Asia/Jakarta", {WEDNESDAY: (Interval(time(8), time(14)),)})
TWICE = OpeningHours("Asia/Jakarta", dict.fromkeys(range(5), (MORNING, AFTERNOON)))


def wib(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of November 2026; the 25th is a Wednesday."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=WIB)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        (wib(25, 7, 59, 59), False),
        (wib(25, 8), True),
        (wib(25, 13, 59, 59), True),
        (wib(25, 14), False),
        (wib(24, 10), False),
        (wib(26, 10), False),
    ],
)
def test_the_first_minute_counts_and_the_last_does_not(moment: datetime, opened: bool) -> None:
    assert is_open(ONE_DAY, moment) is opened


def test_between_two_intervals_it_is_closed_and_opens_again_the_same_day() -> None:
    assert open_until(TWICE, wib(25, 11)) == wib(25, 12)
    assert not is_open(TWICE, wib(25, 12, 30))
    assert next_opening(TWICE, wib(25, 12, 30)) == wib(25, 13)
    assert next_opening(TWICE, wib(27, 15)) == wib(30, 8), "from Friday to Monday"


def test_while_it_is_open_the_next_opening_is_the_one_after() -> None:
    assert next_opening(ONE_DAY, wib(25, 8)) == datetime(2026, 12, 2, 8, tzinfo=WIB)


def test_intervals_that_touch_are_one() -> None:
    hours = OpeningHours("Asia/Jakarta", {WEDNESDAY: read_day("08.00-12.00, 12.00-15.00")})
    assert open_until(hours, wib(25, 9)) == wib(25, 15)


@pytest.mark.parametrize(
    ("timezone", "moment", "opened"),
    [
        ("Asia/Jakarta", datetime(2026, 11, 25, 1, 0, tzinfo=UTC), True),  # 08.00 WIB
        ("Asia/Jakarta", datetime(2026, 11, 25, 0, 59, tzinfo=UTC), False),
        ("Asia/Jayapura", datetime(2026, 11, 24, 23, 0, tzinfo=UTC), True),  # Tuesday there, Wednesday 08.00 WIT here
        ("Asia/Jayapura", datetime(2026, 11, 25, 5, 0, tzinfo=UTC), False),  # 14.00 WIT
        ("Asia/Makassar", wib(25, 7), True),  # 08.00 WITA
    ],
)
def test_the_clock_is_that_of_the_village(timezone: str, moment: datetime, opened: bool) -> None:
    assert is_open(OpeningHours(timezone, ONE_DAY.week), moment) is opened


def test_around_midnight_the_day_is_the_villages_too() -> None:
    early = OpeningHours("Asia/Jakarta", {WEDNESDAY: read_day("00.00-00.30"), 1: read_day("23.30-23.59")})
    assert is_open(early, datetime(2026, 11, 24, 17, 0, tzinfo=UTC))  # Wednesday 00.00 WIB
    assert is_open(early, wib(24, 23, 58))
    assert not is_open(early, wib(24, 23, 59, 30))
    assert next_opening(early, wib(24, 23, 59, 30)) == wib(25, 0)
    assert next_opening(early, wib(25, 0)) == datetime(2026, 12, 1, 23, 30, tzinfo=WIB)


def test_on_a_closed_date_it_stays_closed_and_the_next_opening_is_after_it() -> None:
    hours = OpeningHours("Asia/Jakarta", ONE_DAY.week, {date(2026, 11, 25): "Hari Guru"})
    assert not is_open(hours, wib(25, 10))
    assert next_opening(hours, wib(24, 10)) == datetime(2026, 12, 2, 8, tzinfo=WIB)
    # The date is the village's: in Papua the closed day is over while Jakarta still has it.
    papua = OpeningHours("Asia/Jayapura", dict.fromkeys(range(7), (Interval(time(0), time(1)),)), hours.closed)
    assert not is_open(papua, datetime(2026, 11, 25, 0, 30, tzinfo=WIT))
    assert is_open(papua, wib(25, 22, 30))


def test_hours_that_nobody_told_promise_nothing() -> None:
    unknown = OpeningHours("Asia/Jakarta", {0: ()})
    assert not unknown.known
    assert not is_open(unknown, wib(25, 10))
    assert next_opening(unknown, wib(25, 10)) is None


def test_a_desk_that_is_closed_all_year_has_no_next_opening() -> None:
    days = {date.fromordinal(date(2026, 11, 25).toordinal() + n): "renovasi" for n in range(500)}
    assert next_opening(OpeningHours("Asia/Jakarta", ONE_DAY.week, days), wib(25, 7)) is None


# ---- as people write it ----


@pytest.fixture(autouse=True)
def words(app: Flask):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    "text",
    [
        "08.00–12.00, 13.00–15.00",
        "8-12 dan 13-15",
        "08:00-12:00; 13:00 - 15:00",
        "13.00 sampai 15.00, 8.00 s.d. 12.00",
        " 08.00 s/d 12.00 ,, 13–15 ",
        "08.00-12.00\n13.00-15.00",
    ],
)
def test_hours_are_read_as_people_write_them(text: str) -> None:
    assert read_day(text) == (MORNING, AFTERNOON)
    assert read_day(write_day(read_day(text))) == (MORNING, AFTERNOON)


@pytest.mark.parametrize("text", ["", "  ", "tutup", "Tutup", ","])
def test_a_day_may_be_closed(text: str) -> None:
    assert read_day(text) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pagi", "tidak terbaca"),
        ("08.00", "tidak terbaca"),
        ("08.00-12.00 13.00-15.00", "tidak terbaca"),
        ("25.00-26.00", "bukan jam"),
        ("08.00-24.00", "bukan jam"),
        ("08.60-09.00", "bukan jam"),
        ("14.00-08.00", "sesudah jam buka"),
        ("08.00-08.00", "sesudah jam buka"),
        ("08.00-12.00, 11.00-15.00", r"08\.00–12\.00 dan 11\.00–15\.00 bertumpuk"),
        ("08.00-12.00, 08.00-12.00", "bertumpuk"),
        ("08.00-12.00, tutup", "tidak terbaca"),
    ],
)
def test_what_are_no_hours_is_told(text: str, message: str) -> None:
    with pytest.raises(UnreadableHours, match=message):
        read_day(text)


def test_closed_days_are_read_line_by_line() -> None:
    closed = read_closed("26/12/2026 Cuti bersama\n\n2026-12-25: Natal\n 1.1.2027 - Tahun baru")
    assert closed == {
        date(2026, 12, 25): "Natal",
        date(2026, 12, 26): "Cuti bersama",
        date(2027, 1, 1): "Tahun baru",
    }
    assert list(closed) == sorted(closed)
    assert read_closed(write_closed(closed)) == closed
    assert read_closed(" \n") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Natal", "tidak terbaca"),
        ("25-12 Natal", "tidak terbaca"),
        ("25-12-2026", "alasan"),
        ("31-02-2026 Libur", "kalender"),
        ("25-12-2026 Natal\n2026-12-25 Libur", "dua kali"),
        (f"25-12-2026 {'x' * 101}", "paling panjang"),
    ],
)
def test_what_is_no_closed_day_is_told(text: str, message: str) -> None:
    with pytest.raises(UnreadableHours, match=message):
        read_closed(text)
