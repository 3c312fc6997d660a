"""The list of KPM as an Excel sheet, as pendamping and kecamatan ask for it."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from core.api import SheetColumn, SheetPage, excel_file, gettext, mask_nik

from .components import COMPONENTS
from .documents import address_of
from .listing import Row


def sheet(rows: Sequence[Row], *, full_nik: bool) -> BytesIO:
    """One line a family. A NIK is text."""
    return excel_file(SheetPage(gettext("KPM PKH"), _columns(), (_line(row, full_nik=full_nik) for row in rows)))


def _line(row: Row, *, full_nik: bool) -> tuple[str | int | date, ...]:
    payee, nik = row.family.payee, row.family.payee.nik or ""
    return (
        payee.name,
        nik if full_nik or not nik else mask_nik(nik),
        address_of(row.family.household),
        row.family.participant,
        row.family.since,
        _components(row),
        row.expected.total if row.expected else 0,
        row.due,
        row.unmet,
    )


def _components(row: Row) -> str:
    return "; ".join(
        f"{line.claim.name}: {COMPONENTS[line.claim.component]}"
        for line in (row.expected.counted if row.expected else ())
    )


def _columns() -> tuple[SheetColumn, ...]:
    return (
        SheetColumn(gettext("Pengurus"), 30),
        SheetColumn(gettext("NIK"), 20),
        SheetColumn(gettext("Alamat"), 36),
        SheetColumn(gettext("Nomor peserta"), 18),
        SheetColumn(gettext("KPM sejak"), 12),
        SheetColumn(gettext("Komponen"), 60),
        SheetColumn(gettext("Perkiraan tahap ini"), 18, money=True),
        SheetColumn(gettext("Belum diverifikasi"), 18),
        SheetColumn(gettext("Tidak terpenuhi"), 16),
    )
