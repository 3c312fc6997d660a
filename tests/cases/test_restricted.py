"""Cases of a restricted service: the database shows them to those who hold a key, whatever asks."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from core.archive.writing import write_archive
from core.cases import sharing
from core.cases.catalogue import find_service
from core.cases.errors import CaseError
from core.cases.locking import find_case
from core.cases.progress import assign
from core.cases.restricted import key_of
from core.database.session import all_cases_open, commit, current_keys, db, restricted_cases_left_out, seeing
from core.jobs import TASKS, Task, enqueue, run_waiting
from core.people.models import Person
from core.testing import VILLAGE, SignInAs, at, make_case, make_person
from core.testing.examples import example_answers
from core.users.models import User

CHILD = "atensi.child"
NOBODY: frozenset[str] = frozenset()
PERMISSION = "atensi.read"


@dataclass(frozen=True)
class Hidden:
    id: UUID
    ticket: str

    @property
    def url(self) -> str:
        return f"/{VILLAGE}/cases/{self.id}"


def make_hidden(app: Flask) -> Hidden:
    with at(app, VILLAGE) as area:
        service = find_service(CHILD)
        assert service
        case = make_case(area, service, make_person(area.id, "Dewi Lestari"), **example_answers(service.form))
        made = Hidden(case.id, case.ticket)
        commit()
        return made


@pytest.fixture
def hidden(app: Flask, areas: None) -> Hidden:
    return make_hidden(app)


@pytest.fixture
def kader(app: Flask, sign_in: SignInAs) -> FlaskClient:
    return sign_in("field_worker", name="Kader Euis")


def user_id(app: Flask, name: str) -> UUID:
    with app.app_context():
        return db.session.scalars(select(User.id).where(User.name == name)).one()


def keys(*held: str) -> frozenset[str]:
    return frozenset(held)


# ---- the rule of the database ----


@pytest.mark.parametrize(
    ("held", "seen"),
    [(NOBODY, 0), (keys("cases.read"), 0), (keys("user:x"), 0), (keys(PERMISSION), 1), (keys("*"), 1)],
)
def test_a_restricted_case_shows_to_whoever_holds_a_key(
    app: Flask, hidden: Hidden, held: frozenset[str], seen: int
) -> None:
    with seeing(held), at(app, VILLAGE):
        assert db.session.scalar(text("SELECT count(*) FROM cases")) == seen
        assert db.session.execute(text("UPDATE cases SET note = 'dibaca'")).rowcount == seen  # pyright: ignore[reportAttributeAccessIssue]


def test_a_transaction_without_any_keys_sees_none(app: Flask, hidden: Hidden) -> None:
    with at(app, VILLAGE):
        db.session.execute(text("SET LOCAL puskesos.keys = ''"))
        assert db.session.scalar(text("SELECT count(*) FROM cases")) == 0


def test_a_deed_reaches_all_and_what_follows_it_does_not(app: Flask, hidden: Hidden) -> None:
    with seeing(NOBODY), at(app, VILLAGE) as area:
        assert find_case(area.id, hidden.id) is None
        with all_cases_open():
            assert db.session.scalar(text("SELECT count(*) FROM cases")) == 1
        assert db.session.scalar(text("SELECT count(*) FROM cases")) == 0


def test_figures_leave_them_out_whoever_has_them_made(app: Flask, hidden: Hidden) -> None:
    with at(app, VILLAGE):
        assert db.session.scalar(text("SELECT count(*) FROM cases")) == 1
        with restricted_cases_left_out():
            assert db.session.scalar(text("SELECT count(*) FROM cases")) == 0
        assert db.session.scalar(text("SELECT count(*) FROM cases")) == 1


def test_what_is_no_key_does_not_reach_the_database(app: Flask, areas: None) -> None:
    with pytest.raises(ValueError, match="not the keys"), seeing({"a', '*"}), at(app, VILLAGE):
        db.session.execute(text("SELECT 1"))


def test_nobody_opens_a_case_that_they_could_not_see(app: Flask, areas: None, kader: FlaskClient) -> None:
    with seeing(NOBODY), at(app, VILLAGE) as area:
        service, person = find_service(CHILD), make_person(area.id)
        assert service
        with pytest.raises(CaseError, match="berwenang"):
            make_case(area, service, person)
        person_id = person.id
        commit()
    answer = kader.get(f"/{VILLAGE}/cases/new?person={person_id}&service={CHILD}")
    assert answer.status_code == 403
    assert "Ditangani petugas yang berwenang" in answer.text


# ---- opened to one by name ----


@pytest.fixture
def shared(app: Flask, hidden: Hidden, staff: FlaskClient, kader: FlaskClient) -> str:
    """The id of the field worker to whom the case was opened on its page."""
    key = str(user_id(app, "Kader Euis"))
    page = staff.get(hidden.url).text
    assert "Kasus ini hanya terlihat oleh: Petugas Dinas Sosial, Kepala desa, Petugas puskesos." in page
    assert staff.post(f"{hidden.url}/share", data={"user": key, "action": "open"}).status_code == 302
    return key


def test_a_case_is_opened_to_one_colleague_and_closed_again(
    hidden: Hidden, staff: FlaskClient, kader: FlaskClient, shared: str, sign_in: SignInAs
) -> None:
    page = kader.get(hidden.url)
    assert (page.status_code, "dibuka khusus untuknya" in page.text) == (200, True)
    assert sign_in("field_worker", name="Kader Lain").get(hidden.url).status_code == 404
    assert "Dibuka untuk Kader Euis" in staff.get(hidden.url).text
    staff.post(f"{hidden.url}/share", data={"user": shared, "action": "close"})
    assert kader.get(hidden.url).status_code == 404


def test_who_was_let_in_by_name_lets_nobody_in(app: Flask, hidden: Hidden, kader: FlaskClient, shared: str) -> None:
    for form in ({"user": shared, "action": "close"}, {"user": str(user_id(app, "village_staff")), "action": "open"}):
        answer = kader.post(f"{hidden.url}/share", data=form)
        assert (answer.status_code, "Hanya yang berwenang" in answer.text) == (422, True)


def test_an_order_that_makes_no_sense_is_refused_in_words(hidden: Hidden, staff: FlaskClient) -> None:
    for user, told in (("", "Pilih dulu rekannya"), (str(hidden.id), "tidak bertugas di sini lagi")):
        answer = staff.post(f"{hidden.url}/share", data={"user": user, "action": "open"})
        assert (answer.status_code, told in answer.text) == (422, True)


def test_whoever_is_given_the_case_sees_it_and_is_not_shut_out_of_it(
    app: Flask, hidden: Hidden, kader: FlaskClient
) -> None:
    euis = user_id(app, "Kader Euis")
    with at(app, VILLAGE) as area:
        case = find_case(area.id, hidden.id)
        assert case
        assign(case, euis, "Kader Euis")
        assert case.readers == [PERMISSION, key_of(euis)]
        with pytest.raises(CaseError, match="masih memegang"):
            sharing.close_to(case, euis, "Kader Euis")
        commit()
    assert hidden.ticket in kader.get(f"/{VILLAGE}/cases?which=mine").text


# ---- lists, the audit, jobs, archive ----


def test_lists_say_a_childs_initials(hidden: Hidden, staff: FlaskClient) -> None:
    page = staff.get(f"/{VILLAGE}/cases?which=open").text
    assert "D. L." in page
    assert "Dewi Lestari" not in page


def test_the_audit_tells_who_looked_and_to_others_not_at_what(
    hidden: Hidden, staff: FlaskClient, sign_in: SignInAs
) -> None:
    staff.get(hidden.url)
    assert (
        f"membuka kasus {hidden.ticket} yang aksesnya dibatasi" in sign_in("village_head").get(f"/{VILLAGE}/audit").text
    )
    auditor = sign_in("auditor", "32.01")
    page = auditor.get(f"/{VILLAGE}/audit").text
    assert page.count("mengerjakan sesuatu yang aksesnya dibatasi") == 2
    assert hidden.ticket not in page
    assert str(hidden.id) not in page


def test_a_job_sees_what_whoever_asked_for_it_may(app: Flask, hidden: Hidden, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[tuple[frozenset[str], int | None]] = []

    def look(_area: object) -> None:
        found.append((current_keys.get(), db.session.scalar(text("SELECT count(*) FROM cases"))))

    monkeypatch.setitem(TASKS, "tests.look", Task(look, look))
    for held in (NOBODY, keys(PERMISSION)):
        with seeing(held), at(app, VILLAGE) as area:
            enqueue("tests.look", area)
            commit()
    run_waiting(app)
    assert found == [(NOBODY, 0), (keys(PERMISSION), 1)]


def test_an_archive_is_whole_whoever_takes_it(app: Flask, hidden: Hidden, tmp_path: Path) -> None:
    with seeing(NOBODY), at(app, VILLAGE) as area:
        manifest = write_archive(area, tmp_path / "desa.zip", lambda _done, _all: None)
    assert manifest
    with ZipFile(tmp_path / "desa.zip") as archive:
        assert any(hidden.ticket.encode() in archive.read(name) for name in archive.namelist())


def test_the_resident_finds_no_page_about_it_and_the_slip_tells_nothing(
    app: Flask, hidden: Hidden, staff: FlaskClient
) -> None:
    with at(app, VILLAGE):
        nik = db.session.scalars(select(Person.nik)).one()
    status = app.test_client().post(f"/{VILLAGE}/status", data={"ticket": hidden.ticket, "digits": (nik or "")[-4:]})
    assert status.status_code == 404
    slip = staff.get(f"{hidden.url}/receipt").text
    assert hidden.ticket in slip
    assert "ATENSI:" not in slip
    assert f"/status/{hidden.ticket}" not in slip
