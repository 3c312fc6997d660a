"""From the request to the second signature: drafts, two devices, kinship, photos, and a service that asks for one."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from click.testing import CliRunner
from python_calamine import load_workbook

from core.api import Answer, Case, CaseError, commit, db, find_person, take_step
from core.testing import SIBLING, VILLAGE, SignInAs, at, erase, make_case, make_person, settle_papers
from plugins.survey.commands import drop_photos, export
from plugins.survey.surveys import ask

from .conftest import ROOT, SECTIONS, Team, value_in


def test_a_household_is_surveyed_and_a_second_person_signs(team: Team) -> None:
    survey = team.ask()
    assert "sedang berjalan" in team.staff.get(f"{ROOT}/new?person={team.person}").text
    assert team.staff.post(f"{ROOT}/new?person={team.person}", data={"reason": ""}).status_code == 422
    team.fill(survey)
    page = team.kader.get(survey).text
    assert "14 kriteria BPS: 9 terpenuhi" in page
    assert "Foto rumah belum ada" in page
    assert team.deed(team.kader, survey, "finalise").status_code == 302
    own = team.deed(team.kader, survey, "sign")
    assert (own.status_code, "tidak boleh menandatangani surveinya sendiri" in own.text) == (422, True)
    assert team.deed(team.staff, survey, "give-back", reason="Foto belum ada").status_code == 302
    assert "Dikembalikan: Foto belum ada" in team.kader.get(survey).text
    assert team.photo(survey).status_code == 302
    assert team.deed(team.kader, survey, "finalise").status_code == 302
    closed = team.kader.get(f"{survey}/fill/visit")
    assert (closed.status_code, "difinalkan" in closed.text) == (422, True)
    assert team.deed(team.staff, survey, "sign").status_code == 302
    [[state, outcome]] = team.rows("SELECT state, outcome FROM survey_surveys")
    assert (state, outcome["met"], outcome["poor"], outcome["unsheltered"]) == ("signed", 9, True, False)
    assert "decile" not in str(outcome)
    actions = {row[0] for row in team.rows("SELECT action FROM audit_entries WHERE action LIKE 'survey.%'")}
    assert {"survey.asked", "survey.begun", "survey.finalised", "survey.returned", "survey.signed"} <= actions


def test_a_draft_keeps_whatever_was_typed_and_a_mistake_blocks_only_the_end(team: Team) -> None:
    survey = team.ask()
    team.fill(survey)
    assert team.save(survey, "house", floor_area="tiga puluh", floor="gold").status_code == 302
    page = team.kader.get(f"{survey}/fill/house").text
    assert 'value="tiga puluh"' in page
    assert "GALAT" in page
    assert team.rows("SELECT answers->>'floor' FROM survey_surveys") == [("gold",)]
    refused = team.deed(team.kader, survey, "finalise")
    assert (refused.status_code, "Masih ada 2 GALAT" in refused.text) == (422, True)
    assert team.save(survey, "house", floor_area="x" * 2_001).status_code == 422


def test_two_devices_lose_nothing(team: Team) -> None:
    survey = team.ask()
    address = f"{survey}/fill/house"
    seen = value_in(team.kader.get(address).text, "seen")
    assert team.save(survey, "gate", shelter="yes").status_code == 302  # another section meanwhile is no matter
    assert team.kader.post(address, data={"seen": seen, "floor_area": "36"}).status_code == 302
    stale = team.kader.post(address, data={"seen": seen, "floor_area": "40"})
    assert stale.status_code == 409
    assert 'value="40"' in stale.text  # typed
    assert "36 m²" in stale.text  # stored meanwhile
    again = team.kader.post(address, data={"seen": value_in(stale.text, "seen"), "floor_area": "40"})
    assert again.status_code == 302
    assert team.kader.post(address, data={"seen": seen, "floor_area": "40"}).status_code == 302  # the same: no conflict
    assert team.rows("SELECT answers->>'floor_area', answers->>'shelter' FROM survey_surveys") == [("40", "yes")]
    [[member]] = team.rows("SELECT id FROM survey_members")
    page = f"{survey}/members/{member}"
    old = value_in(team.kader.get(page).text, "seen")
    team.save_members(survey)
    late = team.kader.post(page, data={"seen": old, "standing": "dead", "name": "Enok"})
    assert (late.status_code, "Tinggal di rumah ini" in late.text) == (409, True)
    assert team.deed(team.kader, survey, "finalise", version="1").status_code == 409


def test_members_are_added_and_who_is_on_record_is_not_removed(team: Team) -> None:
    survey = team.ask()
    added = team.kader.post(f"{survey}/members")
    seen = value_in(team.kader.get(added.location).text, "seen")
    data = {"seen": seen, "standing": "here", "name": "Dede", "role": "child"}
    assert team.kader.post(added.location, data=data).status_code == 302
    team.save(survey, "visit", **SECTIONS["visit"])
    assert "Anggota baru" in team.kader.get(survey).text
    [[recorded]] = team.rows("SELECT id FROM survey_members WHERE person_id IS NOT NULL")
    [[version]] = team.rows("SELECT version FROM survey_surveys")
    kept = team.kader.post(f"{survey}/members/{recorded}/remove", data={"version": version})
    assert (kept.status_code, "pilih keberadaannya" in kept.text) == (422, True)
    assert team.kader.post(f"{added.location}/remove", data={"version": version}).status_code == 302
    assert len(team.rows("SELECT 1 FROM survey_members")) == 1


def test_a_relative_is_refused_as_far_as_the_data_tell(team: Team, sign_in: SignInAs) -> None:
    survey, namesake = team.ask(), sign_in("field_worker", name="Enok Sumarni")
    refused = namesake.get(f"{survey}/fill/visit")
    assert (refused.status_code, "bernama sama dengan anggota keluarga" in refused.text) == (422, True)
    [[user]] = team.rows("SELECT id FROM users WHERE name = 'Enok Sumarni'")
    form = {"surveyor": str(user), "planned_on": "2026-11-12", "version": "1"}
    assert team.staff.post(f"{survey}/assign", data=form).status_code == 422
    team.fill(survey)
    assert team.deed(team.kader, survey, "finalise").status_code == 302
    assert team.deed(namesake, survey, "sign").status_code == 422
    taken = team.staff.get(f"{survey}/fill/visit")
    assert taken.status_code == 422


def test_the_route_of_a_day(team: Team) -> None:
    survey = team.ask()
    [[kader]] = team.rows("SELECT id FROM users WHERE name = 'Yayah Kader'")
    form = {"surveyor": str(kader), "planned_on": "2026-11-13", "version": "1"}
    assert team.staff.post(f"{survey}/assign", data={**form, "planned_on": "2026-11-11"}).status_code == 422
    assert team.staff.post(f"{survey}/assign", data=form).status_code == 302
    assert team.staff.post(f"{survey}/assign", data=form).status_code == 409
    assert "Enok Sumarni" in team.kader.get(f"/{VILLAGE}/").text  # on the kader's first page
    route = team.kader.get(f"{ROOT}/route?day=2026-11-13").text
    assert "1. Enok Sumarni" in route
    assert "002/005" in route
    [[nik]] = team.rows("SELECT nik FROM persons")
    assert nik not in route
    assert "Enok Sumarni" not in team.kader.get(f"{ROOT}/route?day=2026-11-12").text
    assert team.kader.get(f"{ROOT}/route?day=besok").status_code == 200
    other = team.staff.get(f"{survey}/fill/visit")
    assert (other.status_code, "tugas petugas lain" in other.text) == (422, True)


def test_the_last_survey_of_the_household_is_compared(team: Team) -> None:
    team.signed()
    survey = team.ask()
    team.fill(survey)
    team.save(survey, "house", **{**SECTIONS["house"], "floor": "ceramic"})
    page = team.kader.get(survey).text
    assert "Dibanding survei sebelumnya" in page
    assert "Tanah → Keramik, marmer, atau granit" in page
    assert "9 → 8" in page


def test_a_service_that_asks_for_a_survey_waits_for_it(team: Team, clock: Any) -> None:
    sktm = team.app.extensions["puskesos"].plugins.all_services["sktm.letter"]
    _ask_for_surveys(team, sktm.name)
    with at(team.app, VILLAGE) as area:
        person = find_person(area.id, UUID(team.person))
        assert person
        case = make_case(area, sktm, person, purpose="school", addressee="SD")
        settle_papers(case, sktm)
        commit()
        case_id = case.id
    page = team.staff.get(f"/{VILLAGE}/cases/{case_id}").text
    assert "Layanan ini butuh survei rumah" in page
    assert f"/survey/new?case={case_id}" in page
    assert _objection(team, case_id, sktm).startswith("Layanan ini butuh survei rumah, dan belum ada")
    survey = team.ask()
    assert "belum selesai" in _objection(team, case_id, sktm)
    team.fill(survey)
    team.deed(team.kader, survey, "finalise")
    assert "menunggu tanda tangan orang kedua" in _objection(team, case_id, sktm)
    team.deed(team.staff, survey, "sign")
    assert _objection(team, case_id, sktm) == ""
    clock.move(days=366)
    assert "sudah lebih dari 365 hari" in _objection(team, case_id, sktm)


def _ask_for_surveys(team: Team, service: str) -> None:
    address = f"/{VILLAGE}/settings/survey"
    page = team.head.get(address).text
    data = {"services": [service], "valid_days": "365", "fingerprint": value_in(page, "fingerprint")}
    assert team.head.post(address, data=data).status_code == 302


def _objection(team: Team, case_id: Any, service: Any) -> str:
    """What stands in the way of putting the case before the kepala desa; nothing is kept."""

    with at(team.app, VILLAGE) as area, team.app.test_request_context():
        case = db.session.get_one(Case, (area.id, case_id))
        try:
            if case.state == "registered":
                take_step(area, case, service, "handle", frozenset({"cases.write"}), Answer())
            take_step(area, case, service, "recommend", frozenset({"cases.write"}), Answer())
        except CaseError as problem:
            return str(problem)
        finally:
            db.session.rollback()
    return ""


def test_photos_are_for_few_eyes_and_go_in_time_and_with_the_resident(team: Team, clock: Any) -> None:
    survey = team.ask()
    team.fill(survey)
    assert (team.photo(survey, b"%PDF-1.7 no photo").status_code, team.photo(survey).status_code) == (422, 302)
    [[photo]] = team.rows("SELECT id FROM survey_photos")
    with team.staff.get(f"{survey}/photos/{photo}") as answer:
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert team.rows("SELECT 1 FROM audit_entries WHERE action = 'survey.photo_opened'")
    assert team.kader.post(f"{survey}/photos/{photo}/remove").status_code == 302
    assert team.photo(survey).status_code == 302
    for deed, who in (("finalise", team.kader), ("sign", team.staff)):
        assert team.deed(who, survey, deed).status_code == 302
    with team.app.app_context():
        assert "0 foto dihapus" in CliRunner().invoke(drop_photos, [VILLAGE]).output
        clock.move(days=366)
        assert "1 foto dihapus" in CliRunner().invoke(drop_photos, [VILLAGE]).output
    [[person, version]] = team.rows("SELECT id, version FROM persons")
    with at(team.app, VILLAGE) as area:
        erase(area, person, version=version)
        commit()
    assert team.rows("SELECT answers, outcome, state FROM survey_surveys") == [({}, {}, "signed")]
    assert team.rows("SELECT answers FROM survey_members") == [({},)]


def test_the_month_in_figures_and_as_a_sheet(team: Team, tmp_path: Any, sign_in: SignInAs) -> None:
    team.signed()
    report = sign_in("auditor", "32.01").get(f"{ROOT}/report")
    assert report.status_code == 200
    assert "Enok" not in report.text
    page = team.staff.get(f"{ROOT}/surveys.xlsx?month=2026-11")
    rows: list[Any] = load_workbook(BytesIO(page.data)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "SV/2026/1"
    assert rows[1][5:10] == ["tidak", 7, 9, 3, "ya"]
    assert team.staff.get(f"{ROOT}/surveys.xlsx?month=kemarin").status_code == 404
    target = tmp_path / "survei.xlsx"
    with team.app.app_context():
        told = CliRunner().invoke(export, [VILLAGE, str(target), "--month", "2026-11"])
    assert "1 survei" in told.output
    assert load_workbook(BytesIO(target.read_bytes())).get_sheet_by_index(0).to_python() == rows


def test_another_village_sees_nothing(team: Team, sign_in: SignInAs) -> None:
    survey, neighbour = team.ask(), sign_in("village_staff", SIBLING)
    for path in ("", "/fill/visit", "/assign", "/finalise"):
        assert neighbour.get(survey.replace(VILLAGE, SIBLING) + path).status_code == 404


def test_a_page_of_surveys_leads_to_the_next(team: Team) -> None:

    with at(team.app, VILLAGE) as area:
        for number in range(30):
            made = ask(area, make_person(area.id, f"Warga {number:03d}", nik=None), "", None)
            made.planned_on = date(2026, 11, 12) + timedelta(days=number % 3) if number % 2 else None
        commit()
    seen: list[str] = []
    address: str | None = f"{ROOT}/?show=open"
    while address:
        page = team.staff.get(address).text
        seen += [line.partition("<")[0] for line in page.split('">Warga ')[1:]]
        _before, more, rest = page.partition('rel="next" href="')
        address = rest.partition('"')[0].replace("&amp;", "&") if more else None
    assert sorted(seen) == [f"{number:03d}" for number in range(30)]
