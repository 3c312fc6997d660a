"""A list of recipients comes in by NIK, row by row, and goes out again."""

from uuid import UUID

from click.testing import CliRunner
from flask import Flask

from core.api import commit, db
from core.testing import VILLAGE, at
from core.testing.reading import tagged
from plugins.bansos.commands import list_unfetched

from .conftest import Desk, nik_of, url

LIST = f"""Nama KPM;NIK;Alamat
ENOK SUMARNI;'{nik_of(1)};RT 1
Asep Saefudin;{nik_of(2)};RT 2
Siti Rohmah;{nik_of(3)};RT 3
Orang Asing;{nik_of(77)};RT 4
Dadang Suhendar;3.20115550790E+15;RT 5
Enok Sumarni;{nik_of(1)};RT 1
Tanpa NIK;;RT 6
"""


def test_a_list_is_checked_applied_and_undone(desk: Desk) -> None:
    desk.people()
    distribution = desk.announce()
    file = desk.upload(distribution, LIST)
    page = tagged(desk.staff.get(file).text)
    assert "7 baris 2 dapat masuk 0 sudah ada 5 tidak masuk" in page
    for told in (
        "Baris 4 Nama KPM Siti Rohmah NIK ini tercatat atas nama Iis Aisyah, bukan Siti Rohmah. Cocokkan dengan KTP.",
        "Baris 5 Nama KPM Orang Asing NIK 3201 •••• •••• 0077 tidak ada di data warga desa ini.",
        "lembar kerja hanya menyimpan 15 angka",
        "Baris 7 Nama KPM Enok Sumarni NIK ini sudah ada di baris 2.",
        "Baris 8 NIK kosong NIK kosong",
    ):
        assert told in page, told
    assert not desk.rows("SELECT 1 FROM bansos_recipients")  # a dry run
    assert desk.staff.get(f"{file}/findings.xlsx").data[:2] == b"PK"
    assert desk.step(file, "apply").status_code == 302
    assert [row[0] for row in desk.rows("SELECT number FROM bansos_recipients ORDER BY number")] == [1, 2]
    twice = desk.step(file, "apply")
    assert (twice.status_code, "sudah ditangani" in twice.text) == (409, True)
    assert "2 masuk" in tagged(desk.page("distributions", distribution))
    desk.hand_over(str(desk.rows("SELECT id FROM bansos_recipients WHERE number = 2")[0][0]))
    assert desk.step(file, "undo").status_code == 302
    undone = tagged(desk.staff.get(file).text)
    assert "Asep Saepudin tidak diurungkan: pernah menerima penyerahan" in undone
    assert [row[0] for row in desk.rows("SELECT number FROM bansos_recipients")] == [2]


def test_the_same_list_again_passes_over_who_is_there(desk: Desk) -> None:
    distribution, _recipients = desk.listed("Enok Sumarni")
    page = desk.upload(distribution, f"nik,nama\n{nik_of(1)},Enok Sumarni\n")
    assert "0 dapat masuk 1 sudah ada" in tagged(desk.staff.get(page).text)


def test_two_of_one_family_are_a_question(desk: Desk) -> None:
    first, second = desk.people("Enok Sumarni", "Asep Saepudin")
    with at(desk.app, VILLAGE):
        db.session.connection().exec_driver_sql(
            "UPDATE persons SET household_id = (SELECT household_id FROM persons WHERE id = %s) WHERE id = %s",
            (UUID(first), UUID(second)),
        )
        commit()
    file = desk.upload(desk.announce(), f"nik,nama\n{nik_of(1)},Enok Sumarni\n{nik_of(2)},Asep Saepudin\n")
    page = tagged(desk.staff.get(file).text)
    assert "2 dapat masuk" in page
    assert "Enok Sumarni dari keluarga yang sama juga ada di daftar." in page


def test_other_headings_are_named_once_and_remembered(desk: Desk) -> None:
    desk.people("Enok Sumarni")
    distribution = desk.announce()
    lines = f"id_pm,nm_pm\n{nik_of(1)},Enok Sumarni\n"
    file = desk.upload(distribution, lines)
    assert "Pilih kolomnya" in desk.staff.get(file).text
    assert desk.step(file, "columns", **{"column-nik": "id_pm"}).status_code == 422
    assert desk.step(file, "columns", **{"column-nik": "id_pm", "column-name": "nm_pm"}).status_code == 302
    for page in (file, desk.upload(distribution, lines)):
        assert "1 dapat masuk" in tagged(desk.staff.get(page).text)


def test_a_closed_distribution_takes_no_file(desk: Desk) -> None:
    desk.people("Enok Sumarni")
    distribution = desk.announce()
    file = desk.upload(distribution, f"nik,nama\n{nik_of(1)},Enok Sumarni\n")
    version = desk.version("distributions", distribution)
    closing = desk.staff.post(url("distributions", distribution, "close"), data={"version": version})
    assert closing.status_code == 302, closing.text
    desk.step(file, "apply")
    assert "sudah ditutup" in desk.staff.get(file).text
    assert not desk.rows("SELECT 1 FROM bansos_recipients")


def test_at_the_terminal(desk: Desk, app: Flask) -> None:
    desk.listed("Enok Sumarni")
    run = CliRunner()
    with app.app_context():
        listed = run.invoke(list_unfetched, [VILLAGE, "2026/1"])
        assert "Enok Sumarni" in listed.output
        assert "1 orang belum mengambil" in listed.output
        assert run.invoke(list_unfetched, [VILLAGE, "2026/9"]).exit_code == 1
