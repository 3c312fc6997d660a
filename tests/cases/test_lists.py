"""The lists: each filter, paging by key, searching, and how many queries a page takes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event

from core.areas.current import CurrentArea
from core.cases import letters
from core.cases.lists import (
    FILTERS,
    CaseFilter,
    cases_page,
    my_waiting_cases,
    next_cases,
    read_keys,
    village_figures,
)
from core.cases.models import Case
from core.cases.oversight import villages_page
from core.clock import today
from core.database.session import commit, db
from core.database.uuid7 import uuid7
from core.platform import platform
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_person
from core.web.paging import write_cursor

ME = UUID("019a0000-0000-7000-8000-000000000001")


def listed(area: CurrentArea, which: str, role: str = "village_staff", **filters: object) -> list[str]:
    """Names in a list, in its order."""
    rights = platform().permissions.of_role(role)
    page = cases_page(area.id, ME, today(), CaseFilter(which, **filters), None, permissions=rights)  # pyright: ignore[reportArgumentType]
    return [row.subject for row in page.rows]


@pytest.fixture
def cases(village: CurrentArea, desk) -> dict[str, Case]:
    """One case a name: who holds it, when it is due, how far it is."""
    made = {}
    for name, state, days, mine in (
        ("late", "handling", -2, False),
        ("today", "registered", 0, True),
        ("later", "handling", 30, True),
        ("asked", "recommended", 1, True),
        ("asked late", "recommended", -1, True),
        ("unsigned", "issued", 2, False),
        ("closed", "done", -5, True),
    ):
        case = desk.at(village, state, make_person(village.id, name))
        case.due_on = today() + timedelta(days=days)
        case.assigned_to = ME if mine else uuid7()
        made[name] = case
    db.session.flush()
    return made


# ---- filters ----


@pytest.mark.parametrize(
    ("which", "names"),
    [
        ("open", "late|asked late|today|asked|unsigned|later"),
        ("mine", "asked late|today|asked|later"),
        ("due", "today|asked|unsigned"),
        ("overdue", "late|asked late"),
        ("waiting", "asked late|asked"),
        ("closed", "closed"),
        ("todo", "asked late|today|later"),
    ],
)
def test_each_list_has_its_cases_by_due_date(village, cases, which: str, names: str) -> None:
    assert listed(village, which) == names.split("|")


def test_the_head_has_to_decide_and_to_sign_besides_what_is_his_own(village, cases) -> None:
    for case in cases.values():
        case.assigned_to = uuid7()
    assert listed(village, "todo", role="village_head") == ["asked late", "asked", "unsigned"]


def test_whoever_only_looks_on_has_nothing_to_do(village, cases) -> None:
    assert listed(village, "todo", role="auditor") == []


def test_what_nobody_holds_and_what_is_urgent_is_everybodys(village, cases) -> None:
    cases["late"].assigned_to = None
    cases["unsigned"].priority = "urgent"
    assert listed(village, "todo") == ["unsigned", "late", "asked late", "today", "later"]


def test_the_first_page_shows_what_is_to_do_and_apart_from_it_what_others_have_to_move(village, cases) -> None:
    rights = platform().permissions.of_role("village_staff")
    to_do = next_cases(village.id, ME, today(), rights, limit=10)
    waiting = my_waiting_cases(village.id, ME, today(), rights, limit=10)
    assert [row.subject for row in to_do] == ["asked late", "today", "later"]
    assert [row.subject for row in waiting] == ["asked"]


def test_the_figures_are_those_of_the_lists(village, cases) -> None:
    figures = village_figures(village.id, ME, today())
    assert figures.overdue == len(listed(village, "overdue"))
    assert figures.mine == len(listed(village, "mine"))
    assert figures.waiting == len(listed(village, "waiting"))
    assert figures.due_today == 1


def test_another_villages_cases_are_in_no_list(app: Flask, areas: None, desk) -> None:
    with at(app, SIBLING) as area:
        desk.at(area, "handling")
        desk.at(area, "done")
        commit()
    with at(app, VILLAGE) as area:
        assert [listed(area, which, "village_head") for which in FILTERS] == [[]] * len(FILTERS)


def test_a_list_keeps_to_one_service(village, cases) -> None:
    cases["late"].service = "gone.letter"
    assert listed(village, "open", service="gone.letter") == ["late"]
    assert "late" not in listed(village, "open", service="sktm.letter")


def test_each_line_says_what_has_to_happen_next(village, cases) -> None:
    page = cases_page(village.id, ME, today(), CaseFilter("open"), None)
    said = {row.subject: row.next_step for row in page.rows}
    assert said["today"] == "Belum ada: Surat pengantar RT/RW, KTP, Kartu Keluarga (KK)"
    assert said["asked"] == "Menunggu keputusan kepala desa"
    assert said["unsigned"] == "Menunggu tanda tangan kepala desa"
    letters.sign_letter(cases["unsigned"], db.session.query(letters.LetterRecord).filter_by(signed_at=None).one())
    [row] = [
        row for row in cases_page(village.id, ME, today(), CaseFilter("open"), None).rows if row.subject == "unsigned"
    ]
    assert row.next_step == "Serahkan surat"


# ---- searching ----


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("AMINAH", ["Siti Aminah"]),
        ("100%", ["Toko 100%"]),
        ("%", ["Toko 100%"]),
        ("_", ["Budi_S"]),
        ("\\", ["C\\D"]),
        ("'", ["Ma'mun"]),
        ("'; DROP TABLE cases; --", []),
        ("zzz", []),
    ],
)
def test_a_search_finds_what_was_typed_and_takes_nothing_for_a_sign(
    village, desk, search: str, names: list[str]
) -> None:
    for name in ("Siti Aminah", "Toko 100%", "Budi_S", "C\\D", "Ma'mun"):
        desk.open(village, make_person(village.id, name))
    assert listed(village, "open", search=search) == names


def test_a_case_is_found_by_ticket_and_by_whole_nik(village, desk) -> None:
    person = make_person(village.id, "Nur Aeni")
    nik = str(person.nik)
    case = desk.open(village, person)
    desk.open(village)
    for search in (
        case.ticket,
        case.ticket.lower(),
        case.ticket[-4:],
        nik,
        f"{nik[:4]} {nik[4:]}",
    ):
        assert listed(village, "open", search=search) == ["Nur Aeni"], search
    assert listed(village, "open", search=nik[:10]) == []


# ---- paging ----


def many(area: CurrentArea, desk, count: int, state: str = "open") -> None:
    """Cases of which many share a due date, so that the id has to break the tie."""
    person = make_person(area.id)
    for number in range(count):
        case = desk.open(area, person)
        case.due_on = date(2026, 11, 1 + number % 3)
        if state == "closed":
            case.closed_at = case.opened_at or db.func.now()
    db.session.flush()


@pytest.mark.parametrize("which", ["open", "closed"])
def test_sixty_cases_are_paged_without_gaps_or_repeats(village, desk, which: str) -> None:
    many(village, desk, 60, which)
    seen: list[UUID] = []
    sizes: list[int] = []
    cursor = None
    while True:
        page = cases_page(village.id, ME, today(), CaseFilter(which), cursor)
        seen += [row.id for row in page.rows]
        sizes.append(len(page.rows))
        cursor = page.next
        if cursor is None:
            break
    assert sizes == [25, 25, 10]
    assert len(set(seen)) == 60


def test_a_case_closed_between_two_pages_hides_no_other(village, desk) -> None:
    many(village, desk, 30)
    first = cases_page(village.id, ME, today(), CaseFilter("open"), None)
    db.session.get_one(Case, (village.id, first.rows[0].id)).closed_at = db.func.now()
    db.session.flush()
    second = cases_page(village.id, ME, today(), CaseFilter("open"), first.next)
    assert len({row.id for row in (*first.rows, *second.rows)}) == 30


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "xx",
        "é",
        "x" * 5000,
        write_cursor(["a"]),
        write_cursor(["2026-01-01", "no id"]),
        write_cursor([None, None]),
        write_cursor([{}, []]),
        write_cursor(["9999999-01-01", str(ME)]),
    ],
)
def test_a_damaged_cursor_starts_at_the_first_page(app: Flask, areas: None, sign_in: SignInAs, cursor: str) -> None:
    assert read_keys(cursor, date.fromisoformat, UUID) is None
    staff = sign_in("village_staff")
    for which in ("open", "closed"):
        assert staff.get(f"/{VILLAGE}/cases?which={which}&after={quote(cursor)}").status_code == 200


@pytest.mark.parametrize("cursor", [write_cursor([1, "a"]), write_cursor(["a", 10**30]), write_cursor(["a", "b"])])
def test_a_damaged_cursor_of_the_villages_starts_at_the_first_page(
    app: Flask, areas: None, sign_in: SignInAs, cursor: str
) -> None:
    assert "Cibadak" in sign_in("district_officer", "32.01").get(f"/32.01/?after={cursor}").text


def test_villages_of_one_name_are_all_on_the_pages_of_a_district(app: Flask, areas: None) -> None:
    with at(app, "32") as province:
        page = villages_page(province, today(), search="", cursor=None)
        assert [row.area.name for row in page.rows] == ["Cibadak", "Cihideung Ilir", "Sekarwangi"]


# ---- the page ----


def test_the_filters_are_links_and_the_current_one_is_marked(app: Flask, areas: None, sign_in: SignInAs) -> None:
    page = sign_in("village_staff").get(f"/{VILLAGE}/cases?which=overdue").text
    assert re.search(r'which=overdue" aria-current="true"', page)
    for which in FILTERS:
        assert f"which={which}" in page


def test_whoever_only_looks_on_is_not_offered_lists_of_their_own(app: Flask, areas: None, sign_in: SignInAs) -> None:
    page = sign_in("auditor", "32.01").get(f"/{VILLAGE}/cases").text
    assert "which=mine" not in page
    assert "which=todo" not in page
    assert "Kasus baru" not in page


def test_an_unknown_filter_is_the_list_of_all(app: Flask, areas: None, sign_in: SignInAs) -> None:
    assert sign_in("village_staff").get(f"/{VILLAGE}/cases?which=%27").status_code == 200


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run inside, without those that only set the scope."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("SET LOCAL"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_page_takes_as_many_queries_for_fifty_cases_as_for_five(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    staff = sign_in("village_staff")
    counts: dict[str, list[int]] = {path: [] for path in ("cases", "cases?which=todo", "")}
    for more in (5, 45):
        with at(app, VILLAGE) as area:
            many(area, desk, more)
            commit()
        for path, found in counts.items():
            with app.app_context(), counted() as statements:
                assert staff.get(f"/{VILLAGE}/{path}").status_code == 200
            found.append(len(statements))
    for path, (few, lots) in counts.items():
        assert few == lots, path
        # The first page has the cards of all modules besides, each with one to three queries of its own.
        modules = len(app.extensions["puskesos"].plugins.plugins)
        assert lots <= (15 if path else 6 + 2 * modules), path


def test_the_page_of_a_case_takes_as_many_queries_whatever_hangs_on_it(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        fresh, full = desk.at(area, "approved"), desk.at(area, "issued")
        for _ in range(4):
            letters.revoke_letter(full, desk.letter(full), "lagi")
            desk.issue(area, full)
        ids = [str(fresh.id), str(full.id)]
        commit()
    staff = sign_in("village_staff")
    counts = []
    for case_id in ids:
        with app.app_context(), counted() as statements:
            assert staff.get(f"/{VILLAGE}/cases/{case_id}").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] <= 20
