"""A list of recipients comes in by NIK, row by row, and goes out again."""

from pathlib import Path
from uuid import UUID

from click.testing import CliRunner
from flask import Flask

from core.api import commit, db
from core.testing import VILLAGE, at
from plugins.bansos.commands import import_recipients, list_unfetched

from .conftest import Desk, nik_of, tagged, url

LIST = f"""Nama KPM;NIK;Alamat
ENOK SUMARNI;'{nik_of(1)};RT 1
Asep Saefudin;{nik_of(2)};RT 2
Siti Rohmah;{nik_of(3)};RT 3
Orang Asing;{nik_of(77)};RT 4
Dadang Suhendar;3.20115550790E+15;RT 5
Enok Sumarni;{nik_of(1)};RT 1
Tanpa NIK;;RT 6
"""


def file_of(answer_location: str) -> str:
    return answer_location.rpartition("/")[2]


def test_a_list_is_checked_applied_and_undone(desk: Desk) -> None:
    desk.people()
    distribution = desk.announce()
    answer = desk.upload(distribution, LIST)
    assert answer.status_code == 302, answer.text
    page = tagged(desk.staff.get(answer.location).text)
    assert "7 baris 2 dapat dimasukkan" in page
    for told in (
        "Baris 4 Siti Rohmah NIK ini tercatat atas nama Iis Aisyah, bukan Siti Rohmah. Cocokkan dengan KTP.",
        "Baris 5 Orang Asing NIK 3201 •••• •••• 0077 tidak ada di data warga desa ini.",
        "lembar kerja hanya menyimpan 15 angka",
        "Baris 7 Enok Sumarni NIK ini sudah ada di baris 2.",
        "Baris 8 Tanpa NIK NIK kosong",
    ):
        assert told in page
    assert not desk.rows("SELECT 1 FROM bansos_recipients")  # a dry run
    file = url("distributions", distribution, "files", file_of(answer.location))
    assert desk.staff.get(f"{file}/findings.xlsx").data[:2] == b"PK"
    assert desk.staff.post(f"{file}/apply").status_code == 302
    assert [row[0] for row in desk.rows("SELECT number FROM bansos_recipients ORDER BY number")] == [1, 2]
    assert desk.rows("SELECT rows, findings FROM bansos_files") == [([], [])]  # names of strangers are not kept
    twice = desk.staff.post(f"{file}/apply")
    assert (twice.status_code, "sudah diterapkan" in twice.text) == (422, True)
    desk.hand_over(str(desk.rows("SELECT id FROM bansos_recipients WHERE number = 2")[0][0]))
    undone = desk.staff.post(f"{file}/undo", follow_redirects=True)
    assert "Asep Saepudin" in tagged(undone.text)  # fetched, so kept
    assert [row[0] for row in desk.rows("SELECT number FROM bansos_recipients")] == [2]


def test_the_same_list_again_passes_over_who_is_there(desk: Desk) -> None:
    distribution, _recipients = desk.listed("Enok Sumarni")
    answer = desk.upload(distribution, f"nik,nama\n{nik_of(1)},Enok Sumarni\n")
    assert "1 sudah ada di daftar" in tagged(desk.staff.get(answer.location).text)


def test_two_of_one_family_are_a_question(desk: Desk) -> None:
    first, second = desk.people("Enok Sumarni", "Asep Saepudin")
    with at(desk.app, VILLAGE):
        db.session.connection().exec_driver_sql(
            "UPDATE persons SET household_id = (SELECT household_id FROM persons WHERE id = %s) WHERE id = %s",
            (UUID(first), UUID(second)),
        )
        commit()
    answer = desk.upload(desk.announce(), f"nik,nama\n{nik_of(1)},Enok Sumarni\n{nik_of(2)},Asep Saepudin\n")
    page = tagged(desk.staff.get(answer.location).text)
    assert "2 dapat dimasukkan" in page
    assert "Enok Sumarni dari keluarga yang sama juga ada di daftar." in page


def test_other_headings_are_named_once_and_remembered(desk: Desk) -> None:
    desk.people("Enok Sumarni")
    distribution = desk.announce()
    lines = f"id_pm,nm_pm\n{nik_of(1)},Enok Sumarni\n"
    refused = desk.upload(distribution, lines)
    assert (refused.status_code, "Kolom wajib tidak ditemukan" in refused.text) == (422, True)
    assert desk.upload(distribution, lines, nik_column="id_pm", name_column="nm_pm").status_code == 302
    form = desk.page("distributions", distribution, "files", "new")
    assert 'value="id_pm"' in form


def test_no_table_is_refused_with_what_to_do(desk: Desk) -> None:
    answer = desk.upload(desk.announce(), "\x00\x01")
    assert answer.status_code == 422
    assert "Simpan Sebagai" in answer.text


def test_at_the_terminal_as_on_the_page(desk: Desk, app: Flask, tmp_path: Path) -> None:
    desk.people()
    desk.announce()
    path = tmp_path / "daftar.csv"
    path.write_text(LIST, encoding="utf-8")
    run = CliRunner()
    with app.app_context():
        dry = run.invoke(import_recipients, [VILLAGE, "2026/1", str(path), "--dry-run"])
        assert "2 orang akan masuk; tidak ada yang disimpan." in dry.output
        assert run.invoke(list_unfetched, [VILLAGE, "2026/1"]).output.startswith("0 orang")
        real = run.invoke(import_recipients, [VILLAGE, "2026/1", str(path)])
        assert "2 penerima ditambahkan." in real.output
        assert "Baris 4, tidak masuk: NIK ini tercatat atas nama Iis Aisyah" in real.output
        listed = run.invoke(list_unfetched, [VILLAGE, "2026/1"])
        assert "Enok Sumarni" in listed.output
        assert "2 orang belum mengambil" in listed.output
        assert run.invoke(list_unfetched, [VILLAGE, "2026/9"]).exit_code == 1
