"""Lists of referrals: overdue ones on top, for the village, the organisation and the district."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, update

from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area
from core.cases.catalogue import find_service
from core.cases.locking import find_case
from core.cases.models import Case
from core.clock import now, today
from core.database.session import commit, db
from core.referrals import inbox, lists, oversight, sending
from core.referrals.models import Referral
from core.referrals.oversight import overdue_answers
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_case, make_person
from core.web.paging import PAGE_SIZE, Page

from .conftest import DISTRICT, NAME, Organisations, SendTo, SignInOfficer, draft, make_referable

Put = Callable[..., UUID]


@pytest.fixture
def put(village: CurrentArea, organisations: Organisations) -> Put:
    """``put("sent", -3)``: a referral to the hospital in a state, due in so many days; the id."""
    case = find_case(village.id, make_referable(village).case_id)
    assert case

    def make(state: str, days: int, organisation: UUID = organisations.hospital) -> UUID:
        referral = draft(village, case, organisation)
        if state != "draft":
            sending.send(village, referral, case)
        referral.state, referral.due_on = state, today() + timedelta(days=days)
        if state in ("returned", "done", "refused", "told"):
            referral.back_at = now() + timedelta(days=days)
        if state == "told":
            referral.told_at = now() + timedelta(days=days)
        commit()
        return referral.id

    return make


def shown(village: CurrentArea, which: str) -> list[UUID]:
    return [row.referral.id for row in lists.referrals_page(village.id, today(), which, None).rows]


# ---- the village's ----


def test_the_longest_overdue_stands_on_top(village: CurrentArea, put: Put) -> None:
    soon, late, later = put("sent", 2), put("accepted", -9), put("processing", -1)
    assert shown(village, "open") == [late, later, soon]


@pytest.mark.parametrize(
    ("which", "states"),
    [
        ("open", {"draft", "sent", "accepted", "processing", "returned", "done", "refused"}),
        ("waiting", {"sent", "accepted", "processing"}),
        ("overdue", {"accepted"}),
        ("returned", {"returned"}),
        ("tell", {"done", "refused"}),
        ("draft", {"draft"}),
        ("told", {"told"}),
    ],
)
def test_each_filter_shows_its_states(village: CurrentArea, put: Put, which: str, states: set[str]) -> None:
    made = {state: put(state, -1 if state == "accepted" else 3) for state in (*ALL_OPEN, "told")}
    assert set(shown(village, which)) == {made[state] for state in states}
    counted = lists.counts(village.id, today())
    assert counted.get(which, len(states)) == len(states)


ALL_OPEN = ("draft", "sent", "accepted", "processing", "returned", "done", "refused")


def test_what_is_to_be_told_is_not_an_overdue_answer(village: CurrentArea, put: Put) -> None:
    put("done", -5)
    assert shown(village, "overdue") == []


@pytest.mark.parametrize("which", ["open", "told"])
def test_pages_follow_each_other_without_a_gap(village: CurrentArea, put: Put, which: str) -> None:
    made = [put("sent" if which == "open" else "told", -number % 7) for number in range(PAGE_SIZE + 4)]
    first = lists.referrals_page(village.id, today(), which, None)
    second = lists.referrals_page(village.id, today(), which, first.next)
    ids = [row.referral.id for row in (*first.rows, *second.rows)]
    assert (len(first.rows), len(second.rows), second.next) == (PAGE_SIZE, 4, None)
    assert sorted(ids) == sorted(made)


@pytest.mark.parametrize("cursor", ["%%%", "W10", "WzEsMl0", "WyIyMDI2LTAxLTAxIiwieCJd", "x" * 500])
def test_a_damaged_cursor_starts_at_the_first_page(village: CurrentArea, put: Put, cursor: str) -> None:
    put("sent", 1)
    assert len(lists.referrals_page(village.id, today(), "open", cursor).rows) == 1


# ---- the organisation's ----


def received(organisations: Organisations, which: str = "open", cursor: str | None = None) -> Page[inbox.InboxRow]:
    area = find_area(AreaCode.parse(DISTRICT))
    assert area
    return inbox.inbox_page(area, {organisations.hospital}, today(), which, cursor)


def test_the_inbox_has_the_longest_overdue_on_top(organisations: Organisations, put: Put) -> None:
    soon, late = put("sent", 2), put("accepted", -9)
    put("sent", -20, organisations.school)
    put("draft", -20)
    assert [row.id for row in received(organisations).rows] == [late, soon]


@pytest.mark.parametrize(
    ("which", "states"),
    [
        ("open", {"sent", "accepted", "processing"}),
        ("new", {"sent"}),
        ("overdue", {"accepted"}),
        ("back", {"returned", "done", "refused", "told"}),
    ],
)
def test_each_filter_of_the_inbox_shows_its_states(
    organisations: Organisations, put: Put, which: str, states: set[str]
) -> None:
    made = {state: put(state, -1 if state == "accepted" else 3) for state in (*ALL_OPEN, "told")}
    assert {row.id for row in received(organisations, which).rows} == {made[state] for state in states}


@pytest.mark.parametrize(("which", "state"), [("open", "sent"), ("back", "done")])
def test_pages_of_the_inbox_follow_each_other_without_a_gap(
    organisations: Organisations, put: Put, which: str, state: str
) -> None:
    made = [put(state, -number % 7) for number in range(PAGE_SIZE + 4)]
    first = received(organisations, which)
    second = received(organisations, which, first.next)
    assert sorted(row.id for row in (*first.rows, *second.rows)) == sorted(made)
    assert len(second.rows) == 4


def test_the_inbox_collects_from_all_villages_of_the_area_and_from_no_other(
    app: Flask, organisations: Organisations, sign_in_officer: SignInOfficer
) -> None:
    for code, name in ((VILLAGE, "Warga Satu"), (SIBLING, "Warga Dua"), (FOREIGN, "Warga Tiga")):
        with at(app, code) as area:
            case_id = make_referable_named(area, name)
            case = find_case(area.id, case_id)
            assert case
            referral = draft(area, case, organisations.hospital)
            sending.send(area, referral, case)
            commit()
    page = sign_in_officer(organisations.hospital).get("/32.01/inbox").text
    assert "Warga Satu" in page
    assert "Warga Dua" in page
    assert "Warga Tiga" not in page


def make_referable_named(area: CurrentArea, name: str) -> UUID:
    case_id = make_referable(area).case_id
    case = find_case(area.id, case_id)
    assert case
    case.person.name = name
    commit()
    return case_id


# ---- the district's ----


def make_overdue(app: Flask, referral_id: UUID, days: int = 5) -> None:
    with at(app, VILLAGE) as area:
        db.session.execute(
            update(Referral)
            .where(Referral.village_id == area.id, Referral.id == referral_id)
            .values(due_on=today() - timedelta(days=days))
        )
        commit()


def test_overdue_answers_rise_into_the_districts_view_without_a_residents_name(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs
) -> None:
    make_overdue(app, send_to(organisations.hospital))
    send_to(organisations.school)
    officer = sign_in("district_officer", DISTRICT)
    home = officer.get(f"/{DISTRICT}/").text
    assert "rujukan tanpa jawaban lewat tenggat" in home
    page = officer.get(f"/{DISTRICT}/referrals").text
    assert "RSUD Leuwiliang" in page
    assert "5 hari lewat" in page
    assert "1 lewat tenggat" in page
    assert NAME not in page


def test_the_figure_counts_overdue_answers_of_the_area_and_of_no_other(
    app: Flask, organisations: Organisations, send_to: SendTo
) -> None:
    make_overdue(app, send_to(organisations.hospital))
    send_to(organisations.school)
    counted = {}
    for code in (DISTRICT, "32.01.15", "32.02"):
        with at(app, code) as area:
            counted[code] = overdue_answers(area, today())
    assert counted == {DISTRICT: 1, "32.01.15": 1, "32.02": 0}


def test_who_is_silent_the_longest_stands_first(app: Flask, organisations: Organisations, send_to: SendTo) -> None:
    make_overdue(app, send_to(organisations.hospital), 2)
    make_overdue(app, send_to(organisations.school), 9)
    send_to(organisations.school)
    with at(app, DISTRICT) as area:
        late = oversight.late_answers(area, today(), None)
        assert [row.organisation for row in late.rows] == ["SMPN 1 Ciampea", "RSUD Leuwiliang"]
        assert [(s.organisation, s.waiting, s.overdue) for s in oversight.standing(area, today())] == [
            ("SMPN 1 Ciampea", 2, 1),
            ("RSUD Leuwiliang", 1, 1),
        ]


# ---- what they cost ----


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("SET LOCAL"):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("url", [f"/{VILLAGE}/referrals", "/32.01/inbox", "/32.01/referrals", "case"])
def test_a_list_takes_as_many_queries_for_ten_rows_as_for_one(
    app: Flask,
    organisations: Organisations,
    referable: object,
    send_to: SendTo,
    sign_in: SignInAs,
    sign_in_officer: SignInOfficer,
    url: str,
) -> None:
    client = {"/32.01/inbox": lambda: sign_in_officer(organisations.hospital)}.get(
        url, lambda: sign_in("district_officer", DISTRICT)
    )()
    address = f"/{VILLAGE}/cases/{referable.case_id}" if url == "case" else url  # pyright: ignore[reportAttributeAccessIssue]
    taken = []
    for more in (1, 9):
        for _number in range(more):
            make_overdue(app, send_to(organisations.hospital))
        client.get(address)
        with counted(app) as statements:
            assert client.get(address).status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_the_panel_of_a_case_shows_only_its_own_referrals(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs
) -> None:
    send_to(organisations.hospital)
    with at(app, VILLAGE) as area:
        other = make_referable_of_another(area)
    staff = sign_in("village_staff")
    assert "Belum dirujuk ke mana pun." in staff.get(f"/{VILLAGE}/cases/{other}").text


def make_referable_of_another(area: CurrentArea) -> UUID:
    service = find_service("sktm.letter")
    assert service
    case: Case = make_case(area, service, make_person(area.id, "Orang Lain"))
    commit()
    return case.id
