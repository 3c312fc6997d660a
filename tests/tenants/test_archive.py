"""The hand-over archive: all of a village comes back on another installation, and nothing of a hostile file does."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, func, make_url, select, text
from sqlalchemy.pool import NullPool

from core.application import build
from core.archive.format import ArchiveRefused
from core.archive.writing import write_archive
from core.areas.code import AreaCode
from core.areas.current import find_area
from core.areas.models import Area
from core.audit import AuditEntry
from core.audit.verification import verify
from core.cases.models import CaseEvent, LetterRecord
from core.database.session import commit, db, scope
from core.database.urls import DatabaseUrls
from core.files import FileStore
from core.platform import platform
from core.referrals.models import Organisation, Referral
from core.settings.changing import SettingsWish, change_settings
from core.testing import clear, test_config
from core.testing.villages import with_plugin_tables
from core.users.accounts import create_user
from core.users.colleagues import names_of
from core.users.models import User
from core.users.passwords import verify_password
from tenants.demo import fill_demo
from tenants.demo_sign_ins import VILLAGE
from tenants.restoring import restore_archive
from tenants.views import blueprints
from tenants.villages import NewVillages, add_villages, missing_villages

from .archives import Edit, changed, in_manifest, in_rows, manifest_of, members_of, write

CIBADAK = AreaCode.parse(VILLAGE)
MOMENT = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)

TABLES = text("""
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'village_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
""")


@pytest.fixture(scope="module")
def source(app: Flask, owner_engine: Engine) -> Iterator[Flask]:
    """An installation with the demonstration in it, and a setting of the village's own."""
    with app.app_context():
        fill_demo(moment=MOMENT, village_size=240, neighbour_size=40)
        with scope(CIBADAK):
            change_settings(CIBADAK, "sktm", SettingsWish({"valid_days": 14}))
            commit()
    yield app
    clear(owner_engine)


@pytest.fixture(scope="module")
def archive(source: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "arsip.zip"
    with source.app_context(), scope(CIBADAK):
        area = find_area(CIBADAK)
        assert area
        write_archive(area, path, lambda _done, _total: None)
    return path


@pytest.fixture(scope="module")
def second_urls(database_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """A second database on the same server, migrated and empty."""
    owner = make_url(database_urls.owner)
    superuser = owner if owner.password else owner.set(username="postgres", database="postgres")
    engine = create_engine(superuser, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE elsewhere OWNER "{owner.username}"'))
    app = make_url(database_urls.app).set(database="elsewhere")
    urls = DatabaseUrls(
        owner.set(database="elsewhere").render_as_string(hide_password=False),
        app.render_as_string(hide_password=False),
    )
    with_plugin_tables(urls)
    yield urls
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE elsewhere WITH (FORCE)"))


@pytest.fixture(scope="module")
def second_owner(second_urls: DatabaseUrls) -> Engine:
    return create_engine(second_urls.owner, poolclass=NullPool)


@pytest.fixture
def elsewhere(second_urls: DatabaseUrls, second_owner: Engine, tmp_path: Path) -> Iterator[Flask]:
    """Another installation with nothing in it; its context is pushed."""
    config = replace(test_config(tmp_path / "elsewhere"), plugins_strict=True)
    app = build(config, second_urls.app, blueprints=blueprints)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    clear(second_owner)


def rows_of(engine: Engine, table: str, key: str = "village_id") -> list[str]:
    with engine.connect() as owner:
        scope = f"SET LOCAL puskesos.lo = '{CIBADAK.id}'; SET LOCAL puskesos.hi = '{CIBADAK.id}'"
        owner.execute(text(f"{scope}; SET LOCAL puskesos.keys = '{{*}}'"))
        query = f'SELECT to_jsonb(t)::text FROM "{table}" t WHERE {key} = {CIBADAK.id} ORDER BY 1'
        return list(owner.scalars(text(query)))


def area_of(engine: Engine) -> dict:
    """Without the modules that are on, which the district above it decides."""
    [row] = rows_of(engine, "areas", "id")
    return {name: value for name, value in json.loads(row).items() if name != "enabled"}


def files_of(app: Flask) -> dict[str, bytes]:
    config = app.extensions["puskesos"].config
    return {path.name: path.read_bytes() for path in FileStore(config.files_dir, CIBADAK.id).stored()}


def nothing_is_written(engine: Engine) -> bool:
    return (
        all(rows_of(engine, table) == [] for table in village_tables(engine)) and rows_of(engine, "areas", "id") == []
    )


def village_tables(engine: Engine) -> list[str]:
    with engine.connect() as owner:
        return list(owner.scalars(TABLES))


# ---- what an archive holds ----


def test_an_archive_names_every_table_with_its_rows_and_checksum(archive: Path, owner_engine: Engine) -> None:
    manifest = manifest_of(archive)
    assert (manifest["format"], manifest["village"]) == ("puskesos-village-archive", VILLAGE)
    members = members_of(archive)
    for table in set(village_tables(owner_engine)) - {"exports", "screening_runs", "screening_findings"}:
        member = manifest["members"][f"tables/{table}.ndjson"]
        assert member["rows"] == len(rows_of(owner_engine, table)), table
        assert len(members[f"tables/{table}.ndjson"]) == member["size"]
    assert manifest["members"]["tables/persons.ndjson"]["rows"] == 240
    assert manifest["plugins"]["sktm"]["version"]
    assert manifest["missing_files"] == []


def test_no_password_and_no_sign_in_leaves_the_house(archive: Path, owner_engine: Engine) -> None:
    with owner_engine.connect() as owner:
        hashes = list(owner.scalars(text("SELECT password_hash FROM users")))
    assert hashes
    everything = b"".join(members_of(archive).values())
    assert not [found for found in hashes if found.encode() in everything]
    people = [json.loads(line) for line in members_of(archive)["tables/users.ndjson"].splitlines()]
    assert all(set(row) == {"id", "username", "name"} for row in people)
    assert {"petugas", "kades", "kader", "mitra"} <= {row["username"] for row in people}
    assert "tetangga" not in {row["username"] for row in people}, "the neighbour has done nothing here"


# ---- there and back ----


def test_everything_comes_back_row_by_row_and_file_by_file(
    archive: Path, source: Flask, elsewhere: Flask, owner_engine: Engine, second_owner: Engine
) -> None:
    _village, restored = restore_archive(archive)
    tables = set(village_tables(owner_engine)) - {"exports", "screening_runs", "screening_findings"}
    assert len(tables) > 10
    for table in tables:
        assert rows_of(second_owner, table) == rows_of(owner_engine, table), table
    before, after = rows_of(owner_engine, "audit_entries", "area_id"), rows_of(second_owner, "audit_entries", "area_id")
    assert set(before) < set(after)
    assert len(after) == len(before) + 1
    for table in ("module_settings", "plugin_settings"):
        assert rows_of(second_owner, table, "area_id") == rows_of(owner_engine, table, "area_id")
    assert len(rows_of(second_owner, "plugin_settings", "area_id")) == 1
    assert area_of(second_owner) == area_of(owner_engine)
    assert files_of(elsewhere) == files_of(source)
    assert restored.files == len(files_of(source)) > 0


def test_the_chain_is_whole_and_tells_of_the_restoration(archive: Path, elsewhere: Flask) -> None:
    restore_archive(archive)
    with scope(CIBADAK):
        assert verify(CIBADAK).intact
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.action, last.detail["file"]) == ("tenants.restored", "arsip.zip")


def test_letters_verify_and_open(archive: Path, elsewhere: Flask) -> None:
    restore_archive(archive)
    with scope(CIBADAK):
        letter = db.session.scalars(select(LetterRecord).where(LetterRecord.signed_at.is_not(None)).limit(1)).one()
        token, path = letter.token, FileStore(platform().config.files_dir, CIBADAK.id).path(letter.sha256)
    assert path.read_bytes().startswith(b"%PDF-")
    page = elsewhere.test_client().get(f"/{VILLAGE}/verify/{token}")
    assert page.status_code == 200
    assert letter.reference in page.text


def test_the_areas_above_are_made_and_modules_follow_them(archive: Path, elsewhere: Flask) -> None:
    restore_archive(archive)
    village = find_area(CIBADAK)
    assert village
    assert (village.title, village.path, village.ticket_prefix) == (
        "Desa Cibadak",
        "Kec. Ciampea · Kabupaten Bogor",
        "CBD",
    )
    assert village.enabled == frozenset(), "the district that gave it its module is another one now"


def test_modules_that_must_not_run_together_here_are_refused(
    archive: Path, tmp_path: Path, elsewhere: Flask, second_owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = {"area_id": CIBADAK.id, "enabled": True, "locked": False, "set_at": "2026-11-01T00:00:00+00:00"}
    rows = [{**setting, "module": module} for module in ("pip", "pkh")]
    both_on = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    path = changed(archive, tmp_path / "a.zip", "tables/module_settings.ndjson", lambda _raw: both_on)
    together = lambda present, _plugins: {("pip", "pkh")} if {"pip", "pkh"} <= present else set()  # noqa: E731
    monkeypatch.setattr("core.modules.agreement.clashes", together)
    with pytest.raises(ArchiveRefused, match="tidak boleh menyala bersama, dan itu akan terjadi di Desa Cibadak"):
        restore_archive(path)
    db.session.rollback()
    assert nothing_is_written(second_owner)
    monkeypatch.undo()
    restore_archive(path)
    village = find_area(CIBADAK)
    assert village
    assert village.enabled == {"pip", "pkh"}


def test_a_village_that_was_suspended_for_the_hand_over_is_open_again(
    archive: Path, tmp_path: Path, elsewhere: Flask
) -> None:
    suspended = in_rows(lambda row: row.update(suspended_at="2026-11-25T00:00:00+00:00"))
    restore_archive(changed(archive, tmp_path / "a.zip", "tables/areas.ndjson", suspended))
    village = find_area(CIBADAK)
    assert village
    assert not village.suspended


# ---- people and organisations ----


def test_the_timeline_keeps_its_names_and_nobody_can_sign_in(archive: Path, elsewhere: Flask) -> None:
    _village, restored = restore_archive(archive)
    with scope(CIBADAK):
        actors = {actor for actor in db.session.scalars(select(CaseEvent.by).distinct()) if actor}
        assert actors
        assert names_of(actors).keys() == actors
    users = db.session.scalars(select(User)).all()
    assert len(users) == restored.made > 0
    assert all(user.ended_at for user in users)
    assert not any(verify_password(user.password_hash, "cibadak-berdaya-2026") for user in users)


def test_a_user_name_of_somebody_else_here_is_not_taken_over(archive: Path, elsewhere: Flask) -> None:
    other, _password = create_user("Petugas", "Orang Lain")
    other_id = other.id
    commit()
    _village, restored = restore_archive(archive)
    assert restored.renamed == ("petugas-arsip",)
    theirs = db.session.get_one(User, other_id)
    assert (theirs.username, theirs.name, theirs.ended_at) == ("Petugas", "Orang Lain", None)
    with scope(CIBADAK):
        assert db.session.scalar(select(func.count()).select_from(CaseEvent).where(CaseEvent.by == other_id)) == 0


def test_somebody_of_the_same_number_is_the_same_person(archive: Path, elsewhere: Flask) -> None:
    people = [json.loads(line) for line in members_of(archive)["tables/users.ndjson"].splitlines()]
    known = next(row for row in people if row["username"] == "kades")
    db.session.add(User(id=UUID(known["id"]), username="kades.baru", name="Nama Baru", password_hash="x"))
    commit()
    _village, restored = restore_archive(archive)
    assert restored.made == len(people) - 1
    assert db.session.get_one(User, UUID(known["id"])).name == "Nama Baru"


def test_an_organisation_that_is_here_under_another_number_is_the_one_referred_to(
    archive: Path, elsewhere: Flask
) -> None:
    brought = [json.loads(line) for line in members_of(archive)["tables/organisations.ndjson"].splitlines()]
    assert brought
    add_villages(NewVillages(villages=missing_villages(AreaCode.parse("32.01.15.2009"))))
    here = [
        Organisation(area_id=row["area_id"], name=row["name"].upper(), kind=row["kind"], sector=row["sector"])
        for row in brought
    ]
    db.session.add_all(here)
    commit()
    ids = {item.id for item in here}
    restore_archive(archive)
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == len(brought)
    with scope(CIBADAK):
        assert set(db.session.scalars(select(Referral.organisation_id).distinct())) <= ids


# ---- what is refused ----


def test_a_village_that_is_there_with_data_is_not_touched(
    archive: Path, elsewhere: Flask, second_owner: Engine
) -> None:
    restore_archive(archive)
    before = {table: rows_of(second_owner, table) for table in village_tables(second_owner)}
    with pytest.raises(ArchiveRefused, match="sudah berisi data"):
        restore_archive(archive)
    assert {table: rows_of(second_owner, table) for table in before} == before


def test_a_village_that_is_there_and_empty_is_filled(archive: Path, elsewhere: Flask) -> None:
    add_villages(NewVillages(villages=missing_villages(CIBADAK)))
    _village, restored = restore_archive(archive)
    assert restored.rows > 240


def test_a_village_of_another_district_is_not_the_admins(archive: Path, elsewhere: Flask) -> None:
    with pytest.raises(ArchiveRefused, match="bukan bagian dari wilayah Anda"):
        restore_archive(archive, within=AreaCode.parse("32.02"))


def test_a_prefix_that_another_village_has_printed_is_refused(archive: Path, elsewhere: Flask) -> None:
    other = AreaCode.parse("32.01.09.2005")
    add_villages(NewVillages(villages=missing_villages(other), tickets={other: "CBD"}))
    with pytest.raises(ArchiveRefused, match=r"CBD .* dipakai desa 32\.01\.09\.2005"):
        restore_archive(archive)


def other_village(row: dict) -> None:
    row["village_id"] = AreaCode.parse("32.01.15.2010").id


REFUSED: dict[str, tuple[str, Edit, bool, str]] = {
    "a row that is not as it was": ("tables/persons.ndjson", in_rows(lambda r: r.update(name="X")), False, "rusak"),
    "a row missing": ("tables/persons.ndjson", lambda raw: raw.split(b"\n", 1)[1], False, "tidak sama"),
    "another village's rows": ("tables/persons.ndjson", in_rows(other_village), True, "desa lain"),
    "a column too many": ("tables/persons.ndjson", in_rows(lambda r: r.update(hack=1)), True, "kolom"),
    "a column too few": ("tables/persons.ndjson", in_rows(lambda r: r.pop("nik")), True, "kolom"),
    "a value that no column holds": ("tables/persons.ndjson", in_rows(lambda r: r.update(sex="?")), True, "disimpan"),
    "a line that is no JSON": ("tables/persons.ndjson", lambda raw: raw + b"{]\n", True, "rusak"),
    "a reference to nobody": (
        "tables/cases.ndjson",
        in_rows(lambda r: r.update(person_id="01a20bf7-db21-7fd0-9bfc-75f99c9ab86f")),
        True,
        "disimpan",
    ),
    "an audit entry that was changed": (
        "tables/audit_entries.ndjson",
        in_rows(lambda r: r.update(user_name="Bukan Dia")),
        True,
        "tidak utuh",
    ),
    "an audit entry of another area": (
        "tables/audit_entries.ndjson",
        in_rows(lambda r: r.update(area_id=3201000000)),
        True,
        "desa lain",
    ),
    "an organisation elsewhere": (
        "tables/organisations.ndjson",
        in_rows(lambda r: r.update(area_id=3202000000)),
        True,
        "tidak melayani",
    ),
    "an account that is none": ("tables/users.ndjson", in_rows(lambda r: r.update(username="a b")), True, "akun"),
    "a table that nobody knows": ("tables/secrets.ndjson", lambda _raw: b"{}\n", True, "tidak dikenal"),
    "a shared table": ("tables/sign_ins.ndjson", lambda _raw: b"{}\n", True, "tidak dikenal"),
    "two villages": ("tables/areas.ndjson", lambda raw: raw + raw, True, "tepat satu desa"),
    "a way out of the folder": ("../../etc/cron.d/x", lambda _raw: b"x", True, "tidak dikenal"),
    "an absolute name": ("/etc/passwd", lambda _raw: b"x", True, "tidak dikenal"),
    "a file that nobody listed": (f"files/{'0' * 64}", lambda _raw: b"x", False, "Jumlah berkas"),
    "another format": ("manifest.json", in_manifest(lambda m: m.update(format="zip")), True, "bukan milik Puskesos"),
    "a later version": ("manifest.json", in_manifest(lambda m: m.update(version=2)), True, "versi 2"),
    "another schema": ("manifest.json", in_manifest(lambda m: m.update(schema="9999")), True, "9999"),
    "another plugin": (
        "manifest.json",
        in_manifest(lambda m: m["plugins"].update(homevisit={"version": "1", "schema": "0001"})),
        True,
        "homevisit",
    ),
    "no village": ("manifest.json", in_manifest(lambda m: m.update(village="32.01")), True, "tidak ada"),
    "nothing readable": ("manifest.json", lambda _raw: b"\xff\xfe", True, "rusak"),
    "numbers that are texts": ("manifest.json", in_manifest(lambda m: m.update(files="1")), True, "rusak"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_and_nothing_written(
    case: str, archive: Path, tmp_path: Path, elsewhere: Flask, second_owner: Engine
) -> None:
    name, edit, honest, message = REFUSED[case]
    with pytest.raises(ArchiveRefused, match=message):
        restore_archive(changed(archive, tmp_path / "bad.zip", name, edit, honest=honest))
    db.session.remove()
    assert nothing_is_written(second_owner)
    assert files_of(elsewhere) == {}
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_what_grows_without_end_is_refused_before_it_is_read(
    archive: Path, tmp_path: Path, elsewhere: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.archive.checking.MOST_GROWTH", 10)
    monkeypatch.setattr("core.archive.checking.FREE_GROWTH", 1_000_000)
    restore_archive(archive)  # what is ours lies far below
    bomb = changed(archive, tmp_path / "bomb.zip", "tables/persons.ndjson", lambda _raw: b"0" * 60_000_000)
    with pytest.raises(ArchiveRefused, match="terlalu besar"):
        restore_archive(bomb)


def test_a_file_that_was_exchanged_is_refused(archive: Path, tmp_path: Path, elsewhere: Flask) -> None:
    members = members_of(archive)
    name = next(name for name in members if name.startswith("files/"))
    members[name] = b"!" * len(members[name])
    with pytest.raises(ArchiveRefused, match="rusak atau diubah"):
        restore_archive(write(tmp_path / "bad.zip", members))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7"])
def test_what_is_no_zip_is_refused(content: bytes, tmp_path: Path, elsewhere: Flask) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(content)
    with pytest.raises(ArchiveRefused, match="bukan arsip"):
        restore_archive(path)


def test_a_plugin_that_is_not_here_can_be_left_out_by_name(archive: Path, tmp_path: Path, elsewhere: Flask) -> None:
    """Its tables are in the archive and stay there."""
    visits = changed(archive, tmp_path / "a.zip", "tables/homevisit_visits.ndjson", lambda _raw: b'{"id": 1}\n')
    with_plugin = in_manifest(lambda m: m["plugins"].update(homevisit={"version": "1", "schema": "0001"}))
    path = changed(visits, tmp_path / "b.zip", "manifest.json", with_plugin)
    with pytest.raises(ArchiveRefused, match="homevisit"):
        restore_archive(path)
    _village, restored = restore_archive(path, leave_out=["homevisit"])
    assert restored.left_out == ("homevisit",)


# ---- at the terminal ----


Run = Callable[..., object]


def test_archive_and_restore_at_the_terminal(
    source: Flask,
    puskesos,
    second_urls: DatabaseUrls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    elsewhere: Flask,
) -> None:
    path = tmp_path / "desa.zip"
    monkeypatch.setenv("PUSKESOS_DATA", str(source.extensions["puskesos"].config.data_dir))
    made = puskesos("tenants", "archive", VILLAGE, "--to", path)
    assert made.exit_code == 0, made.output
    assert path.stat().st_mode & 0o077 == 0
    assert puskesos("tenants", "archive", VILLAGE, "--to", path).exit_code == 1
    for name, value in {
        "DATABASE_URL": second_urls.owner,
        "DATABASE_APP_URL": second_urls.app,
        "PUSKESOS_DATA": str(tmp_path / "other"),
    }.items():
        monkeypatch.setenv(name, value)
    brought = puskesos("tenants", "restore", path)
    assert brought.exit_code == 0, brought.output
    assert "Cibadak (32.01.15.2008)" in brought.output
    again = puskesos("tenants", "restore", path)
    assert (again.exit_code, "sudah berisi data" in again.output) == (1, True)
    assert puskesos("audit", "verify", "--area", VILLAGE).exit_code == 0
    assert db.session.scalar(select(Area.id).where(Area.id == CIBADAK.id))
