"""When a village's desk is open, in the village's own time zone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

LOOK_AHEAD = 366  # days; whoever is closed for longer has no next opening to promise

_BETWEEN = r"\s*(?:-|–|—|s\.?/?d\.?|sampai)\s*"
_INTERVAL = re.compile(rf"(\d{{1,2}})(?:[.:](\d{{2}}))?{_BETWEEN}(\d{{1,2}})(?:[.:](\d{{2}}))?")
_CLOSED = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}))\s*[:,–-]?\s*(.*)")
LONGEST_REASON = 100


class UnreadableHours(ValueError):
    """What somebody typed are no opening hours; the message says what is wrong and can be shown to them."""


@dataclass(frozen=True, order=True)
class Interval:
    """Open from ``start`` on, closed from ``end`` on, within one day."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H.%M}–{self.end:%H.%M}"


@dataclass(frozen=True)
class OpeningHours:
    """Each weekday's intervals in order (Monday is 0), and the days on which it is closed all the same, with why."""

    timezone: str
    week: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    closed: Mapping[date, str] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """False for a village that never told: it is not closed, nobody knows."""
        return any(self.week.values())

    def on(self, day: date) -> tuple[Interval, ...]:
        """The intervals of a day, none where it is closed."""
        return () if day in self.closed else self.week.get(day.weekday(), ())


def is_open(hours: OpeningHours, moment: datetime) -> bool:
    """Whether the desk is open at an aware moment; False also where the hours are not known."""
    return open_until(hours, moment) is not None


def open_until(hours: OpeningHours, moment: datetime) -> datetime | None:
    """When the desk that is open at an aware moment closes, in the village's time; None when it is closed.

    An interval that begins where another ends goes on with it.
    """
    here = moment.astimezone(ZoneInfo(hours.timezone))
    end: time | None = None
    for interval in hours.on(here.date()):
        if interval.start <= (end or here.time()) < interval.end:
            end = interval.end
    return _at(here, here.date(), end) if end else None


def next_opening(hours: OpeningHours, moment: datetime) -> datetime | None:
    """When the desk opens for the first time after an aware moment, in the village's time; None: not within a year."""
    here = moment.astimezone(ZoneInfo(hours.timezone))
    for days in range(LOOK_AHEAD + 1):
        day = here.date() + timedelta(days=days)
        for interval in hours.on(day):
            opens = _at(here, day, interval.start)
            if opens > here:
                return opens
    return None


def _at(here: datetime, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=here.tzinfo)


# ---- as people write it ----


def read_day(text: str) -> tuple[Interval, ...]:
    """From "08.00–12.00, 13.00–15.00"; blank or "tutup" is a day on which nobody is there.

    Raises:
        UnreadableHours: not written so, an end that is not after its start, or two that overlap.
    """
    pieces = [piece.strip() for piece in re.split(r"[,;\n]|\bdan\b", text) if piece.strip()]
    if [piece.casefold() for piece in pieces] == ["tutup"]:
        return ()
    intervals = sorted(_interval(piece) for piece in pieces)
    for earlier, later in pairwise(intervals):
        if later.start < earlier.end:
            raise UnreadableHours(_("%(first)s dan %(second)s bertumpuk.", first=str(earlier), second=str(later)))
    return tuple(intervals)


def _interval(text: str) -> Interval:
    found = _INTERVAL.fullmatch(text)
    if not found:
        raise UnreadableHours(_("“%(text)s” tidak terbaca. Tulis misalnya 08.00–12.00, 13.00–15.00.", text=text[:40]))
    hour, minute, end_hour, end_minute = (int(part or 0) for part in found.groups())
    try:
        interval = Interval(time(hour, minute), time(end_hour, end_minute))
    except ValueError as error:
        raise UnreadableHours(_("“%(text)s” bukan jam. Pakai 00.00 sampai 23.59.", text=text)) from error
    if interval.end <= interval.start:
        raise UnreadableHours(_("Jam tutup harus sesudah jam buka: %(text)s.", text=str(interval)))
    return interval


def write_day(intervals: tuple[Interval, ...]) -> str:
    return ", ".join(map(str, intervals))


def read_closed(text: str) -> dict[date, str]:
    """Days and reasons from lines such as "25-12-2026 Natal", by date.

    Raises:
        UnreadableHours: a line without a date or without a reason, or a day that stands there twice.
    """
    closed: dict[date, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        day, reason = _closed_day(line)
        if day in closed:
            raise UnreadableHours(_("Tanggal %(date)s tertulis dua kali.", date=f"{day:%d-%m-%Y}"))
        closed[day] = reason
    return dict(sorted(closed.items()))


def _closed_day(line: str) -> tuple[date, str]:
    found = _CLOSED.fullmatch(line)
    if not found:
        raise UnreadableHours(_("“%(text)s” tidak terbaca. Tulis misalnya 25-12-2026 Natal.", text=line[:40]))
    year, month, day = (int(part) for part in (found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)))
    reason = found[7].strip()
    if not reason:
        raise UnreadableHours(_("Tulis juga alasan tutup pada %(text)s.", text=line))
    if len(reason) > LONGEST_REASON:
        raise UnreadableHours(_("Alasan tutup paling panjang %(n)s huruf: %(text)s", n=LONGEST_REASON, text=line[:40]))
    try:
        return date(year, month, day), reason
    except ValueError as error:
        raise UnreadableHours(_("Tanggal “%(text)s” tidak ada di kalender.", text=line[:40])) from error


def write_closed(closed: Mapping[date, str]) -> str:
    return "\n".join(f"{day:%d-%m-%Y} {reason}" for day, reason in sorted(closed.items()))
