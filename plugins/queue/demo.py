"""What the demonstration shows: services, two counters, some weeks behind, a morning in full swing, a request."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.api import Area, Case, Person, commit, db, missing_papers, now, today

from .arrivals import Arrival, arrive, turn_away
from .bookings import Booker, book, slots_of
from .calling import call, finish, skip, start
from .desk_days import desk_days
from .models import QueueCounter, QueueService, QueueTicket
from .requests import Asked, take_request

SERVICES = (
    ("A", "Surat dan usulan bantuan", 15, True, "KTP\nKartu Keluarga\nSurat pengantar RT/RW"),
    ("B", "Keluhan dan pertanyaan", 10, False, ""),
    ("C", "Jaminan kesehatan", 20, True, "KTP\nKartu Keluarga\nSurat berobat bila sedang dirawat"),
)
COUNTERS = ("Loket 1", "Loket 2")
WEEKS, FEWEST, MOST = 6, 14, 26


def fill(area: Area) -> None:
    """Nothing where there is a service already."""
    if db.session.scalar(select(QueueService.id).where(QueueService.village_id == area.id).limit(1)) is not None:
        return
    services = [_service(area, place) for place in range(len(SERVICES))]
    counters = [QueueCounter(village_id=area.id, name=name, position=n) for n, name in enumerate(COUNTERS)]
    db.session.add_all([*services, *counters])
    db.session.flush()
    draw = Random(area.id)  # noqa: S311 - made-up days, the same each time
    for week in range(WEEKS, 0, -1):
        _past_day(area, services, counters[0], today(area.timezone) - timedelta(weeks=week), draw)
    _this_day(area, services, counters)
    _bookings(area, services[0])
    _request(area)
    commit()


def _service(area: Area, place: int) -> QueueService:
    prefix, name, minutes, books, bring = SERVICES[place]
    return QueueService(
        village_id=area.id,
        prefix=prefix,
        name=name,
        minutes=minutes,
        accepts_bookings=books,
        bring=bring,
        position=place,
        slot_capacity=6,
    )


def _id(area: Area, *parts: object) -> UUID:
    return uuid5(NAMESPACE_URL, f"queue/{area.code}/{'/'.join(map(str, parts))}")


def _past_day(area: Area, services: Sequence[QueueService], counter: QueueCounter, day: date, draw: Random) -> None:
    """One clerk, who takes them in turn and goes home at two."""
    opens = datetime.combine(day, time(8), ZoneInfo(area.timezone))
    closes, free = opens + timedelta(hours=6), opens
    for number in range(draw.randint(FEWEST, MOST)):
        arrived = opens + timedelta(minutes=draw.expovariate(1 / 12) + number * 12)
        service = draw.choice(services)
        who = Arrival(_id(area, day, number), priority="elderly" if draw.random() < 0.15 else "")
        ticket = arrive(area, service, who, arrived, by=None)
        called = max(free, arrived) + timedelta(minutes=1)
        if called > closes:
            ticket.state, ticket.finished_at = "turned_away", closes
            continue
        call(ticket, counter, called, by=None)
        free = called + timedelta(minutes=draw.gammavariate(3, service.minutes / 3))
        finish(ticket, free, by=None)
    if draw.random() < 0.5:
        turn_away(area, services[0].id, closes, "closing", draw.randint(1, 4), by=None)


def _this_day(area: Area, services: Sequence[QueueService], counters: Sequence[QueueCounter]) -> None:
    """Served, at the counters, skipped, and waiting."""
    begun = now() - timedelta(minutes=50)
    tickets: list[QueueTicket] = []
    people = _residents(area)
    for number in range(9):
        person = people[number] if number < len(people) and number % 2 else None
        priority = "pregnant" if number == 6 else ""
        who = Arrival(_id(area, "today", number), priority, person)
        moment = begun + timedelta(minutes=4 * number)
        tickets.append(arrive(area, services[number % len(services)], who, moment, by=None))
    for place, ticket in enumerate(tickets[:3]):
        call(ticket, counters[place % 2], begun + timedelta(minutes=10 * place + 5), by=None)
    finish(tickets[0], begun + timedelta(minutes=14), by=None)
    start(tickets[1], begun + timedelta(minutes=16), by=None)
    call(tickets[3], counters[0], begun + timedelta(minutes=30), by=None)
    skip(tickets[3], begun + timedelta(minutes=33), by=None)


def _bookings(area: Area, service: QueueService) -> None:
    """On the next day of the desk, of residents who have an open case."""
    at = now()
    cases = _cases_with_missing_papers(area)
    for day in desk_days(area, today(area.timezone) + timedelta(days=1), 10):
        free = [slot for slot in slots_of(area, service, day, at) if slot.free]
        for slot, case in zip(free, cases, strict=False):
            person = db.session.get(Person, (area.id, case.person_id))
            who = Booker("kader", person=person, case=case, id=_id(area, "booking", case.id))
            book(area, service, slot.start, who, at)
        if free:
            book(area, service, free[-1].start, Booker("public", "Ibu Yati (contoh)", "0812-0000-0021"), at)
            return


def _cases_with_missing_papers(area: Area, most: int = 2) -> Sequence[Case]:
    """Open ones that everybody at the desk may see."""
    found = db.session.scalars(
        select(Case)
        .where(Case.village_id == area.id, Case.closed_at.is_(None), Case.readers.is_(None))
        .order_by(Case.id)
    ).all()
    missing = missing_papers(found)
    return [case for case in found if missing.get(case.id)][:most]


def _request(area: Area) -> None:
    asked = Asked(
        _id(area, "request"),
        "public",
        "Surat keterangan untuk rumah sakit, suami dirawat sejak semalam.",
        "Ibu Neneng (contoh)",
        "0812-0000-0022",
    )
    take_request(area, asked, now() - timedelta(hours=12), by=None)


def _residents(area: Area) -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .where(Person.village_id == area.id, Person.life_status == "alive", Person.nik.is_not(None))
        .order_by(Person.nik)
        .limit(9)
    ).all()
