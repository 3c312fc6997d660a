"""The one table of both sides: who may take which step from where, and what closes a referral."""

import pytest

from core.referrals.states import STATES, STEPS, TO_TELL, WITH_RECEIVER, bar, steps_from

VILLAGE_STEPS = {
    "draft": ["send"],
    "sent": ["recall"],
    "accepted": ["recall"],
    "processing": ["recall"],
    "returned": ["send", "tell"],
    "done": ["tell"],
    "refused": ["tell"],
    "told": [],
}
RECEIVER_STEPS = {
    "draft": [],
    "sent": ["accept", "return"],
    "accepted": ["process", "finish", "refuse", "return"],
    "processing": ["finish", "refuse"],
    "returned": [],
    "done": [],
    "refused": [],
    "told": [],
}


@pytest.mark.parametrize("state", STATES)
def test_what_the_village_may_do(state: str) -> None:
    assert [step.key for step in steps_from(state, "village")] == VILLAGE_STEPS[state]


@pytest.mark.parametrize("state", STATES)
def test_what_the_organisation_may_do(state: str) -> None:
    assert [step.key for step in steps_from(state, "receiver")] == RECEIVER_STEPS[state]


def test_only_telling_the_resident_closes_a_referral() -> None:
    """Every other state has a step of one of the two sides."""
    ends = [state for state in STATES if not any(state in step.source for step in STEPS.values())]
    assert ends == ["told"]
    assert {step.key for step in STEPS.values() if step.target == "told"} == {"tell"}


def test_an_answer_needs_words_and_a_success_its_evidence() -> None:
    assert {key for key, step in STEPS.items() if step.needs_note} == {"recall", "return", "finish", "refuse"}
    assert {key for key, step in STEPS.items() if step.needs_evidence} == {"finish"}


def test_it_is_with_the_organisation_or_with_the_village_never_both() -> None:
    assert set(WITH_RECEIVER).isdisjoint(TO_TELL)
    for state in WITH_RECEIVER:
        assert steps_from(state, "receiver")
    for state in TO_TELL:
        assert not steps_from(state, "receiver")


@pytest.mark.parametrize(
    ("state", "decision", "expected"),
    [
        ("draft", "", "now - - - - -"),
        ("sent", "", "done now - - - -"),
        ("returned", "", "done done now - - - -"),
        ("done", "done", "done done done done now -"),
        ("refused", "refused", "done done done done now -"),
        ("told", "done", "done done done done done done"),
        ("told", "", "done done done done"),
    ],
)
def test_the_bar(state: str, decision: str, expected: str) -> None:
    assert " ".join(mark or "-" for _title, mark in bar(state, decision)) == expected


def test_the_bar_names_the_decision() -> None:
    assert [str(title) for title, _mark in bar("told", "refused")][4] == "Ditolak"
    assert [str(title) for title, _mark in bar("told", "")] == [
        "Dibuat",
        "Dikirim",
        "Dikembalikan",
        "Warga diberi tahu",
    ]
