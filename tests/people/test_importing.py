"""A resident file: checked without a trace, applied as a whole, undone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from core.areas.current import CurrentArea
from core.cases.models import Case
from core.database.session import commit, db, scope
from core.database.versions import Stale
from core.imports import working
from core.imports.asking import ask_to_apply, ask_to_check, ask_to_undo, receive
from core.imports.kind import Undone
from core.imports.lists import all_findings, findings_page
from core.imports.models import Import
from core.imports.terminal import import_file
from core.imports.uploads import upload_of
from core.imports.working import ImportReport
from core.jobs import enqueue, run_waiting
from core.people import resident_file
from core.people.identity import Sex
from core.people.models import Household, ImportChange, Person
from core.people.opensid import Resident, write_rows
from core.people.opensid_codes import FamilyRole, Insurance, LifeStatus
from core.people.resident_file import RESIDENTS
from core.people.synthetic import residents
from core.testing import make_person

KK = "3201151507100001"
AMINAH = Resident(
    name="Siti Aminah",
    sex=Sex.P,
    birth_date=date(1990, 7, 15),
    nik="3201155507900001",
    kk_number=KK,
    family_role=FamilyRole.WIFE,
    mother_name="Encum",
    religion="Islam",
    address="Kp. Girang",
    rt="002",
    rw="005",
    insurance=Insurance.PBI,
)
DEDI = replace(
    AMINAH, name="Dedi Kurnia", sex=Sex.L, nik="3201151001880002", birth_date=date(1988, 1, 10),
    family_role=FamilyRole.HEAD, mother_name="Ikah", address="Kp. Tengah",
)  # fmt: skip
BABY = replace(AMINAH, name="Asep", sex=Sex.L, nik=None, birth_date=date(2024, 2, 3), mother_name="Siti Aminah")


def bring(village: CurrentArea, tmp_path: Path, people: Sequence[Resident], **options: bool) -> ImportReport:
    path = tmp_path / "penduduk.csv"
    write_rows(path, people)
    return import_file(village, RESIDENTS, path, dry_run=options.get("dry_run", False))


def people_of(village: CurrentArea) -> dict[str, Person]:
    db.session.expire_all()
    return {person.name: person for person in db.session.scalars(select(Person).order_by(Person.id))}


def latest_import() -> Import:
    return db.session.scalars(select(Import).order_by(Import.created_at.desc()).limit(1)).one()


def undo(village: CurrentArea) -> Undone:
    report = working.undo(village, latest_import().id)
    assert report is not None
    return report


# ---- what a file does ----


def test_a_file_makes_families_and_persons(village: CurrentArea, tmp_path: Path) -> None:
    report = bring(village, tmp_path, [AMINAH, DEDI, BABY])
    assert report.state == "applied"
    assert (report.counts["new"], report.counts["new_households"]) == (3, 1)
    people = people_of(village)
    assert people["Siti Aminah"].religion == "Islam"
    assert people["Siti Aminah"].insurance == "pbi"
    assert people["Asep"].nik is None
    family = db.session.scalars(select(Household)).one()
    assert {person.household_id for person in people.values()} == {family.id}
    assert (family.address, family.rt) == ("Kp. Tengah", "002"), "the head's address"


def test_a_dry_run_leaves_no_trace(village: CurrentArea, tmp_path: Path) -> None:
    report = bring(village, tmp_path, [AMINAH], dry_run=True)
    assert report.state == "checked"
    assert report.counts["new"] == 1
    for table in (Person, Household, Import):
        assert db.session.query(table).count() == 0


def test_the_same_file_again_changes_nothing(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [AMINAH, DEDI, BABY])
    report = bring(village, tmp_path, [AMINAH, DEDI, BABY])
    assert (report.counts["new"], report.counts["changed"], report.counts["unchanged"]) == (0, 0, 3)
    assert {person.version for person in people_of(village).values()} == {1}


def test_a_person_is_known_by_the_nik_whatever_the_name(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [AMINAH])
    report = bring(village, tmp_path, [replace(AMINAH, name="Siti Aminah Sari")])
    assert (report.counts["new"], report.counts["changed"]) == (0, 1)
    person = people_of(village)["Siti Aminah Sari"]
    assert (person.version, person.name_key) == (2, "SITIAMINAHSARI")


def test_a_blank_never_overwrites_what_is_stored(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [replace(AMINAH, extra={"akta_lahir": "123"}, blood_type="O")])
    bring(village, tmp_path, [replace(AMINAH, religion="", mother_name="", kk_number=None, insurance=None)])
    person = people_of(village)["Siti Aminah"]
    assert (person.religion, person.mother_name, person.insurance) == ("Islam", "Encum", "pbi")
    assert person.household_id is not None
    assert (person.extra["akta_lahir"], person.extra["blood_type"]) == ("123", "O")


def test_a_file_that_says_nothing_of_death_does_not_bring_back_to_life(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [replace(AMINAH, life_status=LifeStatus.DEAD)])
    path = tmp_path / "short.csv"
    path.write_text(f"nama,no_kk,nik,sex,tanggallahir\nSiti Aminah,{KK},{AMINAH.nik},P,15-07-1990\n")
    import_file(village, RESIDENTS, path)
    person = people_of(village)["Siti Aminah"]
    assert (person.life_status, person.family_role) == ("dead", "wife")


def test_without_a_nik_a_person_is_known_by_name_birth_date_and_mother(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [BABY])
    report = bring(village, tmp_path, [replace(BABY, nik="3201150302240003")])
    assert (report.counts["new"], report.counts["changed"]) == (0, 1)
    assert people_of(village)["Asep"].nik == "3201150302240003"
    report = bring(village, tmp_path, [BABY])
    assert (report.counts["new"], report.counts["unchanged"]) == (0, 1), "the stored NIK stays"


def test_a_blank_mother_never_matches_a_blank_mother(village: CurrentArea, tmp_path: Path) -> None:
    orphan = replace(BABY, mother_name="")
    bring(village, tmp_path, [orphan])
    report = bring(village, tmp_path, [orphan])
    assert report.counts["new"] == 1
    assert ["nama sama" in warning.message for warning in report.warnings if warning.column == "nama"] == [True]


def test_two_different_niks_are_two_people(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [AMINAH])
    report = bring(village, tmp_path, [replace(AMINAH, nik="3201155507900009")])
    assert report.counts["new"] == 1


def test_twins_of_the_same_name_without_a_nik_stay_two(village: CurrentArea, tmp_path: Path) -> None:
    """A registry that writes "Bayi Siti" for both must not make a third at the next import."""
    for expected in (2, 0):
        report = bring(village, tmp_path, [replace(BABY, name="Bayi Siti"), replace(BABY, name="Bayi Siti")])
        assert report.counts["new"] == expected


def test_a_family_number_joins_the_family_that_is_there(village: CurrentArea, tmp_path: Path) -> None:
    db.session.add(Household(village_id=village.id, kk_number=KK, address="Jl. Lama", hamlet="Girang"))
    commit()
    report = bring(village, tmp_path, [replace(AMINAH, address="Jl. Baru")])
    assert (report.counts["new_households"], report.counts["changed_households"]) == (0, 1)
    family = db.session.scalars(select(Household)).one()
    assert (family.address, family.hamlet, family.version) == ("Jl. Baru", "Girang", 2)


def test_the_address_of_a_person_without_a_family_is_not_lost(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [replace(AMINAH, kk_number=None)])
    assert people_of(village)["Siti Aminah"].extra["address"] == "Kp. Girang"


def test_a_large_file_is_saved_completely(village: CurrentArea, tmp_path: Path) -> None:
    people = residents("32.01.15.2008", 1500, seed=5)
    told: list[tuple[int, int]] = []
    path = tmp_path / "banyak.xlsx"
    write_rows(path, people)
    report = import_file(village, RESIDENTS, path, on_progress=lambda *step: told.append(step))
    assert report.counts["new"] == db.session.query(Person).count() == 1500
    assert db.session.query(Household).count() == len({p.kk_number for p in people if p.kk_number})
    assert told[:2] == [(1000, 1500), (1500, 1500)]


# ---- errors and warnings ----


def test_a_file_with_an_error_is_not_applied_at_all(village: CurrentArea, tmp_path: Path) -> None:
    report = bring(village, tmp_path, [AMINAH, replace(DEDI, nik="3201153502900001")])
    assert report.state == "refused"
    assert [(error.row_no, error.column) for error in report.errors] == [(3, "nik")]
    assert report.counts["new"] == 1
    assert people_of(village) == {}
    kept = all_findings(village.id, latest_import().id)
    assert kept[0].level == "error"
    assert "bukan tanggal lahir" in kept[0].message
    assert kept[0].fix


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(village: CurrentArea, tmp_path: Path) -> None:
    path = tmp_path / "foto.xlsx"
    path.write_bytes(b"\x89PNG not a sheet")
    report = import_file(village, RESIDENTS, path)
    assert (report.state, report.total) == ("refused", 0)
    assert report.problem
    assert latest_import().problem == report.problem


def test_findings_never_show_a_whole_nik(village: CurrentArea, tmp_path: Path) -> None:
    report = bring(village, tmp_path, [replace(AMINAH, nik="3273155507900001", kk_number=None)])
    assert [w.value for w in report.warnings if w.column == "nik"] == ["3273 •••• •••• 0001"]


def test_a_probable_duplicate_in_the_register_or_the_file_is_a_warning(village: CurrentArea, tmp_path: Path) -> None:
    make_person(village.id, "Siti Amina", birth_date=AMINAH.birth_date, nik=None)
    commit()
    twice = replace(DEDI, nik=None, name="Dedi Kurniaa")
    report = bring(village, tmp_path, [replace(AMINAH, mother_name=""), DEDI, twice])
    found = {w.row_no: w.message for w in report.warnings if w.column == "nama"}
    assert report.state == "applied"
    assert "Siti Amina di data warga" in found[2]
    assert "Dedi Kurnia di baris 3" in found[4]


def test_a_nik_under_quite_another_name_is_a_warning(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [AMINAH, DEDI])
    file = [replace(AMINAH, name="Siti Aminah Sari"), replace(DEDI, name="Ujang")]
    report = bring(village, tmp_path, file, dry_run=True)
    assert [(w.row_no, w.message) for w in report.warnings] == [
        (3, "NIK baris ini tercatat atas nama Dedi Kurnia, bukan Ujang.")
    ]


def test_findings_come_in_pages_by_row(village: CurrentArea, tmp_path: Path) -> None:
    bad = [replace(DEDI, nik=f"320115350290{n:04d}") for n in range(1, 31)]
    bring(village, tmp_path, bad)
    import_id = latest_import().id
    first = findings_page(village.id, import_id, level="error", cursor=None)
    second = findings_page(village.id, import_id, level="error", cursor=first.next)
    assert [f.row_no for f in (*first.rows, *second.rows)] == list(range(2, 32))
    assert findings_page(village.id, import_id, level="error", cursor="rusak").is_first is False


# ---- undo ----


def test_undo_deletes_what_was_made_and_restores_what_was_changed(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [AMINAH])
    bring(village, tmp_path, [replace(AMINAH, name="Siti Baru", address="Jl. Baru"), DEDI])
    report = undo(village)
    assert (report.deleted, report.restored, report.kept) == (1, 2, [])
    people = people_of(village)
    assert set(people) == {"Siti Aminah"}
    assert (people["Siti Aminah"].name_key, people["Siti Aminah"].version) == ("SITIAMINAH", 3)
    assert db.session.scalars(select(Household)).one().address == "Kp. Girang"
    assert (latest_import().state, db.session.query(ImportChange).count()) == ("undone", 1 + 1)


def test_undo_keeps_what_was_changed_since_and_says_who(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [AMINAH, DEDI])
    people_of(village)["Dedi Kurnia"].phone = "0812"
    commit()
    report = undo(village)
    kept = {(k.endpoint, k.name): k.reason for k in report.kept}
    assert kept == {("people.show", "Dedi Kurnia"): "changed", ("people.household", "3201 •••• •••• 0001"): "used"}
    assert set(people_of(village)) == {"Dedi Kurnia"}
    assert latest_import().summary["undo"]["kept_count"] == 2


def test_undo_keeps_who_has_a_case(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [replace(AMINAH, kk_number=None)])
    person = people_of(village)["Siti Aminah"]
    db.session.add(
        Case(
            village_id=village.id, ticket="CBD-26-1", service="sktm.letter", state="received", person_id=person.id,
            channel="desk", due_on=date(2026, 1, 1),
        )
    )  # fmt: skip
    commit()
    report = undo(village)
    assert [(kept.name, kept.reason) for kept in report.kept] == [("Siti Aminah", "used")]


def test_undo_does_not_restore_into_a_family_that_an_earlier_undo_deleted(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [AMINAH])
    first = latest_import().id
    bring(village, tmp_path, [replace(AMINAH, kk_number="3201151507100002")])
    working.undo(village, first)
    report = undo(village)
    assert ("Siti Aminah", "family") in [(kept.name, kept.reason) for kept in report.kept]


def test_an_import_is_undone_once(village: CurrentArea, tmp_path: Path) -> None:
    bring(village, tmp_path, [AMINAH])
    undo(village)
    with pytest.raises(Stale):
        ask_to_undo(village, latest_import().id)


# ---- jobs ----


def received(village: CurrentArea, people: Sequence[Resident], tmp_path: Path) -> Import:
    path = tmp_path / "penduduk.csv"
    write_rows(path, people)
    row = receive(village, RESIDENTS, "penduduk.csv", BytesIO(path.read_bytes()))
    commit()
    return row


def state_of(village: CurrentArea, import_id: object) -> Import:
    db.session.rollback()
    return db.session.scalars(
        select(Import).where(Import.id == import_id).execution_options(populate_existing=True)
    ).one()


def jobs() -> int:
    return db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")) or 0


def test_a_job_exists_only_if_its_transaction_was_committed(village: CurrentArea, tmp_path: Path) -> None:
    path = tmp_path / "penduduk.csv"
    write_rows(path, [AMINAH])
    receive(village, RESIDENTS, "penduduk.csv", BytesIO(path.read_bytes()))
    db.session.rollback()
    assert (jobs(), db.session.query(Import).count()) == (0, 0)
    received(village, [AMINAH], tmp_path)
    assert jobs() == 1


def test_a_received_file_is_checked_then_applied_by_the_worker(
    app: Flask, village: CurrentArea, tmp_path: Path
) -> None:
    import_id = received(village, [AMINAH, DEDI], tmp_path).id
    run_waiting(app)
    row = state_of(village, import_id)
    assert (row.state, row.total, row.progress, row.summary["new"]) == ("checked", 2, 2, 2)
    assert people_of(village) == {}
    ask_to_apply(village, import_id)
    commit()
    with pytest.raises(Stale):
        ask_to_apply(village, import_id)  # a second click
    run_waiting(app)
    row = state_of(village, import_id)
    assert (row.state, row.problem) == ("applied", None)
    assert row.applied_at
    assert not upload_of(village.id, import_id).exists()
    assert set(people_of(village)) == {"Siti Aminah", "Dedi Kurnia"}


def test_progress_is_seen_while_the_work_is_not_committed(village: CurrentArea, tmp_path: Path) -> None:
    import_id = received(village, [AMINAH], tmp_path).id
    tell = working._progress(village.id, import_id)
    db.session.execute(text("SELECT 1"))
    tell(500, 2000)
    db.session.rollback()
    row = state_of(village, import_id)
    assert (row.progress, row.total) == (500, 2000)


def test_a_breakdown_says_so_and_the_next_job_runs(
    app: Flask, village: CurrentArea, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = received(village, [AMINAH], tmp_path).id
    whole = resident_file.read_rows
    calls = iter([True])

    def break_once(*rows: object, **options: object) -> object:
        if next(calls, False):
            raise RuntimeError("disk gone")
        return whole(*rows, **options)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(resident_file, "read_rows", break_once)
    second = received(village, [AMINAH], tmp_path).id
    run_waiting(app)
    broken = state_of(village, first)
    assert broken.state == "failed"
    assert broken.problem
    assert "Tidak ada data yang berubah" in broken.problem
    assert state_of(village, second).state == "checked"
    assert "job imports.check failed" in caplog.text
    ask_to_check(village, first)
    commit()
    run_waiting(app)
    assert state_of(village, first).state == "checked"


def test_a_broken_apply_changes_nothing(
    app: Flask, village: CurrentArea, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = received(village, [AMINAH], tmp_path).id
    run_waiting(app)
    ask_to_apply(village, import_id)
    commit()
    whole = resident_file.apply_staged

    def break_after(*arguments: object) -> None:
        whole(*arguments)  # pyright: ignore[reportArgumentType]
        raise RuntimeError("power cut")

    monkeypatch.setattr(resident_file, "apply_staged", break_after)
    run_waiting(app)
    assert state_of(village, import_id).state == "failed"
    assert people_of(village) == {}


def test_a_breakdown_of_the_command_line_leaves_no_import_running(
    village: CurrentArea, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*arguments: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(resident_file, "apply_staged", break_down)
    with pytest.raises(RuntimeError):
        bring(village, tmp_path, [AMINAH])
    assert (latest_import().state, people_of(village)) == ("failed", {})


def test_a_job_that_dies_with_its_worker_is_given_up_after_three_times(
    app: Flask, village: CurrentArea, tmp_path: Path
) -> None:
    import_id = received(village, [AMINAH], tmp_path).id
    db.session.execute(text("UPDATE procrastinate_jobs SET attempts = 3"))
    commit()
    run_waiting(app)
    assert state_of(village, import_id).state == "failed"


def test_a_job_works_in_its_own_village_and_in_the_name_of_who_asked(
    app: Flask, village: CurrentArea, tmp_path: Path
) -> None:
    import_id = received(village, [AMINAH], tmp_path).id
    run_waiting(app)
    ask_to_apply(village, import_id)
    commit()
    db.session.remove()
    run_waiting(app)
    with scope(village):
        found = db.session.execute(
            text("SELECT user_name, area_id FROM audit_entries WHERE action = 'imports.applied'")
        ).all()
    assert [tuple(row) for row in found] == [("uji", village.id)]


def test_an_unknown_job_is_refused_when_it_is_asked_for(village: CurrentArea) -> None:
    with pytest.raises(LookupError):
        enqueue("people.nothing", village)
