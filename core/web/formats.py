"""Dates, times, money and NIK as pages show them. Small formatters: a list of 25 rows formats a hundred of these."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask_babel import gettext as _
from flask_babel import ngettext

from core.clock import today
from core.people.identity import mask_nik

from .languages import current_language

MONTHS = {
    "id": "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
LONG_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
DAYS = {
    "id": "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def area_timezone() -> str:
    area = g.get("area")
    return area.timezone if area else "Asia/Jakarta"


def area_today() -> date:
    """The day where the desk of the request's area stands: WIB, WITA or WIT."""
    return today(area_timezone())


def short_date(value: date | datetime | None) -> str:
    """12 Nov 2026"""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(_zone(area_timezone()))
    return f"{value.day} {MONTHS[current_language()][value.month - 1]} {value.year}"


def long_date(value: date, language: str | None = None) -> str:
    """12 November 2026"""
    return f"{value.day} {LONG_MONTHS[language or current_language()][value.month - 1]} {value.year}"


def month_name(month: int, language: str | None = None, *, short: bool = False) -> str:
    """November, or Nov"""
    return (MONTHS if short else LONG_MONTHS)[language or current_language()][month - 1]


def day_and_date(value: date) -> str:
    """Rabu, 25 November 2026"""
    return f"{DAYS[current_language()][value.weekday()]}, {long_date(value)}"


def clock(value: datetime) -> str:
    """08.00, as it stands: of a moment that is in the area's time already."""
    return f"{value:%H.%M}"


def weekdays() -> Sequence[str]:
    """From Senin on."""
    return DAYS[current_language()]


def dialled(number: str, *, plus: bool = True) -> str:
    """A telephone number as a link dials it: 0812 3456 7890 → +6281234567890."""
    digits = "".join(c for c in number if c.isdigit())
    international = f"62{digits[1:]}" if digits.startswith("0") else digits
    return f"+{international}" if plus else international


def moment(value: datetime | None) -> str:
    """12 Nov 2026 15.05, in the area's own time zone"""
    if value is None:
        return "–"
    local = value.astimezone(_zone(area_timezone()))
    return f"{short_date(value)} {local.hour:02d}.{local.minute:02d}"


def rupiah(value: int) -> str:
    """Rp300.000"""
    return "Rp" + f"{value:,}".replace(",", ".")


def decimal(value: float, places: int) -> str:
    """12.345,6 as Indonesians write it."""
    return f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))


def due_text(due: date | None, on: date | None = None) -> str:
    """2 hari lewat · hari ini · 3 hari lagi"""
    if due is None:
        return ""
    return _days_left((due - (on or area_today())).days, current_language())


@lru_cache(maxsize=1_000)
def _days_left(days: int, language: str) -> str:  # noqa: ARG001 - which the texts below follow
    """A list says it 25 times, of a few days."""
    if days < 0:
        return ngettext("%(num)s hari lewat", "%(num)s hari lewat", -days)
    if days == 0:
        return _("hari ini")
    return ngettext("%(num)s hari lagi", "%(num)s hari lagi", days)


def due_kind(due: date | None, on: date | None = None) -> str:
    """The tag's colour: late, due (within three days) or nothing."""
    if due is None:
        return ""
    days = (due - (on or area_today())).days
    return "late" if days < 0 else "due" if days <= 3 else ""


def init_formats(app: Flask) -> None:
    app.jinja_env.filters.update(
        clock=clock,
        day_and_date=day_and_date,
        dialled=dialled,
        short_date=short_date,
        long_date=long_date,
        moment=moment,
        rupiah=rupiah,
        due_text=due_text,
        due_kind=due_kind,
        mask_nik=mask_nik,
    )
