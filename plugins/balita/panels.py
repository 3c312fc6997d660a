"""What stands on core's pages: a child's last measurement, and what the village has to do this month."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.api import Area, Person, area_today

from .children import children_on
from .growth import Growth, judge, times_not_risen
from .measurements import is_child, measurements_of
from .rulebook import rule_on

GROWN_UP = 10  # nobody older was measured: no query for them


@dataclass(frozen=True)
class Standing:
    """A child's last measurement; ``growth`` is None before the first."""

    person: Person
    growth: Growth | None
    not_risen: int
    refer: bool
    is_child: bool


def standing_of(person: Person) -> Standing | None:
    """One query; None for who is no child any more and was never measured."""
    today = area_today()
    child = is_child(person, today)
    if person.erased or person.age(today) > GROWN_UP:
        return None
    readings = [each.reading for each in measurements_of(person)]
    if not child and not readings:
        return None
    growth = judge(person.sex, person.birth_date, readings[-1]) if readings else None
    not_risen, rule = times_not_risen(readings, person.birth_date), rule_on(today)
    refer = not_risen >= rule.not_rising or bool(growth and growth.below(rule.refer_below))
    return Standing(person, growth, not_risen, refer, child)


def due_in(area: Area) -> Mapping[str, Any] | None:
    """Counts only: this stands on the first page of everybody who may see the report."""
    children = children_on(area.id, area_today(), once_measured=True)
    due, refer = sum(child.is_due for child in children), sum(child.is_to_refer for child in children)
    measured = any(child.readings for child in children)
    return {"due": due, "refer": refer, "children": len(children)} if measured and (due or refer) else None
