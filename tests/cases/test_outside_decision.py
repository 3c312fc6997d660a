"""What somebody outside decides: the village proposes, waits with an alarm, records the answer, tells the resident."""

from datetime import date, timedelta

import pytest
from flask import Flask

from core.areas.current import CurrentArea
from core.cases import progress
from core.cases.errors import CaseError
from core.cases.lists import CaseFilter, CaseRow, cases_page
from core.cases.models import Case
from core.cases.outside_decision import outside_decision
from core.cases.service import Service, ServiceStandard
from core.cases.workflow import State
from core.clock import now, today
from core.database.session import commit
from core.database.uuid7 import uuid7
from core.platform import platform
from core.testing import VILLAGE, SignInAs, make_case, make_person
from core.web.forms import ServiceForm

STALE = 30
WORKFLOW = outside_decision(
    steps=("nominated", "account_activated", ("printed", "Kartu dicetak")), stale_after_days=STALE, tell_days=2
)
MAY = frozenset({"cases.read", "cases.write", "cases.decide"})
GIVEN = progress.Answer("Tercantum di laman resmi.", "SK 12/2026", date(2026, 1, 5), "desk")


def marks(current: str) -> list[str]:
    return [f"{step.state.key} {step.mark}" for step in WORKFLOW.steps(current)]


def test_the_way_leads_over_each_step_outside_to_the_resident_who_was_told() -> None:
    assert marks("nominated") == [
        "registered done",
        "handling done",
        "sent done",
        "nominated now",
        "account_activated next",
        "printed next",
        "approved next",
        "done next",
    ]


def test_a_refusal_outside_leaves_the_way_and_still_has_to_be_told() -> None:
    assert marks("rejected") == ["registered done", "handling done", "sent done", "rejected now"]
    assert not WORKFLOW.state("rejected").closed
    assert [t.target for t in WORKFLOW.transitions_from("rejected")] == ["refused"]


def test_without_steps_it_goes_straight_from_the_sending_to_the_decision() -> None:
    table = outside_decision(stale_after_days=10)
    assert [t.target for t in table.transitions_from("sent") if t.primary] == ["approved"]


@pytest.mark.parametrize("state", ["sent", "nominated", "account_activated", "printed"])
def test_from_every_step_outside_it_can_be_granted_refused_or_come_back(state: str) -> None:
    assert {"approved", "rejected", "handling"} <= {t.target for t in WORKFLOW.transitions_from(state)}


def test_every_state_that_waits_outside_raises_the_alarm_and_no_other() -> None:
    assert {s.key for s in WORKFLOW.states if s.stale_days == STALE} == {
        s.key for s in WORKFLOW.states if s.kind == "waiting"
    }


def test_news_from_outside_need_their_evidence() -> None:
    asked = {t.key: set(t.asks) for t in WORKFLOW.transitions}
    assert asked["nominated"] == {"date", "note"}
    assert asked["approve"] == {"outcome", "date"}
    assert asked["reject"] == {"outcome", "date", "note"}


def test_a_step_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="'weighed' has no title"):
        outside_decision(steps=("weighed",), stale_after_days=30)


@pytest.mark.parametrize(
    ("kind", "days", "message"),
    [
        ("open", {"stale_days": 3}, "only of a waiting"),
        ("waiting", {"stale_days": 0}, "at least 1"),
        ("waiting", {"stale_days": 3, "due_days": 3}, "not by due_days"),
    ],
)
def test_an_alarm_that_cannot_be_is_refused(kind: str, days: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        State("somewhere", "Di luar", kind=kind, **days)  # pyright: ignore[reportArgumentType]


# ---- a case ----


class AnyForm(ServiceForm):
    pass


SERVICE = Service(
    name="sktm.proposal",
    title="Usulan contoh",
    form=AnyForm,
    requirements=[],
    workflow=WORKFLOW,
    letters=[],
    standard=ServiceStandard(time_days=1, fee=0, product="Usulan", legal_basis=("Contoh",)),
)


@pytest.fixture
def proposal(village: CurrentArea, monkeypatch: pytest.MonkeyPatch) -> Case:
    """An open case of a service that is decided outside."""
    plugins = platform().plugins
    monkeypatch.setattr(plugins, "all_services", {**plugins.all_services, SERVICE.name: SERVICE})
    case = make_case(village, SERVICE, make_person(village.id))
    commit()
    return case


def take(village: CurrentArea, case: Case, *keys: str) -> None:
    for key in keys:
        progress.take_step(village, case, SERVICE, key, MAY, GIVEN)
    commit()


def row_of(village: CurrentArea, which: str) -> CaseRow | None:
    page = cases_page(village.id, uuid7(), today(), CaseFilter(which=which), None)
    return page.rows[0] if page.rows else None


def let_wait(case: Case, days: int) -> None:
    case.state_since = now() - timedelta(days=days)
    case.due_on = today() - timedelta(days=days - STALE)
    commit()


def test_a_proposal_on_its_way_is_due_again_when_nothing_was_heard(village: CurrentArea, proposal: Case) -> None:
    take(village, proposal, "handle", "send")
    assert proposal.waiting
    assert proposal.due_on == today(village.timezone) + timedelta(days=STALE)


@pytest.mark.parametrize(("days", "alarm"), [(STALE, None), (STALE + 1, STALE + 1), (STALE + 4, STALE + 4)])
def test_the_alarm_says_how_long_nothing_was_heard(
    village: CurrentArea, proposal: Case, days: int, alarm: int | None
) -> None:
    take(village, proposal, "handle", "send")
    let_wait(proposal, days)
    row = row_of(village, "waiting")
    assert row is not None
    assert row.stale_days == alarm


def test_a_silent_proposal_stands_among_the_overdue(village: CurrentArea, proposal: Case) -> None:
    take(village, proposal, "handle", "send")
    assert row_of(village, "overdue") is None
    let_wait(proposal, STALE + 4)
    assert row_of(village, "overdue") is not None


def test_news_end_the_alarm_and_the_next_wait_starts_anew(village: CurrentArea, proposal: Case) -> None:
    take(village, proposal, "handle", "send")
    let_wait(proposal, STALE + 4)
    take(village, proposal, "nominated")
    row = row_of(village, "waiting")
    assert row is not None
    assert row.stale_days is None
    assert proposal.due_on == today(village.timezone) + timedelta(days=STALE)


def test_a_case_at_the_desk_never_raises_the_alarm(village: CurrentArea, proposal: Case) -> None:
    let_wait(proposal, 400)
    row = row_of(village, "open")
    assert row is not None
    assert row.stale_days is None


def test_a_decision_outside_without_its_evidence_is_refused(village: CurrentArea, proposal: Case) -> None:
    take(village, proposal, "handle", "send")
    with pytest.raises(CaseError, match="hasilnya"):
        progress.take_step(village, proposal, SERVICE, "approve", MAY, progress.Answer("", "", date(2026, 1, 5)))


@pytest.mark.parametrize(("news", "told", "end"), [("approve", "tell", "done"), ("reject", "tell_rejected", "refused")])
def test_the_case_closes_when_the_resident_was_told(
    village: CurrentArea, proposal: Case, news: str, told: str, end: str
) -> None:
    take(village, proposal, "handle", "send", news)
    assert proposal.closed_at is None
    assert not proposal.waiting
    take(village, proposal, told)
    assert (proposal.state, proposal.closed_at is not None) == (end, True)


def test_the_list_shows_the_alarm(app: Flask, village: CurrentArea, proposal: Case, sign_in: SignInAs) -> None:
    take(village, proposal, "handle", "send")
    let_wait(proposal, 34)
    page = sign_in("village_staff").get(f"/{VILLAGE}/cases?which=waiting")
    assert "menunggu luar, 34 hari" in page.text
