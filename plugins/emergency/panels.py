"""What stands on core's pages: who is on call and what is open, a resident's escorts, a district's figures."""

from typing import Any

from core.api import Area, AreaCode, Case, Person, area_today, find_areas, now

from . import listing, report
from .roster import on_call
from .rulebook import rule_on
from .words import STATES, TIMES

MOST_VILLAGES = 8


def standing_of(area: Area) -> dict[str, Any]:
    """Of a village's first page: two queries."""
    return {
        "on_call": on_call(area.id, now()),
        "rows": listing.open_escorts(area.id),
        "today": area_today(),
    }


def of_person(person: Person) -> dict[str, Any] | None:
    rows = listing.of_person(person)
    return {"rows": rows, "states": STATES, "today": area_today()} if rows else None


def of_case(case: Case) -> dict[str, Any] | None:
    rows = listing.of_case(case.village_id, case.id)
    return {"rows": rows, "states": STATES, "today": area_today()} if rows else None


def figures_of(area: Area) -> dict[str, Any] | None:
    """Of a district's or kecamatan's first page: three queries. The slowest villages stand first, no village of few."""
    rule = rule_on(area_today())
    period = report.last_days(rule.overview_days, area.timezone)
    by_village = report.speeds_by_village(area.interval, period, area.timezone, rule.small)
    if not by_village:
        return None
    told = [(key, speed) for key, speed in by_village.items() if speed.arrived.median is not None]
    slowest = sorted(told, key=lambda item: (-(item[1].arrived.median or 0), item[0]))[:MOST_VILLAGES]
    titles = {each.id: each.title for each in find_areas(key for key, _speed in slowest)}
    return {
        "speed": report.speed_in(area.interval, period, area.timezone, rule.small),
        "villages": len(by_village),
        "slowest": [(titles.get(key, AreaCode.from_id(key)), speed) for key, speed in slowest],
        "days": rule.overview_days,
        "small": rule.small,
        "titles": TIMES,
        "in_minutes": report.in_minutes,
    }
