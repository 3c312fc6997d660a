"""OpenSID's resident template: a file in, checked residents out.

:func:`read_residents` takes or refuses the file as a whole, :func:`parse_residents` checks it row by row, and
:func:`write_rows` and :func:`write_template` make such files. Nothing here raises on a bad row: it is reported.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from core.imports.sheet_files import FileError
from core.imports.sheets import RawRow, SheetRows, cell_date, cell_text, read_table
from core.texts import lazy_gettext as _

from . import opensid_codes as codes
from .identity import Sex, check_kk, check_nik
from .opensid_codes import FamilyRole, LifeStatus
from .opensid_template import COLUMNS, EXTRA_COLUMNS, LAYOUT, write_rows, write_template
from .resident import Resident
from .sheet_row import Row, RowError, report

__all__ = [
    "COLUMNS",
    "FileError",
    "ParseContext",
    "ParsedRow",
    "Resident",
    "RowError",
    "parse_residents",
    "parse_row",
    "read_residents",
    "refuse_rounded_columns",
    "write_rows",
    "write_template",
]

PROGRESS_EVERY = 500
LONGEST_NAME = 120
OLDEST_AGE = 120


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """``resident`` is None exactly when there are errors; a warning leaves the row usable."""

    row_no: int
    resident: Resident | None
    errors: list[RowError]
    warnings: list[RowError]


@dataclass
class ParseContext:
    """What a row is checked against: today at the desk, the area (down to the kecamatan counts), the rows before it."""

    today: date
    area_code: str | None = None
    row_of_nik: dict[str, int] = field(default_factory=dict)


def read_residents(path: Path) -> SheetRows:
    """The rows of a resident file, not checked yet.

    Raises:
        FileError: see :func:`read_table`; also when a spreadsheet has rounded a whole column of numbers.
    """
    sheet = read_table(path, LAYOUT)
    refuse_rounded_columns(sheet)
    return sheet


def refuse_rounded_columns(sheet: SheetRows) -> None:
    """Raises: FileError: a spreadsheet has rounded a whole column of numbers."""
    for column in ("nik", "no_kk"):
        if column in sheet.columns:
            _refuse_rounded_column(sheet, column)


def parse_residents(
    sheet: SheetRows, context: ParseContext, on_progress: Callable[[int, int], None] | None = None
) -> Iterator[ParsedRow]:
    """Checks every row, telling ``on_progress(done, total)`` after each 500 and at the end."""
    total = len(sheet)
    for done, raw in enumerate(sheet, start=1):
        yield parse_row(raw, context)
        if on_progress and (done % PROGRESS_EVERY == 0 or done == total):
            on_progress(done, total)


def parse_row(raw: RawRow, context: ParseContext) -> ParsedRow:
    """Checks one row. A NIK that an earlier row of the same context had is an error of this one."""
    row = Row(raw.cells)
    sex = _sex(row)
    born = _birth_date(row, context.today)
    name = _name(row)
    nik = _nik(row, raw.row_no, born, sex, context)
    kk_number = _kk_number(row, context)
    if row.errors or not (name and sex and born):
        return ParsedRow(raw.row_no, None, row.errors, row.warnings)
    resident = Resident(
        name=name,
        sex=sex,
        birth_date=born,
        nik=nik,
        kk_number=kk_number,
        family_role=row.code("kk_level", codes.FAMILY_ROLES) or FamilyRole.OTHER,
        birth_place=row.text("tempatlahir"),
        religion=row.words("agama_id", codes.RELIGIONS),
        education=row.words("pendidikan_kk_id", codes.EDUCATIONS),
        current_education=row.words("pendidikan_sedang_id", codes.CURRENT_EDUCATIONS),
        occupation=row.words("pekerjaan_id", codes.OCCUPATIONS),
        marital_status=row.words("status_kawin", codes.MARITAL_STATUSES),
        citizenship=row.words("warganegara_id", codes.CITIZENSHIPS),
        father_nik=_parent_nik(row, "ayah_nik"),
        father_name=row.text("nama_ayah"),
        mother_nik=_parent_nik(row, "ibu_nik"),
        mother_name=row.text("nama_ibu"),
        blood_type=row.words("golongan_darah_id", codes.BLOOD_TYPES),
        disability=row.words("cacat_id", codes.DISABILITIES),
        pregnant=_pregnant(row, sex),
        life_status=row.code("status_dasar", codes.LIFE_STATUSES) or LifeStatus.ALIVE,
        insurance=row.code("id_asuransi", codes.INSURANCES),
        insurance_number=row.text("no_asuransi"),
        ethnicity=row.text("suku"),
        address=row.text("alamat"),
        hamlet=_hamlet(row),
        rw=_neighbourhood(row, "rw"),
        rt=_neighbourhood(row, "rt"),
        lat=_degrees(row, "lat", -11.5, 6.5),
        lng=_degrees(row, "lng", 94.5, 141.5),
        extra=row.extra | {column: text for column in EXTRA_COLUMNS if (text := row.text(column))},
    )
    return ParsedRow(raw.row_no, resident, row.errors, row.warnings)


def _sex(row: Row) -> Sex | None:
    sex = codes.SEXES.find(row.text("sex"))
    if sex is None:
        row.error("sex", _("Jenis kelamin kosong atau tidak dikenal."), _("Isi L atau P (kode 1 atau 2)."))
    return sex


def _name(row: Row) -> str:
    name = row.text("nama")
    if not name:
        row.error("nama", _("Nama kosong."), _("Isi nama lengkap seperti di KTP atau KK."))
    elif len(name) > LONGEST_NAME:
        row.error(
            "nama",
            _("Nama lebih dari %(limit)s huruf.", limit=LONGEST_NAME),
            _("Periksa apakah isi kolom lain ikut masuk ke kolom nama."),
        )
    return name


_WRITE_DATE = _("Tulis seperti di KTP: tanggal/bulan/tahun, misalnya 15/07/1990.")


def _birth_date(row: Row, today: date) -> date | None:
    try:
        born = cell_date(row.cell("tanggallahir"))
    except ValueError:
        row.error("tanggallahir", _("Tanggal lahir tidak dapat dibaca."), _WRITE_DATE)
        return None
    if born is None:
        row.error("tanggallahir", _("Tanggal lahir kosong."), _WRITE_DATE)
    elif born > today:
        row.error("tanggallahir", _("Tanggal lahir %(born)s belum terjadi.", born=f"{born:%d-%m-%Y}"), _WRITE_DATE)
    elif today.year - born.year > OLDEST_AGE:
        row.warn(
            "tanggallahir",
            _("Umurnya lebih dari %(age)s tahun (lahir %(born)s).", age=OLDEST_AGE, born=f"{born:%d-%m-%Y}"),
            _("Cocokkan dengan KTP, dan periksa apakah orangnya sudah meninggal."),
        )
    return born


def _nik(row: Row, row_no: int, born: date | None, sex: Sex | None, context: ParseContext) -> str | None:
    checked = check_nik(row.number("nik"), birth_date=born, sex=sex, area_code=context.area_code, today=context.today)
    report(row.error, "nik", checked.errors)
    report(row.warn, "nik", checked.warnings)
    if checked.value:
        first = context.row_of_nik.setdefault(checked.value, row_no)
        if first != row_no:
            row.error(
                "nik",
                _("NIK ini sudah ada di baris %(row)s berkas yang sama.", row=first),
                _("Hapus salah satu baris, atau perbaiki NIK yang keliru."),
            )
    return checked.value


def _kk_number(row: Row, context: ParseContext) -> str | None:
    checked = check_kk(row.number("no_kk"), area_code=context.area_code, today=context.today)
    report(row.error, "no_kk", checked.errors)
    report(row.warn, "no_kk", checked.warnings)
    if checked.value is None and not checked.errors:
        row.warn(
            "no_kk",
            _("No. KK kosong, jadi orang ini dicatat tanpa keluarga."),
            _("Isi No. KK bila sudah ada; bila belum, biarkan kosong."),
        )
    return checked.value


def _parent_nik(row: Row, column: str) -> str | None:
    checked = check_nik(row.number(column))
    report(row.keep, column, checked.errors)
    return checked.value


def _pregnant(row: Row, sex: Sex) -> bool | None:
    answer = row.code("hamil", codes.PREGNANCIES)
    if answer == "yes" and sex == Sex.L:
        row.warn(
            "hamil", _("Laki-laki tercatat hamil."), _("Periksa jenis kelamin atau kolom hamil; isinya diabaikan.")
        )
        return None
    return None if answer is None else answer == "yes"


_DUSUN = re.compile(r"^dusun[\s.:]+", re.IGNORECASE)


def _hamlet(row: Row) -> str:
    """The hamlet's own name: files write ``DUSUN CIBADAK``, ``Dusun_Cibadak`` and ``CIBADAK`` for the same one."""
    return _DUSUN.sub("", row.text("dusun").replace("_", " ")).strip()


def _neighbourhood(row: Row, column: str) -> str:
    text = row.text(column)
    if not text:
        return ""
    digits = text if text.isdigit() else text.upper().removeprefix(column.upper()).strip(" .:")
    if digits.isascii() and digits.isdigit() and len(digits.lstrip("0")) <= 3:
        return digits.lstrip("0").zfill(3)
    row.keep(column, _("%(unit)s bukan angka.", unit=column.upper()), _("Tulis angkanya saja, misalnya 002."))
    return ""


def _degrees(row: Row, column: str, low: float, high: float) -> float | None:
    text = row.text(column)
    if not text:
        return None
    try:
        degrees = float(text.replace(",", "."))
    except ValueError:
        degrees = None
    if degrees is not None and low <= degrees <= high:
        return degrees
    row.keep(
        column,
        _("Koordinat ini tidak berada di Indonesia."),
        _("Tulis derajat desimal, misalnya lat -6.5567 dan lng 106.6897; mungkin lat dan lng tertukar."),
    )
    return None


def _refuse_rounded_column(sheet: SheetRows, column: str) -> None:
    """Twenty different numbers that all end in 0 are no chance (1 in 10²⁰): a spreadsheet has rounded them."""
    numbers = {text for cell in sheet.column(column) if len(text := cell_text(cell)) == 16 and text.isdigit()}
    if len(numbers) >= 20 and all(number.endswith("0") for number in numbers):
        raise FileError(
            _("Semua nomor di kolom %(column)s berakhir dengan 0: lembar kerja telah mengubahnya.", column=column),
            _("Ubah format kolom menjadi Teks (Text), lalu ekspor ulang dari sumber aslinya."),
        )
