"""What somebody outside decides: the village proposes, waits with an alarm, records the answer, tells the resident."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from core.areas.current import CurrentArea
from core.cases import progress
from core.cases.checklist import confirm_seen
from core.cases.errors import CaseError
from core.cases.lists import CaseFilter, CaseRow, cases_page
from core.cases.models import Case, LetterRecord
from core.cases.outside_decision import outside_decision
from core.cases.own_cases import cases_due
from core.cases.service import Letter, Requirement, Service, ServiceStandard
from core.cases.tasks import tasks_of
from core.cases.workflow import Ask, State, Transition, Workflow
from core.clock import now, today
from core.database.session import commit
from core.database.uuid7 import uuid7
from core.people.models import Person
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


# ---- what the resident has to do by a day ----

BY_A_DAY = outside_decision(
    steps=("nominated", "account_activated", "decreed"),
    stale_after_days=STALE,
    deadlines={"nominated": "Batas aktivasi"},
    skippable=("nominated", "account_activated"),
    letter="signed",
)


def told_by(key: str) -> Transition:
    return next(t for t in BY_A_DAY.transitions if t.key == key)


def test_a_step_with_a_deadline_asks_for_it_and_is_the_desks_turn() -> None:
    state = BY_A_DAY.state("nominated")
    assert (state.kind, str(state.deadline), state.stale_days) == ("open", "Batas aktivasi", None)
    assert told_by("nominated").asks == ("date", "deadline", "note")
    assert (told_by("nominated_later").source, told_by("nominated_later").asks) == (
        ("nominated",),
        ("deadline", "note"),
    )


@pytest.mark.parametrize(
    ("key", "source"),
    [
        ("nominated", ("sent",)),
        ("account_activated", ("sent", "nominated")),
        ("decreed", ("sent", "nominated", "account_activated")),
    ],
)
def test_what_not_every_case_goes_through_can_be_left_out(key: str, source: tuple[str, ...]) -> None:
    assert told_by(key).source == source


def test_the_bar_shows_the_whole_way_also_where_steps_can_be_left_out() -> None:
    assert [step.state.key for step in BY_A_DAY.steps("sent") if step.mark == "next"] == [
        "nominated",
        "account_activated",
        "decreed",
        "approved",
        "done",
    ]


@pytest.mark.parametrize("wrong", [{"deadlines": {"weighed": "Batas"}}, {"skippable": ("weighed",)}])
def test_a_deadline_or_a_leap_of_no_step_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\['weighed'\] are none of the steps"):
        outside_decision(stale_after_days=STALE, **wrong)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("kind", "days"), [("waiting", None), ("closed", None), ("open", 3)])
def test_a_deadline_that_nobody_would_remind_of_is_refused(kind: str, days: int | None) -> None:
    with pytest.raises(ValueError, match="only an open state has a deadline"):
        State("somewhere", "Di luar", kind=kind, due_days=days, deadline="Batas")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("deadline", "asks", "message"),
    [("Batas", ("date",), "must ask for the deadline"), (None, ("deadline",), "its target has none")],
)
def test_a_deadline_is_asked_for_where_there_is_one(deadline: str | None, asks: tuple[Ask, ...], message: str) -> None:
    states = (State("start", "Mulai"), State("by", "Batas", deadline=deadline), State("end", "Selesai", kind="closed"))
    steps = (
        Transition("go", "Mulai", ("start",), "by", "cases.write", asks),
        Transition("end", "Selesai", ("by",), "end", "cases.write"),
    )
    with pytest.raises(ValueError, match=message):
        Workflow("any", states, steps, start="start")


@pytest.fixture
def nominated(village: CurrentArea, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A case whose resident has ten days left; it went out without a letter."""
    service = replace(SERVICE, workflow=WITHOUT_LETTER)
    plugins = platform().plugins
    monkeypatch.setattr(plugins, "all_services", {**plugins.all_services, service.name: service})
    case = make_case(village, service, make_person(village.id))
    for key in ("handle", "send"):
        progress.take_step(village, case, service, key, MAY, GIVEN)
    take_by(village, case, "nominated", in_days=10)
    return case


WITHOUT_LETTER = outside_decision(
    steps=("nominated", "account_activated"), stale_after_days=STALE, deadlines={"nominated": "Batas aktivasi"}
)


def take_by(village: CurrentArea, case: Case, key: str, *, in_days: int | None) -> None:
    deadline = None if in_days is None else today(village.timezone) + timedelta(days=in_days)
    answer = replace(GIVEN, on=today(village.timezone), deadline=deadline)
    progress.take_step(village, case, replace(SERVICE, workflow=WITHOUT_LETTER), key, MAY, answer)
    commit()


def test_the_case_is_due_on_the_deadline(village: CurrentArea, nominated: Case) -> None:
    assert nominated.due_on == today(village.timezone) + timedelta(days=10)
    assert not nominated.waiting


def test_a_deadline_that_moves_moves_the_case(village: CurrentArea, nominated: Case) -> None:
    take_by(village, nominated, "nominated_later", in_days=40)
    assert (nominated.state, nominated.due_on) == ("nominated", today(village.timezone) + timedelta(days=40))


def test_a_step_that_has_no_deadline_ignores_one(village: CurrentArea, nominated: Case) -> None:
    take_by(village, nominated, "account_activated", in_days=90)
    assert nominated.due_on == today(village.timezone) + timedelta(days=STALE)


@pytest.mark.parametrize(("in_days", "message"), [(None, "Isi batas waktunya"), (-1, "mendahului")])
def test_a_deadline_is_needed_and_not_before_the_day_of_the_step(
    village: CurrentArea, nominated: Case, in_days: int | None, message: str
) -> None:
    with pytest.raises(CaseError, match=message):
        take_by(village, nominated, "nominated_later", in_days=in_days)


def test_sent_back_to_be_mended_the_desk_promises_anew(village: CurrentArea, nominated: Case) -> None:
    take_by(village, nominated, "return", in_days=None)
    assert nominated.due_on < today(village.timezone) + timedelta(days=10)


def test_what_becomes_urgent_keeps_the_residents_deadline(village: CurrentArea, nominated: Case) -> None:
    service = replace(SERVICE, workflow=WITHOUT_LETTER)
    assert progress.save_answers(village, nominated, service, progress.Edit({}, "", "urgent"))
    assert nominated.due_on == today(village.timezone) + timedelta(days=10)


@pytest.mark.parametrize(("within", "found"), [(9, 0), (10, 1)])
def test_a_programme_finds_the_deadlines_that_come_near(
    village: CurrentArea, nominated: Case, within: int, found: int
) -> None:
    until = today(village.timezone) + timedelta(days=within)
    assert len(cases_due(village.id, [SERVICE.name], ["nominated"], until)) == found
    assert not cases_due(village.id, [SERVICE.name], ["sent"], until)
    assert not cases_due(village.id, ["sktm.letter"], ["nominated"], until)


@pytest.mark.parametrize("page", ["", "/step/nominated_later", "/receipt"])
def test_the_pages_call_the_deadline_by_its_name(nominated: Case, sign_in: SignInAs, page: str) -> None:
    url = f"/{VILLAGE}/cases/{nominated.id}{page}"
    assert "Batas aktivasi" in sign_in("village_staff").get(url).text


@pytest.mark.parametrize(("deadline", "status"), [("", 422), ("31-01-2030", 422), ("2030-01-31", 302)])
def test_the_step_is_taken_with_a_day(nominated: Case, sign_in: SignInAs, deadline: str, status: int) -> None:
    data = {"version": nominated.version, "note": "Diperpanjang", "deadline": deadline}
    url = f"/{VILLAGE}/cases/{nominated.id}/step/nominated_later"
    assert sign_in("village_staff").post(url, data=data).status_code == status


@pytest.mark.parametrize(
    ("letters", "possible"),
    [
        ([], ["tell", "cancel"]),
        ([LetterRecord(reference="1")], ["tell"]),
        ([LetterRecord(reference="1", signed_at=now())], ["send", "tell"]),
    ],
)
def test_a_letter_that_goes_along_is_signed_first_and_still_holds_at_the_end(
    app: Flask, letters: list[LetterRecord], possible: list[str]
) -> None:
    """Only who cancels the case has to revoke it."""
    letter = Letter("introduction", "Surat pengantar", "sktm/letter.typ")
    service = replace(SERVICE, workflow=BY_A_DAY, letters=[letter])
    with app.test_request_context():
        case = Case(priority="normal")
        case.person = Person(life_status="alive")
        steps = {key: progress.obstacle(case, service, told_by(key), [], letters) for key in ("send", "tell", "cancel")}
        free = [key for key, obstacle in steps.items() if obstacle is None]
    assert free == possible


# ---- somebody who is gone, and papers that follow ----

CARD = Requirement("card", "Kartu")


def save(village: CurrentArea, monkeypatch: pytest.MonkeyPatch, service: Service, **values: str) -> Case:
    plugins = platform().plugins
    monkeypatch.setattr(plugins, "all_services", {**plugins.all_services, service.name: service})
    case = make_case(village, service, make_person(village.id))
    for name, value in values.items():
        setattr(case, name, value)
    progress.take_step(village, case, service, "handle", MAY, progress.Answer())
    return case


def refusal(village: CurrentArea, case: Case, service: Service, key: str) -> str:
    """What was said against a step; blank when it was taken."""
    try:
        progress.take_step(village, case, service, key, MAY, GIVEN)
    except CaseError as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize("needed", [True, False])
def test_nothing_is_sent_off_for_who_has_died_or_moved_unless_that_is_what_is_told(
    village: CurrentArea, monkeypatch: pytest.MonkeyPatch, needed: bool
) -> None:
    service = replace(SERVICE, workflow=outside_decision(stale_after_days=STALE, needs_resident=needed))
    case = save(village, monkeypatch, service)
    case.person.life_status = "moved"
    assert ("sudah meninggal atau pindah" in refusal(village, case, service, "send")) == needed
    assert case.state == ("handling" if needed else "sent")


@pytest.mark.parametrize(
    ("priority", "later", "said", "owed"),
    [
        ("urgent", 3, "", ["Lengkapi berkas: Kartu"]),
        ("normal", 3, "Belum ada: Kartu.", []),
        ("urgent", None, "Belum ada: Kartu.", []),
    ],
)
def test_only_an_urgent_case_goes_without_its_papers_and_they_become_tasks(
    village: CurrentArea,
    monkeypatch: pytest.MonkeyPatch,
    priority: str,
    later: int | None,
    said: str,
    owed: list[str],
) -> None:
    table = outside_decision(stale_after_days=STALE, papers_later=later)
    service = replace(SERVICE, workflow=table, requirements=[CARD])
    case = save(village, monkeypatch, service, priority=priority)
    assert refusal(village, case, service, "send") == said
    assert [task.title for task in tasks_of(case)] == owed


def test_a_case_that_went_without_its_papers_does_not_end_well_before_they_are_there(
    village: CurrentArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = outside_decision(stale_after_days=STALE, papers_later=3)
    service = replace(SERVICE, workflow=table, requirements=[CARD])
    case = save(village, monkeypatch, service, priority="urgent")
    for key in ("send", "approve"):
        progress.take_step(village, case, service, key, MAY, GIVEN)
    assert refusal(village, case, service, "tell") == "Belum ada: Kartu."
    confirm_seen(case, "card")
    assert (refusal(village, case, service, "tell"), case.state) == ("", "done")
