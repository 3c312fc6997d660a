"""What is a plugin's own has a limit of time as well: its pages, its events and its part in an erasure. What is cut off
leaves nothing half written, and everything else is served."""

import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Blueprint, Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text

from core.areas.code import AreaCode
from core.cases.models import Case, CaseEvent
from core.database.session import db, scope
from core.people.models import Person
from core.plugins import watch
from core.plugins.models import PluginFailure
from core.plugins.watch import TooSlow, in_time
from core.testing import FOREIGN, VILLAGE, SignInAs, at
from core.users.permissions import requires

from .conftest import Start, same_person, switch
from .test_failing_in_the_app import step
from .test_misbehaving_in_the_app import (
    HANGS,
    catches_even_being_cut_off_once,
    forgets_a_connection,
    forgotten,
    in_c_only_ones_own,
    kept_failures,
    loops_and_catches_everything,
    loops_forever,
    residents,
    sleeps_in_the_database,
    sleeps_in_the_database_and_catches,
)

__all__ = ["residents"]

PATIENCE = 0.5
HOME, ITS_PAGE, ITS_FORM = f"/{VILLAGE}/", f"/{VILLAGE}/faulty/", f"/{VILLAGE}/faulty/save"
STOPPED, HANGING = "Modul Si Rusak terlalu lama menjawab", "Modul Si Rusak sedang tertahan"

# Being cut off may come up while Python clears away an object: it is told there and lost, and comes up again.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.usefixtures("quick_watch"),
]

Visit = Callable[..., tuple[Flask, FlaskClient]]


@pytest.fixture
def quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "TICK_SECONDS", 0.02)
    monkeypatch.setattr(watch, "EVENT_SECONDS", PATIENCE)


@pytest.fixture
def visit(start: Start, sign_in: SignInAs, residents: None) -> Iterator[Visit]:
    """``visit(view)``: a process with a plugin whose page and form do this, and somebody at the desk there."""
    processes: list[Flask] = []

    def visit(do: Callable[..., Any] = loops_forever, *, pages: Blueprint | None = None, **hooks: Any) -> Any:
        pages = pages or of_one_view(do)
        process = start(faulty={"blueprint": lambda: pages, **hooks}, plugin_page_seconds=PATIENCE)
        processes.append(process)
        switch(process, "faulty", on=True)
        return process, same_person(sign_in("village_staff"), process)

    yield visit
    for process in processes:
        with process.app_context():
            db.engine.dispose()


def of_one_view(do: Callable[..., Any]) -> Blueprint:
    pages = Blueprint("faulty", "faulty")
    view = requires("area.view")(lambda: do() or "selesai")
    pages.add_url_rule("/", "index", view)
    pages.add_url_rule("/save", "save", view, methods=["POST"])
    return pages


def connections_out(process: Flask) -> int:
    with process.app_context():
        return db.engine.pool.checkedout()  # pyright: ignore[reportAttributeAccessIssue]


def names_in_the_village(app: Flask) -> list[str]:
    with at(app, VILLAGE):
        return list(db.session.scalars(select(Person.name)))


# ---- its own pages ----


def writes_and_loops() -> None:
    db.session.execute(text("UPDATE persons SET name = 'Setengah jadi'"))
    loops_forever()


def flushes_and_loops() -> None:
    for person in db.session.scalars(select(Person)):
        person.name = "Setengah jadi"
    db.session.flush()
    loops_forever()


def loops_in_another_scope() -> None:
    with scope(AreaCode.parse(FOREIGN)):
        db.session.execute(text("UPDATE persons SET name = 'Setengah jadi'"))
        loops_forever()


def locks_and_loops() -> None:
    forgets_a_connection()
    loops_forever()


@pytest.mark.parametrize("hang", [*HANGS[:-2], writes_and_loops, flushes_and_loops, loops_in_another_scope])
def test_a_page_that_hangs_is_stopped_and_leaves_nothing_half_written(
    visit: Visit, app: Flask, owner_engine: Engine, hang: Callable[..., Any]
) -> None:
    process, staff = visit(hang)
    began = time.monotonic()
    page = staff.post(ITS_FORM, data={"note": "Surat dari pak RT"})
    assert page.status_code == 503
    assert time.monotonic() - began < 10 * PATIENCE
    assert STOPPED in page.text
    assert "0.5 detik" in page.text
    assert "Surat dari pak RT" in page.text, "what was typed can still be copied"
    assert newest_request_id(owner_engine) in page.text
    assert names_in_the_village(app) == ["Enok Sumarni"]
    assert connections_out(process) == 0
    [(hook, error)] = kept_failures(owner_engine)
    assert (hook, error.split()[0]) == ("page", "TooSlow")


def test_after_a_page_that_was_stopped_core_and_other_plugins_are_served(visit: Visit) -> None:
    process, staff = visit(writes_and_loops)
    for _time in range(2):
        assert staff.get(ITS_PAGE).status_code == 503
    platform = process.extensions["puskesos"]
    platform.config = replace(platform.config, plugin_page_seconds=60)  # for those that behave, on a busy machine
    for path in ("", "cases", "people", "homevisit/"):
        page = staff.get(HOME + path)
        assert page.status_code == 200
        assert "Setengah jadi" not in page.text


def newest_request_id(engine: Engine) -> str:
    with engine.connect() as connection:
        query = select(PluginFailure.request_id).order_by(PluginFailure.id.desc()).limit(1)
        return str(connection.execute(query).scalar_one())


def test_a_connection_that_a_stopped_page_held_is_closed_with_its_locks(visit: Visit, app: Flask) -> None:
    process, staff = visit(locks_and_loops)
    assert staff.get(ITS_PAGE).status_code == 503
    assert connections_out(process) == 0
    with at(app, VILLAGE):
        db.session.execute(text("SET LOCAL lock_timeout = '1s'; UPDATE persons SET version = version"))
        db.session.rollback()
    forgotten.clear()


def test_what_a_page_has_committed_before_it_was_stopped_stays(visit: Visit, app: Flask) -> None:
    def commits_and_loops() -> None:
        db.session.execute(text("UPDATE persons SET name = 'Selesai'"))
        db.session.commit()
        writes_and_loops()

    _process, staff = visit(commits_and_loops)
    page = staff.post(ITS_FORM)
    assert page.status_code == 503
    assert "Periksa dahulu apakah kiriman Anda sudah tercatat" in page.text
    assert names_in_the_village(app) == ["Selesai"]


def page_with(place: str) -> Blueprint:
    """Its view is well; a function around it hangs."""
    pages = Blueprint("faulty", "faulty")
    getattr(pages, place)(lambda *_given: loops_forever())

    @pages.get("/")
    @requires("area.view")
    def index() -> str:
        return "baik"

    return pages


@pytest.mark.parametrize("place", ["before_request", "after_request"])
def test_what_hangs_around_a_view_is_stopped_as_well(visit: Visit, place: str) -> None:
    _process, staff = visit(pages=page_with(place))
    page = staff.get(ITS_PAGE)
    assert page.status_code == 503
    assert STOPPED in page.text


def test_the_page_that_tells_is_made_without_the_plugin(visit: Visit) -> None:
    pages = of_one_view(loops_forever)
    pages.context_processor(lambda: loops_forever() or {})
    pages.errorhandler(Exception)(lambda _error: loops_forever() or "")
    _process, staff = visit(pages=pages)
    assert STOPPED in staff.get(ITS_PAGE).text


def test_a_page_that_fails_in_time_is_what_it_was(visit: Visit, owner_engine: Engine) -> None:
    _process, staff = visit(lambda: abort(404))
    assert staff.get(ITS_PAGE).status_code == 404
    assert kept_failures(owner_engine) == []


def test_a_page_that_wants_to_end_the_process_has_only_failed(visit: Visit, owner_engine: Engine) -> None:
    _process, staff = visit(sys.exit)
    page = staff.get(ITS_PAGE)
    assert page.status_code == 500
    assert newest_request_id(owner_engine) in page.text
    assert staff.get(HOME).status_code == 200


class SlowLine(io.BytesIO):
    """A body that takes its time to arrive."""

    def read(self, size: int | None = -1, /) -> bytes:
        time.sleep(PATIENCE + 0.2)
        return super().read(size)


def test_the_time_that_an_upload_takes_to_arrive_does_not_count(visit: Visit) -> None:
    _process, staff = visit(lambda: request.form["note"])
    form = "application/x-www-form-urlencoded"
    page = staff.post(ITS_FORM, input_stream=SlowLine(b"note=lama"), content_type=form)
    assert (page.status_code, page.text) == (200, "lama")


def test_an_answer_that_is_made_while_it_is_sent_breaks_off(visit: Visit, owner_engine: Engine) -> None:
    def endless() -> Iterator[str]:
        yield "awal"
        loops_forever()

    _process, staff = visit(endless)
    page = staff.get(ITS_PAGE, buffered=False)
    pieces = iter(page.response)
    assert next(pieces) == b"awal"
    with pytest.raises(TooSlow):
        next(pieces)
    assert [hook for hook, _error in kept_failures(owner_engine)] == ["page"]


def test_an_answer_in_pieces_arrives_whole(visit: Visit) -> None:
    _process, staff = visit(lambda: (f"{number} " for number in range(5)))
    assert staff.get(ITS_PAGE).text == "0 1 2 3 4 "


def test_while_one_page_hangs_out_of_reach_nobody_else_waits_for_the_plugin(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setattr(watch, "STUCK_TICKS", 2)
    reached, free, told = threading.Event(), threading.Event(), []

    def waits_in_c() -> None:
        reached.set()
        while not free.is_set():
            time.sleep(0.01)

    process, staff = visit(waits_in_c, case_changed=lambda case: told.append(case.state))
    monkeypatch.setattr(watch, "raise_in", in_c_only_ones_own(watch.raise_in))
    answers: list[Any] = []
    hanging = threading.Thread(target=lambda: answers.append(staff.get(ITS_PAGE)))
    hanging.start()
    try:
        assert reached.wait(10)
        registry = process.extensions["puskesos"].plugins
        while hanging.is_alive() and not registry.hangs("faulty"):
            time.sleep(0.01)
        colleague = same_person(staff, process)
        page = colleague.post(ITS_FORM, data={"note": "Surat dari pak RT"})
        assert page.status_code == 503
        assert HANGING in page.text
        assert "Surat dari pak RT" in page.text
        with at(app, VILLAGE):
            case = str(db.session.scalars(select(Case.id)).one())
        assert step(colleague, case, "schedule") == 302
        assert told == []
    finally:
        free.set()
        hanging.join(10)
    assert STOPPED in answers[0].text
    assert staff.get(ITS_PAGE).text == "selesai"


# ---- its events ----


@pytest.mark.parametrize(
    "hang",
    [
        loops_forever,
        loops_and_catches_everything,
        catches_even_being_cut_off_once,
        sleeps_in_the_database,
        sleeps_in_the_database_and_catches,
        writes_and_loops,
    ],
)
def test_an_event_that_hangs_is_cut_off_and_the_others_are_told(
    visit: Visit, app: Flask, owner_engine: Engine, hang: Callable[..., Any]
) -> None:
    process, staff = visit(case_changed=hang)
    assert_a_step_is_taken(app, staff)
    assert connections_out(process) == 0
    assert [hook for hook, _error in kept_failures(owner_engine)] == ["case_changed"]
    assert kept_failures(owner_engine)[0][1].startswith("TooSlow")
    assert names_in_the_village(app) == ["Enok Sumarni"]


def assert_a_step_is_taken(app: Flask, staff: FlaskClient) -> None:
    """And the outside plugin, which comes after the faulty one, is told."""
    with at(app, VILLAGE):
        case = str(db.session.scalars(select(Case.id)).one())
        db.session.execute(text("UPDATE homevisit_visits SET planned_on = '2020-01-01'"))
        db.session.commit()
    assert step(staff, case, "schedule") == 302
    with at(app, VILLAGE):
        assert db.session.scalars(select(Case.state)).one() == "scheduled"
        assert "moved" in db.session.scalars(select(CaseEvent.kind)).all()
        assert str(db.session.scalars(text("SELECT planned_on FROM homevisit_visits")).one()) != "2020-01-01"


def test_an_event_may_be_cut_off_in_the_middle_of_a_statement(
    visit: Visit, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the statement begins just as its code is interrupted: nothing more can be said on that connection."""
    process, staff = visit(case_changed=sleeps_in_the_database)
    active, looks = watch.is_active, iter([False])
    monkeypatch.setattr(watch, "is_active", lambda driver: next(looks, True) and active(driver))
    assert_a_step_is_taken(app, staff)
    assert connections_out(process) == 0


def test_what_is_kept_of_what_was_cut_off_says_where_it_was(visit: Visit, owner_engine: Engine) -> None:
    _process, staff = visit(loops_forever)
    staff.get(ITS_PAGE)
    assert kept_failures(owner_engine)[0][1].startswith("TooSlow (test_misbehaving_in_the_app.py, line ")


def test_what_is_told_of_many_villages_has_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "EVENT_SECONDS", 10.0)
    assert watch.event_seconds("case_opened", {"case": object()}) == 10
    assert watch.event_seconds("village_enabled", {"areas": [object()] * 435}) == pytest.approx(53.5)


# ---- one plugin on the way of another ----


def waits(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def ask(do: Callable[[], Any], seconds: float) -> Any:
    return in_time(do, seconds, lambda: None)


def test_the_time_of_a_plugin_that_is_asked_on_the_way_is_not_the_others() -> None:
    def outer() -> str:
        ask(lambda: waits(0.3), seconds=5)
        return "served"

    assert ask(outer, seconds=0.2) == "served"


def test_whoever_is_asked_on_the_way_and_takes_too_long_is_the_one_who_is_told() -> None:
    def outer() -> str:
        with pytest.raises(TooSlow, match=r"within 0\.1 s"):
            ask(loops_forever, seconds=0.1)
        return "served"

    assert ask(outer, seconds=5) == "served"


def test_the_clock_goes_on_afterwards() -> None:
    def outer() -> None:
        ask(lambda: waits(0.1), seconds=5)
        loops_forever()

    with pytest.raises(TooSlow, match=r"within 0\.2 s"):
        ask(outer, seconds=0.2)
