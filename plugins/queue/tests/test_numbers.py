"""Numbers are drawn in the database: no two are the same, none is left out, and a restart loses nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.api import Area, commit, db, now
from core.application import build
from core.database.urls import DatabaseUrls
from core.testing import SIBLING, VILLAGE, Clock, at, make_person, test_config
from plugins.queue.arrivals import Arrival, DayFull, arrive, next_number
from plugins.queue.bookings import Booker, SlotFull, book
from plugins.queue.calling import call_next, close_day, finish, skip, transfer, undo
from plugins.queue.desk_days import desk_day, desk_of
from plugins.queue.models import QueueCounter, QueueService, QueueTicket
from plugins.queue.waiting import expected

from .conftest import COMPLAINTS, COUNTER, LETTERS, furnish, local


def service(area: Area, service_id: UUID = LETTERS) -> QueueService:
    return db.session.get_one(QueueService, (area.id, service_id))


def come(area: Area, at_moment: datetime, *, to: UUID = LETTERS, priority: str = "", draft: UUID | None = None) -> int:
    ticket = arrive(area, service(area, to), Arrival(draft or uuid4(), priority), at_moment, by=None)
    commit()
    return ticket.number


def test_fifty_who_come_at_once_get_the_numbers_one_to_fifty(app: Flask, areas: None) -> None:
    with at(app, VILLAGE) as area:
        furnish(area)

    def arrive_once(_n: int) -> int:
        with at(app, VILLAGE) as area:
            return come(area, now())

    with ThreadPoolExecutor(50) as crowd:
        numbers = list(crowd.map(arrive_once, range(50)))
    assert sorted(numbers) == list(range(1, 51))


def test_a_restart_loses_nothing(app: Flask, areas: None, database_urls: DatabaseUrls, tmp_path: Path) -> None:
    with at(app, VILLAGE) as area:
        furnish(area)
        assert [come(area, now()) for _ in range(3)] == [1, 2, 3]
        db.session.rollback()
    again = build(replace(test_config(tmp_path), environment="development"), database_urls.app, None)
    try:
        with at(again, VILLAGE) as area:
            counter = db.session.get_one(QueueCounter, (area.id, COUNTER))
            called = call_next(area.id, local_day(area), counter, [LETTERS], now(), by=None)
            assert called is not None
            assert called.number == 1
            assert come(area, now()) == 4
    finally:
        with again.app_context():
            db.engine.dispose()


def local_day(area: Area) -> date:
    return local(area, now().date(), 12).date() if area.timezone == "UTC" else desk_today(area)


def desk_today(area: Area) -> date:
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    return now().astimezone(ZoneInfo(area.timezone)).date()


def test_a_number_that_is_rolled_back_is_given_to_the_next(queue: Area) -> None:
    assert come(queue, now()) == 1
    assert next_number(service(queue), desk_today(queue)) == 2
    db.session.rollback()
    assert come(queue, now()) == 2
    assert come(queue, now(), to=COMPLAINTS) == 1
    draft = uuid4()
    assert come(queue, now(), draft=draft) == come(queue, now(), draft=draft) == 3


def test_the_database_refuses_a_second_ticket_of_a_number(queue: Area) -> None:
    come(queue, now())
    twin = dict(db.session.execute(text("SELECT * FROM queue_tickets")).mappings().one()) | {"id": uuid4()}
    with pytest.raises(IntegrityError, match="uq_queue_tickets_number"):
        db.session.execute(QueueTicket.__table__.insert().values(**twin))  # pyright: ignore[reportAttributeAccessIssue]
    db.session.rollback()


def test_a_day_that_is_full_gives_no_more_numbers(queue: Area) -> None:
    service(queue).day_limit = 2
    commit()
    assert [come(queue, now()), come(queue, now())] == [1, 2]
    with pytest.raises(DayFull, match="sudah habis"):
        come(queue, now())


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Asia/Jakarta", datetime(2026, 11, 12, 16, 59, tzinfo=UTC), date(2026, 11, 12)),
        ("Asia/Jakarta", datetime(2026, 11, 12, 17, 1, tzinfo=UTC), date(2026, 11, 13)),
        ("Asia/Jayapura", datetime(2026, 11, 12, 14, 59, tzinfo=UTC), date(2026, 11, 12)),
        ("Asia/Jayapura", datetime(2026, 11, 12, 15, 1, tzinfo=UTC), date(2026, 11, 13)),
    ],
)
def test_the_day_turns_at_midnight_of_the_village(queue: Area, zone: str, moment: datetime, day: date) -> None:
    there = replace(queue, timezone=zone)
    come(there, moment - timedelta(hours=12))
    ticket = arrive(there, service(queue), Arrival(uuid4()), moment, by=None)
    assert (ticket.day, ticket.number) == (day, 2 if day == date(2026, 11, 12) else 1)
    [hours] = desk_day(there, day).hours
    assert f"{hours[0]:%H.%M %Z}" == ("08.00 WIB" if zone == "Asia/Jakarta" else "08.00 WIT")


def test_of_two_who_want_the_last_place_one_gets_it(app: Flask, areas: None, clock: Clock) -> None:
    with at(app, VILLAGE) as area:
        furnish(area)
        start = local(area, date(2026, 11, 13), 9)
    moment = now()

    def try_it(name: str) -> str:
        with at(app, VILLAGE) as area:
            try:
                book(area, service(area), start, Booker("public", name, "0812"), moment)
                commit()
            except SlotFull as problem:
                db.session.rollback()
                return str(problem)
            return "ok"

    with ThreadPoolExecutor(8) as both:
        answers = sorted(both.map(try_it, [f"Warga {n}" for n in range(8)]))
    assert answers.count("ok") == 1
    assert all("baru saja diambil orang lain" in answer for answer in answers if answer != "ok")
    with at(app, VILLAGE):
        assert db.session.execute(text("SELECT taken, capacity FROM queue_slots")).one() == (1, 1)
        with pytest.raises(IntegrityError, match="taken"):
            db.session.execute(text("UPDATE queue_slots SET taken = 2"))
        db.session.rollback()


def test_two_counters_that_call_at_once_get_two_people(app: Flask, areas: None) -> None:
    with at(app, VILLAGE) as area:
        furnish(area)
        for _ in range(8):
            come(area, now())

    def call_once(_n: int) -> int:
        with at(app, VILLAGE) as area:
            counter = db.session.get_one(QueueCounter, (area.id, COUNTER))
            called = call_next(area.id, desk_today(area), counter, [LETTERS], now(), by=None)
            number = called.number if called else 0
            commit()
            return number

    with ThreadPoolExecutor(8) as counters:
        assert sorted(counters.map(call_once, range(8))) == list(range(1, 9))


def test_who_has_a_reason_is_called_first_and_then_who_came_first(queue: Area, clock: Clock) -> None:
    moments = [now() + timedelta(minutes=n) for n in range(6)]
    for moment, priority in zip(moments, ("", "elderly", "pregnant", "disabled", "emergency", ""), strict=True):
        come(queue, moment, priority=priority)
    old = make_person(queue.id, "Mak Icih", birth_date=date(1950, 1, 1))
    arrive(queue, service(queue), Arrival(uuid4(), person=old), moments[5], by=None)
    counter = db.session.get_one(QueueCounter, (queue.id, COUNTER))
    called = [call_next(queue.id, desk_today(queue), counter, [LETTERS], now(), by=None) for _ in range(8)]
    assert [ticket and ticket.number for ticket in called] == [5, 4, 3, 2, 7, 1, 6, None]


def test_steps_are_taken_back_one_by_one(queue: Area, clock: Clock) -> None:
    come(queue, now())
    day, counter = desk_today(queue), db.session.get_one(QueueCounter, (queue.id, COUNTER))
    ticket = call_next(queue.id, day, counter, [LETTERS], now(), by=None)
    assert ticket is not None
    skip(ticket, now(), by=None)
    db.session.flush()
    assert undo(ticket) == "skipped"
    db.session.flush()
    transfer(ticket, service(queue, COMPLAINTS), now(), by=None)
    db.session.flush()
    assert (ticket.state, ticket.waits_for_id, ticket.number) == ("waiting", COMPLAINTS, 1)
    assert undo(ticket) == "transferred"
    db.session.flush()
    assert (ticket.state, ticket.counter_id, ticket.waits_for_id) == ("called", COUNTER, LETTERS)
    clock.move(minutes=12)
    finish(ticket, now(), by=None)
    db.session.flush()
    assert (ticket.finished_at - ticket.started_at) == timedelta(minutes=12)  # pyright: ignore[reportOptionalOperand]
    assert undo(ticket) == "finished"
    assert undo(ticket) == "called"
    assert (ticket.state, ticket.called_at, ticket.counter_id) == ("waiting", None, None)


def test_the_expected_wait_follows_the_times_of_the_last_days(queue: Area, clock: Clock) -> None:
    day = desk_day(queue, desk_today(queue))
    desk = desk_of(queue.id)
    assert expected(queue, desk, day)[LETTERS].minutes == 0
    for _ in range(3):
        come(queue, now())
    come(queue, now(), to=COMPLAINTS)
    found = expected(queue, desk, day)
    assert (found[LETTERS].waiting, found[LETTERS].minutes) == (3, 3 * 10 + 20)
    db.session.add(QueueCounter(village_id=queue.id, name="Loket 2"))
    commit()
    assert expected(queue, desk_of(queue.id), day)[LETTERS].minutes == 25
    counter = db.session.get_one(QueueCounter, (queue.id, COUNTER))
    for _ in range(5):
        come(queue, now() - timedelta(hours=1), to=COMPLAINTS)
    for _ in range(5):
        ticket = call_next(queue.id, day.day, counter, [COMPLAINTS], now(), by=None)
        assert ticket is not None
        finish(ticket, now() + timedelta(minutes=4), by=None)
    commit()
    assert expected(queue, desk_of(queue.id), day)[COMPLAINTS].each == 4


def test_who_still_waits_when_the_desk_closes_is_counted(queue: Area, clock: Clock) -> None:
    for _ in range(3):
        come(queue, now())
    counter = db.session.get_one(QueueCounter, (queue.id, COUNTER))
    call_next(queue.id, desk_today(queue), counter, [LETTERS], now(), by=None)
    assert close_day(queue.id, desk_today(queue), now(), by=None) == 2
    commit()
    states = db.session.execute(text("SELECT state, count(*) FROM queue_tickets GROUP BY 1 ORDER BY 1"))
    assert [tuple(row) for row in states] == [("no_show", 1), ("turned_away", 2)]


def test_another_village_has_numbers_of_its_own(app: Flask, areas: None) -> None:
    for code in (VILLAGE, SIBLING):
        with at(app, code) as area:
            furnish(area)
            assert come(area, now()) == 1
