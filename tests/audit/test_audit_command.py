"""`puskesos audit`: verify, head and tail as at a terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine, text

from core.audit import record
from core.database.session import commit
from core.database.urls import DatabaseUrls
from core.testing import SIBLING, VILLAGE, at
from tenants.cli import main

Run = Callable[..., Result]


@pytest.fixture
def audit(database_urls: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``audit("verify")`` is `puskesos audit verify`."""
    for name, value in {
        "DATABASE_URL": database_urls.owner,
        "DATABASE_APP_URL": database_urls.app,
        "PUSKESOS_DATA": str(tmp_path),
        "PUSKESOS_ENV": "test",
        "SECRET_KEY": "only for tests",
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(main, ["audit", *(str(word) for word in words)])


@pytest.fixture
def written(app: Flask, areas: None) -> None:
    """Three entries of Cibadak, one of its neighbour, one of nowhere."""
    for code, count in ((VILLAGE, 3), (SIBLING, 1)):
        with at(app, code):
            for number in range(count):
                record("cases.opened", "case", number, ticket=f"T-{number}")
            commit()
    with app.app_context():
        record("users.sign_in_failed", "user", reason="wrong")
        commit()


def spoil(owner_engine: Engine, statement: str) -> None:
    with owner_engine.begin() as owner:
        owner.execute(text("ALTER TABLE audit_entries NO FORCE ROW LEVEL SECURITY"))
        owner.execute(text(statement))
        owner.execute(text("ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY"))


def test_verify_says_that_everything_is_intact_and_what_that_leaves_open(audit: Run, written: None) -> None:
    result = audit("verify")
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        ["5 catatan dalam 3 rantai diperiksa.", "Utuh. Akhir rantai hanya dapat dipastikan dengan --heads."],
    )
    assert "3 catatan dalam 1 rantai" in audit("verify", "--area", VILLAGE).output


def test_verify_names_what_is_broken_and_ends_with_1(audit: Run, written: None, owner_engine: Engine) -> None:
    spoil(owner_engine, "UPDATE audit_entries SET user_name = 'x' WHERE seq = 2")
    result = audit("verify")
    assert result.exit_code == 1
    assert f"RUSAK {VILLAGE}: catatan nomor 2 diubah setelah ditulis" in result.output
    assert audit("verify", "--area", SIBLING).exit_code == 0


def test_heads_kept_outside_show_a_cut_end(audit: Run, written: None, owner_engine: Engine, tmp_path: Path) -> None:
    kept = tmp_path / "kepala.txt"
    kept.write_text(audit("head").output)
    assert [line.split()[:2] for line in kept.read_text().splitlines()] == [["0", "1"], [VILLAGE, "3"], [SIBLING, "1"]]
    assert audit("verify", "--heads", kept).output.endswith("Utuh.\n")
    spoil(owner_engine, "DELETE FROM audit_entries WHERE seq = 3 OR area_id = 0")
    assert audit("verify").exit_code == 0
    result = audit("verify", "--heads", kept)
    assert result.exit_code == 1
    assert f"RUSAK {VILLAGE}: rantai terpotong: catatan nomor 3 pernah ada" in result.output
    assert "RUSAK 0: rantai terpotong: catatan nomor 1 pernah ada" in result.output


def test_a_file_that_holds_no_heads_is_refused_with_its_line(audit: Run, written: None, tmp_path: Path) -> None:
    kept = tmp_path / "kepala.txt"
    kept.write_text("\n32.01.15.2008 tiga 00ff\n")
    result = audit("verify", "--heads", kept)
    assert result.exit_code == 1
    assert "baris 2" in result.output


def test_tail_tells_the_latest_entries_the_last_one_at_the_bottom(audit: Run, written: None) -> None:
    lines = audit("tail", "-n", "2").output.splitlines()
    assert len(lines) == 3
    assert "mendaftarkan kasus T-0" in lines[1]
    assert "gagal masuk sebagai –: nama atau kata sandi salah" in lines[2]
    assert "Belum ada catatan." in audit("tail", "--area", "32.02").output
