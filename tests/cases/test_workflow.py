"""A workflow is a table; one in which a case could get lost is refused."""

from typing import Any

import pytest

from core.cases.workflow import State, Transition, Workflow, village_decision

OPEN, WAITING, DONE = (
    State("open", "Dibuka"),
    State("waiting", "Menunggu", "waiting"),
    State("done", "Selesai", "closed"),
)


def step(key: str, source: str, target: str, **options: Any) -> Transition:
    return Transition(key, "Lanjut", tuple(source.split()), target, "cases.write", **options)


def workflow(*transitions: Transition, states: tuple[State, ...] = (OPEN, DONE), start: str = "open") -> Workflow:
    return Workflow("test", states, transitions, start)


def marks(table: Workflow, current: str) -> list[str]:
    return [f"{step.state.key} {step.mark}" for step in table.steps(current)]


# ---- tables that are refused ----


def test_the_smallest_workflow() -> None:
    assert workflow(step("finish", "open", "done")).state("done") is DONE


@pytest.mark.parametrize(
    ("source", "target", "start"), [("opened", "done", "open"), ("open", "gone", "open"), ("open", "done", "begin")]
)
def test_an_unknown_state_is_refused(source: str, target: str, start: str) -> None:
    with pytest.raises(ValueError, match=r"unknown state '(opened|gone|begin)'"):
        workflow(step("finish", source, target), start=start)


def test_a_state_that_no_way_leads_to_is_refused() -> None:
    with pytest.raises(ValueError, match="no way leads from 'open' to 'waiting'"):
        workflow(step("finish", "open waiting", "done"), states=(OPEN, WAITING, DONE))


def test_a_state_that_never_ends_is_refused() -> None:
    with pytest.raises(ValueError, match="'waiting' can never be closed"):
        workflow(step("finish", "open", "done"), step("wait", "open", "waiting"), states=(OPEN, WAITING, DONE))


def test_a_way_out_of_a_closed_state_must_say_that_it_reopens() -> None:
    with pytest.raises(ValueError, match="out of the closed state 'done'"):
        workflow(step("finish", "open", "done"), step("back", "done", "open"))
    workflow(step("finish", "open", "done"), step("back", "done", "open", reopens=True))


@pytest.mark.parametrize("options", [{"papers_later": 3}, {"needs_requirements": True, "papers_later": -1}])
def test_papers_that_nobody_asks_for_cannot_follow_later(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="papers_later"):
        step("finish", "open", "done", **options)


def test_only_a_closed_case_can_be_reopened() -> None:
    with pytest.raises(ValueError, match="'open' is not closed"):
        workflow(step("finish", "open", "done"), step("back", "open", "open", reopens=True))


def test_a_case_cannot_be_reopened_into_a_closed_state() -> None:
    with pytest.raises(ValueError, match="reopens a case into the closed state"):
        workflow(step("finish", "open", "done"), step("back", "done", "done", reopens=True))


def test_a_case_cannot_start_closed() -> None:
    with pytest.raises(ValueError, match="start 'done' is a closed state"):
        workflow(step("finish", "open", "done"), start="done")


def test_keys_are_unique() -> None:
    with pytest.raises(ValueError, match="two states are called 'open'"):
        workflow(step("finish", "open", "done"), states=(OPEN, OPEN, DONE))
    with pytest.raises(ValueError, match="two transitions are called 'finish'"):
        workflow(step("finish", "open", "done"), step("finish", "open", "done"))


@pytest.mark.parametrize("key", ["", "Open", "o-pen", "1open", "o" * 33])
def test_a_key_that_the_database_could_not_hold_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="1 to 32 lower-case letters"):
        State(key, "Dibuka")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"title": ""}, "title"),
        ({"kind": "ajar"}, "kind"),
        ({"due_days": -1}, "due_days"),
        ({"kind": "closed", "due_days": 1}, "never due"),
        ({"waits_for": "kepala desa"}, "only a waiting case"),
    ],
)
def test_a_wrong_state_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        State(**dict[str, Any](key="open", title="Dibuka") | arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"label": ""}, "label"),
        ({"permission": ""}, "permission"),
        ({"source": "open"}, "source must be a tuple"),
        ({"source": ()}, "source must be a tuple"),
        ({"asks": ("photo",)}, "asks"),
        ({"asks": "note"}, "asks"),
        ({"needs_letter": "printed"}, "needs_letter"),
    ],
)
def test_a_wrong_transition_is_refused(arguments: dict[str, Any], message: str) -> None:
    right = {"key": "go", "label": "Lanjut", "source": ("open",), "target": "done", "permission": "cases.write"}
    with pytest.raises(ValueError, match=message):
        Transition(**right | arguments)


def test_a_state_that_is_gone_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="abolished"):
        workflow(step("finish", "open", "done")).state("abolished")


# ---- the bar of steps ----


@pytest.fixture
def branching() -> Workflow:
    """open → checked → done; aside from checked: incomplete (and back), lost; away from anywhere: cancelled."""
    keys = "open checked done incomplete lost cancelled"
    states = tuple(State(k, k, "closed" if k in ("done", "lost", "cancelled") else "open") for k in keys.split())
    return Workflow(
        "branching",
        states,
        (
            step("ask", "checked", "incomplete", primary=False),
            step("check", "open incomplete", "checked"),
            step("finish", "checked", "done"),
            step("lose", "incomplete", "lost", primary=False),
            step("cancel", "open checked", "cancelled", primary=False),
            step("reopen", "cancelled", "open", primary=False, reopens=True),
        ),
        start="open",
    )


def test_the_bar_shows_the_main_path(branching: Workflow) -> None:
    assert marks(branching, "open") == ["open now", "checked next", "done next"]
    assert marks(branching, "checked") == ["open done", "checked now", "done next"]
    assert marks(branching, "done") == ["open done", "checked done", "done now"]


def test_beside_the_path_the_bar_shows_where_the_case_left_it_and_what_follows(branching: Workflow) -> None:
    assert marks(branching, "incomplete") == ["open done", "checked done", "incomplete now", "done next"]


def test_a_case_that_ended_beside_the_path_has_nothing_ahead(branching: Workflow) -> None:
    assert marks(branching, "lost") == ["open done", "checked done", "lost now"]


def test_the_bar_claims_no_more_than_is_certain(branching: Workflow) -> None:
    assert marks(branching, "cancelled") == ["open done", "cancelled now"]


def test_a_state_that_only_reopening_leads_to_has_at_least_passed_the_start() -> None:
    again = State("again", "Diperiksa ulang")
    table = workflow(
        step("finish", "open again", "done"), step("reopen", "done", "again", reopens=True), states=(OPEN, DONE, again)
    )
    assert marks(table, "again") == ["open done", "again now", "done next"]


# ---- decided by the village ----


@pytest.fixture
def decision() -> Workflow:
    return village_decision(time_days=1)


def test_a_village_decision_goes_from_registration_to_the_letter_in_hand(decision: Workflow) -> None:
    assert decision.start == "registered"
    assert [str(s.state.title) for s in decision.steps("registered")] == [
        "Pendaftaran",
        "Penanganan",
        "Rekomendasi",
        "Disetujui",
        "Selesai",
    ]


def test_the_table_of_a_village_decision(decision: Workflow) -> None:
    rows = {(t.key, " ".join(t.source), t.target, t.permission, t.asks) for t in decision.transitions}
    assert rows == {
        ("handle", "registered", "handling", "cases.write", ()),
        ("recommend", "handling", "recommended", "cases.write", ()),
        ("approve", "recommended", "approved", "cases.decide", ()),
        ("finish", "approved", "done", "cases.write", ()),
        ("return", "recommended", "handling", "cases.decide", ("note",)),
        ("refuse", "recommended", "refused", "cases.decide", ("note",)),
        ("cancel", "registered handling recommended approved", "cancelled", "cases.write", ("note",)),
        ("reopen", "refused cancelled", "handling", "cases.decide", ("note",)),
        ("correct", "done", "approved", "cases.decide", ("note",)),
    }


def test_papers_must_be_complete_before_the_kepala_desa_is_asked(decision: Workflow) -> None:
    assert [t.key for t in decision.transitions if t.needs_requirements] == ["recommend", "approve"]


def test_a_case_is_done_only_with_a_signed_letter(decision: Workflow) -> None:
    assert [(t.key, t.needs_letter) for t in decision.transitions if t.needs_letter] == [("finish", "signed")]
    assert not any(t.needs_letter for t in village_decision(time_days=1, letter=None).transitions)


def test_the_promised_time_counts_from_registration(decision: Workflow) -> None:
    assert [state.due_days for state in decision.states] == [1, None, None, None, None, None, None]


def test_the_case_waits_only_for_the_kepala_desa(decision: Workflow) -> None:
    waiting = [(state.key, str(state.waits_for)) for state in decision.states if state.kind == "waiting"]
    assert waiting == [("recommended", "keputusan kepala desa")]


def test_first_the_step_forward_is_offered(decision: Workflow) -> None:
    assert [(t.key, t.primary) for t in decision.transitions_from("recommended")] == [
        ("approve", True),
        ("return", False),
        ("refuse", False),
        ("cancel", False),
    ]
    assert [(t.key, t.reopens) for t in decision.transitions_from("done")] == [("correct", True)]


def test_a_letter_is_due_where_a_transition_that_needs_one_leads_from(decision: Workflow) -> None:
    assert decision.letter_states == ("approved",)
    assert village_decision(time_days=1, letter=None).letter_states == ()
