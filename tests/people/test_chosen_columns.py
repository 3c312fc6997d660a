"""A file of which nobody knows how its columns are called."""

from pathlib import Path

import pytest

from core.imports.sheet_files import FileError
from core.imports.sheets import Layout, read_sheets

LAYOUT = Layout(columns=("nik", "name"), required=("nik", "name"), aliases={"no ktp": "nik", "nama peserta": "name"})


def test_known_headers_are_guessed_below_a_title_and_the_first_of_two_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("DAFTAR NONAKTIF;;\n;;\nNo KTP;Nama Peserta;NIK\n'3201155507900001;Enok;x\n", encoding="utf-8")
    head = read_sheets(path, LAYOUT)[0].head
    assert head.headers == ["No KTP", "Nama Peserta", "NIK"]
    assert head.guess == {"nik": "No KTP", "name": "Nama Peserta"}
    assert head.samples == [["3201155507900001", "Enok", "x"]]


def test_unknown_headers_are_the_row_with_most_texts(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("Kode A,Kode B,Kode B,\n3201155507900001,Enok,1,\n3201155507900002,Asep,2,\n", encoding="utf-8")
    head = read_sheets(path, LAYOUT)[0].head
    assert (head.headers, head.guess) == (["Kode A", "Kode B"], {})
    assert head.samples[0] == ["3201155507900001", "Enok"]


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("", encoding="utf-8")
    with pytest.raises(FileError, match="kosong"):
        read_sheets(path, LAYOUT)
