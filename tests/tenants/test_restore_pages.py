"""Archiving on screen and bringing in on screen: upload, job, progress, result."""

from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import EnvironBuilder, FlaskClient
from sqlalchemy import Engine, select, text

from core.areas.code import AreaCode
from core.areas.current import find_area
from core.audit.verification import verify
from core.cases.catalogue import find_service
from core.cases.models import Case
from core.database.session import commit, db, scope
from core.jobs import run_waiting
from core.testing import VILLAGE, SignInAs, at, make_case, make_person

from .archives import changed, in_manifest

DISTRICT = "32.01"
HERE = AreaCode.parse(VILLAGE)
RESTORE = f"/{DISTRICT}/villages/restore"


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT)


@pytest.fixture
def archive(app: Flask, admin: FlaskClient) -> bytes:
    """Made on screen, of a village with a case."""
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        make_case(area, service, make_person(area.id, "Rohaeti"))
        commit()
    asked = admin.post(f"/{DISTRICT}/villages/{VILLAGE}/archive")
    run_waiting(app)
    return fetched(admin, asked.location)


def fetched(client: FlaskClient, page: str) -> bytes:
    with client.get(f"{page}/file") as file:
        return file.data


def emptied(owner_engine: Engine) -> None:
    """As if this installation had never known the village."""
    with owner_engine.begin() as owner:
        tables = owner.scalars(
            text("SELECT DISTINCT table_name FROM information_schema.columns WHERE column_name = 'village_id'")
        ).all()
        owner.execute(text(f"TRUNCATE {', '.join(tables)}, audit_entries"))
        owner.execute(text(f"DELETE FROM areas WHERE id = {HERE.id}"))


def upload(client: FlaskClient, content: bytes, **form: str):
    data = {"file": (BytesIO(content), "desa.zip"), **form}
    builder = EnvironBuilder(client.application, RESTORE, method="POST", data=data)
    environ = builder.get_environ()
    # From half a megabyte on, the test client keeps what it sends in a file, and forgets it.
    with closing(environ["wsgi.input"]):
        return client.open(environ)


def test_a_suspended_village_is_archived_and_comes_back(
    app: Flask, admin: FlaskClient, archive: bytes, owner_engine: Engine
) -> None:
    admin.post(f"/{DISTRICT}/villages/{VILLAGE}/suspend", data={"reason": "Serah terima"})
    asked = admin.post(f"/{DISTRICT}/villages/{VILLAGE}/archive")
    run_waiting(app)
    content = fetched(admin, asked.location)
    emptied(owner_engine)
    started = upload(admin, content)
    assert started.status_code == 302
    page = started.location
    assert "Menunggu giliran" in admin.get(page).text
    assert "Menunggu giliran" in admin.get(f"{page}/progress").text
    run_waiting(app)
    assert admin.get(f"{page}/progress").headers["HX-Refresh"] == "true"
    done = admin.get(page).text
    assert "sudah dipulihkan" in done
    assert f'href="/{DISTRICT}/villages/{VILLAGE}"' in done
    assert "desa.zip" in admin.get(RESTORE).text
    with app.app_context(), scope(HERE):
        assert db.session.scalars(select(Case)).one().ticket.startswith("CBD-")
        assert verify(HERE).intact
    with app.app_context():
        village = find_area(HERE)
        assert village
        assert not village.suspended
    assert list((app.extensions["puskesos"].config.data_dir / "restores").iterdir()) == []


def test_an_archive_of_a_village_with_data_is_refused_by_the_job(
    app: Flask, admin: FlaskClient, archive: bytes
) -> None:
    page = upload(admin, archive).location
    run_waiting(app)
    told = admin.get(page).text
    assert "sudah berisi data" in told
    assert "Tidak ada yang tertulis" in told
    assert "Pekerjaan nomor" not in admin.get(f"/{DISTRICT}/jobs").text


def test_what_is_no_archive_is_refused_at_once_beside_the_field(app: Flask, admin: FlaskClient, tmp_path: Path) -> None:
    for content, message in ((b"", "Pilih dulu"), (b"%PDF-1.7", "bukan arsip Puskesos")):
        form = {"file": (BytesIO(content), "desa.zip")} if content else {}
        answer = admin.post(RESTORE, data=form)
        assert (answer.status_code, message in answer.text) == (422, True)
    assert list((app.extensions["puskesos"].config.data_dir / "restores").glob("*")) == []


def test_an_archive_of_another_district_is_refused_at_once(
    app: Flask, admin: FlaskClient, archive: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.zip").write_bytes(archive)
    elsewhere = in_manifest(lambda m: m.update(village="32.02.11.2002"))
    other = changed(tmp_path / "a.zip", tmp_path / "b.zip", "manifest.json", elsewhere)
    answer = upload(admin, other.read_bytes())
    assert (answer.status_code, "bukan bagian dari wilayah Anda" in answer.text) == (422, True)


def test_a_plugin_that_is_missing_is_named_and_can_be_left_out(
    app: Flask, admin: FlaskClient, archive: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.zip").write_bytes(archive)
    edit = in_manifest(lambda m: m["plugins"].update(homevisit={"version": "1", "schema": "0001"}))
    content = changed(tmp_path / "a.zip", tmp_path / "b.zip", "manifest.json", edit).read_bytes()
    refused = upload(admin, content)
    assert (refused.status_code, "homevisit" in refused.text) == (422, True)
    assert upload(admin, content, leave_out="homevisit").status_code == 302


@pytest.mark.parametrize("role", ["district_officer", "auditor", "village_head"])
def test_only_the_districts_admin_archives_and_restores(role: str, sign_in: SignInAs) -> None:
    client = sign_in(role, VILLAGE if role == "village_head" else DISTRICT)
    wanted = 404 if role == "village_head" else 403
    assert client.get(RESTORE).status_code == wanted
    assert client.post(f"/{DISTRICT}/villages/{VILLAGE}/archive").status_code == wanted


def test_an_archive_may_be_larger_than_other_uploads_but_only_for_who_is_signed_in(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    assert upload(admin, b"x" * 5000).status_code == 422
    assert app.test_client().post(RESTORE, data={"file": (BytesIO(b"x" * 5000), "a.zip")}).status_code in (302, 413)
    assert admin.post(f"/{DISTRICT}/villages/new", data={"add": "x" * 5000}).status_code == 413
