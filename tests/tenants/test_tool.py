"""The tool `puskesos`: what each command says, and with which code it ends."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from core.areas.code import AreaCode
from core.audit import AuditEntry
from core.config import ROOT
from core.database.session import db, scope
from core.database.upgrade import PluginMigrationsFailed
from core.people.opensid import write_rows
from core.people.synthetic import residents
from core.users.accounts import find_user
from core.users.passwords import verify_password
from tenants.cli import COMMANDS
from tenants.cli.serve import bring_up_to_date
from tenants.running import installation
from tenants.schema import SchemaOutdated

Run = Callable[..., Result]
WriteFile = Callable[..., Path]
VILLAGE = "32.01.15.2008"
ON = '[modules]\nenabled = ["sktm"]\n'


@pytest.fixture
def provisioned(puskesos: Run, district_file: WriteFile) -> None:
    assert puskesos("tenants", "apply", district_file(ON)).exit_code == 0


def test_help_lists_the_commands_without_loading_the_application() -> None:
    code = (
        "import sys; from tenants.cli import main; main(['-h'], standalone_mode=False); print('flask' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert answer.endswith("False\n")
    assert all(f"\n  {name} " in answer for name in COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        *([name] for name in COMMANDS),
        ["db", "upgrade"],
        ["tenants", "plan"],
        ["tenants", "apply"],
        ["modules", "show"],
        *(["modules", command] for command in ("set", "lock", "unlock", "history", "undo")),
        *(["users", command] for command in ("list", "create", "reset", "grant", "revoke", "end", "unlock")),
        *(["users", command] for command in ("invite", "move", "reopen", "sessions", "totp-reset")),
        *(["people", command] for command in ("export", "erase")),
        ["villages", "show"],
        ["villages", "set"],
        *(["plugins", command] for command in ("list", "new", "dev", "settings", "check", "enable", "disable")),
        *(["plugins", command] for command in ("suspend", "resume", "export", "purge")),
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(puskesos: Run, words: list[str]) -> None:
    result = puskesos(*words, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3


def test_an_unknown_command_or_option_is_a_usage_error(puskesos: Run) -> None:
    assert puskesos("nosuch").exit_code == 2
    assert puskesos("users", "list", "--nosuch").exit_code == 2
    assert puskesos("modules", "show", "--area", "Cibadak").exit_code == 2


def test_plan_ends_with_three_where_something_waits_and_is_asked_for(puskesos: Run, district_file: WriteFile) -> None:
    path = district_file(ON)
    assert puskesos("tenants", "plan", path).exit_code == 0
    assert puskesos("tenants", "plan", "--exit-code", path).exit_code == 3
    assert puskesos("tenants", "apply", path).exit_code == 0
    after = puskesos("tenants", "plan", "--exit-code", path)
    assert after.exit_code == 0
    assert "Tidak ada yang perlu diubah" in after.output


def test_plan_lists_what_is_new_changed_and_gone(puskesos: Run, provisioned: None, district_file: WriteFile) -> None:
    path = district_file(f'{ON}locked = ["sktm"]\n', villages='["32.01.15.2008", "32.01.15.2009"]')
    output = puskesos("tenants", "plan", path).output
    assert "+ 1 wilayah baru:\n      32.01.15.2009" in output
    assert "~ 1 pengaturan modul berubah:\n      32.01 sktm: hidup, terkunci" in output
    assert "- 1 wilayah tidak ada di berkas, dibiarkan:\n      32.01.15.2010" in output


def test_a_wrong_file_changes_nothing_not_even_of_the_right_one_before_it(
    puskesos: Run, district_file: WriteFile, empty: Flask, tmp_path: Path
) -> None:
    wrong = tmp_path / "salah.toml"
    wrong.write_text('[district]\ncode = "99"\n')
    result = puskesos("tenants", "apply", district_file(ON), wrong)
    assert result.exit_code == 1
    assert "salah.toml: [district] code" in result.output
    assert db.session.scalar(text("SELECT count(*) FROM areas")) == 0


def test_apply_shows_each_one_time_password_once(puskesos: Run, district_file: WriteFile, empty: Flask) -> None:
    path = district_file(f'[[staff]]\nusername = "kades"\nname = "Ade"\nrole = "village_head"\narea = "{VILLAGE}"\n')
    shown = re.search(r"kades  (\S+)  \(Ade\)", puskesos("tenants", "apply", path).output)
    assert shown
    assert verify_password(find_user("kades").password_hash, shown[1])
    assert "kata sandi" not in puskesos("tenants", "apply", path).output


def test_an_account_from_its_making_to_its_end(puskesos: Run, provisioned: None, empty: Flask) -> None:
    made = puskesos("users", "create", "ani", "--name", "Ani", "--role", "village_staff", "--area", VILLAGE)
    assert made.exit_code == 0
    first = re.search(r"sekali pakai: (\S+)", made.output)
    second = re.search(r"sekali pakai: (\S+)", puskesos("users", "reset", "ani").output)
    assert first
    assert second
    assert first[1] != second[1]
    assert puskesos("users", "grant", "ani", "field_worker", "--area", VILLAGE, "--until", "2027-12-31").exit_code == 0
    listed = puskesos("users", "list", "--area", "32.01.15").output
    assert re.search(r"ani +Ani +field_worker +32.01.15.2008 +2027-12-31 +aktif", listed)
    assert puskesos("users", "revoke", "ani", "field_worker", "--area", VILLAGE).exit_code == 0
    assert puskesos("users", "unlock", "ani").exit_code == 0
    assert puskesos("users", "end", "ani", "--yes").exit_code == 0
    assert "diakhiri" in puskesos("users", "list").output
    with scope(AreaCode.parse(VILLAGE)):
        assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all() == [
            "users.created", "users.granted", "users.granted", "users.revoked",
        ]  # fmt: skip


def test_an_account_is_ended_only_after_a_yes(puskesos: Run, provisioned: None, empty: Flask) -> None:
    puskesos("users", "create", "ani", "--name", "Ani", "--role", "village_staff", "--area", VILLAGE)
    refused = puskesos("users", "end", "ani", input="n\n")
    assert refused.exit_code == 1
    assert find_user("ani").ended_at is None


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("users", "reset", "nobody"), "Tidak ada akun bernama nobody"),
        (("users", "revoke", "nobody", "auditor", "--area", VILLAGE), "Tidak ada akun bernama nobody"),
        (
            ("users", "create", "a b", "--name", "A", "--role", "auditor", "--area", "32.01"),
            "pakai huruf, angka, titik, atau garis",
        ),
        (
            ("users", "create", "ani", "--name", "A", "--role", "village_head", "--area", "32.01"),
            "tidak dapat diberikan untuk wilayah 32.01",
        ),
        (
            ("users", "create", "ani", "--name", "A", "--role", "auditor", "--area", "32.02"),
            "Wilayah 32.02 belum disiapkan",
        ),
        (("modules", "set", "--area", VILLAGE, "tiada", "on"), "Modul 'tiada' tidak terpasang"),
        (("modules", "show", "--area", "32.02"), "belum disiapkan"),
        (("modules", "undo", "00000000-0000-7000-8000-00000000dead"), "Tidak ada perubahan bernomor"),
        (("import", "people.residents", VILLAGE, "mana.csv"), "Berkas mana.csv tidak ada"),
    ],
)
def test_a_problem_is_told_in_a_sentence(puskesos: Run, provisioned: None, words: tuple[str, ...], answer: str) -> None:
    result = puskesos(*words)
    assert result.exit_code == 1
    assert answer in result.output
    assert "Traceback" not in result.output


def test_a_module_is_switched_and_the_page_tells_where(puskesos: Run, provisioned: None) -> None:
    assert re.search(r"sktm +hidup +32.01\n", puskesos("modules", "show", "--area", VILLAGE).output)
    assert puskesos("modules", "set", "--area", VILLAGE, "sktm", "off").exit_code == 0
    assert re.search(rf"sktm +mati +{VILLAGE}\n", puskesos("modules", "show", "--area", VILLAGE).output)
    assert puskesos("modules", "set", "--area", VILLAGE, "sktm", "inherit").exit_code == 0
    assert re.search(r"sktm +hidup +32.01\n", puskesos("modules", "show", "--area", VILLAGE).output)


def test_below_a_lock_nothing_is_changed_and_the_lock_is_named(puskesos: Run, provisioned: None) -> None:
    puskesos("modules", "lock", "--area", "32.01", "sktm")
    result = puskesos("modules", "set", "--area", VILLAGE, "sktm", "off")
    assert result.exit_code == 1
    assert "dikunci oleh Kabupaten Bogor (32.01)" in result.output
    assert puskesos("modules", "unlock", "--area", "32.01", "sktm").exit_code == 0
    assert puskesos("modules", "set", "--area", VILLAGE, "sktm", "off").exit_code == 0


def test_a_preview_tells_and_changes_nothing(puskesos: Run, provisioned: None) -> None:
    told = puskesos("modules", "set", "--area", "32.01", "sktm", "off", "--preview").output
    assert "berhenti di 2 desa: Desa Cibadak, Desa Cihideung Ilir" in told
    assert "0 kasus terbuka di 0 desa" in told
    assert "Tidak ada yang diubah." in told
    assert re.search(r"sktm +hidup +32.01\n", puskesos("modules", "show", "--area", VILLAGE).output)


def test_a_change_stands_in_the_history_and_is_undone_once(puskesos: Run, provisioned: None) -> None:
    assert "\n" in puskesos("modules", "history", "--area", "32.01").output
    puskesos("modules", "set", "--area", VILLAGE, "--area", "32.01.15", "sktm", "off", "--reason", "Rapat desa")
    history = puskesos("modules", "history", "--area", "32.01").output
    found = re.search(r"([0-9a-f-]{36}) .* sktm +Kec. Ciampea +berlaku +Rapat desa", history)
    assert found
    assert puskesos("modules", "undo", found[1]).exit_code == 0
    assert re.search(r"sktm +hidup +32.01\n", puskesos("modules", "show", "--area", VILLAGE).output)
    again = puskesos("modules", "undo", found[1])
    assert (again.exit_code, "sudah diurungkan" in again.output) == (1, True)


def test_a_change_that_was_overtaken_is_not_undone_and_the_tool_says_by_what(puskesos: Run, provisioned: None) -> None:
    puskesos("modules", "set", "--area", VILLAGE, "sktm", "off")
    [number] = re.findall(r"[0-9a-f-]{36}", puskesos("modules", "history", "--area", "32.01").output)
    puskesos("modules", "set", "--area", VILLAGE, "sktm", "on")
    result = puskesos("modules", "undo", number)
    assert result.exit_code == 1
    assert f"{VILLAGE} sktm: ditinggalkan mati, sekarang hidup" in result.output


def test_deviations_below_are_cleared_when_that_is_asked_for(puskesos: Run, provisioned: None) -> None:
    puskesos("modules", "set", "--area", VILLAGE, "sktm", "off")
    kept = puskesos("modules", "set", "--area", "32.01", "sktm", "on", "--preview").output
    assert "Sudah seperti itu" in puskesos("modules", "set", "--area", "32.01", "sktm", "on").output
    assert "1 penyimpangan di bawahnya tetap" in kept
    cleared = puskesos("modules", "set", "--area", "32.01", "sktm", "on", "--clear-below").output
    assert "1 penyimpangan di bawahnya dihapus" in cleared
    assert re.search(r"sktm +hidup +32.01\n", puskesos("modules", "show", "--area", VILLAGE).output)


def test_residents_are_imported_after_a_dry_run_that_keeps_nothing(
    puskesos: Run, provisioned: None, tmp_path: Path
) -> None:
    path = tmp_path / "penduduk.csv"
    write_rows(path, residents(VILLAGE, 20, seed=1))
    for _attempt in range(2):
        checked = puskesos("import", "people.residents", VILLAGE, path, "--dry-run")
        assert checked.exit_code == 0
        assert "20 warga baru" in checked.output
    assert "Tersimpan" in puskesos("import", "people.residents", VILLAGE, path).output
    assert "0 warga baru, 0 berubah, 20 tetap" in puskesos("import", "people.residents", VILLAGE, path).output


def test_a_file_with_errors_saves_nothing_and_ends_with_one(puskesos: Run, provisioned: None, tmp_path: Path) -> None:
    path = tmp_path / "penduduk.csv"
    write_rows(path, residents(VILLAGE, 3, seed=1))
    path.write_text(path.read_text().replace(",1,", ",9,", 1))
    path.write_text(re.sub(r"\d{4}-\d\d-\d\d", "kemarin", path.read_text(), count=1))
    result = puskesos("import", "people.residents", VILLAGE, path)
    assert result.exit_code == 1
    assert "Tidak ada yang disimpan" in result.output
    assert "tanggallahir" in result.output


def test_residents_are_a_villages_and_not_a_kecamatans(puskesos: Run, tmp_path: Path) -> None:
    assert puskesos("import", "people.residents", "32.01.15", tmp_path / "x.csv").exit_code == 2


def test_installed_modules_are_listed_and_those_left_out(puskesos: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.search(r"sktm +SKTM +\S+ +1 .* siap", puskesos("plugins", "list").output)
    monkeypatch.setenv("PLUGINS_DISABLED", "sktm")
    assert re.search(r"sktm .* dilewati\n", puskesos("plugins", "list").output)


def test_a_database_without_tables_asks_for_the_upgrade(puskesos: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def older(_urls: object) -> None:
        raise SchemaOutdated

    monkeypatch.setattr("tenants.running.require_current_schema", older)
    result = puskesos("users", "list")
    assert result.exit_code == 1
    assert "Jalankan: puskesos db upgrade" in result.output


def test_a_database_that_is_not_there_is_no_traceback(puskesos: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    result = puskesos("users", "list")
    assert result.exit_code == 1
    assert "Periksa DATABASE_URL" in result.output


def test_a_fault_of_ours_is_told_and_shown_to_developers(puskesos: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("tenants.cli.users.application", fail)
    result = puskesos("users", "list")
    assert result.exit_code == 1
    assert "ZeroDivisionError: a fault" in result.output
    assert "PUSKESOS_DEBUG=1" in result.output
    monkeypatch.setenv("PUSKESOS_DEBUG", "1")
    assert isinstance(puskesos("users", "list").exception, ZeroDivisionError)


def test_the_schema_is_upgraded_as_often_as_one_likes(puskesos: Run) -> None:
    for _attempt in range(2):
        assert puskesos("db", "upgrade").exit_code == 0


def test_a_port_in_use_is_told_before_anything_starts(puskesos: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = puskesos("serve", "--port", port)
    assert result.exit_code == 1
    assert f"Porta {port} di 127.0.0.1 sudah dipakai" in result.output


# ---- what a village tells the public ----


def test_a_villages_hours_are_set_and_shown(puskesos: Run, provisioned: None) -> None:
    area = ("--area", VILLAGE)
    assert "belum dicatat" in puskesos("villages", "show", *area).output
    answer = puskesos("villages", "set", *area, "--hours", "rabu=08.00-14.00", "--closed", "25-12-2026 Natal")
    assert answer.exit_code == 0, answer.output
    changed = puskesos("villages", "set", *area, "--address", "Balai desa", "--hours", "Jumat=8-11")
    for words in (r"rabu +08\.00–14\.00", r"jumat +08\.00–11\.00", r"kamis +tutup", r"25-12-2026 +Natal", "Balai desa"):
        assert re.search(words, changed.output), words


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--area", VILLAGE, "--hours", "wednesday=8-12"], 2, "bukan nama hari"),
        (["--area", VILLAGE, "--hours", "rabu=12-8"], 2, "sesudah jam buka"),
        (["--area", VILLAGE, "--closed", "Natal"], 1, "tidak terbaca"),
        (["--area", "32.01", "--address", "x"], 1, "bukan desa atau kelurahan"),
        (["--area", "33.01.01.2001", "--address", "x"], 1, "belum disiapkan"),
    ],
)
def test_hours_that_cannot_be_read_are_told(
    puskesos: Run, provisioned: None, words: list[str], code: int, message: str
) -> None:
    answer = puskesos("villages", "set", *words)
    assert answer.exit_code == code
    assert message in answer.output


@pytest.fixture
def siti(puskesos: Run, provisioned: None) -> str:
    made = puskesos("users", "create", "siti", "--name", "Siti", "--role", "village_staff", "--area", VILLAGE)
    assert made.exit_code == 0
    return "siti"


def test_an_invitation_is_printed_once_and_its_token_kept_as_a_hash(puskesos: Run, siti: str) -> None:
    first, second = (re.search(r"/invitation/(\S+)", puskesos("users", "invite", siti).output) for _ in range(2))
    assert first
    assert second
    assert first[1] != second[1]
    made = puskesos(
        "users", "create", "neng", "--name", "Neng", "--role", "field_worker", "--area", VILLAGE, "--invite"
    )
    assert "/invitation/" in made.output
    assert "Kata sandi" not in made.output


def test_a_move_ends_one_role_and_begins_another(puskesos: Run, siti: str) -> None:
    words = ("users", "move", siti, "village_staff", "--from", VILLAGE, "--to", "32.01.15.2010")
    assert "Cihideung Ilir" in puskesos(*words, "--new-role", "village_head").output
    again = puskesos(*words)
    assert again.exit_code == 1
    assert "tidak memegang village_staff" in again.output
    early = puskesos(
        "users", "move", siti, "village_head", "--from", "32.01.15.2010", "--to", VILLAGE, "--since", "2020-01-01"
    )
    assert "paling cepat hari ini" in early.output


def test_an_ended_account_is_opened_again(puskesos: Run, siti: str) -> None:
    puskesos("users", "end", siti, "--yes")
    assert "dibuka lagi" in puskesos("users", "reopen", siti).output
    assert re.search(r"siti .* aktif", puskesos("users", "list").output)


def test_sessions_are_listed_and_ended_and_a_second_step_removed(puskesos: Run, siti: str) -> None:
    assert "tidak sedang masuk" in puskesos("users", "sessions", siti).output
    assert "0 sesi siti diakhiri" in puskesos("users", "sessions", siti, "--end").output
    assert "Langkah kedua dihapus: –" in puskesos("users", "totp-reset", siti).output
    assert puskesos("users", "totp-reset", "--unreadable").exit_code == 0
    assert puskesos("users", "totp-reset").exit_code == 2
    assert puskesos("users", "totp-reset", siti, "--unreadable").exit_code == 2


# ---- the life of a plugin ----


def test_a_module_is_switched_on_and_off_by_the_plugins_own_commands(puskesos: Run, provisioned: None) -> None:
    assert "berhenti di 2 desa" in puskesos("plugins", "disable", "sktm", "--area", "32.01").output
    assert re.search(r"sktm .* 0/2 +siap", puskesos("plugins", "list").output)
    assert "mulai berjalan di 2 desa" in puskesos("plugins", "enable", "sktm", "--area", "32.01").output
    assert re.search(r"sktm .* 2/2 +siap", puskesos("plugins", "list").output)


def test_a_module_is_stopped_everywhere_and_let_go_on(puskesos: Run, provisioned: None) -> None:
    assert puskesos("plugins", "suspend", "sktm").exit_code == 2, "a reason is asked for"
    assert "Berhenti di" in puskesos("plugins", "suspend", "sktm", "--reason", "Salah hitung").output
    assert re.search(r"sktm .* 0/2 +siap, dihentikan", puskesos("plugins", "list").output)
    checked = puskesos("plugins", "check", "sktm")
    assert checked.exit_code == 1
    assert "Dihentikan di semua wilayah: Salah hitung" in checked.output
    assert "mulai berjalan" not in puskesos("plugins", "enable", "sktm", "--area", "32.01").output
    assert "Berjalan lagi." in puskesos("plugins", "resume", "sktm").output
    assert re.search(r"sktm .* 2/2 +siap\n", puskesos("plugins", "list").output)
    assert "tidak sedang dihentikan" in puskesos("plugins", "resume", "sktm").output


def test_checking_a_module_tells_what_it_is_and_what_it_holds(puskesos: Run, provisioned: None) -> None:
    result = puskesos("plugins", "check", "blt_desa")
    assert result.exit_code == 0, result.output
    assert re.search(r"tabel blt_desa_meetings +0 baris", result.output)
    assert "Tidak ada masalah." in result.output
    assert puskesos("plugins", "check", "nosuch").exit_code == 1


def test_without_a_database_the_installed_modules_are_listed(puskesos: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    assert re.search(r"sktm +SKTM +\S+ +1 .* siap", puskesos("plugins", "list", "--offline").output)


def test_the_data_of_a_module_are_copied_and_nothing_is_overwritten(
    puskesos: Run, provisioned: None, tmp_path: Path
) -> None:
    path = tmp_path / "salinan.zip"
    assert "0 baris disalin" in puskesos("plugins", "export", "blt_desa", "--to", path).output
    assert path.exists()
    again = puskesos("plugins", "export", "blt_desa", "--to", path)
    assert again.exit_code == 1
    assert "sudah ada" in again.output


def test_purging_needs_the_name_typed_and_the_module_off(puskesos: Run, provisioned: None, tmp_path: Path) -> None:
    path = tmp_path / "salinan.zip"
    wrong = puskesos("plugins", "purge", "sktm", "--confirm", "skt", "--to", path)
    assert (wrong.exit_code, path.exists()) == (1, False)
    assert "nama yang diketik berbeda" in wrong.output
    still = puskesos("plugins", "purge", "sktm", "--confirm", "sktm", "--to", path)
    assert (still.exit_code, path.exists()) == (1, False)
    assert "masih menyala di 2 desa" in still.output


def test_a_blocklist_that_is_not_understood_is_no_traceback(
    puskesos: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "daftar.toml").write_text("[[plugin]")
    monkeypatch.setenv("PLUGINS_BLOCKLIST", str(tmp_path / "daftar.toml"))
    result = puskesos("plugins", "list")
    assert result.exit_code == 1
    assert "Daftar blokir modul" in result.output


def failing_upgrade(_urls: object, _plugins: object) -> None:
    raise PluginMigrationsFailed({"loans": ValueError("no such column")})


def test_the_upgrade_ends_with_one_where_a_modules_tables_fail(puskesos: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.cli.database.upgrade", failing_upgrade)
    result = puskesos("db", "upgrade")
    assert result.exit_code == 1
    assert "Tabel modul loans belum dapat diperbarui. loans: no such column" in result.output


def test_serving_goes_on_without_a_module_whose_tables_fail(
    puskesos: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tenants.cli.serve.upgrade", failing_upgrade)
    with installation() as here:
        bring_up_to_date(here)
    assert "Tabel modul loans belum dapat diperbarui" in capsys.readouterr().err
