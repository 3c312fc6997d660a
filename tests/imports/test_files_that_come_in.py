"""What every kind of import has in common: columns, sheets, what is kept and for how long, and who may."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from core.clock import now
from core.database.session import commit, db
from core.imports import retention
from core.imports.kind import ImportColumn, ImportKind
from core.imports.retention import LIFETIME, forget_old_files
from core.imports.uploads import upload_of
from core.testing import SIBLING, VILLAGE, SignInAs, at, erase, make_person, run_waiting
from core.testing.importing import bring_file, import_step, upload_file
from core.testing.villages import switch_off

KIND = "pbi_jk.members"
NIK = "3201155507900001"


def workbook(**sheets: list[list[str]]) -> BytesIO:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    page.write_string(number, place, cell)
    target.seek(0)
    return target


def rows(app: Flask, query: str) -> list[tuple[Any, ...]]:
    with at(app, VILLAGE):
        return [tuple(row) for row in db.session.execute(text(query))]


@pytest.fixture
def enok(app: Flask, areas: None) -> str:
    with at(app, VILLAGE) as area:
        person_id = str(make_person(area.id, "Enok Sumarni", nik=NIK).id)
        commit()
    return person_id


def test_the_sheet_and_the_columns_are_chosen_and_remembered(app: Flask, sign_in: SignInAs, enok: str) -> None:
    staff = sign_in("village_staff")
    members = [["KODE", "ORANG", "KET"], [NIK, "Enok Sumarni", "x"]]
    sheets = {"Petunjuk": [["Cara mengisi"], ["Isi semua"]], "Isi": members}
    page = bring_file(app, staff, KIND, workbook(**sheets), "daftar.xlsx")
    choice = staff.get(f"{page}/columns?sheet=Isi").text
    assert "Contoh isi" not in choice  # nothing is known yet
    assert NIK not in choice
    chosen = {"sheet": "Isi", "column-nik": "KODE", "column-name": "ORANG"}
    assert import_step(app, staff, page, "columns", **chosen).status_code == 302
    assert "Terapkan 1 baris" in staff.get(page).text
    assert "Kolom ini tidak dipakai: KET." in staff.get(page).text
    again = bring_file(app, staff, KIND, workbook(**sheets), "lagi.xlsx")
    assert "Terapkan 1 baris" in staff.get(again).text
    shown = staff.get(f"{again}/columns").text
    assert "Contoh isi: 3201 •••• •••• 0001" in shown


def test_a_deed_from_a_page_that_was_overtaken_is_not_done(app: Flask, sign_in: SignInAs, enok: str) -> None:
    staff = sign_in("village_staff")
    page = bring_file(app, staff, KIND, f"nik,nama\n{NIK},Enok Sumarni\n")
    for step in ("apply", "undo", "check", "discard", "columns"):
        data = {"version": "1", "column-nik": "nik", "column-name": "nama"}
        assert staff.post(f"{page}/{step}", data=data).status_code == 409, step
    assert is_there(app, page)
    assert import_step(app, staff, page, "discard").status_code == 302
    assert not is_there(app, page)


def is_there(app: Flask, page: str) -> bool:
    with at(app, VILLAGE) as area:
        return upload_of(area.id, UUID(page.rpartition("/")[2])).exists()


def test_the_file_goes_once_it_is_applied_and_a_waiting_one_after_a_month(
    app: Flask, sign_in: SignInAs, enok: str
) -> None:
    staff = sign_in("village_staff")
    lines = f"nik,nama\n{NIK},Enok Sumarni\n1,Salah\n"
    applied = bring_file(app, staff, KIND, lines)
    assert is_there(app, applied)
    import_step(app, staff, applied, "apply")
    assert not is_there(app, applied)
    waiting = bring_file(app, staff, KIND, "nik,nama\n1,Salah\n")
    with app.app_context():
        forget_old_files()
    assert rows(app, "SELECT count(*) FROM import_findings") != [(0,)]
    with app.app_context(), patch.object(retention, "now", lambda: now() + LIFETIME + timedelta(days=1)):
        forget_old_files()
    assert not is_there(app, waiting)
    assert rows(app, "SELECT count(*) FROM import_findings") == [(0,)]
    assert "Dibuang" in staff.get(waiting).text
    assert "Diterapkan" in staff.get(applied).text


def test_who_is_erased_is_in_no_file_that_waits(app: Flask, sign_in: SignInAs, enok: str) -> None:
    staff = sign_in("village_staff")
    page = bring_file(app, staff, KIND, f"nik,nama\n{NIK},Enok Sumarni\n")
    other = bring_file(app, staff, KIND, "nik,nama\n3201155507900002,Asep\n")
    with at(app, VILLAGE) as area:
        erase(area, UUID(enok), version=1)
        commit()
    assert "Dibuang" in staff.get(page).text
    assert "Siap diterapkan" in staff.get(other).text
    assert (is_there(app, page), is_there(app, other)) == (False, True)


def test_who_may_what_where(app: Flask, sign_in: SignInAs, enok: str) -> None:
    staff, kader = sign_in("village_staff"), sign_in("field_worker", name="Bu Kader")
    page = bring_file(app, staff, KIND, f"nik,nama\n{NIK},Enok Sumarni\n")
    hub = staff.get(f"/{VILLAGE}/imports").text
    assert "Daftar nonaktif PBI-JK" in hub
    assert "daftar.csv" in hub
    assert "Pilih tujuannya" in hub  # recipients of aid come into a distribution
    assert kader.get(page).status_code == 403
    assert kader.post(f"{page}/apply").status_code == 403
    assert kader.get(f"/{VILLAGE}/imports?kind={KIND}").status_code == 403
    assert sign_in("village_staff", SIBLING, name="Sebelah").get(page.replace(VILLAGE, SIBLING)).status_code == 404
    assert staff.get(f"/{VILLAGE}/imports/bansos.recipients/new").status_code == 404  # into which distribution?
    assert staff.get(f"/{VILLAGE}/imports/tidak.ada/new").status_code == 404
    switch_off(app, "pbi_jk")
    assert staff.get(page).status_code == 404
    assert "daftar.csv" not in staff.get(f"/{VILLAGE}/imports").text


def test_a_file_of_a_module_that_was_switched_off_meanwhile_is_not_applied(
    app: Flask, sign_in: SignInAs, enok: str
) -> None:
    staff = sign_in("village_staff")
    answer = upload_file(staff, KIND, f"nik,nama\n{NIK},Enok Sumarni\n")
    switch_off(app, "pbi_jk")
    run_waiting(app)
    assert answer.status_code == 302
    assert rows(app, "SELECT state FROM imports") == [("failed",)]
    assert rows(app, "SELECT count(*) FROM pbi_jk_lines") == [(0,)]


def test_pages_cost_the_same_with_many_imports_and_findings(app: Flask, sign_in: SignInAs, enok: str) -> None:
    staff = sign_in("village_staff")
    page = bring_file(app, staff, KIND, "nik,nama\n1,Salah\n")
    addresses = (f"/{VILLAGE}/imports", f"/{VILLAGE}/imports?kind={KIND}", page)
    few = [queries(app, staff, address) for address in addresses]
    for _number in range(3):
        bring_file(app, staff, KIND, "nik,nama\n" + "1,Salah\n" * 40)
    assert [queries(app, staff, address) for address in addresses] == few
    assert 'rel="next"' in staff.get(bring_file(app, staff, KIND, "nik,nama\n" + "1,Salah\n" * 40)).text


def queries(app: Flask, client: FlaskClient, address: str) -> int:
    found: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(found)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ((), "at least one"),
        ((ImportColumn("nik", "NIK"), ImportColumn("nik", "NIK", required=True)), "a key of its own"),
        ((ImportColumn("nik", "NIK"),), "without a required column"),
        ((ImportColumn("a", "A", ("x",), required=True), ImportColumn("b", "B", ("x",))), "two columns are called 'x'"),
    ],
)
def test_a_declaration_that_cannot_work_is_refused(columns: tuple[ImportColumn, ...], told: str) -> None:
    def nothing(*_arguments: object) -> Any:
        """Never called."""

    with pytest.raises(ValueError, match=told):
        ImportKind("x.y", "Judul", "x.z", columns, nothing, nothing, nothing, home="x.index")
