"""`puskesos people export` and `erase`: a resident's rights from the terminal."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from core.audit import AuditEntry
from core.cases.catalogue import find_service
from core.database.session import commit, db
from core.people.models import Person
from core.testing import SIBLING, VILLAGE, at, make_case, make_person

Run = Callable[..., Result]
NAME = "Enok Rohaeti"


@pytest.fixture
def enok(app: Flask, areas: None) -> str:
    with at(app, VILLAGE) as area:
        person_id = str(make_person(area.id, NAME).id)
        commit()
    return person_id


def name_of(app: Flask) -> str:
    with at(app, VILLAGE):
        return db.session.scalars(select(Person.name)).one()


def test_a_copy_is_written_and_recorded(app: Flask, puskesos: Run, enok: str, tmp_path: Path) -> None:
    file = tmp_path / "enok.json"
    answer = puskesos("people", "export", VILLAGE, enok, file)
    assert answer.exit_code == 0, answer.output
    assert json.loads(file.read_text())["Data diri"][0]["nama"] == NAME
    with at(app, VILLAGE):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "people.copy_written")).one()
        assert entry.object_id == enok
    again = puskesos("people", "export", VILLAGE, enok, file)
    assert again.exit_code == 1
    assert "sudah ada" in again.output


def test_a_resident_is_erased_by_who_types_the_name(app: Flask, puskesos: Run, enok: str) -> None:
    refused = puskesos("people", "erase", VILLAGE, enok, input="Enok\n")
    assert refused.exit_code == 1
    assert "tidak sama" in refused.output
    assert name_of(app) == NAME
    answer = puskesos("people", "erase", VILLAGE, enok, input=f"{NAME}\n")
    assert answer.exit_code == 0, answer.output
    assert name_of(app) == "Data dihapus"
    assert puskesos("people", "erase", VILLAGE, enok, "--name", NAME).exit_code == 1


def test_an_open_case_is_told(app: Flask, puskesos: Run, enok: str) -> None:
    with at(app, VILLAGE) as area:
        letter = find_service("sktm.letter")
        assert letter
        make_case(area, letter, db.session.scalars(select(Person)).one())
        commit()
    answer = puskesos("people", "erase", VILLAGE, enok, "--name", NAME)
    assert answer.exit_code == 1
    assert "Masih ada kasus terbuka: CBD-" in answer.output
    assert name_of(app) == NAME


@pytest.mark.parametrize("command", ["export", "erase"])
def test_a_resident_of_another_village_is_not_there(
    command: str, app: Flask, puskesos: Run, enok: str, tmp_path: Path
) -> None:
    more = [tmp_path / "x.json"] if command == "export" else ["--name", NAME]
    answer = puskesos("people", command, SIBLING, enok, *more)
    assert answer.exit_code == 1
    assert "tidak ada di" in answer.output
    assert not (tmp_path / "x.json").exists()
    assert puskesos("people", command, "32.01.15", enok, *more).exit_code == 2
    assert name_of(app) == NAME


def test_the_aid_of_all_families_is_written_and_recorded(app: Flask, puskesos: Run, enok: str, tmp_path: Path) -> None:
    with at(app, VILLAGE) as area:
        db.session.get_one(Person, (area.id, UUID(enok))).insurance = "pbi"
        commit()
    file = tmp_path / "bantuan.xlsx"
    answer = puskesos("people", "aid", VILLAGE, file)
    assert answer.exit_code == 0, answer.output
    assert "1 baris ditulis" in answer.output
    with file.open("rb") as book:
        row = CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()[1]
    assert row[3:8] == [NAME, row[4], "satu orang", "PBI-JK", "ditetapkan"]
    assert puskesos("people", "aid", VILLAGE, file).exit_code == 1
    with at(app, VILLAGE):
        assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "aid.written")).one()
