"""The month's report and the list of children as Excel sheets. No cell is a formula, and a NIK is text."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from core.api import gettext, mask_nik

from .children import Toddler
from .report import AGES, SEXES, MonthReport
from .rulebook import CATEGORIES, INDEXES, SHORT, TITLES
from .values import written


def report_sheet(report: MonthReport) -> BytesIO:
    return _book(gettext("Laporan balita"), lambda page, bold, _day: _write_report(page, bold, report))


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


def children_sheet(children: Sequence[Toddler], *, full_nik: bool) -> BytesIO:
    """One line a child with the last measurement."""
    return _book(gettext("Balita"), lambda page, bold, day: _write_children(page, bold, day, children, full_nik))


def _write_children(page: Any, bold: Any, day: Any, children: Sequence[Toddler], full_nik: bool) -> None:
    widths = (30, 20, 6, 14, 12, 14, 10, 10)
    titles = [
        gettext("Nama"),
        gettext("NIK"),
        gettext("L/P"),
        gettext("Tanggal lahir"),
        gettext("RT/RW"),
        gettext("Diukur"),
        gettext("Berat (kg)"),
        gettext("Tinggi (cm)"),
    ]
    for index in INDEXES:
        titles += [f"{SHORT[index]} (SD)", gettext("Kategori %(index)s", index=SHORT[index])]
    titles.append(gettext("Tidak naik (kali)"))
    for column, title in enumerate(titles):
        page.write_string(0, column, title, bold)
        page.set_column(column, column, widths[column] if column < len(widths) else 18)
    for line, child in enumerate(children, start=1):
        _write_child(page, day, line, child, full_nik)
    page.write_string(len(children) + 2, 0, gettext("Menurut ukuran, bukan diagnosis."))
    page.freeze_panes(1, 0)


def _write_child(page: Any, day: Any, line: int, child: Toddler, full_nik: bool) -> None:
    nik = child.nik or ""
    page.write_string(line, 0, child.name)
    page.write_string(line, 1, nik if full_nik else mask_nik(nik))
    page.write_string(line, 2, child.sex)
    page.write_datetime(line, 3, datetime.combine(child.birth_date, time()), day)
    page.write_string(line, 4, f"{child.rt}/{child.rw}" if child.rt else "")
    growth = child.growth
    if growth is None:
        return
    page.write_datetime(line, 5, datetime.combine(growth.reading.measured_on, time()), day)
    page.write_string(line, 6, written(growth.reading.weight_g, 1000))
    page.write_string(line, 7, written(growth.reading.height_mm, 10))
    for place, index in enumerate(INDEXES):
        if index in growth.z:
            page.write_number(line, 8 + 2 * place, growth.z[index])
            page.write_string(line, 9 + 2 * place, str(CATEGORIES.get(growth.category.get(index, ""), "")))
    page.write_number(line, 8 + 2 * len(INDEXES), child.not_risen)


def _book(title: str, write: Callable[[Any, Any, Any], None]) -> BytesIO:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        write(
            book.add_worksheet(title[:31]),
            book.add_format({"bold": True}),
            book.add_format({"num_format": "d-m-yyyy"}),
        )
    target.seek(0)
    return target
