"""A file of official deciles: checked, applied with day and source, undone; whose decile moved and by which gates."""

from pathlib import Path
from uuid import UUID

from click.testing import CliRunner

from core.api import commit, db
from core.testing import VILLAGE, at
from plugins.dtsen.commands import export_log, import_deciles

from .conftest import Desk, tagged, url

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
    answer = desk.upload(lines)
    assert answer.status_code == 302, answer.text
    page = tagged(desk.staff.get(answer.location).text)
    for told in (
        "8 baris 3 keluarga terbaca 0 desil turun 1 desil naik 1 baru terdata 1 tetap 5 tidak masuk",
        "No. KK 3201 •••• •••• 9999 tidak ada di data warga desa ini.",
        "Keluarga ini sudah disebut di baris 2 dengan desil 6.",
        "Desil “11” bukan angka 1 sampai 10.",
        "No. KK dan NIK kosong.",
        "lembar kerja hanya menyimpan 15 angka",
        "Enok Sumarni RT 002/RW 005 4&nbsp;→&nbsp;6",
        "keluar batas Sembako (sampai 4) keluar batas Sembako (sampai 5)",
        "Iis Aisyah RT 002/RW 005 belum ada&nbsp;→&nbsp;2 dulu belum diketahui; saring keluarganya",
    ):
        assert told in page, told
    before = desk.rows(DECILES)
    assert [row[1] for row in before] == [3, 4, None]  # a dry run
    stale = desk.file_step(answer.location, "apply", version="9")
    assert (stale.status_code, "Orang lain baru saja mengubah berkas ini" in stale.text) == (409, True)
    applied = desk.file_step(answer.location, "apply")
    assert "2 keluarga desilnya berubah." in applied.text
    assert desk.rows(DECILES) == [
        ("Asep Saepudin", 3, "2026-11-01", "SIKS-NG"),
        ("Enok Sumarni", 6, "2026-11-01", "SIKS-NG"),
        ("Iis Aisyah", 2, "2026-11-01", "SIKS-NG"),
    ]
    assert desk.rows("SELECT rows, findings FROM dtsen_files") == [([], [])]  # names of strangers are not kept
    moved = desk.page("deciles")
    assert "Enok Sumarni" in moved
    assert "Asep Saepudin" not in moved
    assert "Enok Sumarni" not in desk.page("deciles", show="new")
    assert "Iis Aisyah" not in desk.page("deciles", show="up")
    assert desk.staff.get(url("deciles.xlsx")).data[:2] == b"PK"
    undone = desk.file_step(answer.location, "undo")
    assert "3 keluarga kembali ke desil sebelumnya." in undone.text
    assert desk.rows(DECILES) == before
    assert desk.file_step(answer.location, "undo", version="3").status_code == 422


def test_a_family_keeps_its_history_and_what_was_corrected_stays(desk: Desk) -> None:
    lines, people = three_families(desk)
    first = desk.upload(lines).location
    desk.file_step(first, "apply")
    kk = desk.kk(people[0])
    with at(desk.app, VILLAGE):
        db.session.connection().exec_driver_sql(
            "UPDATE households SET decile = 9, decile_source = 'Surat', version = version + 1 WHERE kk_number = %s",
            (kk,),
        )
        commit()
    undone = desk.file_step(first, "undo")
    assert "1 tetap, karena sudah diubah sesudahnya." in undone.text
    [[home]] = desk.rows("SELECT household_id FROM persons WHERE id = :id", id=UUID(people[0]))
    history = desk.page("households", home, "deciles")
    assert "Riwayat desil: Enok Sumarni" in history
    assert "5 Jan 2026, Lama 6 SIKS-NG" in history
    assert "Desil resmi 9" in history
    assert "Desil 4 → 6" in tagged(desk.staff.get(f"/{VILLAGE}/people/{people[0]}").text)


def test_an_older_list_does_not_go_over_a_newer_decile(desk: Desk) -> None:
    lines, _people = three_families(desk)
    file = desk.upload(lines, decile_on="2025-12-01").location
    refused = desk.file_step(file, "apply")
    assert (refused.status_code, "2 keluarga sudah punya desil yang lebih baru" in refused.text) == (422, True)
    assert "Berkas dibuang" in desk.file_step(file, "discard").text


def test_other_headings_are_named_once_and_remembered(desk: Desk) -> None:
    kk = desk.kk(desk.person("Enok Sumarni"))
    lines = f"no_induk_klg,peringkat\n'{kk},3\n"
    refused = desk.upload(lines)
    assert (refused.status_code, "Kolom wajib tidak ditemukan" in refused.text) == (422, True)
    assert desk.upload(lines, desil="peringkat").status_code == 422  # no number to find a family by
    assert desk.upload(lines, desil="peringkat", no_kk="no_induk_klg").status_code == 302
    assert 'value="no_induk_klg"' in desk.staff.get(url("files", "new")).text
    assert desk.upload(lines, decile_on="2027-01-01", desil="peringkat").status_code == 422
    assert desk.upload("\x00\x01").status_code == 422


def test_at_the_terminal_as_on_the_page(desk: Desk, tmp_path: Path) -> None:
    lines, _people = three_families(desk)
    path, out = tmp_path / "desil.csv", tmp_path / "log.xlsx"
    path.write_text(lines, encoding="utf-8")
    run, told = CliRunner(), [VILLAGE, str(path), "--on", "2026-11-01", "--source", "SIKS-NG"]
    with desk.app.app_context():
        assert "3 keluarga terbaca; tidak ada yang disimpan." in run.invoke(import_deciles, [*told, "--dry-run"]).output
        real = run.invoke(import_deciles, told)
        assert "2 keluarga desilnya berubah." in real.output
        assert "Baris 5, tidak masuk: No. KK 3201 •••• •••• 9999" in real.output
        assert run.invoke(import_deciles, ["xx", *told[1:]]).exit_code == 2
        assert "0 baris ditulis." in run.invoke(export_log, [VILLAGE, str(out)]).output
    assert out.read_bytes()[:2] == b"PK"
