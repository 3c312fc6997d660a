"""Resident files as a whole: written and read again, in every shape in which they come, and refused with the remedy."""

import csv
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports.sheets import MAX_ROWS, Cell, RawRow
from core.people.identity import Sex
from core.people.opensid import (
    FileError,
    ParseContext,
    Resident,
    parse_residents,
    parse_row,
    read_residents,
    write_rows,
    write_template,
)
from core.people.synthetic import residents

TODAY = date(2026, 3, 4)
BIRTH_MOMENT = datetime(1990, 7, 15)  # noqa: DTZ001 (a spreadsheet's dates know no time zone)
GOOD: dict[str, Cell] = {
    "nama": "NENG EUIS",
    "no_kk": "3201151507100001",
    "nik": "3201155507900001",
    "sex": "2",
    "tanggallahir": "1990-07-15",
}
HEADER = ",".join(GOOD)
LINE = ",".join(str(value) for value in GOOD.values())


def resident(**cells: Cell) -> Resident:
    row = parse_row(RawRow(2, GOOD | cells), ParseContext(TODAY))
    assert row.resident, row.errors
    return row.resident


def csv_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def xlsx_file(path: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        fill(workbook)
    return path


def sheet_of(rows: Sequence[Sequence[Cell]]) -> Callable[[xlsxwriter.Workbook], None]:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        for row_no, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(row_no, place, value)

    return fill


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_residents_written_and_read_again_are_the_same(tmp_path: Path, suffix: str):
    people = residents("32.01.15.2008", 300, 7)
    path = tmp_path / f"penduduk{suffix}"
    write_rows(path, people)
    rows = list(parse_residents(read_residents(path), ParseContext(date(2026, 6, 1), "32.01.15.2008")))
    assert [row.resident for row in rows] == people
    assert [row.row_no for row in rows] == list(range(2, 302))
    assert [row.warnings for row in rows if row.warnings] == []


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_fitted_no_field_is_written_back_as_it_came(tmp_path: Path, suffix: str):
    odd = resident(kk_level="77", pekerjaan_id="Pawang hujan", akta_lahir="=1+1", lat="-6.5567", nama='@Neng, "Euis"')
    write_rows(tmp_path / f"a{suffix}", [odd])
    (row,) = parse_residents(read_residents(tmp_path / f"a{suffix}"), ParseContext(TODAY))
    assert row.resident == odd


def test_a_csv_marks_long_numbers_and_formulas_as_texts(tmp_path: Path):
    write_rows(tmp_path / "a.csv", [resident(nama="=HYPERLINK(1)", lat="-6.5")])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["nik"], row["no_kk"]) == ("'3201155507900001", "'3201151507100001")
    assert (row["nama"], row["lat"], row["sex"]) == ("'=HYPERLINK(1)", "-6.5", "2")


def test_an_unknown_suffix_is_not_written(tmp_path: Path):
    with pytest.raises(ValueError, match=r"\.xlsx or \.csv"):
        write_rows(tmp_path / "a.ods", [])


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_empty_template_has_the_columns_and_says_that_it_has_no_rows(tmp_path: Path, suffix: str):
    write_template(tmp_path / f"templat{suffix}")
    with pytest.raises(FileError, match="Tidak ada baris data"):
        read_residents(tmp_path / f"templat{suffix}")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_with_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str):
    text = f"{HEADER}\n{LINE}\n".replace(",", delimiter).replace("EUIS", "EUÍS")
    (row,) = read_residents(csv_file(tmp_path / "a.csv", text, encoding))
    assert row.cells["nama"] == "NENG EUÍS"
    assert row.cells["nik"] == GOOD["nik"]


def test_a_comma_inside_quotes_does_not_part_a_csv_cell(tmp_path: Path):
    text = f'alamat,{HEADER}\n"Kp. Babakan, RT 2",{LINE}\n'
    (row,) = read_residents(csv_file(tmp_path / "a.csv", text))
    assert row.cells["alamat"] == "Kp. Babakan, RT 2"


def test_the_header_may_stand_below_titles_and_row_numbers_are_the_spreadsheets(tmp_path: Path):
    text = f"DATA PENDUDUK\n\nDesa Cibadak,2026\n{HEADER}\n\n{LINE}\n,,,,\n{LINE}\n"
    assert [row.row_no for row in read_residents(csv_file(tmp_path / "a.csv", text))] == [6, 8]


def test_a_workbooks_header_may_stand_anywhere_and_on_any_sheet(tmp_path: Path):
    def fill(workbook: xlsxwriter.Workbook) -> None:
        workbook.add_worksheet("Petunjuk").write(0, 0, "nama")
        data = workbook.add_worksheet("Data Penduduk")
        for place, (column, value) in enumerate(GOOD.items(), start=3):
            data.write_string(7, place, column)
            data.write_string(9, place, str(value))

    (row,) = read_residents(xlsx_file(tmp_path / "a.xlsx", fill))
    assert (row.row_no, row.cells) == (10, GOOD)


def test_headers_may_be_in_capitals_with_spaces_or_called_otherwise(tmp_path: Path):
    text = f"NAMA LENGKAP,No KK,N I K,Jenis Kelamin,Tanggal Lahir,AGAMA\n{LINE},1\n"
    sheet = read_residents(csv_file(tmp_path / "a.csv", text))
    (row,) = sheet
    assert row.cells == GOOD | {"agama_id": "1"}
    assert sheet.notes == []


def test_extra_and_repeated_columns_are_ignored_with_a_note(tmp_path: Path):
    text = f"{HEADER},telepon,nama\n{LINE},0812,Lain\n"
    sheet = read_residents(csv_file(tmp_path / "a.csv", text))
    assert [row.cells for row in sheet] == [GOOD]
    assert [str(note) for note in sheet.notes] == ["Kolom ini tidak dipakai: telepon, nama."]


@pytest.mark.parametrize("missing", list(GOOD))
def test_a_missing_required_column_is_one_error_of_the_file_that_names_it(tmp_path: Path, missing: str):
    header = ",".join(column for column in GOOD if column != missing)
    with pytest.raises(FileError, match="tidak ditemukan") as refusal:
        read_residents(csv_file(tmp_path / "a.csv", f"{header}\n{LINE}\n"))
    assert str(refusal.value.message) == f"Kolom wajib tidak ditemukan: {missing}."
    assert "templat" in str(refusal.value.fix)


def test_dates_and_numbers_of_a_workbook_are_read_by_their_type(tmp_path: Path):
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet_of([list(GOOD), ["A", GOOD["no_kk"], "", 1, None], ["B", GOOD["no_kk"], 3201155507900001, 2, 33069]])(
            workbook
        )
        sheet = workbook.worksheets()[0]
        sheet.write_datetime(1, 4, BIRTH_MOMENT, workbook.add_format({"num_format": "dd/mm/yyyy"}))

    first, second = parse_residents(read_residents(xlsx_file(tmp_path / "a.xlsx", fill)), ParseContext(TODAY))
    assert first.resident
    assert (first.resident.birth_date, first.resident.sex) == (date(1990, 7, 15), Sex.L)
    assert [f.column for f in second.errors] == ["nik"]


def test_reading_stops_at_opensids_end_mark(tmp_path: Path):
    text = f"alamat,{HEADER}\nx,{LINE}\n,###\nx,{LINE}\n"
    assert len(read_residents(csv_file(tmp_path / "a.csv", text))) == 1


def test_short_csv_rows_are_blank_at_the_end(tmp_path: Path):
    (row,) = parse_residents(read_residents(csv_file(tmp_path / "a.csv", f"{HEADER}\nNENG\n")), ParseContext(TODAY))
    assert [f.column for f in row.errors] == ["sex", "tanggallahir"]


def test_progress_is_told_every_500_rows_and_at_the_end(tmp_path: Path):
    lines = "".join(f"N{i},,,1,01/01/2000\n" for i in range(1203))
    sheet = read_residents(csv_file(tmp_path / "a.csv", f"{HEADER}\n{lines}"))
    told_so_far: list[tuple[int, int]] = []
    assert len(list(parse_residents(sheet, ParseContext(TODAY), lambda *told: told_so_far.append(told)))) == 1203
    assert told_so_far == [(500, 1203), (1000, 1203), (1203, 1203)]


@pytest.mark.parametrize("column", ["nik", "no_kk"])
def test_a_column_whose_numbers_all_end_in_0_was_rounded_and_the_file_is_refused(tmp_path: Path, column: str):
    rows = [GOOD | {column: f"320115150710{i:03}0"} for i in range(1, 21)]
    text = "\n".join([HEADER, *(",".join(str(cell) for cell in row.values()) for row in rows)])
    with pytest.raises(FileError, match=f"kolom {column} berakhir dengan 0"):
        read_residents(csv_file(tmp_path / "a.csv", text))
    one_other = text + "\n" + ",".join(str(cell) for cell in (GOOD | {column: "3201151507100001"}).values())
    assert len(read_residents(csv_file(tmp_path / "b.csv", one_other))) == 21


def test_more_rows_than_the_limit_refuse_the_file(tmp_path: Path):
    text = f"{HEADER}\n" + "a,b,c,d,e\n" * (MAX_ROWS + 1)
    with pytest.raises(FileError, match="50001 baris; batasnya 50000"):
        read_residents(csv_file(tmp_path / "a.csv", text))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "kosong"),
        (b"\n\n\n", "kosong"),
        (b"PK\x03\x04 not really a zip", "bukan lembar kerja"),
        (b"%PDF-1.7\n\x00\x01\x02", "bukan lembar kerja"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00 an old .xls", "bukan lembar kerja"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "kata sandi"),
        (b"\xff\xfeodd", "bukan lembar kerja"),
        (b"satu,dua\n1,2\n", "Kolom wajib"),
        (b'nama\n"' + b"x" * 200_000, "bukan lembar kerja"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason_and_the_remedy(tmp_path: Path, content: bytes, said: str):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileError, match=said) as refusal:
        read_residents(path)
    assert str(refusal.value.fix).endswith(".")


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(FileError, match="bukan lembar kerja"):
        read_residents(tmp_path / "a.xlsx")


@pytest.mark.parametrize(("row", "place"), [(1_048_575, 16_383), (150_000, 0), (0, 200)])
def test_a_far_cell_that_would_exhaust_the_memory_is_refused_before_the_table_is_built(
    tmp_path: Path, row: int, place: int
):
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet_of([list(GOOD), list(GOOD.values())])(workbook)
        workbook.worksheets()[0].write(row, place, "x")

    with pytest.raises(FileError, match="sangat jauh"):
        read_residents(xlsx_file(tmp_path / "a.xlsx", fill))


def test_far_cells_that_are_only_formatted_do_no_harm(tmp_path: Path):
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet_of([list(GOOD), list(GOOD.values())])(workbook)
        workbook.worksheets()[0].write_blank(99_000, 300, None, workbook.add_format({"bold": True}))

    assert len(read_residents(xlsx_file(tmp_path / "a.xlsx", fill))) == 1


def test_a_sheet_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.imports.sheet_files.MAX_UNPACKED_BYTES", 1_000)
    with pytest.raises(FileError, match="terlalu besar"):
        read_residents(xlsx_file(tmp_path / "a.xlsx", sheet_of([list(GOOD), list(GOOD.values())])))


@settings(max_examples=50)
@given(content=st.binary(max_size=300))
def test_no_bytes_whatever_end_in_anything_but_rows_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
):
    path = tmp_path_factory.mktemp("files") / "a.csv"
    path.write_bytes(content)
    with suppress(FileError):
        assert len(read_residents(path)) > 0
