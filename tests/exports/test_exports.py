"""Files made by a job: asked for, watched, fetched by whoever asked and nobody else, gone after three days."""

import os
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.audit import AuditEntry
from core.cases.catalogue import find_service
from core.database.session import commit, db
from core.exports import KINDS, LIFETIME, Export, export_kind, file_of, remove_expired, request_export
from core.jobs import enqueue, run_waiting
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_case, make_person

NIK = "3201155507915555"
CASES = f"/{VILLAGE}/cases/export"


@pytest.fixture
def staff(sign_in: SignInAs) -> FlaskClient:
    return sign_in("village_staff")


@pytest.fixture
def cases(app: Flask, areas: None) -> None:
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        make_case(area, service, make_person(area.id, "Rohaeti", nik=NIK))
        make_case(area, service, make_person(area.id, "=cmd|' /C calc'!A0"))
        commit()


def made(app: Flask, client: FlaskClient, **form: str) -> str:
    """Ask for the case list, have the job done, and answer with the address of the export's page."""
    asked = client.post(CASES, data=form)
    assert asked.status_code == 302
    run_waiting(app)
    return asked.location


def rows_in(content: bytes) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()]


def fetched(client: FlaskClient, page: str) -> list[list[object]]:
    with client.get(f"{page}/file") as file:
        return rows_in(file.data)


def only_export(app: Flask) -> Export:
    with at(app, VILLAGE):
        found = db.session.scalars(select(Export)).one()
        db.session.expunge(found)
        return found


# ---- the way of a file ----


def test_a_list_is_asked_for_watched_and_fetched(app: Flask, staff: FlaskClient, cases: None) -> None:
    assert 'action="/32.01.15.2008/cases/export"' in staff.get(f"/{VILLAGE}/cases").text
    page = staff.post(CASES, data={"which": "open"}).location
    waiting = staff.get(page).text
    assert "Menunggu giliran" in waiting
    assert f'hx-get="{page}/progress"' in waiting
    assert f'href="{page}"' in waiting, "without scripts one asks again by a link"
    assert "Menunggu giliran" in staff.get(f"{page}/progress").text
    run_waiting(app)
    assert staff.get(f"{page}/progress").headers["HX-Refresh"] == "true"
    assert f'href="{page}/file"' in staff.get(page).text
    with staff.get(f"{page}/file") as file:
        assert file.status_code == 200
        assert "kasus-32.01.15.2008-" in file.headers["Content-Disposition"]
        header, *rows = rows_in(file.data)
    assert header[:3] == ["Tiket", "Nama", "NIK"]
    assert [row[1] for row in rows] == ["Rohaeti", "=cmd|' /C calc'!A0"]
    assert rows[0][2] == NIK
    with at(app, VILLAGE):
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert [action for action in actions if action.startswith("exports.")] == [
        "exports.requested",
        "exports.made",
        "exports.downloaded",
    ]


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ({"which": "open", "q": "rohaeti"}, 1),
        ({"which": "closed"}, 0),
        ({"which": "todo"}, 2),
        ({"which": "mine"}, 0),
        ({"which": "nonsense", "service": "sktm.letter"}, 2),
        ({"service": "bpjs.none"}, 0),
        ({"q": "100%"}, 0),
    ],
)
def test_the_list_is_what_the_filter_shows(
    form: dict[str, str], found: int, app: Flask, staff: FlaskClient, cases: None
) -> None:
    page = made(app, staff, **form)
    assert len(fetched(staff, page)) == found + 1


def test_more_cases_than_a_page_and_a_batch_hold(
    app: Flask, staff: FlaskClient, cases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cases.lists.BATCH", 7)
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        for number in range(30):
            make_case(area, service, make_person(area.id, f"Warga {number}"))
        commit()
    rows = fetched(staff, made(app, staff))
    assert len({row[0] for row in rows}) == 33


def test_whole_niks_are_for_who_may_see_them(app: Flask, staff: FlaskClient, cases: None) -> None:
    page = made(app, staff)
    with at(app, VILLAGE):
        db.session.execute(update(Export).values(state="waiting", options=Export.options.op("||")({"nik": False})))
        enqueue("exports.make", AreaCode.parse(VILLAGE), export_id=page.rsplit("/", 1)[1])
        commit()
    run_waiting(app)
    rows = fetched(staff, page)
    assert rows[1][2] == "3201 •••• •••• 5555"


@pytest.mark.parametrize("role", ["field_worker", "district_officer", "auditor"])
def test_lists_are_for_the_villages_office(role: str, sign_in: SignInAs, cases: None) -> None:
    client = sign_in(role, VILLAGE if role == "field_worker" else "32.01")
    assert client.post(CASES).status_code == 403
    assert "Unduh daftar" not in client.get(f"/{VILLAGE}/cases").text


# ---- whose it is ----


def test_a_file_is_its_askers_alone(app: Flask, staff: FlaskClient, sign_in: SignInAs, cases: None) -> None:
    page = made(app, staff)
    others = sign_in("village_head"), sign_in("village_staff", name="rekan"), sign_in("district_admin", "32.01")
    for other in others:
        for address in (page, f"{page}/progress", f"{page}/file"):
            assert other.get(address).status_code == 404
        assert "kasus-" not in other.get(f"/{VILLAGE}/exports").text
    assert "kasus-" in staff.get(f"/{VILLAGE}/exports").text
    neighbour = sign_in("village_staff", SIBLING)
    assert neighbour.get(page).status_code == 404
    assert neighbour.get(page.replace(VILLAGE, SIBLING)).status_code == 404


def test_nothing_asked_for_says_what_can_be(staff: FlaskClient) -> None:
    assert "Belum ada yang diminta" in staff.get(f"/{VILLAGE}/exports").text


# ---- its end ----


def test_after_three_days_it_is_gone_and_the_page_says_so(app: Flask, staff: FlaskClient, cases: None) -> None:
    page = made(app, staff)
    with at(app, VILLAGE):
        db.session.execute(update(Export).values(expires_at=Export.expires_at - LIFETIME))
        commit()
    assert "sudah dihapus" in staff.get(page).text
    refused = staff.get(f"{page}/file")
    assert (refused.status_code, refused.location) == (302, page)


def test_the_worker_tidies_up_what_is_old_and_nothing_else(app: Flask, staff: FlaskClient, cases: None) -> None:
    first, second = made(app, staff), made(app, staff)
    with app.app_context():
        old, young = (file_of(3201152008, UUID(page.rsplit("/", 1)[1])) for page in (first, second))
        moment = old.stat().st_mtime - LIFETIME.total_seconds() - 60
        os.utime(old, (moment, moment))
        remove_expired()
    assert (old.exists(), young.exists()) == (False, True)
    assert staff.get(f"{first}/file").status_code == 302


# ---- what goes wrong ----


def test_a_writer_that_fails_leaves_no_file_and_says_so(app: Flask, staff: FlaskClient, cases: None) -> None:
    @export_kind("broken", "Yang rusak", "text/plain")
    def write(area: CurrentArea, path: Path, options: object, tell: object) -> None:
        path.write_text("half")
        raise OSError("No space left on device")

    with at(app, VILLAGE) as area:
        export_id = request_export(area, "broken", "rusak.txt", {}).id
        commit()
    run_waiting(app)
    del KINDS["broken"]
    failed = only_export(app)
    assert failed.state == "failed"
    assert "sebutkan kode" in (failed.problem or "")
    with app.app_context():
        assert list(file_of(3201152008, export_id).parent.glob(f"{export_id}*")) == []


def test_an_unknown_kind_is_nobodys(app: Flask, areas: None) -> None:
    with at(app, VILLAGE) as area, pytest.raises(LookupError):
        request_export(area, "nosuch", "x", {})
