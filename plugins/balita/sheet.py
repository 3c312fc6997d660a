"""The month's report and the list of children as Excel sheets. No cell is a formula, and a NIK is text."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from core.api import SheetCell, SheetColumn, SheetPage, excel_file, gettext, mask_nik

from .children import Toddler
from .report import AGES, SEXES, MonthReport
from .rulebook import CATEGORIES, INDEXES, SHORT, TITLES
from .values import written


def children_sheet(children: Sequence[Toddler], *, full_nik: bool) -> BytesIO:
    """One line a child with the last measurement."""
    columns = (
        SheetColumn(gettext("Nama"), 30),
        SheetColumn(gettext("NIK"), 20),
        SheetColumn(gettext("L/P"), 6),
        SheetColumn(gettext("Tanggal lahir"), 14),
        SheetColumn(gettext("RT/RW"), 12),
        SheetColumn(gettext("Diukur"), 14),
        SheetColumn(gettext("Berat (kg)"), 10),
        SheetColumn(gettext("Tinggi (cm)"), 10),
        *(
            SheetColumn(title, 18)
            for index in INDEXES
            for title in (f"{SHORT[index]} (SD)", gettext("Kategori %(index)s", index=SHORT[index]))
        ),
        SheetColumn(gettext("Tidak naik (kali)"), 18),
    )
    lines = ((*_who(child, full_nik=full_nik), *_growth(child)) for child in children)
    return excel_file(SheetPage(gettext("Balita"), columns, lines, gettext("Menurut ukuran, bukan diagnosis.")))


def _who(child: Toddler, *, full_nik: bool) -> Sequence[SheetCell]:
    nik = child.nik or ""
    place = f"{child.rt}/{child.rw}" if child.rt else ""
    return child.name, nik if full_nik else mask_nik(nik), child.sex, child.birth_date, place


def _growth(child: Toddler) -> Sequence[SheetCell]:
    growth = child.growth
    if growth is None:
        return (None,) * (4 + 2 * len(INDEXES))
    reading = growth.reading
    scores = [
        cell
        for index in INDEXES
        for cell in (
            (growth.z[index], CATEGORIES.get(growth.category.get(index, ""), "")) if index in growth.z else (None, None)
        )
    ]
    figures = written(reading.weight_g, 1000), written(reading.height_mm, 10)
    return reading.measured_on, *figures, *scores, child.not_risen


def report_sheet(report: MonthReport) -> BytesIO:
    """Several tables one below the other, which is no list."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        _write_report(book.add_worksheet(gettext("Laporan balita")), book.add_format({"bold": True}), report)
    target.seek(0)
    return target


def _write_report(page: Any, bold: Any, report: MonthReport) -> None:
    page.set_column(0, 0, 38)
    page.set_column(1, 1 + len(SEXES) + len(AGES), 14)
    facts = (
        (gettext("Balita"), report.children),
        (gettext("Diukur bulan ini"), report.measured),
        (gettext("Berat tidak naik"), report.not_rising),
        (gettext("Perlu dirujuk ke Puskesmas"), report.to_refer),
        (gettext("Anak yang menerima PMT"), report.fed),
        (gettext("Porsi PMT"), report.portions),
    )
    for line, (title, number) in enumerate(facts):
        page.write_string(line, 0, title)
        page.write_number(line, 1, number)
    line = len(facts) + 1
    heads = [gettext("Jumlah"), *map(str, SEXES.values()), *(str(title) for title, _span in AGES.values())]
    for index in INDEXES:
        for column, title in enumerate([str(TITLES[index]), *heads]):
            page.write_string(line, column, title, bold)
        for each in report.lines[index]:
            line += 1
            page.write_string(line, 0, str(CATEGORIES[each.category]))
            numbers = [each.total, *map(each.of_sex, SEXES), *map(each.of_age, AGES)]
            for column, number in enumerate(numbers, start=1):
                page.write_number(line, column, number)
        line += 2
    page.write_string(line, 0, gettext("Menurut ukuran, bukan diagnosis."))
