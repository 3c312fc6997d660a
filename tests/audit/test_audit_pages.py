"""The pages of the audit: who may read which entries, what the filters find, the file, and the check."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import Engine, event, select, text

from core.actor import Actor
from core.areas.code import AreaCode
from core.audit import AuditEntry, record
from core.audit.wording import REFERRALS, WORDS
from core.config import ROOT
from core.database.session import commit, db, scope
from core.jobs import run_waiting
from core.platform import platform
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at

SITI, BUDI = Actor(None, "Siti Aminah", "10.0.0.7", "abc123abc123"), Actor(None, "Budi")

Note = Callable[..., None]


@pytest.fixture
def note(app: Flask, areas: None) -> Note:
    """Commit one entry: ``note("cases.opened", "case", 7, ticket="CBD-26-0001", area=SIBLING, by=BUDI, on=…)``."""

    def write(
        action: str, kind: str = "", key: object = "", *, area: str = VILLAGE, by: Actor = SITI,
        on: datetime | None = None, **detail: object,
    ) -> None:  # fmt: skip
        with at(app, area, by), patch("core.audit.recording.now", lambda: on or datetime.now(UTC)):
            record(action, kind, key, **detail)
            commit()

    return write


def page_of(client: FlaskClient, area: str = VILLAGE, query: str = "") -> str:
    answer = client.get(f"/{area}/audit{query}")
    assert answer.status_code == 200
    return answer.text


def tickets(page: str) -> list[str]:
    return re.findall(r"mendaftarkan kasus (\w+-\d+)", page)


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("village_head", VILLAGE, 200),
        ("village_staff", VILLAGE, 403),
        ("field_worker", VILLAGE, 403),
        ("auditor", "32.01", 200),
        ("district_admin", "32.01", 200),
        ("district_officer", "32.01", 403),
        ("kecamatan_supervisor", "32.01.15", 403),
        ("partner_officer", "32.01", 403),
    ],
)
@pytest.mark.parametrize("path", ["audit", "audit.xlsx", "audit/chain"])
def test_the_audit_is_for_auditors_admins_and_the_village_head(
    sign_in: SignInAs, role: str, area: str, status: int, path: str
) -> None:
    assert sign_in(role, area).get(f"/{area}/{path}", buffered=True).status_code == status


def test_an_entry_is_told_in_words_with_actor_time_address_and_request(note: Note, sign_in: SignInAs) -> None:
    note("cases.opened", "case", 7, ticket="CBD-26-0412", on=datetime(2026, 11, 12, 8, 5, tzinfo=UTC))
    page = page_of(sign_in("village_head"))
    assert "<b>Siti Aminah</b> mendaftarkan kasus CBD-26-0412" in page
    assert "12 Nov 2026 15.05" in page
    assert "WIB" in page
    assert "10.0.0.7" in page
    assert "abc123abc123" in page


def test_a_village_head_sees_the_own_village_and_a_district_all_below(note: Note, sign_in: SignInAs) -> None:
    for number, area in enumerate((VILLAGE, SIBLING, FOREIGN)):
        note("cases.opened", "case", number, ticket=f"T-{number}", area=area)
    assert tickets(page_of(sign_in("village_head"))) == ["T-0"]
    auditor = sign_in("auditor", "32.01")
    district = page_of(auditor, "32.01")
    assert tickets(district) == ["T-1", "T-0"]
    assert "Desa Cihideung Ilir" in district
    assert tickets(page_of(auditor, "32.01.15")) == ["T-1", "T-0"]
    assert tickets(page_of(auditor, SIBLING)) == ["T-1"]
    assert auditor.get(f"/{FOREIGN}/audit").status_code == 404
    assert sign_in("village_head").get(f"/{SIBLING}/audit").status_code == 404


def test_filters_narrow_by_subject_person_object_and_days(note: Note, sign_in: SignInAs) -> None:
    note("cases.opened", "case", 1, ticket="T-1", on=datetime(2026, 11, 10, 17, 0, tzinfo=UTC))  # 11 Nov 00.00 WIB
    note("cases.opened", "case", 2, ticket="T-2", by=BUDI, on=datetime(2026, 11, 11, 16, 59, tzinfo=UTC))
    note("cases.opened", "case", 3, ticket="T-3", by=BUDI, on=datetime(2026, 11, 11, 17, 0, tzinfo=UTC))
    note("people.nik_shown", "person", 9, on=datetime(2026, 11, 12, tzinfo=UTC))
    head = sign_in("village_head")
    assert tickets(page_of(head)) == ["T-3", "T-2", "T-1"]
    assert tickets(page_of(head, query="?since=2026-11-11&until=2026-11-11")) == ["T-2", "T-1"]
    assert tickets(page_of(head, query="?until=2026-11-10")) == []
    assert tickets(page_of(head, query="?by=bUD")) == ["T-3", "T-2"]
    assert tickets(page_of(head, query="?by=%25")) == []
    assert tickets(page_of(head, query="?object=case:2")) == ["T-2"]
    assert tickets(page_of(head, query="?object=person:2")) == []
    opened = page_of(head, query="?group=opened")
    assert "membuka NIK lengkap" in opened
    assert tickets(opened) == []
    assert tickets(page_of(head, query="?group=cases&by=budi&since=2026-11-12")) == ["T-3"]


@pytest.mark.parametrize(
    "query",
    [
        "?since=kemarin",
        "?until=9999-12-31",
        "?group=nonsense",
        "?object=nonsense",
        "?after=nonsense",
        "?after=WzEsMiwzXQ",
    ],
)
def test_a_filter_that_cannot_be_read_is_left_out(note: Note, sign_in: SignInAs, query: str) -> None:
    note("cases.opened", "case", 1, ticket="T-1")
    assert tickets(page_of(sign_in("village_head"), query=query)) == ["T-1"]


def test_pages_follow_each_other_without_losing_or_repeating_an_entry(note: Note, sign_in: SignInAs) -> None:
    moment = datetime(2026, 11, 12, tzinfo=UTC)
    for number in range(60):  # of one and the same moment, in two chains
        note("cases.opened", "case", number, ticket=f"T-{number}", area=(VILLAGE, SIBLING)[number % 2], on=moment)
    auditor, seen, link = sign_in("auditor", "32.01"), [], "/32.01/audit?group=cases"
    while link:
        page = auditor.get(link).text
        seen.append(tickets(page))
        found = re.search(r'rel="next" href="([^"]+)"', page)
        link = found[1].replace("&amp;", "&") if found else ""
    assert [len(page) for page in seen] == [25, 25, 10]
    assert len({ticket for page in seen for ticket in page}) == 60


def test_the_number_of_queries_does_not_grow_with_what_is_shown(app: Flask, note: Note, sign_in: SignInAs) -> None:
    head = sign_in("village_head")
    note("cases.opened", "case", 0, ticket="T-0")
    few = queries_of(app, lambda: page_of(head))
    for number in range(30):
        note("users.granted", "user", number, area=VILLAGE)
        note("users.reset", "user", "0190b2a0-0000-7000-8000-000000000001")
    many = queries_of(app, lambda: page_of(head))
    assert many <= few + 1  # the names of users, once a page


def queries_of(app: Flask, work: Callable[[], object]) -> int:
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(statements)


def test_sign_ins_are_shown_to_whom_the_person_belongs(app: Flask, note: Note, sign_in: SignInAs) -> None:
    own, other = sign_in("village_staff", name="Rina"), sign_in("village_staff", SIBLING, name="Tono")
    for client in (own, other):
        client.post("/sign-out")
    head = page_of(sign_in("village_head"), query="?group=sign-ins")
    assert "<b>Rina</b> keluar" in head
    assert "Tono" not in head
    district = page_of(sign_in("auditor", "32.01"), "32.01", "?group=sign-ins")
    assert "Rina" in district
    assert "Tono" in district
    assert "Rina" not in page_of(sign_in("auditor", "32.02"), "32.02", "?group=sign-ins")
    assert "Rina" not in page_of(sign_in("village_head")), "only the group shows them"


def test_the_file_holds_what_the_filter_finds_as_text_and_is_itself_recorded(
    app: Flask, note: Note, sign_in: SignInAs
) -> None:
    note("cases.opened", "case", 1, ticket="=1+1")
    note("cases.opened", "case", 2, ticket="T-2", by=BUDI)
    head = sign_in("village_head")
    answer = head.get(f"/{VILLAGE}/audit.xlsx?by=siti", buffered=True)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    header, *rows = load_workbook(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1
    row = dict(zip(header, rows[0], strict=True))
    assert (row["Pelaku"], row["Perbuatan"], row["Wilayah"]) == ("Siti Aminah", "mendaftarkan kasus =1+1", VILLAGE)
    with at(app, VILLAGE):
        first, *_others = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert row["Hash"] == first.hash.hex()
        assert last
        assert (last.action, last.detail) == ("audit.exported", {"rows": 1, "filter": {"by": "siti"}})


def test_the_file_has_a_limit(note: Note, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.audit.export.MOST_ROWS", 3)
    for number in range(5):
        note("cases.opened", "case", number, ticket=f"T-{number}")
    answer = sign_in("village_head").get(f"/{VILLAGE}/audit.xlsx", buffered=True)
    rows = load_workbook(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [str(row[5])[-3:] for row in rows[1:]] == ["T-4", "T-3", "T-2"]


def test_a_check_runs_in_the_background_and_says_that_the_chain_is_intact(
    app: Flask, note: Note, sign_in: SignInAs
) -> None:
    note("cases.opened", "case", 1, ticket="T-1")
    head = sign_in("village_head")
    assert "belum pernah diperiksa" in page_of(head)
    assert head.post(f"/{VILLAGE}/audit/check").status_code == 302
    waiting = head.get(f"/{VILLAGE}/audit/chain").text
    assert "menunggu giliran" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    assert head.post(f"/{VILLAGE}/audit/check").status_code == 302, "a second click asks for nothing more"
    run_waiting(app)
    page = page_of(head)
    assert '<span class="tag ok">utuh</span>' in page
    assert "1 catatan dalam 1 rantai" in page
    assert "memeriksa rantai: 1 catatan, 0 rantai rusak" in page
    with at(app, VILLAGE):
        checks = select(AuditEntry).where(AuditEntry.action == "audit.checked")
        assert [entry.user_name for entry in db.session.scalars(checks)] == ["village_head"]


def test_a_check_of_a_district_names_the_broken_chain_of_a_village(
    app: Flask, note: Note, sign_in: SignInAs, owner_engine: Engine
) -> None:
    for area in (VILLAGE, SIBLING):
        for number in range(3):
            note("cases.opened", "case", number, ticket="T", area=area)
    with owner_engine.begin() as owner:
        owner.execute(text("ALTER TABLE audit_entries NO FORCE ROW LEVEL SECURITY"))
        village_id = AreaCode.parse(SIBLING).id
        owner.execute(
            text(f"UPDATE audit_entries SET action = 'cases.edited' WHERE seq = 2 AND area_id = {village_id}")
        )
        owner.execute(text("ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY"))
    auditor = sign_in("auditor", "32.01")
    auditor.post("/32.01/audit/check")
    run_waiting(app)
    page = page_of(auditor, "32.01")
    assert ">rusak<" in page
    assert f"{SIBLING}: catatan nomor 2 diubah setelah ditulis" in page
    assert VILLAGE not in re.findall(r"<li>(\S+): catatan", page)
    assert "belum pernah diperiksa" in page_of(auditor, VILLAGE), "its own check is another one"


def test_the_page_of_a_village_gives_the_head_to_be_noted_outside(app: Flask, note: Note, sign_in: SignInAs) -> None:
    note("cases.opened", "case", 1, ticket="T-1")
    with at(app, VILLAGE):
        entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.hash.hex() in page_of(sign_in("village_head"))


def test_a_plugins_own_action_is_shown_by_its_name(note: Note, sign_in: SignInAs) -> None:
    note("queue.called", "ticket", 5)
    assert "melakukan queue.called" in page_of(sign_in("village_head"))


def test_an_entry_that_lacks_what_its_words_want_is_shown_all_the_same(note: Note, sign_in: SignInAs) -> None:
    for action in WORDS:
        note(*action.split(" "))
    page = page_of(sign_in("village_head"), query="?group=cases")
    assert "mendaftarkan kasus –" in page


def test_every_deed_that_core_and_the_district_record_has_words() -> None:
    recorded = {f"cases.{kind}" for kind in literals(r'note_event\(\s*\w+,\s*"(\w+)"(?: if \w+ else "(\w+)")?')}
    recorded |= literals(r'\brecord\(\s*"(\w+\.\w+)"')
    known = {action.split(" ")[0] for action in WORDS} | {f"referrals.{step}" for step in REFERRALS}
    assert recorded - known == set()
    assert len(recorded) > 30


def test_every_deed_of_a_shipped_module_has_words(app: Flask) -> None:
    with app.app_context():
        known = {action for plugin in platform().plugins.plugins.values() for action in plugin.deeds}
    recorded = literals(r'\brecord\(\s*"(\w+\.\w+)"', "plugins")
    assert recorded - known == set()
    assert len(recorded) > 10


def test_a_modules_deed_is_told_in_its_own_words(note: Note, sign_in: SignInAs) -> None:
    note("blt_desa.paid", "payment", "1", amount=900_000)
    assert "menyerahkan BLT Rp900.000" in page_of(sign_in("village_head"))
    assert "Riwayat satu objek: pembayaran BLT" in page_of(sign_in("village_head"), query="?object=payment:1")


def literals(pattern: str, *folders: str) -> set[str]:
    wanted = folders or ("core", "tenants")
    files = [path for folder in wanted for path in (ROOT / folder).rglob("*.py")]
    sources = [path.read_text() for path in files if "skeletons" not in path.parts]  # those have words of their own
    found = [match for source in sources for match in re.finditer(pattern, source)]
    return {text for match in found for text in match.groups() if text}


def test_nothing_outside_the_scope_can_be_read_from_the_table(app: Flask, note: Note) -> None:
    note("cases.opened", "case", 1, ticket="T-1")
    with app.app_context():
        assert db.session.scalars(select(AuditEntry)).all() == []
    with at(app, SIBLING):
        assert db.session.scalars(select(AuditEntry)).all() == []
    with app.app_context(), scope(AreaCode.parse("32.01")):
        assert len(db.session.scalars(select(AuditEntry)).all()) == 1
