"""Which organisation receives what at which level, within how many working days: the district's own dated table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.api import Area, Organisation, addressees, db, district_of, record

from .models import SlrtRoute
from .rulebook import rule_on
from .words import EVERYTHING, LEVELS, level_of


@dataclass(frozen=True)
class RouteInput:
    topic: str
    level: str
    organisation_id: UUID | None
    days: int
    valid_from: date
    active: bool = True


@dataclass(frozen=True)
class Step:
    """A rung of the ladder for one case. ``to`` is what core's form calls the organisation; "" where nobody is set.

    ``own``: the district wrote it; else it is what usually holds.
    """

    level: str
    to: str
    title: str
    days: int
    own: bool


def write_route(district_id: int, data: RouteInput, by: UUID | None) -> None:
    """A new row, or the one of the same day anew. In the scope of the district's own rows; the caller commits."""
    values = {**vars(data), "created_by": by}
    changed = {name: values[name] for name in ("organisation_id", "days", "active", "created_by")}
    statement = insert(SlrtRoute).values(village_id=district_id, **values)
    statement = statement.on_conflict_do_update(
        constraint="uq_slrt_routes_from", set_={**changed, "version": SlrtRoute.version + 1}
    )
    db.session.execute(statement)
    since = data.valid_from.isoformat()
    deed = "slrt.route_set" if data.active else "slrt.route_ended"
    record(deed, "slrt_route", f"{data.topic}/{data.level}", topic=data.topic, level=data.level, since=since)


def routes_of(district_id: int) -> Sequence[SlrtRoute]:
    """All of a district's, the newest of each topic and level first; where its own rows can be read."""
    rows = db.session.scalars(
        select(SlrtRoute)
        .where(SlrtRoute.village_id == district_id)
        .order_by(SlrtRoute.topic, SlrtRoute.level, SlrtRoute.valid_from.desc())
    ).all()
    order = list(LEVELS)
    place = {level: number for number, level in enumerate(order)}
    return sorted(rows, key=lambda row: (row.topic != EVERYTHING, row.topic, place.get(row.level, len(order))))


def in_force(routes: Sequence[SlrtRoute], service: str, day: date) -> dict[str, SlrtRoute]:
    """By level: of the service before its module before everything; one that has ended counts no more."""
    found: dict[str, SlrtRoute] = {}
    for topic in (EVERYTHING, service.partition(".")[0], service):
        newest: dict[str, SlrtRoute] = {}
        for route in routes:
            known = newest.get(route.level)
            if (
                route.topic == topic
                and route.valid_from <= day
                and (known is None or known.valid_from < route.valid_from)
            ):
                newest[route.level] = route
        found |= {level: route for level, route in newest.items() if route.active}
    return found


def ladder(village: Area, routes: Sequence[SlrtRoute], service: str, day: date) -> list[Step]:
    """From the kecamatan up: to whom a case of this service goes. Two queries.

    A level that the district wrote nothing about has the office around the village, if there is one, and the usual
    days. An organisation that takes none any more, or serves elsewhere, is left out.
    """
    written, usual = in_force(routes, service, day), rule_on(day).days
    choices = addressees(village.interval)
    by_key = {choice.key: choice for choice in choices}
    steps = []
    for level in LEVELS:
        route = written.get(level)
        wanted = str(route.organisation_id) if route and route.organisation_id else ""
        choice = by_key.get(wanted)
        if choice is None and not wanted and level in ("kecamatan", "dinsos"):
            choice = next((each for each in choices if each.sector == level), None)
        days = route.days if route else usual[level]
        if choice is not None:
            steps.append(Step(level, choice.key, choice.title, days, route is not None))
        elif route is not None and not wanted:
            steps.append(Step(level, "", "", days, own=True))
    return steps


def receivers_in(district: Area) -> Sequence[Organisation]:
    """The organisations of the whole district that a route can name, by name."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.area_id == district_of(district).id, Organisation.active)
        .order_by(Organisation.name)
    ).all()


def fits(organisation: Organisation, level: str) -> bool:
    """An office receives at its own level only; others at any level above it, such as a provincial agency."""
    own = level_of(organisation.sector)
    return level == own if own != "opd" else level in ("opd", "province", "ministry")
