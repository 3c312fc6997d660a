"""A family against every programme at once: whom each is for, the order, what to find out, what was asked before."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, text

from core.areas.current import CurrentArea
from core.cases.eligibility import Criterion
from core.cases.outside_decision import outside_decision
from core.cases.screening import RECENT, Screening, screen
from core.cases.service import Service, ServiceStandard
from core.clock import now
from core.database.session import commit, db
from core.people.family import Family
from core.people.models import Person
from core.people.search import family_of
from core.rules.rulebook import Rules
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_case, make_person
from core.web.forms import ServiceForm

TODAY = date(2026, 11, 24)
NEW = f"/{VILLAGE}/cases/new"
SCHOOL_RULES = Rules.parse(
    """
    [[rule]]
    valid_from = 2020-01-01
    valid_to = 2025-12-31
    regulation = "Persesjen 20/2021"
    certainty = "verified"
    age_max = 21
    [[rule]]
    valid_from = 2026-01-01
    regulation = "Permendikdasmen 2/2026"
    certainty = "plausible"
    age_max = 18
    """,
    "school/rules.toml",
)


def of_school_age(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    rule = SCHOOL_RULES.at(on)
    yield Criterion(f"Umur 6 sampai {rule.age_max}", met=6 <= person.age(on) <= rule.age_max)
    yield Criterion("Masih sekolah", met=None if person.education == "" else True, settled_by="Tanyakan ke sekolah.")


def poor(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    yield Criterion("Desil 4 atau kurang", met=family.decile_at_most(4), settled_by="Cek desil di DTSEN.")


def poor_without_work(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    yield from poor(person, family, on)
    yield Criterion("Tidak bekerja", met=person.occupation == "")


def broken(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    raise RuntimeError("a plugin's mistake")


def breaking_the_transaction(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    db.session.execute(text("SELECT nothing FROM nowhere"))
    yield Criterion("Tidak pernah sampai", met=True)


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


SCHOOL = service("school", of_school_age, rules=SCHOOL_RULES)
CASH = service("cash", poor, subject="household")
WORK = service("work", poor_without_work, subject="household")
ADVICE = service("advice", None)


def named(*services: Service) -> dict[str, Service]:
    return {item.name: item for item in services}


@pytest.fixture
def family(village: CurrentArea) -> dict[str, Person]:
    """Mother, two children of school age and one who is not, all of one No. KK, decile unknown."""
    mother = make_person(village.id, "Siti", birth_date=date(1990, 1, 1), education="SD")
    members = {"Siti": mother}
    for name, year in (("Budi", 2016), ("Sari", 2014), ("Adi", 2023)):
        child = make_person(village.id, name, birth_date=date(year, 1, 1), family_role="child")
        child.household_id = mother.household_id
        members[name] = child
    members["Budi"].education = "SD"
    db.session.flush()
    for member in members.values():
        db.session.refresh(member)
    return members


def screened(chosen: Person, *services: Service, on: date = TODAY) -> Screening:
    return screen(named(*services), chosen, family_of(chosen), on)


def verdicts(found: Screening, service: Service) -> dict[str, str]:
    programme = next(item for item in found.programmes if item.service is service)
    return {candidate.person.name: candidate.verdict for candidate in programme.candidates}


# ---- whom it is for ----


def test_a_personal_service_is_judged_for_every_living_member_the_likeliest_first(family: dict[str, Person]) -> None:
    family["Adi"].life_status = "dead"
    db.session.flush()
    found = verdicts(screened(family["Siti"], SCHOOL), SCHOOL)
    assert list(found.items()) == [("Budi", "met"), ("Sari", "unknown"), ("Siti", "unmet")]


def test_a_service_for_the_household_is_judged_once_in_the_name_of_its_head(family: dict[str, Person]) -> None:
    assert verdicts(screened(family["Budi"], CASH), CASH) == {"Siti": "unknown"}


def test_one_who_moved_away_is_still_answered_about(family: dict[str, Person]) -> None:
    family["Budi"].life_status = "moved"
    db.session.flush()
    assert "Budi" in verdicts(screened(family["Budi"], SCHOOL), SCHOOL)
    assert "Budi" not in verdicts(screened(family["Siti"], SCHOOL), SCHOOL)


def test_who_has_no_household_is_a_family_of_one(village: CurrentArea) -> None:
    alone = make_person(village.id, "Oom")
    alone.household_id = None
    db.session.flush()
    found = screened(alone, CASH, SCHOOL)
    assert verdicts(found, CASH) == {"Oom": "unknown"}
    assert verdicts(found, SCHOOL) == {"Oom": "unmet"}


def test_what_anybody_may_ask_for_is_offered_to_the_one_who_came(family: dict[str, Person]) -> None:
    assert verdicts(screened(family["Sari"], ADVICE), ADVICE) == {"Sari": "anyone"}


# ---- in which order ----


def test_what_fits_comes_first_then_what_is_unknown_then_what_does_not(family: dict[str, Person]) -> None:
    family["Siti"].occupation = "Buruh"
    failing = service("failing", broken)
    found = screened(family["Siti"], WORK, failing, CASH, ADVICE, SCHOOL)
    assert [item.service.name.removeprefix("tests.") for item in found.programmes] == [
        "school",
        "advice",
        "cash",
        "failing",
        "work",
    ]


@pytest.mark.parametrize("mistake", [broken, breaking_the_transaction])
def test_a_plugin_that_fails_leaves_the_others_untouched(
    family: dict[str, Person], mistake: Callable[..., Iterable[Criterion]]
) -> None:
    commit()
    failing = service("failing", mistake)
    found = screened(family["Siti"], failing, CASH)
    assert {item.service.name: item.verdict for item in found.programmes} == {
        "tests.cash": "unknown",
        "tests.failing": "failed",
    }


def test_the_rules_are_those_of_the_day(family: dict[str, Person]) -> None:
    family["Budi"].birth_date = date(2006, 3, 1)
    db.session.flush()
    assert verdicts(screened(family["Siti"], SCHOOL, on=date(2025, 6, 1)), SCHOOL)["Budi"] == "met"
    assert verdicts(screened(family["Siti"], SCHOOL, on=TODAY), SCHOOL)["Budi"] == "unmet"
    before_all = screened(family["Siti"], SCHOOL, on=date(2010, 1, 1)).programmes[0]
    assert before_all.verdict == "unknown"
    judgement = before_all.candidates[0].judgement
    assert judgement
    assert "school/rules.toml" in str(judgement.problem)


# ---- what to find out ----


def test_each_question_stands_once_with_all_that_it_settles_the_most_useful_first(family: dict[str, Person]) -> None:
    found = screened(family["Siti"], SCHOOL, CASH, WORK)
    asked = [(question.text, [item.name for item in question.services]) for question in found.questions]
    assert asked == [
        ("Cek desil di DTSEN.", ["tests.cash", "tests.work"]),
        ("Tanyakan ke sekolah.", ["tests.school"]),
    ]


def test_what_fails_anyway_is_not_worth_a_question(family: dict[str, Person]) -> None:
    family["Siti"].occupation = "Buruh"
    [question] = screened(family["Siti"], CASH, WORK).questions
    assert [item.name for item in question.services] == ["tests.cash"]


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        (True, ["Tanyakan ke sekolah."]),
        (None, ["Tanyakan ke sekolah.", "Cek desil di DTSEN.", "Tanyakan kartunya."]),
        (False, ["Tanyakan ke sekolah.", "Tanyakan kartunya."]),
    ],
)
def test_of_several_of_which_one_is_enough_the_others_are_asked_only_while_none_is_met(
    family: dict[str, Person], first: bool | None, asked: list[str]
) -> None:
    def criteria(person: Person, family: Family, on: date) -> Iterable[Criterion]:
        yield Criterion("Bersekolah", None, "Tanyakan ke sekolah.")
        yield Criterion("Desil 4 atau kurang", first, "Cek desil di DTSEN.", kind="one_of")
        yield Criterion("Punya kartu", None, "Tanyakan kartunya.", kind="one_of")
        yield Criterion("Anak pertama", None, "Tanyakan urutannya.", kind="favours")

    assert [question.text for question in screened(family["Siti"], service("aid", criteria)).questions] == asked


# ---- what was asked before ----


def tickets(found: Screening) -> dict[str, str]:
    return {
        candidate.person.name: candidate.case.ticket
        for programme in found.programmes
        for candidate in programme.candidates
        if candidate.case
    }


def test_an_open_case_stands_at_the_member_that_it_is_about(village: CurrentArea, family: dict[str, Person]) -> None:
    case = make_case(village, SCHOOL, family["Sari"])
    assert tickets(screened(family["Siti"], SCHOOL, CASH)) == {"Sari": case.ticket}


def test_a_case_for_the_household_counts_whoever_of_it_came(village: CurrentArea, family: dict[str, Person]) -> None:
    case = make_case(village, CASH, family["Budi"])
    assert tickets(screened(family["Sari"], CASH)) == {"Siti": case.ticket}


def test_of_closed_cases_the_latest_stands_there_while_it_is_recent(
    village: CurrentArea, family: dict[str, Person]
) -> None:
    old, lately, latest = (make_case(village, CASH, family["Siti"]) for _ in range(3))
    for case, days in ((old, RECENT.days + 2), (lately, 40), (latest, 3)):
        case.closed_at = now() - timedelta(days=days)
    db.session.flush()
    today = now().date()
    assert tickets(screened(family["Siti"], CASH, on=today)) == {"Siti": latest.ticket}
    lately.closed_at = None
    db.session.flush()
    assert tickets(screened(family["Siti"], CASH, on=today)) == {"Siti": lately.ticket}, "an open one says more"
    lately.closed_at = latest.closed_at = old.closed_at
    db.session.flush()
    assert tickets(screened(family["Siti"], CASH, on=today)) == {}


def test_a_strangers_case_is_not_the_familys(village: CurrentArea, family: dict[str, Person]) -> None:
    make_case(village, CASH, make_person(village.id, "Tetangga"))
    assert tickets(screened(family["Siti"], CASH)) == {}


# ---- the page ----


@pytest.fixture
def siti(app: Flask, areas: None) -> str:
    with at(app, VILLAGE) as area:
        mother = make_person(area.id, "Siti", birth_date=date(1990, 1, 1), education="SD")
        budi = make_person(area.id, "Budi", birth_date=date(2016, 1, 1), family_role="child", education="SD")
        budi.household_id = mother.household_id
        person_id = str(mother.id)
        commit()
    return person_id


@pytest.fixture
def many() -> Iterator[None]:
    """A village in which several programmes are on."""
    with patch("core.cases.views.intake.offered", return_value=named(WORK, SCHOOL, CASH, ADVICE)):
        yield


def card(page: str, title: str) -> str:
    return page.split(f"<h2>{title}</h2>")[1].split("</section>", maxsplit=1)[0]


def test_the_page_tells_for_whom_why_and_by_which_rule(app: Flask, siti: str, many: None, sign_in: SignInAs) -> None:
    page = sign_in("village_staff").get(f"{NEW}?person={siti}").text
    titles = re.findall(r"<h2>(Program \w+)</h2>", page)
    assert titles[0] == "Program school"
    school = card(page, "Program school")
    assert re.search(r'^<span class="tag ok">syarat terpenuhi', school)
    assert re.search(r"<b>Budi \(\d+ th\)</b>", school)
    assert re.search(r"Bukan untuk:\s+Siti \(\d+ th\)", school)
    for words in ("Umur 6 sampai 18", "Permendikdasmen 2/2026", "belum dipastikan", "aturan per 1 Jan 2026"):
        assert words in school
    assert page.index("Yang perlu dicari tahu") < page.index("Program school")
    assert page.count("Cek desil di DTSEN.") == 3, "once to find out, once for each programme"
    with at(app, VILLAGE):
        budi = db.session.scalars(db.select(Person.id).where(Person.name == "Budi")).one()
    assert f"{NEW}?person={budi}&amp;service=tests.school" in page


def test_an_open_case_is_linked_in_place_of_the_main_button(
    app: Flask, siti: str, many: None, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        mother = db.session.scalars(db.select(Person).where(Person.name == "Siti")).one()
        case = make_case(area, ADVICE, mother)
        ticket, case_id = case.ticket, case.id
        commit()
    page = sign_in("village_staff").get(f"{NEW}?person={siti}").text
    advice = card(page, "Program advice")
    assert f'href="/{VILLAGE}/cases/{case_id}">{ticket}</a>' in advice
    assert "btn go" not in advice
    assert "Tetap buka kasus" in advice


def test_a_programme_that_cannot_be_judged_says_so_and_can_be_opened(siti: str, sign_in: SignInAs) -> None:
    failing = named(service("failing", broken), CASH)
    with patch("core.cases.views.intake.offered", return_value=failing):
        page = sign_in("village_staff").get(f"{NEW}?person={siti}")
    assert page.status_code == 200
    assert "sedang tidak dapat diperiksa" in page.text
    assert "Cek desil di DTSEN." in page.text
    assert "service=tests.failing" in page.text


def test_a_village_without_programmes_says_whom_to_ask(siti: str, sign_in: SignInAs) -> None:
    with patch("core.cases.views.intake.offered", return_value={}):
        assert "Belum ada layanan yang dinyalakan" in sign_in("village_staff").get(f"{NEW}?person={siti}").text


def queries_of(app: Flask, ask: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([statement for statement in seen if not statement.startswith("SET LOCAL")])


def test_no_query_is_made_for_a_programme_or_a_member(app: Flask, siti: str, sign_in: SignInAs) -> None:
    client = sign_in("village_staff")

    def ask(services: dict[str, Service]) -> int:
        with patch("core.cases.views.intake.offered", return_value=services):
            return queries_of(app, lambda: client.get(f"{NEW}?person={siti}"))

    few = ask(named(CASH))
    with at(app, VILLAGE) as area:
        mother = db.session.get(Person, (area.id, UUID(siti)))
        assert mother
        for number in range(8):
            child = make_person(area.id, f"Anak {number}", birth_date=date(2015, 1, 1), family_role="child")
            child.household_id = mother.household_id
        commit()
    assert ask(named(*(service(f"s{number}", of_school_age, rules=SCHOOL_RULES) for number in range(20)))) == few


def test_it_is_reached_from_the_person_and_from_the_household(app: Flask, siti: str, sign_in: SignInAs) -> None:
    with at(app, VILLAGE):
        household = db.session.scalars(db.select(Person.household_id).where(Person.name == "Siti")).one()
    staff, auditor = sign_in("village_staff"), sign_in("auditor", "32.01")
    for address in (f"/{VILLAGE}/people/{siti}", f"/{VILLAGE}/people/households/{household}"):
        assert re.search(
            rf'href="{NEW}\?person={siti}">(<svg.*?</svg> )?Periksa semua program', staff.get(address).text
        )
        assert "Periksa semua program" not in auditor.get(address).text


def test_a_family_of_another_village_is_not_screened(app: Flask, areas: None, sign_in: SignInAs) -> None:
    with at(app, SIBLING) as area:
        stranger = str(make_person(area.id, "Orang Lain").id)
        commit()
    page = sign_in("village_staff").get(f"{NEW}?person={stranger}").text
    assert "Siapa warganya?" in page
    assert "Orang Lain" not in page
