"""A whole village against its services: who is found, how a run goes, what its pages show and to whom."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import event, func, select, update

from core.areas.current import CurrentArea
from core.cases.eligibility import Criterion
from core.cases.outside_decision import outside_decision
from core.cases.service import Service, ServiceStandard
from core.database.session import commit, db
from core.imports import working
from core.imports.models import Import
from core.imports.terminal import import_file
from core.jobs import run_waiting
from core.people.family import Family
from core.people.models import Household, Person
from core.people.opensid import write_rows
from core.people.resident_file import RESIDENTS
from core.people.synthetic import residents
from core.testing import SIBLING, VILLAGE, SignInAs, at, erase, make_case, make_person
from core.village_screening import runs
from core.village_screening.judging import BATCH, Found, Tally, judge_register
from core.village_screening.models import ScreeningFinding, ScreeningRun
from core.web.forms import ServiceForm
from tenants.cli import main

PAGE = f"/{VILLAGE}/screening"
TODAY = date(2026, 11, 24)


def poor(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    yield Criterion("Desil 4 atau kurang", met=family.decile_at_most(4), settled_by="Cek desil di DTSEN.")


def pupil(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    yield Criterion("Umur 6 sampai 21", met=6 <= person.age(on) <= 21)
    yield Criterion("Masih sekolah", met=True if person.education else None)
    yield Criterion("Desil 4 atau kurang", met=family.decile_at_most(4))


def broken(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    if person.name == "Yang Terakhir":
        raise RuntimeError("a plugin's mistake")
    yield Criterion("Siapa saja", met=True)


def service(name: str, for_whom: Callable[..., Iterable[Criterion]] | None, **values: Any) -> Service:
    return Service(
        name=f"tests.{name}",
        title=f"Program {name}",
        form=ServiceForm,
        workflow=outside_decision(stale_after_days=30),
        standard=ServiceStandard(time_days=5, product="Usulan"),
        for_whom=for_whom,
        **values,
    )


CASH = service("cash", poor, subject="household")
SCHOOL = service("school", pupil)
ADVICE = service("advice", None)
BROKEN = service("broken", broken)
OFFERED = {item.name: item for item in (CASH, SCHOOL, ADVICE)}


def person(area: CurrentArea, name: str, *, household: Mapping[str, object] | None = None, **values: object) -> Person:
    made = make_person(area.id, name, **values)
    if household:
        whose = (Household.village_id == area.id, Household.id == made.household_id)
        db.session.execute(update(Household).where(*whose).values(**household))
    db.session.flush()
    db.session.refresh(made)
    return made


def family(area: CurrentArea, head: str, decile: int | None, *children: str, rw: str = "005") -> Person:
    parent = person(area, head, household={"decile": decile, "rw": rw}, birth_date=date(1980, 1, 1))
    for child in children:
        person(area, child, birth_date=date(2014, 1, 1), family_role="child", household_id=parent.household_id)
    return parent


def judged(area: CurrentArea, *services: Service, tally: Tally | None = None) -> list[Found]:
    named = {item.name: item for item in services}
    found = judge_register(area.id, named, TODAY, tally if tally is not None else Tally())
    return [item for _residents, batch in found for item in batch]


def names(found: Iterable[Found]) -> dict[str, int]:
    return {item.person.name: item.open_questions for item in found}


# ---- whom it finds ----


def test_a_service_for_families_finds_heads_and_a_personal_one_each_member(village: CurrentArea) -> None:
    family(village, "Enok", 2, "Budi")
    assert names(judged(village, CASH)) == {"Enok": 0}
    assert names(judged(village, SCHOOL)) == {"Budi": 1}


def test_what_is_not_known_is_counted_and_what_is_not_met_is_not_found(village: CurrentArea) -> None:
    family(village, "Tidak Tahu", None, "Anak Tidak Tahu")
    family(village, "Kaya", 9, "Anak Kaya")
    tally = Tally()
    found = judged(village, CASH, SCHOOL, ADVICE, tally=tally)
    assert names(found) == {"Tidak Tahu": 1, "Anak Tidak Tahu": 2}
    assert tally.as_counts() == {
        "services": {"tests.cash": {"unknown": 1, "unmet": 1}, "tests.school": {"unknown": 1, "unmet": 3}},
        "failed": [],
    }
    assert tally.residents == 4


def test_who_has_died_or_lives_without_a_household_is_treated_as_on_the_page_for_one_family(
    village: CurrentArea,
) -> None:
    person(village, "Almarhum", household={"decile": 1}, life_status="dead")
    person(village, "Sendiri", household_id=None)
    assert names(judged(village, CASH)) == {"Sendiri": 1}


def test_who_has_a_case_or_had_one_lately_has_asked_already(village: CurrentArea) -> None:
    asked, other = family(village, "Sudah", 1, "Anaknya"), family(village, "Belum", 1)
    for item in (CASH, SCHOOL):
        make_case(village, item, asked)
    tally = Tally()
    assert names(judged(village, CASH, SCHOOL, tally=tally)) == {other.name: 0, "Anaknya": 1}
    assert tally.verdicts["tests.cash"]["asked"] == 1


def test_another_village_is_not_judged(app: Flask, village: CurrentArea) -> None:
    commit()
    with at(app, SIBLING) as area:
        family(area, "Tetangga", 1)
        commit()
    with at(app, VILLAGE) as area:
        assert judged(area, CASH) == []


def test_a_service_that_fails_costs_only_its_own_results(village: CurrentArea) -> None:
    family(village, "Enok", 1)
    person(village, "Yang Terakhir")
    tally = Tally()
    found = judged(village, BROKEN, CASH, tally=tally)
    assert {item.service for item in found} == {"tests.cash"}
    assert tally.as_counts()["failed"] == ["tests.broken"]


def test_neither_families_nor_services_add_to_the_statements(village: CurrentArea) -> None:
    def statements(*services: Service) -> int:
        seen: list[str] = []
        note = lambda _connection, _cursor, statement, *_rest: seen.append(statement)  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            judged(village, *services)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    family(village, "Pertama", 1)
    few = statements(CASH)
    rows = [{"village_id": village.id, "name": f"Warga {number}", "name_key": "warga"} for number in range(BATCH + 20)]
    for row in rows:
        db.session.add(Person(**row, sex="P", birth_date=date(1980, 1, 1), family_role="head"))
    db.session.flush()
    assert statements(CASH, SCHOOL) == few


# ---- a run ----


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("runs", "views", "sheet"):
        monkeypatch.setattr(f"core.village_screening.{module}.offered", lambda _area: OFFERED)


@pytest.fixture
def register(app: Flask, areas: None, offered: None) -> None:
    """Two poor families, one whose decile nobody knows, one that is not poor; a poor one in the next village."""
    with at(app, VILLAGE) as area:
        family(area, "Enok Sumarni", 1, rw="007")
        family(area, "Dedi Kurnia", 3, "Budi Kurnia", rw="001")
        family(area, "Siti Aminah", None)
        family(area, "Haji Makmur", 9)
        commit()
    with at(app, SIBLING) as area:
        family(area, "Ujang Tetangga", 1)
        commit()


def screened(app: Flask, client: FlaskClient) -> str:
    assert client.post(PAGE).location == PAGE
    run_waiting(app)
    return words(client.get(PAGE).text)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_it_is_asked_for_done_and_read(app: Flask, staff: FlaskClient, register: None) -> None:
    assert "Desa ini belum pernah ditapis" in staff.get(PAGE).text
    page = screened(app, staff)
    assert "5 warga diperiksa" in page
    assert "Program cash dihitung per keluarga 2 Program cash 1 Program cash 1 0" in page
    assert "Program advice" not in page
    found = words(staff.get(f"{PAGE}/tests.cash").text)
    assert found.index("Dedi Kurnia") < found.index("Enok Sumarni")  # RW 001 before RW 007
    assert "Siti Aminah" not in found
    assert "Siti Aminah" in staff.get(f"{PAGE}/tests.cash?which=unknown").text
    assert "Tetangga" not in found


def test_who_asks_meanwhile_is_left_out_of_the_list(app: Flask, staff: FlaskClient, register: None) -> None:
    screened(app, staff)
    with at(app, VILLAGE) as area:
        enok = db.session.scalars(select(Person).where(Person.name == "Enok Sumarni")).one()
        make_case(area, CASH, enok)
        commit()
    assert "Enok Sumarni" not in staff.get(f"{PAGE}/tests.cash").text


def test_a_second_run_takes_the_place_of_the_first(app: Flask, staff: FlaskClient, register: None) -> None:
    screened(app, staff)
    screened(app, staff)
    with at(app, VILLAGE):
        [run] = db.session.scalars(select(ScreeningRun)).all()
        assert db.session.scalar(select(func.count()).where(ScreeningFinding.run_id != run.id)) == 0


def test_asking_twice_before_it_began_is_one_run(app: Flask, staff: FlaskClient, register: None) -> None:
    staff.post(PAGE)
    staff.post(PAGE)
    assert "Menunggu giliran" in staff.get(PAGE).text
    assert "Menunggu giliran" in staff.get(f"{PAGE}/progress").text
    with at(app, VILLAGE):
        assert db.session.scalar(select(func.count()).select_from(ScreeningRun)) == 1
    run_waiting(app)
    assert staff.get(f"{PAGE}/progress").headers["HX-Refresh"] == "true"


def test_a_breakdown_keeps_what_was_found_before(app: Flask, staff: FlaskClient, register: None) -> None:
    screened(app, staff)
    with patch.object(runs, "judge_register", side_effect=RuntimeError("no disk")):
        page = screened(app, staff)
    assert "Hasil sebelumnya tetap ada" in page
    assert "5 warga diperiksa" in page
    assert "no disk" not in page
    assert "Enok Sumarni" in staff.get(f"{PAGE}/tests.cash").text


def test_the_list_can_be_taken_along(app: Flask, staff: FlaskClient, register: None) -> None:
    assert staff.post(f"{PAGE}/sheet").location == PAGE  # nothing to take yet
    screened(app, staff)
    export = staff.post(f"{PAGE}/sheet").location
    run_waiting(app)
    with staff.get(f"{export}/file") as file:
        rows = CalamineWorkbook.from_filelike(BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["RW", "RT", "Nama"]
    assert [(row[2], row[5], row[6]) for row in rows[1:]] == [
        ("Dedi Kurnia", "Program cash", "0"),
        ("Enok Sumarni", "Program cash", "0"),
        ("Siti Aminah", "Program cash", "1"),
        ("Budi Kurnia", "Program school", "1"),
    ]
    assert not re.search(r"\d{16}", str(rows))


def test_it_pages_by_key(app: Flask, staff: FlaskClient, offered: None) -> None:
    with at(app, VILLAGE) as area:
        for number in range(27):
            family(area, f"Keluarga {number:02}", 1)
        commit()
    screened(app, staff)
    first = staff.get(f"{PAGE}/tests.cash").text
    [after] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = staff.get(after.replace("&amp;", "&")).text
    shown = [set(re.findall(r"Keluarga \d\d", page)) for page in (first, second)]
    assert [len(names) for names in shown] == [25, 2]
    assert shown[0].isdisjoint(shown[1])
    assert len(set(re.findall(r"Keluarga \d\d", staff.get(f"{PAGE}/tests.cash?after=nonsense").text))) == 25


@pytest.mark.parametrize("address", ["tests.nothing", "tests.nothing?which=unknown"])
def test_a_service_that_the_village_does_not_offer_is_not_found(
    app: Flask, staff: FlaskClient, register: None, address: str
) -> None:
    screened(app, staff)
    assert staff.get(f"{PAGE}/{address}").status_code == 404


def test_only_the_desk_and_the_head_may(sign_in: SignInAs, register: None) -> None:
    assert sign_in("village_head").get(PAGE).status_code == 200
    assert sign_in("field_worker").get(PAGE).status_code == 403
    assert sign_in("field_worker").post(PAGE).status_code == 403
    assert sign_in("village_staff", SIBLING).get(PAGE).status_code == 404


def test_an_erased_resident_is_no_longer_named_by_it(app: Flask, staff: FlaskClient, register: None) -> None:
    screened(app, staff)
    with at(app, VILLAGE) as area:
        enok = db.session.scalars(select(Person).where(Person.name == "Enok Sumarni")).one()
        erase(area, enok.id, version=enok.version)
        commit()
        left = db.session.scalars(select(ScreeningFinding).where(ScreeningFinding.person_id == enok.id)).all()
    assert left == []


def test_undoing_an_import_takes_along_what_was_found_of_its_residents(village: CurrentArea, tmp_path: Path) -> None:
    write_rows(tmp_path / "penduduk.csv", residents(str(village.code), 3, seed=1))
    import_file(village, RESIDENTS, tmp_path / "penduduk.csv")
    runs.screen_now(village, lambda _done, _total: None)
    assert db.session.scalar(select(func.count()).select_from(ScreeningFinding))
    report = working.undo(village, db.session.scalars(select(Import.id)).one())
    assert report
    assert report.kept == []
    assert db.session.scalars(select(ScreeningFinding)).all() == []


# ---- at the terminal ----


def test_the_terminal_screens_and_shows(app: Flask, register: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.cli.screening.application", app.app_context)
    monkeypatch.setattr("tenants.cli.screening.offered", lambda _area: OFFERED)
    run = lambda *words: CliRunner().invoke(main, ["screening", *words])  # noqa: E731
    nothing = run("show", VILLAGE)
    assert nothing.exit_code == 1
    assert "belum pernah ditapis" in nothing.output
    done = run("run", VILLAGE)
    assert done.exit_code == 0, done.output
    assert re.search(r"tests\.cash +2 +1 +1 +0", done.output)
    assert "Enok Sumarni" in run("show", VILLAGE, "--service", "tests.cash").output
    assert "Siti Aminah" in run("show", VILLAGE, "--service", "tests.cash", "--unknown").output
    assert run("show", VILLAGE, "--service", "x.y").exit_code == 1
    assert run("run", "32.01").exit_code == 2
