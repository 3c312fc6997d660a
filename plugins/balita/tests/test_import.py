"""Files of measurements: checked, applied, undone; whom a row is about, and what is told of one that is wrong."""

import csv
from io import StringIO

import pytest

from core.testing.reading import version_in

from .conftest import Posyandu, url


def line(nik: str, name: str = "Dede Rukmana", day: str = "2026-11-05", **cells: str) -> str:
    row = [nik, name, cells.get("born", "2025-11-12"), cells.get("sex", "L"), day]
    row += [cells.get("weight", "9.6"), cells.get("height", "75.7"), "46", "-", "BIRU", "YA", "Campak", ""]
    target = StringIO()
    csv.writer(target, lineterminator="").writerow(row)
    return target.getvalue()


def levels(posyandu: Posyandu) -> list[str]:
    return [row[0] for row in posyandu.rows("SELECT DISTINCT level FROM import_findings ORDER BY 1")]


def test_a_file_is_checked_applied_and_undone(posyandu: Posyandu) -> None:
    child = posyandu.child()
    nik = posyandu.nik(child)
    file = posyandu.upload(line(nik), line(nik, day="05/10/2026", weight="9,3", height="74"))
    assert "Terapkan 2 baris" in posyandu.staff.get(file).text
    assert not posyandu.rows("SELECT id FROM balita_measurements")
    assert posyandu.step(file, "apply").status_code == 302
    rows = posyandu.rows("SELECT weight_g, height_mm, vitamin_a, breastfed FROM balita_measurements ORDER BY 1")
    assert [tuple(row) for row in rows] == [(9300, 740, "blue", "yes"), (9600, 757, "blue", "yes")]
    held = posyandu.rows("SELECT id FROM balita_measurements ORDER BY weight_g")[0][0]
    address = url("children", child, "measurements", held)
    said = {"measured_on": "2026-10-05", "weight": "9,4", "height": "74", "measured_by": "Yayah"}
    posyandu.kader.post(address, data={**said, "version": version_in(posyandu.kader.get(address).text)})
    assert posyandu.step(file, "undo").status_code == 302
    page = posyandu.staff.get(file).text
    assert "1 dihapus" in page
    assert "sudah diubah orang sesudahnya" in page
    assert posyandu.rows("SELECT weight_g FROM balita_measurements")[0][0] == 9400


@pytest.mark.parametrize(
    ("cells", "kind", "words"),
    [
        ({"name": "Cecep Gunawan"}, "error", "NIK ini milik Dede Rukmana"),
        ({"name": "DEDE RUKMANA"}, "ok", ""),
        ({"name": "Dede Rohman"}, "warning", "Pastikan anaknya sama"),
        ({"weight": "75.7", "height": "9.6"}, "error", "tertukar"),
        ({"weight": "-3"}, "error", "bukan angka"),
        ({"weight": "=1+1"}, "error", "Tulis angka saja"),
        ({"day": "kemarin"}, "error", "Tulis seperti"),
        ({"day": ""}, "error", "Tanggal pemeriksaan kosong"),
        ({"day": "2027-01-01"}, "error", "belum tiba"),
        ({"born": "2025-11-21"}, "warning", "itu yang dipakai"),
        ({"sex": "P"}, "warning", "itu yang dipakai"),
        ({"weight": "4"}, "warning", "di luar yang wajar"),
    ],
)
def test_each_row_says_what_is_wrong_and_what_to_do(
    posyandu: Posyandu, cells: dict[str, str], kind: str, words: str
) -> None:
    file = posyandu.upload(line(posyandu.nik(posyandu.child()), **cells))
    assert words in posyandu.staff.get(file).text
    assert levels(posyandu) == [kind][: kind != "ok"]


def test_rows_of_a_file_are_compared_with_each_other(posyandu: Posyandu) -> None:
    nik = posyandu.nik(posyandu.child())
    posyandu.upload(line(nik, day="2026-10-05"), line(nik, height="70"))
    found = posyandu.rows("SELECT level, message FROM import_findings ORDER BY row_no")
    assert {row[0] for row in found} == {"warning"}
    assert "menyusut" in found[-1][1]


def test_a_child_is_found_by_the_nik_alone_and_nobody_elses_name_is_kept(posyandu: Posyandu) -> None:
    nik = posyandu.nik(posyandu.child())
    strange = f"{nik[:-4]}9998"
    file = posyandu.upload(line(strange), line("'" + nik), line("320115", name="Dede Rukmana"), line(nik))
    page = posyandu.staff.get(file).text
    assert "Tidak ada warga desa ini dengan NIK itu" in page
    assert "NIK harus 16 angka" in page
    assert "sudah ada di baris 3" in page
    assert strange not in page
    assert "Terapkan 1 baris" in page


def test_what_is_written_down_is_not_overwritten(posyandu: Posyandu) -> None:
    child = posyandu.child()
    posyandu.measure(child, "2026-11-05", head="46")
    nik = posyandu.nik(child)
    other = posyandu.upload(line(nik, weight="9.9"))
    assert "hasil ukur lain pada tanggal itu" in posyandu.staff.get(other).text
    assert "Tidak ada baris yang dapat dimasukkan" in posyandu.staff.get(other).text


def test_what_came_in_between_is_told_and_nothing_is_half_done(posyandu: Posyandu) -> None:
    child, other = posyandu.child(), posyandu.child("Neng Sari")
    file = posyandu.upload(line(posyandu.nik(child)), line(posyandu.nik(other), name="Neng Sari"))
    posyandu.measure(child, "2026-11-05")
    assert posyandu.step(file, "apply").status_code == 302
    page = posyandu.staff.get(file).text
    assert "Data berubah sejak berkas ini diperiksa" in page
    assert "Terapkan 1 baris" in page
    assert len(posyandu.rows("SELECT id FROM balita_measurements")) == 1
    assert posyandu.step(file, "discard").status_code == 302
    assert not posyandu.rows("SELECT id FROM import_findings")


@pytest.mark.parametrize(
    ("header", "lines", "words"),
    [
        ("NIK,NAMA_LENGKAP", ["1,2"], "Tanggal diukur"),
        ("NIK;NAMA_LENGKAP;TANGGAL_PERIKSA", [], "Tidak ada baris data"),
        ("PK\x03\x04\x00", ["x"], "bukan lembar kerja"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(posyandu: Posyandu, header: str, lines: list[str], words: str) -> None:
    file = posyandu.upload(*lines, header=header)
    assert words in posyandu.staff.get(file).text
    assert "Ditolak" in posyandu.staff.get(file).text
