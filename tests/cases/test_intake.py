"""Taking a case in: who, what, through which channel, and who reports it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask

from core.areas.current import CurrentArea
from core.cases.intake import CHANNELS, Intake, open_case
from core.cases.models import Case, CaseEvent, CaseRequirement
from core.cases.service import OWN_FIELDS
from core.cases.views.forms import EditForm, IntakeForm
from core.database.session import commit, db
from core.people.models import Household, Person
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_person

NEW = f"/{VILLAGE}/cases/new"
REPORT = {"channel": "desk", "priority": "normal", "privacy_notice_given": "y"}


@pytest.fixture
def person(app: Flask, areas: None) -> str:
    with at(app, VILLAGE) as area:
        made = str(make_person(area.id, "Dedi Kurnia").id)
        commit()
        return made


def form_of(person: str) -> str:
    return f"{NEW}?person={person}&service=sktm.letter"


def cases(app: Flask) -> list[Case]:
    with at(app, VILLAGE):
        found = list(db.session.query(Case))
        for case in found:
            db.session.expunge(case)
        return found


# ---- what is kept ----


def test_a_case_gets_a_ticket_a_due_date_its_checklist_and_the_first_line_of_its_timeline(village, desk) -> None:
    case = desk.open(village)
    db.session.flush()
    assert re.fullmatch(r"CBD-\d\d-0001", case.ticket)
    assert case.state == "registered"
    assert not case.waiting
    assert str(case.rule_version).startswith("20")
    rows = db.session.query(CaseRequirement).filter_by(case_id=case.id).all()
    assert {row.key for row in rows} == {item.key for item in desk.service.requirements}
    assert {row.state for row in rows} == {"wanted"}
    assert [event.kind for event in db.session.query(CaseEvent)] == ["opened"]


def test_tickets_are_counted_for_each_village_and_year(village, desk) -> None:
    assert [desk.open(village).ticket[-4:] for _ in range(3)] == ["0001", "0002", "0003"]
    with patch("core.cases.intake.today", return_value=date(2031, 1, 2)):
        assert desk.open(village).ticket == "CBD-31-0001"


@pytest.mark.parametrize(
    ("opened", "due"),
    [(date(2026, 11, 25), date(2026, 11, 26)), (date(2026, 11, 27), date(2026, 11, 30))],
    ids=["on Wednesday for Thursday", "on Friday for Monday"],
)
def test_a_case_is_due_by_the_promise_in_working_days(village, desk, opened: date, due: date) -> None:
    with patch("core.cases.intake.today", return_value=opened):
        assert desk.open(village).due_on == due


def test_the_day_is_that_of_the_desk_and_not_the_servers(village, desk) -> None:
    class NewYear(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # pyright: ignore[reportIncompatibleMethodOverride]
            return datetime(2026, 12, 31, 18, 0, tzinfo=UTC).astimezone(tz)  # 01.00 WIB

    with patch("core.clock.datetime", NewYear):
        assert desk.open(village).ticket == "CBD-27-0001"


def test_the_reporter_is_kept_apart_from_the_subject(village, desk) -> None:
    person = make_person(village.id, "Oom Komariah")
    intake = Intake("field_worker", {}, reporter_name="Kokom", reporter_relation="kader", reporter_phone="0812")
    case = open_case(village, desk.service, person, intake)
    assert (case.person.name, case.reporter_name, case.reporter_relation) == ("Oom Komariah", "Kokom", "kader")


def test_a_day_without_rules_does_not_turn_the_resident_away(village, desk) -> None:
    with patch("core.cases.intake.today", return_value=date(2010, 3, 1)):
        assert desk.open(village).rule_version is None


def test_a_village_without_a_prefix_still_gets_tickets(village, desk) -> None:
    assert desk.open(replace(village, ticket_prefix=None)).ticket.startswith("2008-")


# ---- the pages ----


def test_who_then_what_then_how(app: Flask, person: str, sign_in: SignInAs, answers: dict[str, str]) -> None:
    staff = sign_in("village_staff")
    assert "Dedi Kurnia" in staff.get(f"{NEW}?q=kurnia").text
    assert "Surat Keterangan Tidak Mampu" in staff.get(f"{NEW}?person={person}").text
    assert staff.get(form_of(person)).status_code == 200
    answer = staff.post(
        form_of(person), data={**answers, **REPORT, "reporter_name": "Kokom", "reporter_relation": "kader"}
    )
    assert answer.status_code == 302
    page = staff.get(answer.location).text
    assert re.search(r"CBD-\d\d-0001", page)
    assert "Kokom (kader)" in page


@pytest.mark.parametrize(
    ("decile", "life", "words"),
    [
        (3, "alive", "syarat terpenuhi"),
        (9, "alive", "ada syarat yang tidak terpenuhi"),
        (None, "alive", "ada syarat yang perlu dicek"),
        (3, "moved", "ada syarat yang tidak terpenuhi"),
    ],
)
def test_each_service_says_whether_the_family_may_get_it(
    app: Flask, person: str, sign_in: SignInAs, decile: int | None, life: str, words: str
) -> None:
    with at(app, VILLAGE):
        found = db.session.query(Person).filter_by(id=person).one()
        found.life_status = life
        db.session.query(Household).filter_by(id=found.household_id).update({"decile": decile})
        commit()
    page = sign_in("village_staff").get(f"{NEW}?person={person}").text
    of_sktm = page.partition("Surat Keterangan Tidak Mampu")[2]
    assert re.findall(r'<span class="tag (?:ok|late|due)">([^<]*syarat[^<]*)', of_sktm)[0] == words


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_can_be_chosen(
    app: Flask, person: str, sign_in: SignInAs, answers: dict[str, str], channel: str
) -> None:
    posted = sign_in("village_staff").post(form_of(person), data={**answers, **REPORT, "channel": channel})
    assert posted.status_code == 302
    assert [case.channel for case in cases(app)] == [channel]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"channel": "pigeon"}, "Pilih salah satu"),
        ({"privacy_notice_given": None}, "UU 27/2022"),
        ({"witness_2": "ujang"}, "Kedua saksi harus orang yang berbeda."),
        ({"reason": "   "}, "Wajib diisi"),
        ({"reporter_phone": "delapan"}, "Tulis angkanya saja."),
        ({"reporter_relation": "anak"}, "Tulis juga nama pelapornya."),
        ({"reporter_name": "dedi kurnia"}, "Ini nama warganya sendiri"),
        ({"note": "x" * 2001}, "2000"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_nothing_is_saved(
    app: Flask, person: str, sign_in: SignInAs, answers: dict[str, str], changes: dict[str, str | None], message: str
) -> None:
    data = {key: value for key, value in {**answers, **REPORT, **changes}.items() if value is not None}
    posted = sign_in("village_staff").post(form_of(person), data=data)
    assert posted.status_code == 422
    assert re.search(message, error_at(posted.text, next(iter(changes))))
    assert "SDN Cibadak 01" in posted.text
    assert cases(app) == []


def error_at(page: str, field: str) -> str:
    """The error that stands at a field; that of the relation stands at the name."""
    name = "reporter_name" if field == "reporter_relation" else field
    found = re.search(rf'id="{name}-error">(.*?)</p>', page, re.DOTALL)
    assert found, f"no error at {name}"
    return found[1]


def test_the_same_wish_twice_is_asked_about_before_it_becomes_two_cases(
    app: Flask, person: str, sign_in: SignInAs, answers: dict[str, str]
) -> None:
    staff = sign_in("village_staff")
    assert staff.post(form_of(person), data={**answers, **REPORT}).status_code == 302
    again = staff.post(form_of(person), data={**answers, **REPORT})
    assert again.status_code == 422
    assert "sudah punya kasus terbuka" in again.text
    assert len(cases(app)) == 1
    assert staff.post(form_of(person), data={**answers, **REPORT, "again": "y"}).status_code == 302
    assert len(cases(app)) == 2


def test_a_resident_of_another_village_cannot_be_chosen(app: Flask, areas: None, sign_in: SignInAs) -> None:
    with at(app, SIBLING) as area:
        stranger = str(make_person(area.id, "Orang Lain").id)
        commit()
    page = sign_in("village_staff").get(form_of(stranger))
    assert page.status_code == 200
    assert "Siapa warganya?" in page.text
    assert "Orang Lain" not in page.text


@pytest.mark.parametrize("query", ["person=x", "person=", "service=nope", "person=x&service=sktm.letter"])
def test_a_damaged_address_begins_at_the_beginning(sign_in: SignInAs, query: str) -> None:
    assert "Siapa warganya?" in sign_in("village_staff").get(f"{NEW}?{query}").text


@pytest.mark.parametrize("role", ["auditor", "district_officer"])
def test_only_the_desk_takes_cases_in(person: str, sign_in: SignInAs, role: str, answers: dict[str, str]) -> None:
    client = sign_in(role, "32.01")
    assert client.get(form_of(person)).status_code == 403
    assert client.post(form_of(person), data={**answers, **REPORT}).status_code == 403


def test_somebody_not_in_the_register_can_be_entered_on_the_way(sign_in: SignInAs, areas: None) -> None:
    page = sign_in("village_staff").get(f"{NEW}?q=Entin").text
    assert f"/{VILLAGE}/people/new" in page


def test_a_services_form_cannot_have_the_names_of_the_forms_it_is_sent_with() -> None:
    own = {name for form in (IntakeForm, EditForm) for name in dir(form) if hasattr(getattr(form, name), "_formfield")}
    assert own == OWN_FIELDS


def test_the_events_of_a_village_go_to_its_plugins_after_the_commit(village: CurrentArea, desk) -> None:
    told: list[str] = []
    hooks = SimpleNamespace(emit=lambda event, case: told.append(f"{event} {case.ticket}"))
    with patch("core.platform.Platform.hooks_for", return_value=hooks):
        case = desk.open(village)
        assert told == []
        commit()
    assert told == [f"case_opened {case.ticket}"]
