"""A file of official deciles: checked, applied with day and source, undone; whose decile moved and by which gates."""

from pathlib import Path
from uuid import UUID

from click.testing import CliRunner

from core.api import commit, db
from core.testing import VILLAGE, at
from core.testing.importing import upload_file
from core.testing.reading import tagged
from plugins.dtsen.commands import export_log

from .conftest import Desk, url

DECILES = (
    "SELECT p.name, h.decile, h.decile_on::text, h.decile_source FROM households h JOIN persons p ON"
    " p.household_id = h.id ORDER BY p.name"
)


def three_families(desk: Desk) -> tuple[str, list[str]]:
    """Enok goes from 4 to 6, Asep stays at 3, Iis is new; the rest of the file is wrong."""
    people = [desk.person("Enok Sumarni", 4), desk.person("Asep Saepudin", 3), desk.person("Iis Aisyah")]
    kks = [desk.kk(person) for person in people]
    [[nik]] = desk.rows("SELECT nik FROM persons WHERE id = :id", id=UUID(people[2]))
    lines = f"""Nomor KK;NIK;Nama;Desil Nasional
'{kks[0]};;ENOK SUMARNI;6
'{kks[1]};;Asep Saepudin;3
;'{nik};Iis Aisyah;2
'3201150101209999;;Orang Asing;1
'{kks[0]};;Enok lagi;5
'{kks[1]};;Asep;11
;;Tanpa nomor;4
3,20115010120E+15;;Dibulatkan;4
"""
    return lines, people


def test_a_file_is_checked_applied_and_undone(desk: Desk) -> None:
    lines, _people = three_families(desk)
    file = desk.upload(lines)
    page = tagged(desk.staff.get(file).text)
    assert "8 baris 0 desil turun 1 desil naik 1 baru terdata 1 desilnya tetap 5 tidak masuk 2 perlu dilihat" in page
    wrong = tagged(desk.staff.get(f"{file}?show=error").text)
    for told in (
        "No. KK 3201 •••• •••• 9999 tidak ada di data warga desa ini.",
        "Keluarga ini sudah disebut di baris 2 dengan desil 6.",
        "Desil “11” bukan angka 1 sampai 10.",
        "No. KK dan NIK kosong.",
        "lembar kerja hanya menyimpan 15 angka",
    ):
        assert told in wrong, told
    moving = tagged(desk.staff.get(f"{file}?show=warning").text)
    assert "Enok Sumarni: desil 4 menjadi 6. Keluar batas " in moving
    assert "Sembako (≤ 4), Sembako (≤ 5)" in moving
    assert "Iis Aisyah: desil belum diketahui menjadi 2. Dulu belum diketahui" in moving
    before = desk.rows(DECILES)
    assert [row[1] for row in before] == [3, 4, None]  # a dry run
    assert desk.file_step(file, "apply").status_code == 302
    assert desk.rows(DECILES) == [
        ("Asep Saepudin", 3, "2026-11-01", "SIKS-NG"),
        ("Enok Sumarni", 6, "2026-11-01", "SIKS-NG"),
        ("Iis Aisyah", 2, "2026-11-01", "SIKS-NG"),
    ]
    moved = desk.page("deciles")
    assert "keluar batas Sembako (sampai 4) keluar batas Sembako (sampai 5)" in moved
    assert "Asep Saepudin" not in moved
    assert "Enok Sumarni" not in desk.page("deciles", show="new")
    assert "Iis Aisyah" not in desk.page("deciles", show="up")
    assert desk.staff.get(url("deciles.xlsx")).data[:2] == b"PK"
    assert "2 sudah ada" in tagged(desk.staff.get(desk.upload("\n".join(lines.splitlines()[:3]))).text)
    assert desk.file_step(file, "undo").status_code == 302
    assert desk.rows(DECILES) == before
    assert desk.rows("SELECT 1 FROM dtsen_moves") == []


def test_what_was_corrected_meanwhile_is_shown_again_and_not_overwritten(desk: Desk) -> None:
    lines, people = three_families(desk)
    file, kk = desk.upload(lines), desk.kk(people[0])
    set_decile(desk, kk, 7)
    desk.file_step(file, "apply")
    page = tagged(desk.staff.get(file).text)
    assert "Data berubah sejak berkas ini diperiksa" in page
    assert "1 desil turun" in page
    assert desk.rows("SELECT 1 FROM dtsen_moves") == []


def set_decile(desk: Desk, kk: str, decile: int) -> None:
    with at(desk.app, VILLAGE):
        db.session.connection().exec_driver_sql(
            "UPDATE households SET decile = %s, decile_source = 'Surat', version = version + 1 WHERE kk_number = %s",
            (decile, kk),
        )
        commit()


def test_a_family_keeps_its_history_and_what_was_corrected_stays(desk: Desk) -> None:
    lines, people = three_families(desk)
    file, kk = desk.upload(lines), desk.kk(people[0])
    desk.file_step(file, "apply")
    set_decile(desk, kk, 9)
    desk.file_step(file, "undo")
    assert "Enok Sumarni tidak diurungkan: desilnya sudah diubah sesudahnya" in tagged(desk.staff.get(file).text)
    [[home]] = desk.rows("SELECT household_id FROM persons WHERE id = :id", id=UUID(people[0]))
    history = desk.page("households", home, "deciles")
    assert "Riwayat desil: Enok Sumarni" in history
    assert "5 Jan 2026, Lama 6 SIKS-NG" in history
    assert "Desil resmi 9" in history
    assert "Desil 4 → 6" in tagged(desk.staff.get(f"/{VILLAGE}/people/{people[0]}").text)


def test_an_older_list_does_not_go_over_a_newer_decile(desk: Desk) -> None:
    lines, _people = three_families(desk)
    file = desk.upload(lines, decile_on="2025-12-01")
    page = tagged(desk.staff.get(f"{file}?show=error").text)
    assert page.count("Keluarga ini sudah punya desil yang lebih baru, per 05-01-2026.") == 3
    future = upload_file(desk.staff, "dtsen.deciles", lines, decile_on="2027-01-01", source="SIKS-NG")
    assert (future.status_code, "Tanggal ini belum tiba." in future.text) == (422, True)


def test_the_log_at_the_terminal(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "log.xlsx"
    with desk.app.app_context():
        assert "0 baris ditulis." in CliRunner().invoke(export_log, [VILLAGE, str(out)]).output
        assert CliRunner().invoke(export_log, ["xx", str(out)]).exit_code == 2
    assert out.read_bytes()[:2] == b"PK"
