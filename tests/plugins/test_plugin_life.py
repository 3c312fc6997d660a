"""The whole life of a plugin: upgrades that fail or skip versions, a wheel that goes and comes back, the blocklist,
suspension by hand, and the end with a copy of everything."""

import importlib.metadata
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from textwrap import dedent
from uuid import uuid4
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text

from core.areas.code import AreaCode
from core.audit import AuditEntry
from core.cases.catalogue import find_service
from core.clock import now
from core.database.plugin_schemas import out_of_date
from core.database.session import commit, db, scope
from core.database.upgrade import PluginMigrations, PluginMigrationsFailed, upgrade
from core.database.urls import DatabaseUrls
from core.imports.models import Import
from core.jobs import run_waiting
from core.plugins.blocklist import BlocklistError, read_blocklist
from core.plugins.failures import prune
from core.plugins.models import PluginFailure
from core.plugins.registry import ENTRY_POINT_GROUP
from core.plugins.suspending import suspend
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_case, make_person
from tenants.purging import StillOn, purge

from .conftest import Start, same_person, switch

DISTRICT = "32.01"
INSTALLED = f"/{DISTRICT}/modules/installed"

PAGES = """
from flask import Blueprint

from core.api import Plugin, hookimpl, requires

plugin = Plugin(name="loans", title="Pinjaman alat", summary="Siapa meminjam apa", version={version!r}, api="1")
bp = Blueprint("loans", __name__)


@bp.get("/")
@requires("area.view")
def index():
    return "halaman pinjaman"


@hookimpl
def blueprint():
    return bp
"""

TABLE = "CREATE TABLE loans_items (village_id bigint, id uuid, PRIMARY KEY (village_id, id))"
FIRST = f"[op.execute(statement) for statement in ({TABLE!r}, *policies('loans_items'))]"


def add_column(name: str) -> str:
    return f"op.execute('ALTER TABLE loans_items ADD {name} text')"


class Wheel:
    """The plugin "loans" in one of its versions, as a package on disk."""

    def __init__(self, folder: Path, version: str, migrations: list[str]) -> None:
        self.module = f"fake_loans_{version.replace('.', '_')}"
        package = folder / self.module
        (package / "migrations" / "versions").mkdir(parents=True)
        (package / "__init__.py").write_text(PAGES.format(version=version))
        self.folder = package / "migrations"
        (self.folder / "env.py").write_text("from core.api import run_migrations\n\nrun_migrations()\n")
        for number, does in enumerate(migrations, start=1):
            before = f"loans_{number - 1}" if number > 1 else None
            script = f"""
                from alembic import op
                from core.api import policies
                revision, down_revision = "loans_{number}", {before!r}

                def upgrade():
                    {does}
            """
            (self.folder / "versions" / f"{number:04d}.py").write_text(dedent(script))
        self.migrations = PluginMigrations("loans", self.folder)
        self.entry_point = importlib.metadata.EntryPoint("loans", self.module, ENTRY_POINT_GROUP)


@pytest.fixture
def wheels(tmp_path: Path, owner_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path for versions of the plugin, whose tables are gone afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("fake_loans")]:
        del sys.modules[name]
    with owner_engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS loans_items, loans_version"))
        connection.execute(text("DELETE FROM plugin_schemas WHERE plugin = 'loans'"))


def lend(app: Flask, code: str = VILLAGE) -> None:
    with at(app, code) as area:
        insert = text("INSERT INTO loans_items (village_id, id) VALUES (:village, :id)")
        db.session.execute(insert, {"village": area.id, "id": uuid4()})
        commit()


def columns(engine: Engine) -> set[str]:
    query = text("SELECT column_name FROM information_schema.columns WHERE table_name = 'loans_items'")
    with engine.connect() as connection:
        return set(connection.scalars(query))


def rows(engine: Engine) -> int:
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL puskesos.lo = '0'; SET LOCAL puskesos.hi = '9999999999'")
        return connection.scalar(text("SELECT count(*) FROM loans_items")) or 0


# ---- upgrades ----


def test_an_upgrade_that_fails_halfway_is_rolled_back_and_the_rest_serves(
    wheels: Path, database_urls: DatabaseUrls, owner_engine: Engine, start: Start, app: Flask, sign_in: SignInAs
) -> None:
    upgrade(database_urls, [Wheel(wheels, "1.0", [FIRST]).migrations])
    lend(app)
    broken = Wheel(wheels, "2.0", [FIRST, add_column("item"), "op.execute('SELECT no_such_column')"])
    with pytest.raises(PluginMigrationsFailed, match="no_such_column"):
        upgrade(database_urls, [broken.migrations])
    assert columns(owner_engine) == {"village_id", "id"}
    assert rows(owner_engine) == 1

    process = start(others=[broken.entry_point])
    switch(start(), "sktm", on=True)
    page = same_person(sign_in("district_admin", DISTRICT), process).get(f"{INSTALLED}/loans")
    assert page.status_code == 200
    assert "Tabel modul ini tidak sesuai dengan versinya" in page.text
    assert "no_such_column" in page.text
    assert "loans_1 → loans_3" in page.text
    staff = same_person(sign_in("village_staff"), process)
    assert staff.get(f"/{VILLAGE}/").status_code == 200
    assert staff.get(f"/{VILLAGE}/loans/").status_code == 404


def test_the_next_upgrade_that_works_brings_it_back(
    wheels: Path, database_urls: DatabaseUrls, owner_engine: Engine, start: Start, sign_in: SignInAs
) -> None:
    with pytest.raises(PluginMigrationsFailed):
        upgrade(database_urls, [Wheel(wheels, "1.0", [FIRST, "op.execute('THIS IS NOT SQL')"]).migrations])
    mended = Wheel(wheels, "1.1", [FIRST, add_column("item")])
    upgrade(database_urls, [mended.migrations])
    process = start(others=[mended.entry_point], plugins_strict=True)
    switch(process, "loans", on=True)
    assert same_person(sign_in("village_staff"), process).get(f"/{VILLAGE}/loans/").text == "halaman pinjaman"


def test_an_upgrade_that_skips_three_versions_runs_all_that_lies_between(
    wheels: Path, database_urls: DatabaseUrls, owner_engine: Engine, start: Start, app: Flask, sign_in: SignInAs
) -> None:
    upgrade(database_urls, [Wheel(wheels, "1.0", [FIRST]).migrations])
    lend(app)
    later = Wheel(wheels, "5.0", [FIRST, *(add_column(name) for name in ("two", "three", "four", "five"))])
    upgrade(database_urls, [later.migrations])
    assert columns(owner_engine) == {"village_id", "id", "two", "three", "four", "five"}
    assert rows(owner_engine) == 1
    start(others=[later.entry_point], plugins_strict=True)


def test_a_newer_wheel_whose_tables_nobody_has_upgraded_does_not_run(
    wheels: Path, database_urls: DatabaseUrls, start: Start, app: Flask
) -> None:
    """In production the upgrade is a step of its own, and may have been forgotten."""
    first, second = Wheel(wheels, "1.0", [FIRST]), Wheel(wheels, "2.0", [FIRST, add_column("item")])
    upgrade(database_urls, [first.migrations])
    [broken] = start(others=[second.entry_point]).extensions["puskesos"].plugins.broken
    assert (broken.name, broken.detail) == ("loans", "loans_1 → loans_2")
    assert out_of_date(database_urls.app, [first.migrations]) == {}


# ---- a wheel goes and comes back ----


def test_a_wheel_that_is_gone_is_shown_as_missing_its_data_kept_and_back_with_it(
    wheels: Path, database_urls: DatabaseUrls, owner_engine: Engine, start: Start, app: Flask, sign_in: SignInAs
) -> None:
    wheel = Wheel(wheels, "1.0", [FIRST])
    upgrade(database_urls, [wheel.migrations])
    before = start(others=[wheel.entry_point])
    switch(before, "loans", on=True)
    lend(app)
    staff, admin = sign_in("village_staff"), sign_in("district_admin", DISTRICT)

    gone = start()
    upgrade(database_urls)
    assert same_person(staff, gone).get(f"/{VILLAGE}/loans/").status_code == 404
    assert same_person(staff, gone).get(f"/{VILLAGE}/").status_code == 200
    listed, page = same_person(admin, gone).get(INSTALLED), same_person(admin, gone).get(f"{INSTALLED}/loans")
    assert "tidak terpasang" in listed.text
    assert "Paketnya tidak terpasang lagi. Datanya tetap" in page.text
    assert "1 dari 2 desa" in page.text
    assert "1 baris di wilayah ini" in page.text

    back = start(others=[wheel.entry_point])
    assert same_person(staff, back).get(f"/{VILLAGE}/loans/").text == "halaman pinjaman"
    assert rows(owner_engine) == 1


# ---- the blocklist ----


def blocklist(folder: Path, versions: str) -> Path:
    path = folder / "blocklist.toml"
    path.write_text(
        f'[[plugin]]\nname = "homevisit"\nversions = "{versions}"\nreason = "Menampilkan NIK di antrean."\n'
    )
    return path


@pytest.mark.parametrize("versions", ["", "<1.2", "==1.0.0", ">=1,<2"])
def test_a_blocked_version_is_refused_with_the_reason(
    start: Start, sign_in: SignInAs, tmp_path: Path, versions: str
) -> None:
    process = start(plugins_blocklist=blocklist(tmp_path, versions))
    page = same_person(sign_in("district_admin", DISTRICT), process).get(f"{INSTALLED}/homevisit")
    assert "Modul ini diblokir oleh pengelola: Menampilkan NIK di antrean." in page.text
    assert same_person(sign_in("village_staff"), process).get(f"/{VILLAGE}/homevisit/").status_code == 404


def test_other_versions_are_not_blocked(start: Start, tmp_path: Path) -> None:
    process = start(plugins_blocklist=blocklist(tmp_path, ">=1.0.1"), plugins_strict=True)
    assert "homevisit" in process.extensions["puskesos"].plugins.plugins


def test_what_is_blocked_in_every_version_is_not_even_imported(wheels: Path, start: Start) -> None:
    (wheels / "fake_loans_evil.py").write_text("raise SystemExit('imported')")
    path = wheels / "list.toml"
    path.write_text('[[plugin]]\nname = "loans"\nreason = "Mencuri data."\n')
    evil = importlib.metadata.EntryPoint("loans", "fake_loans_evil", ENTRY_POINT_GROUP)
    [broken] = start(others=[evil], plugins_blocklist=path).extensions["puskesos"].plugins.broken
    assert "Mencuri data." in str(broken.reason)
    assert "fake_loans_evil" not in sys.modules


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[[plugin", "tidak dapat dibaca"),
        ('[[plugins]]\nname = "x"', "hanya"),
        ('[[plugin]]\nname = "x"', "reason harus diisi"),
        ('[[plugin]]\nname = "x"\nreason = "y"\nversion = "1"', "version tidak dikenal"),
        ('[[plugin]]\nname = "x"\nreason = "y"\nversions = "kemarin"', "versions harus seperti"),
        ('[[plugin]]\nname = "x"\nreason = "y"\nversions = 1', "sebagai teks"),
    ],
)
def test_a_blocklist_that_cannot_be_understood_stops_the_start(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "blocklist.toml"
    path.write_text(content)
    with pytest.raises(BlocklistError, match=problem):
        read_blocklist(path)


def test_a_blocklist_that_is_named_and_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BlocklistError, match="tidak dapat dibaca"):
        read_blocklist(tmp_path / "gone.toml")


# ---- stopped by hand ----


def test_the_district_stops_a_module_in_every_process_and_lets_it_go_on(
    start: Start, sign_in: SignInAs, app: Flask
) -> None:
    one, other = start(), start()
    admin, staff, stranger = (
        sign_in("district_admin", DISTRICT),
        sign_in("village_staff"),
        sign_in("village_staff", FOREIGN),
    )
    assert same_person(staff, other).get(f"/{VILLAGE}/homevisit/").status_code == 200
    answer = same_person(admin, one).post(f"{INSTALLED}/homevisit/suspend", data={"reason": "Salah hitung"})
    assert answer.status_code == 302
    assert same_person(staff, other).get(f"/{VILLAGE}/homevisit/").status_code == 404
    assert same_person(stranger, other).get(f"/{FOREIGN}/homevisit/").status_code == 200, "another district's"
    for path in (f"/{DISTRICT}/", INSTALLED, f"{INSTALLED}/homevisit"):
        page = same_person(admin, other).get(path).text
        assert (
            "Modul Kunjungan rumah dihentikan sementara di Kabupaten Bogor oleh district_admin: Salah hitung" in page
        ), path
    assert "dihentikan sementara" in same_person(admin, other).get(f"/{DISTRICT}/modules").text
    same_person(admin, other).post(f"{INSTALLED}/homevisit/resume")
    assert same_person(staff, one).get(f"/{VILLAGE}/homevisit/").status_code == 200
    with at(app, DISTRICT):
        actions = db.session.scalars(select(AuditEntry.action)).all()
    assert [action for action in actions if action.startswith("modules.")] == ["modules.suspended", "modules.resumed"]


def test_a_reason_is_asked_for(start: Start, sign_in: SignInAs) -> None:
    admin = same_person(sign_in("district_admin", DISTRICT), start())
    page = admin.post(f"{INSTALLED}/homevisit/suspend", data={"reason": " "})
    assert page.status_code == 422
    assert "Tulis alasannya" in page.text


@pytest.mark.parametrize("role", ["district_officer", "auditor"])
@pytest.mark.parametrize("deed", ["suspend", "resume", "export"])
def test_who_only_reads_neither_stops_nor_takes_data_along(
    start: Start, sign_in: SignInAs, role: str, deed: str
) -> None:
    reader = same_person(sign_in(role, DISTRICT), start())
    assert reader.get(f"{INSTALLED}/homevisit").status_code == 200
    assert reader.post(f"{INSTALLED}/homevisit/{deed}", data={"reason": "x"}).status_code == 403


def test_what_was_stopped_everywhere_is_not_the_districts_to_resume(
    start: Start, sign_in: SignInAs, app: Flask
) -> None:
    everywhere = AreaCode.from_id(0)
    with app.app_context(), scope(everywhere):
        suspend(everywhere, "homevisit", "Lubang keamanan")
        commit()
    process = start()
    admin = same_person(sign_in("district_admin", DISTRICT), process)
    assert "dihentikan sementara di semua wilayah oleh pengelola: Lubang keamanan" in admin.get(f"/{DISTRICT}/").text
    admin.post(f"{INSTALLED}/homevisit/resume")
    staff = same_person(sign_in("village_staff"), process)
    assert staff.get(f"/{VILLAGE}/homevisit/").status_code == 404


def test_a_suspension_that_failures_brought_about_ends_in_every_process_when_resumed(
    start: Start, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch, areas: None
) -> None:
    monkeypatch.setattr("core.plugins.health.ASK_AGAIN_SECONDS", 0.0)
    fails = [True]

    def dashboard_cards() -> None:
        if fails[0]:
            raise RuntimeError("broken on purpose")

    process, other = start(faulty={"dashboard_cards": dashboard_cards}), start()
    switch(process, "faulty", on=True)
    staff, admin = same_person(sign_in("village_staff"), process), sign_in("district_admin", DISTRICT)
    for _time in range(5):
        staff.get(f"/{VILLAGE}/")
    told = "berulang kali gagal. Bagian-bagiannya tidak ditampilkan"
    assert told in same_person(admin, other).get(f"/{DISTRICT}/").text, "another process knows"
    fails[0] = False
    assert "sedang tidak dapat ditampilkan" in staff.get(f"/{VILLAGE}/").text
    same_person(admin, other).post(f"{INSTALLED}/faulty/resume")
    assert "sedang tidak dapat ditampilkan" not in staff.get(f"/{VILLAGE}/").text
    assert told not in same_person(admin, other).get(f"/{DISTRICT}/").text


# ---- its failures ----


def test_a_district_reads_the_failures_of_its_own_villages_with_their_codes(
    start: Start, sign_in: SignInAs, owner_engine: Engine, areas: None
) -> None:
    for code, request_id in ((VILLAGE, "here00000001"), (SIBLING, "here00000002"), (FOREIGN, "elsewhere001")):
        with owner_engine.begin() as connection:
            connection.execute(
                PluginFailure.__table__.insert().values(  # pyright: ignore[reportAttributeAccessIssue]
                    id=uuid4(),
                    plugin="homevisit",
                    hook="person_panels",
                    area_id=AreaCode.parse(code).id,
                    request_id=request_id,
                    error="KeyError (visits.py, line 3)",
                )
            )
    page = same_person(sign_in("district_admin", DISTRICT), start()).get(f"{INSTALLED}/homevisit").text
    assert "here00000001" in page
    assert "here00000002" in page
    assert "elsewhere001" not in page


def test_old_failures_are_dropped_and_of_one_plugin_only_the_latest_kept(
    app: Flask, areas: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.plugins.failures.MOST_KEPT", 3)
    with app.app_context():
        for days in (0, 1, 2, 3, 4):
            keep_failure("homevisit", days)
        keep_failure("sktm", 29)
        keep_failure("sktm", 31)
        prune()
        left = db.session.execute(select(PluginFailure.plugin, PluginFailure.request_id)).all()
    assert sorted(tuple(row) for row in left) == [
        ("homevisit", "0 days"),
        ("homevisit", "1 days"),
        ("homevisit", "2 days"),
        ("sktm", "29 days"),
    ]


def keep_failure(plugin: str, days: int) -> None:
    values = {"hook": "page", "error": "KeyError", "request_id": f"{days} days"}
    db.session.add(PluginFailure(id=uuid4(), plugin=plugin, at=now() - timedelta(days=days), **values))
    db.session.commit()


# ---- the end ----


def test_the_district_takes_its_own_rows_along(
    wheels: Path, database_urls: DatabaseUrls, start: Start, app: Flask, sign_in: SignInAs, tmp_path: Path
) -> None:
    wheel = Wheel(wheels, "1.0", [FIRST])
    upgrade(database_urls, [wheel.migrations])
    lend(app)
    lend(app, FOREIGN)
    process = start(others=[wheel.entry_point])
    admin = same_person(sign_in("district_admin", DISTRICT), process)
    page = admin.post(f"{INSTALLED}/loans/export").location
    run_waiting(process)
    answer = admin.get(f"{page}/file")
    assert answer.mimetype == "application/zip"
    (tmp_path / "copy.zip").write_bytes(answer.data)
    with ZipFile(tmp_path / "copy.zip") as archive:
        [line] = archive.read("tables/loans_items.ndjson").decode().splitlines()
        assert json.loads(line)["village_id"] == AreaCode.parse(VILLAGE).id
        assert json.loads(archive.read("manifest.json"))["rows"] == {"loans_items": 1}
    answer.close()


def test_purging_writes_a_copy_first_and_leaves_core_healthy(
    wheels: Path, database_urls: DatabaseUrls, owner_engine: Engine, start: Start, app: Flask, sign_in: SignInAs
) -> None:
    wheel = Wheel(wheels, "1.0", [FIRST])
    upgrade(database_urls, [wheel.migrations])
    process = start(others=[wheel.entry_point])
    switch(process, "loans", on=True)
    lend(app)
    lend(app, FOREIGN)
    with at(app, VILLAGE) as area:
        db.session.add_all(
            Import(village_id=area.id, kind=kind, filename="daftar.csv") for kind in ("loans.items", "loans_too.items")
        )
        commit()
    copy = wheels / "copy.zip"
    with process.app_context():
        with pytest.raises(StillOn):
            purge(database_urls, "loans", copy)
        assert not copy.exists()
    switch(process, "loans", on=False)
    with process.app_context():
        assert purge(database_urls, "loans", copy) == 2
    with ZipFile(copy) as archive:
        assert len(archive.read("tables/loans_items.ndjson").splitlines()) == 2
    with owner_engine.connect() as connection:
        left = connection.scalars(text("SELECT tablename FROM pg_tables WHERE tablename LIKE 'loans%'")).all()
        settings = connection.scalars(text("SELECT count(*) FROM module_settings WHERE module = 'loans'")).one()
    assert (list(left), settings) == ([], 0)
    upgrade(database_urls)
    staff = same_person(sign_in("village_staff"), start())
    assert staff.get(f"/{VILLAGE}/").status_code == 200
    assert staff.get(f"/{VILLAGE}/homevisit/").status_code == 200
    with at(app, VILLAGE):
        assert "modules.purged" not in db.session.scalars(select(AuditEntry.action)).all(), "it is no village's deed"
        assert db.session.scalars(select(Import.kind)).all() == ["loans_too.items"]


def test_cases_of_a_purged_plugin_stay_readable(
    start: Start, app: Flask, sign_in: SignInAs, database_urls: DatabaseUrls, owner_engine: Engine, tmp_path: Path
) -> None:
    with at(app, VILLAGE) as area:
        service = find_service("homevisit.request")
        assert service
        case = make_case(area, service, make_person(area.id), reason="elderly", directions="Dekat musala").id
        commit()
    gone = start(guest=False)
    with gone.app_context():
        purge(database_urls, "homevisit", tmp_path / "copy.zip")
    try:
        staff = same_person(sign_in("village_staff"), gone)
        page = staff.get(f"/{VILLAGE}/cases/{case}")
        assert page.status_code == 200
        assert "Dekat musala" in page.text
        assert staff.get(f"/{VILLAGE}/cases").status_code == 200
    finally:
        upgrade(database_urls, app.extensions["puskesos"].plugins.migration_directories())
