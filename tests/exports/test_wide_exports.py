"""A district asks for a file as a village does: a job makes it, in the district's scope, for whoever asked."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.audit import AuditEntry
from core.database.session import OwnRows, commit, db, scope
from core.exports import KINDS, LIFETIME, Export, OnProgress, export_kind, file_of, request_export
from core.job_overview import jobs_page
from core.jobs import run_waiting
from core.people.models import Person
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_person

DISTRICT = "32.01"
DISTRICT_ID = AreaCode.parse(DISTRICT).id
COPY = f"/{DISTRICT}/modules/installed/pkh/export"


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT)


@pytest.fixture
def residents(app: Flask, areas: None) -> None:
    """One in each of two villages, and one in another district."""
    for code, name in ((VILLAGE, "Enok"), (SIBLING, "Rohaeti"), (FOREIGN, "Orang Lain")):
        with at(app, code) as area:
            make_person(area.id, name)
            commit()


@pytest.fixture
def names() -> Iterator[str]:
    """A kind of export: the names of all residents."""

    @export_kind("names", "Nama warga", "text/plain")
    def write(area: CurrentArea, path: Path, options: Any, tell: OnProgress) -> None:
        found = sorted(db.session.scalars(select(Person.name)))
        tell(1, len(found))
        assert seen_from_outside(area) == (1, len(found)), "while the work goes on"
        changed = db.session.execute(text("UPDATE persons SET name = 'Diubah' RETURNING id")).all()
        path.write_text(f"{found} {len(changed)}")

    yield "names"
    del KINDS["names"]


def seen_from_outside(area: CurrentArea) -> tuple[int, int]:
    with db.engine.connect() as connection:
        row = connection.execute(select(Export.progress, Export.total).where(Export.village_id == area.id)).one()
        return row.progress, row.total


def ask(app: Flask, kind: str, **options: Any) -> UUID:
    with at(app, DISTRICT) as area, scope(OwnRows(area.id)):
        wanted = request_export(area, kind, "nama.txt", options).id
        commit()
    return wanted


def row(app: Flask) -> Export:
    with at(app, DISTRICT):
        found = db.session.scalars(select(Export)).one()
        db.session.expunge(found)
        return found


# ---- the way of a file ----


def test_a_plugins_rows_are_asked_for_watched_and_fetched(app: Flask, admin: FlaskClient) -> None:
    asked = admin.post(COPY)
    assert asked.status_code == 302
    page = asked.location
    assert page.startswith(f"/{DISTRICT}/exports/")
    waiting = admin.get(page).text
    assert "Menunggu giliran" in waiting
    assert f'hx-get="{page}/progress"' in waiting
    run_waiting(app)
    assert admin.get(f"{page}/progress").headers["HX-Refresh"] == "true"
    assert f'href="{page}/file"' in admin.get(page).text
    with admin.get(f"{page}/file") as file:
        assert (file.status_code, file.mimetype) == (200, "application/zip")
        assert "modul-pkh-32.01-" in file.headers["Content-Disposition"]
        with ZipFile(BytesIO(file.data)) as archive:
            assert "manifest.json" in archive.namelist()
    with at(app, DISTRICT):
        entries = db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.area_id == DISTRICT_ID).order_by(AuditEntry.seq)
        )
        told = [action for action in entries if action.startswith(("exports.", "modules."))]
    assert told == ["exports.requested", "modules.exported", "exports.made", "exports.downloaded"]


def test_the_districts_list_has_it_and_no_villages(app: Flask, admin: FlaskClient) -> None:
    assert "Belum ada yang diminta" in admin.get(f"/{DISTRICT}/exports").text
    admin.post(COPY)
    assert "modul-pkh-32.01-" in admin.get(f"/{DISTRICT}/exports").text
    assert "modul-pkh-32.01-" not in admin.get(f"/{VILLAGE}/exports").text
    assert f'href="/{DISTRICT}/exports"' in admin.get(f"/{DISTRICT}/").text


@pytest.mark.usefixtures("residents")
def test_it_is_made_from_all_villages_of_the_area_and_can_change_none(app: Flask, names: str) -> None:
    wanted = ask(app, names)
    run_waiting(app)
    with app.app_context():
        assert file_of(DISTRICT_ID, wanted).read_text() == "['Enok', 'Rohaeti'] 0"
    assert row(app).state == "done"


# ---- whose it is ----


def test_it_is_its_askers_alone(app: Flask, admin: FlaskClient, sign_in: SignInAs) -> None:
    page = admin.post(COPY).location
    run_waiting(app)
    others = {
        "a colleague": (sign_in("district_admin", DISTRICT, name="rekan"), page, 404),
        "who may not fetch": (sign_in("district_officer", DISTRICT), page, 403),
        "a village": (sign_in("village_head"), page, 404),
        "the asker, in a village": (admin, page.replace(DISTRICT, VILLAGE, 1), 404),
        "a village, by its own address": (sign_in("village_head"), page.replace(DISTRICT, VILLAGE, 1), 404),
    }
    for who, (client, address, status) in others.items():
        for part in ("", "/progress", "/file"):
            assert client.get(f"{address}{part}").status_code == status, (who, part)
    assert admin.get(page).status_code == 200


def test_a_village_sees_no_row_of_it(app: Flask, admin: FlaskClient) -> None:
    admin.post(COPY)
    with at(app, VILLAGE):
        assert db.session.scalars(select(Export)).all() == []
    with at(app, FOREIGN):
        assert db.session.scalars(select(Export)).all() == []


def test_in_its_own_rows_a_district_sees_no_village(app: Flask, residents: None) -> None:
    with app.app_context(), scope(OwnRows(DISTRICT_ID)):
        assert db.session.scalars(select(Person)).all() == []


# ---- its end ----


def test_after_three_days_it_is_gone(app: Flask, admin: FlaskClient) -> None:
    page = admin.post(COPY).location
    run_waiting(app)
    with app.app_context(), scope(OwnRows(DISTRICT_ID)):
        db.session.execute(update(Export).values(expires_at=Export.expires_at - LIFETIME))
        commit()
    assert "sudah dihapus" in admin.get(page).text
    assert admin.get(f"{page}/file").status_code == 302


def test_one_that_fails_says_so_and_is_made_when_it_is_done_again(app: Flask, admin: FlaskClient) -> None:
    full = [True]

    @export_kind("full", "Cakram penuh", "text/plain")
    def write(area: CurrentArea, path: Path, options: Any, tell: OnProgress) -> None:
        path.write_text("half")
        if full.pop():
            raise OSError("No space left on device")

    wanted = ask(app, "full")
    run_waiting(app)
    failed = row(app)
    assert failed.state == "failed"
    assert "sebutkan kode" in (failed.problem or "")
    with at(app, DISTRICT) as area:
        assert list(file_of(DISTRICT_ID, wanted).parent.glob(f"{wanted}*")) == []
        [job] = jobs_page(area, "failed", None).rows
        assert (job.task, job.area.code) == ("exports.make", DISTRICT)
    full.append(False)
    assert admin.post(f"/{DISTRICT}/jobs/{job.id}/retry").status_code == 302
    run_waiting(app)
    del KINDS["full"]
    assert row(app).state == "done"
