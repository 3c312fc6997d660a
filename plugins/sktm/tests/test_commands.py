"""The register at the terminal: the same sheet as on the page, with the NIK masked, and on record."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from core.api import AreaCode, db, scope, today
from core.testing import VILLAGE
from plugins.sktm.commands import register

from .conftest import Desk


@pytest.fixture
def letter(desk: Desk) -> None:
    case = desk.open_case("Enok Sumarni", nik="3201155507900001")
    desk.approve(case)
    desk.issue(case)


@pytest.mark.usefixtures("letter")
def test_a_villages_register_becomes_a_file(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "register.xlsx"
    with desk.app.app_context():
        result = CliRunner().invoke(register, [VILLAGE, "--output", str(file)])
    assert result.exit_code == 0, result.output
    assert "1 surat ditulis" in result.output
    [_head, line] = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert line[2:4] == ["Enok Sumarni", "3201 •••• •••• 0001"]
    with desk.app.app_context(), scope(AreaCode.parse(VILLAGE)):
        entry = "SELECT object_id FROM audit_entries WHERE action = 'sktm.register_downloaded'"
        assert db.session.scalars(text(entry)).all() == [str(today().year)]


@pytest.mark.parametrize("words", [["Cibadak"], [VILLAGE, "--year", "19"]])
def test_what_is_no_village_or_no_year_is_a_wrong_call(words: list[str]) -> None:
    assert CliRunner().invoke(register, words).exit_code == 2
