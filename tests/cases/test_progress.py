"""Which role may take which step from which state, what stands in the way, and what a refusal leaves behind."""

import re
from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.cases import checklist, progress
from core.cases.errors import CaseError, StaleCase
from core.cases.locking import current_case, touch
from core.cases.models import Case, CaseEvent
from core.cases.standing import transitions_of
from core.clock import today
from core.database.session import commit, db
from core.platform import platform
from core.plugins.dispatch import Objection, VillageHooks
from core.testing import VILLAGE, SignInAs, at

STATES = ("registered", "handling", "recommended", "approved", "done", "refused", "cancelled")
DESK = ("village_staff", "field_worker")

# What each role may do in each state: the whole table, so that a new permission shows here.
STAFF_STEPS = {
    "registered": "handle cancel",
    "handling": "recommend cancel",
    "recommended": "cancel",
    "approved": "finish cancel",
    "done": "",
    "refused": "",
    "cancelled": "",
}
HEAD_STEPS = {
    **STAFF_STEPS,
    "recommended": "approve return refuse cancel",
    "done": "correct",
    "refused": "reopen",
    "cancelled": "reopen",
}
STEPS = dict.fromkeys(DESK, STAFF_STEPS) | {"village_head": HEAD_STEPS}
ONLOOKERS = ("auditor", "district_officer", "kecamatan_supervisor", "partner_officer", "district_admin")


def url(case: str, key: str) -> str:
    return f"/{VILLAGE}/cases/{case}/step/{key}"


# ---- each transition and each role ----


@pytest.mark.parametrize("role", [*STEPS, *ONLOOKERS])
def test_a_role_sees_the_buttons_that_it_may_press(village, desk, role: str) -> None:
    rights = platform().permissions.of_role(role)
    seen = {}
    for state in STATES:
        case = desk.at(village, state)
        steps = progress.steps_for(case, desk.service, rights, checklist.checklist(case, desk.service), [])
        seen[state] = " ".join(step.transition.key for step in steps)
    assert seen == STEPS.get(role, dict.fromkeys(STATES, ""))


@pytest.mark.parametrize("role", STEPS)
def test_a_step_without_its_button_cannot_be_taken_by_its_address_either(
    app: Flask, areas: None, desk, sign_in: SignInAs, role: str
) -> None:
    client = sign_in(role)
    with at(app, VILLAGE) as area:
        every = {t.key for t in desk.service.workflow.transitions}
        cases = {state: (made.version, str(made.id)) for state in STATES if (made := desk.at(area, state))}
        commit()
    for state, (version, case_id) in cases.items():
        for key in every - set(STEPS[role][state].split()):
            answer = client.post(url(case_id, key), data={"version": version, "note": "coba"})
            assert answer.status_code in (403, 422), (state, key)
        assert where(app, case_id) == state


def where(app: Flask, case_id: str) -> str:
    with at(app, VILLAGE):
        return db.session.query(Case).filter_by(id=case_id).one().state


@pytest.mark.parametrize("role", ["auditor", "district_officer", "kecamatan_supervisor"])
def test_onlookers_read_and_change_nothing(app: Flask, areas: None, desk, sign_in: SignInAs, role: str) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.at(area, "recommended"))
    client = sign_in(role, "32.01.15" if role == "kecamatan_supervisor" else "32.01")
    page = client.get(f"/{VILLAGE}/cases/{case_id}")
    assert page.status_code == 200
    assert "/step/" not in page.text
    assert client.post(url(case_id, "approve"), data={"version": 1}).status_code == 403
    assert where(app, case_id) == "recommended"


def test_a_step_that_the_workflow_does_not_have_is_not_there(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.open(area))
    assert sign_in("village_staff").get(url(case_id, "bless")).status_code == 404


# ---- what stands in the way ----


@pytest.mark.parametrize("key", ["recommend", "approve"])
def test_neither_the_desk_nor_the_head_goes_on_without_the_papers(village, desk, key: str) -> None:
    case = desk.at(village, "handling" if key == "recommend" else "recommended")
    if key == "approve":
        checklist.take_back(case, "ktp")
    with pytest.raises(CaseError, match=r"Belum ada: .*KTP"):
        desk.step(village, case, key)


def test_a_paper_that_is_welcome_but_not_mandatory_stops_nobody(village, desk) -> None:
    case = desk.at(village, "handling")
    for key in ("rt_rw_letter", "ktp", "kk"):
        checklist.confirm_seen(case, key)
    desk.step(village, case, "recommend")
    assert case.state == "recommended"


def test_a_case_is_done_only_when_its_letter_is_signed(village, desk) -> None:
    for state in ("approved", "issued"):
        with pytest.raises(CaseError, match="belum ditandatangani"):
            desk.step(village, desk.at(village, state), "finish")
    desk.step(village, desk.at(village, "signed"), "finish")


@pytest.mark.parametrize("state", ["issued", "signed"])
def test_a_case_whose_letter_holds_cannot_be_cancelled(village, desk, state: str) -> None:
    case = desk.at(village, state)
    with pytest.raises(CaseError, match=r"Surat 460/001/CBD/.* masih berlaku. Cabut dulu"):
        desk.step(village, case, "cancel")
    assert case.closed_at is None


@pytest.mark.parametrize("key", ["refuse", "return", "cancel"])
def test_a_step_that_needs_a_reason_is_not_taken_without(village, desk, key: str) -> None:
    case = desk.at(village, "recommended")
    with pytest.raises(CaseError, match="Tulis catatannya"):
        desk.step(village, case, key, note="  ")


def test_what_is_missing_is_told_at_the_field_and_what_was_typed_stays(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.at(area, "recommended"))
    head = sign_in("village_head")
    answer = head.post(url(case_id, "refuse"), data={"version": version_at(head, case_id, "refuse"), "note": " "})
    assert answer.status_code == 422
    assert re.search(r'id="note-error">.*Tulis catatannya', answer.text, re.DOTALL)
    assert where(app, case_id) == "recommended"


# ---- what a step does ----


def test_a_step_is_one_line_of_the_timeline_from_here_to_there(village, desk) -> None:
    case = desk.at(village, "recommended")
    desk.step(village, case, "refuse", note=" Punya dua rumah sewa ")
    event = db.session.query(CaseEvent).filter_by(case_id=case.id).order_by(CaseEvent.id.desc()).first()
    assert event
    assert (event.kind, event.from_state, event.to_state, event.note) == (
        "moved",
        "recommended",
        "refused",
        "Punya dua rumah sewa",
    )


@pytest.mark.parametrize(("state", "waits"), [("handling", False), ("recommended", True), ("approved", False)])
def test_a_case_waits_while_it_is_the_heads_turn(village, desk, state: str, waits: bool) -> None:
    assert desk.at(village, state).waiting is waits


def test_the_residents_time_runs_on_while_the_case_waits(village, desk) -> None:
    case = desk.open(village)
    promised = case.due_on = today() - timedelta(days=3)
    for state in ("handle", "recommend"):
        if state == "recommend":
            for key in ("rt_rw_letter", "ktp", "kk"):
                checklist.confirm_seen(case, key)
        desk.step(village, case, state)
    assert case.due_on == promised


@pytest.mark.parametrize("state", ["done", "refused", "cancelled"])
def test_a_closed_case_knows_when_it_was_closed_and_a_reopened_one_is_not_late_on_its_first_day(
    village, desk, state: str
) -> None:
    case = desk.at(village, state)
    assert case.closed_at is not None
    case.due_on = date(2020, 1, 1)
    desk.step(village, case, "correct" if state == "done" else "reopen")
    assert case.closed_at is None
    assert case.due_on > today()


def test_every_change_that_a_decision_can_rest_on_moves_the_version(village, desk) -> None:
    case = desk.at(village, "handling")
    seen = [case.version]

    def moved() -> bool:
        db.session.flush()
        seen.append(case.version)
        return seen[-1] > seen[-2]

    checklist.confirm_seen(case, "ktp")
    assert moved()
    checklist.take_back(case, "ktp")
    assert moved()
    checklist.waive(case, "ktp", "hilang")
    assert moved()
    progress.save_answers(village, case, desk.service, progress.Edit({"reason": "Lain"}, "", "normal"))
    assert moved()
    for key in ("rt_rw_letter", "kk"):
        checklist.confirm_seen(case, key)
    desk.step(village, case, "recommend")
    assert moved()
    desk.step(village, case, "approve")
    assert moved()
    desk.issue(village, case)
    assert moved()


def test_saving_what_stands_there_already_changes_nothing(village, desk) -> None:
    case = desk.at(village, "handling")
    before = case.version
    same = progress.Edit(dict(case.data), case.note, case.priority)
    assert not progress.save_answers(village, case, desk.service, same)
    db.session.flush()
    assert case.version == before


@pytest.mark.parametrize("state", ["done", "refused", "cancelled"])
def test_a_closed_case_is_not_changed(village, desk, state: str) -> None:
    case = desk.at(village, state)
    with pytest.raises(CaseError, match="sudah ditutup"):
        progress.save_answers(village, case, desk.service, progress.Edit({"reason": "Lain"}, "", "normal"))
    with pytest.raises(CaseError, match="sudah ditutup"):
        progress.assign(case, None, "")


# ---- two clerks at once ----


def test_whoever_decides_on_an_old_page_is_told_what_happened_since_and_keeps_the_note(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.at(area, "recommended"))
    head, staff = sign_in("village_head", name="Pak Ohim"), sign_in("village_staff", name="Siti")
    version = version_at(head, case_id, "refuse")
    undone = staff.post(f"/{VILLAGE}/cases/{case_id}/papers/ktp", data={"action": "undo"})
    assert undone.status_code == 302
    answer = head.post(url(case_id, "refuse"), data={"version": version, "note": "Sudah menerima bantuan lain."})
    assert answer.status_code == 409
    assert "KTP diminta lagi" in answer.text
    assert "Siti" in answer.text
    assert "Sudah menerima bantuan lain." in answer.text
    assert where(app, case_id) == "recommended"
    fresh = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert fresh
    again = head.post(url(case_id, "refuse"), data={"version": fresh[1], "note": "Sudah menerima bantuan lain."})
    assert again.status_code == 302
    assert where(app, case_id) == "refused"


def test_the_note_is_kept_also_when_the_step_is_no_longer_possible(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.at(area, "recommended"))
    head, deputy = sign_in("village_head"), sign_in("village_head")
    version = version_at(head, case_id, "refuse")
    approved = deputy.post(url(case_id, "approve"), data={"version": version})
    assert approved.status_code == 302
    answer = head.post(url(case_id, "refuse"), data={"version": version, "note": "Punya dua rumah sewa."})
    assert answer.status_code == 409
    assert "Setujui → Disetujui" in answer.text
    assert "Punya dua rumah sewa." in answer.text
    assert where(app, case_id) == "approved"


def version_at(client: FlaskClient, case_id: str, key: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(url(case_id, key)).text)
    assert found
    return found[1]


@pytest.mark.parametrize("version", ["", "abc", "²", "-1", "9" * 5000, "0"])
def test_a_damaged_version_counts_as_an_old_one(app: Flask, areas: None, desk, sign_in: SignInAs, version: str) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.open(area))
    staff = sign_in("village_staff")
    assert staff.post(url(case_id, "handle"), data={"version": version}).status_code == 409
    assert staff.post(f"/{VILLAGE}/cases/{case_id}/assign", data={"version": version}).status_code == 409
    assert where(app, case_id) == "registered"


def test_a_lock_is_waited_for_and_what_comes_after_it_is_read_anew(app: Flask, areas: None, desk) -> None:
    with at(app, VILLAGE) as area:
        case_id, version = (case := desk.open(area)).id, 1
        desk.save(case)
    with at(app, VILLAGE) as area:
        mine = db.session.query(Case).filter_by(id=case_id).one()  # in the session before the colleague's change
        with app.app_context():
            colleague = db.session.query(Case).filter_by(id=case_id).one()
            touch(colleague)
            db.session.commit()
            db.session.remove()
        with pytest.raises(StaleCase):
            current_case(area.id, mine.id, version)


# ---- a plugin's word in it ----


OBJECTION = "core.plugins.dispatch.VillageHooks.decide"


def test_a_plugins_objection_is_told_and_nothing_is_changed(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.at(area, "recommended"))
    head = sign_in("village_head")
    sent = {"version": version_at(head, case_id, "approve"), "note": "Pertimbangan saya"}
    with patch(OBJECTION, return_value=[Objection("sktm", "Rumahnya belum dilihat.")]):
        answer = head.post(url(case_id, "approve"), data=sent)
    assert answer.status_code == 422
    assert "Rumahnya belum dilihat." in answer.text
    assert "Pertimbangan saya" in answer.text
    assert where(app, case_id) == "recommended"


def test_a_plugin_that_fails_while_deciding_stops_the_step(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.at(area, "recommended"))
    head = sign_in("village_head")
    version = version_at(head, case_id, "approve")
    with patch(OBJECTION, side_effect=RuntimeError("plugin")):
        assert head.post(url(case_id, "approve"), data={"version": version}).status_code == 500
    assert where(app, case_id) == "recommended"
    with at(app, VILLAGE):
        kinds = [event.kind for event in db.session.query(CaseEvent).filter_by(case_id=case_id, to_state="approved")]
        assert kinds == []


def test_the_programmes_own_plugin_is_asked_also_where_it_was_switched_off(village, desk) -> None:
    asked: list[VillageHooks] = []

    def note(hooks: VillageHooks, _hook: str, **_arguments: object) -> list[Objection]:
        asked.append(hooks)
        return []

    with patch(OBJECTION, autospec=True, side_effect=note):
        desk.step(replace(village, enabled=frozenset()), desk.at(village, "recommended"), "approve")
    assert "sktm" in asked[-1].plugins


# ---- a plugin that changed or went ----


def test_a_case_in_a_state_that_a_new_version_dropped_opens_and_can_start_again(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        case = desk.at(area, "handling")
        case.state = "surveyed"
        case_id, ticket, nik = str(case.id), case.ticket, case.person.nik
        commit()
    head, staff = sign_in("village_head"), sign_in("village_staff")
    page = staff.get(f"/{VILLAGE}/cases/{case_id}")
    assert page.status_code == 200
    assert "Keadaannya tidak dikenal lagi: surveyed" in page.text
    for path in ("cases", "cases?which=closed", "", f"cases/{case_id}/receipt", f"cases/{case_id}/edit"):
        assert staff.get(f"/{VILLAGE}/{path}").status_code == 200, path
    status = app.test_client().post(f"/{VILLAGE}/status", data={"ticket": ticket, "digits": nik[-4:]})
    assert status.status_code == 200
    assert staff.get(url(case_id, "start_again")).status_code == 403
    answer = head.post(
        url(case_id, "start_again"), data={"version": version_at(head, case_id, "start_again"), "note": "Modul baru"}
    )
    assert answer.status_code == 302
    assert where(app, case_id) == "registered"
    assert staff.get(f"/{VILLAGE}/cases/{case_id}").status_code == 200


def test_a_known_state_has_no_way_back_to_the_start(village, desk) -> None:
    assert "start_again" not in [t.key for t in transitions_of(desk.open(village), desk.service)]


def test_a_case_whose_plugin_is_gone_opens_and_changes_no_more(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        case = desk.at(area, "signed")
        case.service = "gone.letter"
        case_id, ticket, nik = str(case.id), case.ticket, case.person.nik
        commit()
    head = sign_in("village_head")
    page = head.get(f"/{VILLAGE}/cases/{case_id}")
    assert page.status_code == 200
    assert "tidak lagi terpasang" in page.text
    assert "SDN Cibadak 01" in page.text
    assert "rt_rw_letter" in page.text
    assert "460/001/CBD" in page.text
    for path in ("cases", "letters", "", f"cases/{case_id}/receipt"):
        assert head.get(f"/{VILLAGE}/{path}").status_code == 200, path
    assert head.get(f"/{VILLAGE}/cases/{case_id}/edit").status_code == 422
    assert head.get(url(case_id, "finish")).status_code == 422
    status = app.test_client().post(f"/{VILLAGE}/status", data={"ticket": ticket, "digits": nik[-4:]})
    assert status.status_code == 200
    assert "tanyakan ke petugas" in status.text


def test_a_dropped_field_keeps_its_answer_and_shows_it(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case = desk.at(area, "handling")
        case.data = {**case.data, "income": "Rp 600.000"}
        case_id = desk.save(case)
    staff = sign_in("village_staff")
    assert "Rp 600.000" in staff.get(f"/{VILLAGE}/cases/{case_id}").text
    with at(app, VILLAGE) as area:
        case = db.session.query(Case).filter_by(id=case_id).one()
        progress.save_answers(area, case, desk.service, progress.Edit({"reason": "Lain"}, "", "normal"))
        commit()
        assert case.data["income"] == "Rp 600.000"
