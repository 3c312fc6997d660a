"""One meeting hears the cases of several programmes: together or not at all, each by its own terms."""

from datetime import date

import pytest

from core.aid.models import ToldAid
from core.areas.current import CurrentArea
from core.cases.catalogue import find_service
from core.cases.errors import CaseError
from core.cases.models import Case
from core.cases.progress import Answer, take_step
from core.clock import today
from core.database.session import db
from core.meetings import letters
from core.meetings.closing import close_meeting, reopen_meeting
from core.meetings.declaration import Outcome, VillageMeeting
from core.meetings.finding import candidates_of, pending, waiting_cases
from core.meetings.hearing import hearings, to_choose
from core.meetings.models import Meeting
from core.meetings.papers import meeting_values, notice_values
from core.meetings.planning import (
    Decision,
    MeetingInput,
    add_attendees,
    add_candidates,
    create_meeting,
    decide,
    set_terms,
)
from core.platform import platform
from core.testing import make_case, make_person, settle_papers

BLT, FOOD = "blt_desa.aid", "bansos.food"
TERMS = {"year": 2026, "first_month": 11, "last_month": 12, "amount": 300_000}
ANSWERS = {
    BLT: {"dependants": 3, "situation": "Buruh tani.", "other_aid_name": ""}
    | dict.fromkeys(("chronic_illness", "disability", "elderly_alone", "lost_livelihood", "pkh", "other_aid"), "no"),
    FOOD: {"member": "no", "account_state": "none", "card_number": "", "account_number": "", "mother_name": "Rukmini"}
    | {"situation": "Buruh."},
}
FORWARD = {BLT: ("handle", "propose"), FOOD: ("handle", "to_meeting")}


def powers() -> frozenset[str]:
    return platform().permissions.of_role("village_head")


def put_forward(area: CurrentArea, name: str, who: str) -> Case:
    service = find_service(name)
    assert service
    case = make_case(area, service, make_person(area.id, who), **ANSWERS[name])
    settle_papers(case, service)
    for step in FORWARD[name]:
        take_step(area, case, service, step, powers(), Answer())
    return case


def call(area: CurrentArea) -> Meeting:
    data = MeetingInput("special", today(area.timezone), "09:00", "Balai", "Pembukaan", "Ujang", "Kokom")
    meeting = create_meeting(area.id, data)
    add_candidates(area, meeting, [case.id for case in waiting_cases(area)])
    add_attendees(meeting, [("Ade", "bpd")])
    set_terms(meeting, BLT, TERMS)
    db.session.flush()
    return meeting


def settle(meeting: Meeting, **decided: str) -> None:
    """By the resident's first name: the decision; the reason is made up where one is needed."""
    listed = candidates_of(meeting)
    by_name = {c.case.person.name.partition(" ")[0]: c for c in listed}
    decisions = {
        by_name[name].id: Decision(key, None, "Mampu" if key == "not_chosen" else "") for name, key in decided.items()
    }
    decide(meeting, listed, decisions)
    db.session.flush()


@pytest.fixture
def cases(village: CurrentArea) -> dict[str, Case]:
    return {
        "Enok": put_forward(village, BLT, "Enok Sumarni"),
        "Odah": put_forward(village, FOOD, "Odah Saodah"),
        "Maman": put_forward(village, FOOD, "Maman Suparman"),
    }


def test_candidates_of_all_programmes_wait_for_the_same_meeting(village: CurrentArea, cases: dict[str, Case]) -> None:
    assert pending(village, today()).waiting == 3
    meeting = call(village)
    assert pending(village, today()).waiting == 0
    assert waiting_cases(village) == []
    groups = to_choose(village, meeting, list(cases.values()))
    assert [(group.name, len(group.heard)) for group in groups] == [(BLT, 1), (FOOD, 2)]


def test_who_decides_is_warned_of_aid_that_excludes_the_programme(village: CurrentArea, cases: dict[str, Case]) -> None:
    told = {"state": "received", "source": "family", "programme": "pkh", "title": "PKH", "for_family": True}
    whose = {"village_id": village.id, "person_id": cases["Enok"].person_id}
    db.session.add(ToldAid(first_day=date(2026, 1, 1), **whose, **told))
    db.session.flush()
    lines = {
        heard.case.person.name: heard.line
        for group in to_choose(village, call(village), list(cases.values()), powers())
        for heard in group.heard
    }
    assert "Tercatat mendapat PKH sejak 1 Januari 2026" in lines["Enok Sumarni"]
    assert "Tercatat" not in lines["Odah Saodah"]


def test_closing_moves_the_cases_of_both_by_their_own_steps_and_reopening_takes_them_back(
    village: CurrentArea, cases: dict[str, Case]
) -> None:
    meeting = call(village)
    settle(meeting, Enok="accepted", Odah="accepted", Maman="not_chosen")
    close_meeting(village, meeting, powers(), None)
    assert {name: case.state for name, case in cases.items()} == {
        "Enok": "accepted",
        "Odah": "agreed",
        "Maman": "not_agreed",
    }
    assert [c.rank for c in candidates_of(meeting) if c.decision == "accepted"] == [1, 1], "each programme has its own"
    reopen_meeting(village, meeting, powers(), "Salah catat")
    assert {case.state for case in cases.values()} == {"candidate", "meeting"}


def test_a_decision_that_a_programme_does_not_know_stops_the_closing_of_all(
    village: CurrentArea, cases: dict[str, Case]
) -> None:
    meeting = call(village)
    settle(meeting, Enok="accepted", Odah="reserve", Maman="accepted")
    with pytest.raises(CaseError, match="Belum diputuskan: Odah Saodah"):
        close_meeting(village, meeting, powers(), None)
    assert cases["Enok"].state == "candidate"


def test_no_step_is_taken_by_hand_before_the_meeting(village: CurrentArea, cases: dict[str, Case]) -> None:
    service = find_service(FOOD)
    assert service
    with pytest.raises(CaseError, match="Musdes belum memutuskan “Disepakati”"):
        take_step(village, cases["Odah"], service, "agree", powers(), Answer())
    take_step(village, cases["Odah"], service, "from_meeting", powers(), Answer(note="Data kurang"))
    assert cases["Odah"].state == "handling"


def test_minutes_hear_all_and_the_notice_only_what_is_announced(village: CurrentArea, cases: dict[str, Case]) -> None:
    meeting = call(village)
    settle(meeting, Enok="accepted", Odah="accepted", Maman="not_chosen")
    close_meeting(village, meeting, powers(), None)
    minutes = letters.issue(village, meeting, "meetings", "minutes")
    assert "Enok Sumarni" in str(minutes.data)
    assert "Maman Suparman" in str(minutes.data)
    with pytest.raises(CaseError, match="Tanda tangani dulu berita acaranya"):
        letters.sign(village, meeting, letters.issue(village, meeting, "blt_desa", "decree"), powers())
    letters.sign(village, meeting, minutes, powers())
    decree = next(letter for letter in letters.letters_of(meeting) if letter.key == "decree")
    letters.sign(village, meeting, decree, powers())
    heard = hearings(village, meeting, candidates_of(meeting), judged=False)
    said = str(notice_values(meeting, heard, letters.letters_of(meeting)))
    assert "Enok Sumarni" in said
    assert "Odah" not in said
    assert "nik" not in said
    assert [programme["title"] for programme in meeting_values(meeting, heard)["programmes"]] == [
        "BLT Dana Desa",
        "Usulan Sembako/BPNT",
    ]


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"state": "nowhere", "outcomes": {"accepted": Outcome("agree", "undo_meeting")}}, "no open state"),
        ({"state": "meeting", "outcomes": {"accepted": Outcome("send", "undo_meeting")}}, "does not lead from"),
        ({"state": "meeting", "outcomes": {"accepted": Outcome("agree", "cancel")}}, "must lead to"),
    ],
)
def test_a_wrong_declaration_is_refused(village: CurrentArea, declared: dict, told: str) -> None:
    service = find_service(FOOD)
    assert service
    with pytest.raises(ValueError, match=told):
        VillageMeeting(**declared).check("Service", "bansos", service.workflow)
