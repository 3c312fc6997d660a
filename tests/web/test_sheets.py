"""What people take along as an Excel file."""

from datetime import date, datetime
from io import BytesIO

import pytest
from python_calamine import load_workbook

from core.sheets import SheetColumn, SheetPage, excel_file


def test_figures_and_days_are_such_and_nothing_is_a_formula() -> None:
    titles = ("Nama", "NIK", "Jumlah", "Tanggal", "Pukul", "Catatan")
    columns = [SheetColumn(title, 12, money=title == "Jumlah") for title in titles]
    moment = datetime(2026, 11, 24, 22, 5)  # noqa: DTZ001 - of the desk's wall clock
    line = ("=1+1", "3201155507900001", 300_000, date(2026, 11, 24), moment, None)
    made = excel_file(SheetPage("Daftar yang judulnya lebih panjang dari tiga puluh satu", columns, [line], "Selesai."))
    book = load_workbook(BytesIO(made.getvalue()))
    [name] = book.sheet_names
    rows = book.get_sheet_by_name(name).to_python()
    assert (len(name), tuple(rows[0])) == (31, titles)
    assert rows[1] == ["=1+1", "3201155507900001", 300_000, date(2026, 11, 24), moment, ""]
    assert rows[3][0] == "Selesai."
    assert b"<f>" not in made.getvalue()


def test_a_line_that_does_not_fit_its_columns_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="argument 2 is longer"):
        excel_file(SheetPage("Daftar", [SheetColumn("Nama", 20)], [("Enok", "Sumarni")]))
