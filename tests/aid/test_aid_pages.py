"""A family's aid in one table: what modules know and what was told; sums, corrections, rights, the sheet."""

import html
import re
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from core.aid.gathering import gather_aid
from core.aid.models import ToldAid
from core.aid.received import AidReceived, totals
from core.audit.models import AuditEntry
from core.clock import today
from core.database.session import commit, db
from core.jobs import run_waiting
from core.people.models import Person
from core.personal_data.erasing import erase
from core.testing import SIBLING, VILLAGE, SignInAs, at
from tests.aid.conftest import Home, make_home, make_kpm

TOLD = {
    "programme": "",
    "title": "Beras Zakat",
    "for_family": "y",
    "state": "received",
    "source": "list",
    "evidence": "Daftar Baznas 2026, baris 12",
    "first_day": "2026-01-05",
    "last_day": "2026-01-05",
    "amount": "150000",
    "goods": "10 kg beras",
}
AID = f"/{VILLAGE}/aid"


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def tell(client: FlaskClient, person: str, **changed: str) -> int:
    return client.post(f"{AID}/people/{person}/new", data=TOLD | changed).status_code


def told_id(app: Flask) -> UUID:
    with at(app, VILLAGE):
        return db.session.query(ToldAid).one().id


def entries(app: Flask) -> list[str]:
    with at(app, VILLAGE):
        rows = db.session.query(AuditEntry).filter(AuditEntry.action.like("aid.%")).order_by(AuditEntry.seq)
        return [entry.action for entry in rows]


def aid(state: str, day: date | None, amount: int | None) -> AidReceived:
    return AidReceived(
        programme="x", title="X", state=state, source="", permission="people.read",  # pyright: ignore[reportArgumentType]
        household_id=UUID(int=1), first_day=day, amount=amount,
    )  # fmt: skip


def test_sums_are_of_one_year_and_one_state_and_leave_out_what_has_no_amount() -> None:
    found = [
        aid("received", date(2026, 1, 1), 300_000),
        aid("received", date(2026, 4, 1), 600_000),
        aid("decided", date(2026, 1, 1), 3_600_000),
        aid("expected", date(2026, 1, 1), 225_000),
        aid("received", date(2025, 12, 31), 100_000),
        aid("received", date(2026, 1, 1), None),
        aid("received", None, 7),
    ]
    assert totals(found) == [
        (2026, {"expected": 225_000, "decided": 3_600_000, "received": 900_000}),
        (2025, {"received": 100_000}),
    ]


@pytest.mark.parametrize(
    ("state", "first", "last", "on", "holds"),
    [
        ("decided", None, None, date(2026, 5, 1), True),
        ("received", date(2026, 5, 1), date(2026, 5, 31), date(2026, 4, 30), False),
        ("received", date(2026, 5, 1), date(2026, 5, 31), date(2026, 5, 1), True),
        ("received", date(2026, 5, 1), date(2026, 5, 31), date(2026, 5, 31), True),
        ("received", date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 1), False),
        ("expected", date(2026, 5, 1), None, date(2026, 5, 2), False),
    ],
)
def test_aid_holds_within_its_days_and_an_estimate_never(
    state: str, first: date | None, last: date | None, on: date, holds: bool
) -> None:
    found = AidReceived(
        programme="x", title="X", state=state, source="", permission="people.read",  # pyright: ignore[reportArgumentType]
        person_id=UUID(int=1), first_day=first, last_day=last,
    )  # fmt: skip
    assert found.holds(on) is holds


def test_one_table_has_what_modules_know_and_what_was_told(app: Flask, staff: FlaskClient, home: Home) -> None:
    make_kpm(app, home)
    with at(app, VILLAGE) as area:
        db.session.get_one(Person, (area.id, UUID(home.child))).insurance = "pbi"
        commit()
    assert tell(staff, home.head) == 302
    page = words(staff.get(f"{AID}/households/{home.household}").text)
    assert "PKH keluarga" in page
    assert "daftar KPM desa" in page
    assert "PBI-JK Enok Muda" in page
    assert "Beras Zakat keluarga" in page
    assert "Rp150.000 , 10 kg beras" in page
    assert "daftar resmi: Daftar Baznas 2026, baris 12" in page
    assert "2026 diterima Rp150.000" in page
    # The same for each member, and in short where the family and the resident stand.
    assert "Beras Zakat" in words(staff.get(f"{AID}/people/{home.child}").text)
    for address in (f"people/{home.head}", f"people/households/{home.household}"):
        short = staff.get(f"/{VILLAGE}/{address}").text
        assert "Beras Zakat" in short
        assert f'href="{AID}/' in short


def test_a_family_of_which_nothing_is_known_is_told_what_that_means(staff: FlaskClient, home: Home) -> None:
    assert "Belum tercatat tidak berarti tidak menerima" in staff.get(f"{AID}/people/{home.head}").text


def test_what_was_told_is_corrected_and_removed_with_a_trace(app: Flask, staff: FlaskClient, home: Home) -> None:
    tell(staff, home.head)
    row = told_id(app)
    page = staff.get(f"{AID}/told/{row}")
    assert 'value="Beras Zakat"' in page.text
    assert staff.post(f"{AID}/told/{row}", data=TOLD | {"version": "1", "amount": "200000"}).status_code == 302
    assert "Rp200.000" in staff.get(f"{AID}/people/{home.head}").text
    stale = staff.post(f"{AID}/told/{row}", data=TOLD | {"version": "1", "amount": "5"})
    assert stale.status_code == 409
    assert "Anda menulis “5”, sekarang tersimpan “200000”" in words(stale.text)
    assert staff.post(f"{AID}/told/{row}/remove", data={"version": "1"}).status_code == 409
    assert staff.post(f"{AID}/told/{row}/remove", data={"version": "2"}).status_code == 302
    assert "Beras Zakat" not in staff.get(f"{AID}/people/{home.head}").text
    assert staff.get(f"{AID}/told/{row}").status_code == 404
    assert entries(app) == ["aid.told", "aid.corrected", "aid.removed"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": ""}, "Pilih programnya, atau tulis nama bantuannya."),
        ({"first_day": ""}, "Sejak, atau pada tanggal"),
        ({"first_day": "2099-01-01", "last_day": ""}, "Tanggalnya belum tiba."),
        ({"last_day": "2026-01-04"}, "Hari terakhir mendahului hari pertama."),
        ({"amount": "-1"}, "Jumlah uang"),
        ({"programme": "nonsense"}, "Program"),
        ({"state": "expected"}, "Sampai di mana"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_lost(
    staff: FlaskClient, home: Home, changed: dict[str, str], says: str
) -> None:
    answer = staff.post(f"{AID}/people/{home.head}/new", data=TOLD | changed)
    assert answer.status_code == 422
    assert says in words(answer.text)
    assert "Daftar Baznas 2026, baris 12" in answer.text


def test_each_sees_what_the_role_may(app: Flask, sign_in: SignInAs, staff: FlaskClient, home: Home) -> None:
    """Who oversees reads, and corrects nothing; another village's ids are nobody's."""
    make_kpm(app, home)
    tell(staff, home.head)
    overseer = sign_in("kecamatan_supervisor", "32.01.15")
    page = overseer.get(f"{AID}/people/{home.head}").text
    assert "Beras Zakat" in page
    assert f"{AID}/told/" not in page
    assert overseer.post(f"{AID}/people/{home.head}/new", data=TOLD).status_code == 403
    assert overseer.post(f"{AID}/export").status_code == 403
    foreign = sign_in("village_staff", SIBLING)
    row = told_id(app)
    for path in (f"people/{home.head}", f"households/{home.household}", f"told/{row}", f"people/{home.head}/new"):
        assert foreign.get(f"/{SIBLING}/aid/{path}").status_code == 404
    with at(app, VILLAGE) as area:
        everything = gather_aid(area, [UUID(home.head)], [UUID(home.household)], {"people.read"})
        assert [each.programme for each in everything.found] == [""]
        assert gather_aid(area, [], [], {"people.read", "pkh.read"}).found == []


def test_a_module_that_fails_leaves_a_notice_and_the_rest(
    app: Flask, staff: FlaskClient, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(staff, home.head)
    monkeypatch.setattr("plugins.pkh.aid_of", lambda _area, _homes: 1 / 0)
    monkeypatch.setattr(
        "plugins.bansos.aid_of",
        lambda _area, _people: [
            AidReceived(
                programme="bansos",
                title="X",
                state="decided",
                source="y",
                permission="people.read",
                person_id=UUID(int=7),
            )
        ],
    )
    page = words(staff.get(f"{AID}/people/{home.head}").text)
    assert "Bagian dari modul PKH sedang tidak dapat ditampilkan" in page
    assert "Bagian dari modul Bansos sedang tidak dapat ditampilkan" in page
    assert "Beras Zakat" in page


def test_the_sheet_has_every_family_once(app: Flask, staff: FlaskClient, home: Home) -> None:
    make_kpm(app, home)
    tell(staff, home.head)
    tell(staff, make_home(app, "Ujang Karta", nik=None).head, title="=2+2", for_family="")
    where = staff.post(f"{AID}/export").location
    run_waiting(app)
    with staff.get(f"{where}/file") as answer:
        sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    rows = [row for row in sheet[1:] if row[6]]
    found = sorted((row[3], row[5], row[6], row[7]) for row in rows)
    assert found == [
        ("Enok Sumarni", "keluarga", "Beras Zakat", "diterima"),
        ("Enok Sumarni", "keluarga", "PKH", "ditetapkan"),
        ("Ujang Karta", "satu orang", "=2+2", "diterima"),
    ]
    money = next(row for row in rows if row[6] == "Beras Zakat")
    assert (money[8], money[10]) == (150_000, date(2026, 1, 5))


def test_it_goes_with_the_resident_who_is_erased(app: Flask, staff: FlaskClient, home: Home) -> None:
    tell(staff, home.child)
    with at(app, VILLAGE) as area:
        person = db.session.get_one(Person, (area.id, UUID(home.child)))
        erase(area, person.id, version=person.version)
        commit()
        row = db.session.query(ToldAid).one()
        assert (row.title, row.evidence, row.goods) == ("–", "", "")
        assert (row.amount, row.first_day, row.last_day) == (None, None, None)
    assert staff.get(f"{AID}/people/{home.child}").status_code == 404
    assert staff.get(f"{AID}/people/{home.head}").status_code == 200


def test_a_day_that_is_to_come_is_not_mistaken_for_today(app: Flask, staff: FlaskClient, home: Home) -> None:
    with at(app, VILLAGE) as area:
        tomorrow = today(area.timezone) + timedelta(days=1)
    assert tell(staff, home.head, first_day=tomorrow.isoformat(), last_day="") == 422
