"""Up to which decile the programmes of a village are open, as their dated rules say it: what a moved decile may mean.

Only the gate: whether a family gets something hangs on more, which its screening tells (``core.cases.screening``).
"""

from dataclasses import dataclass
from datetime import date

from core.areas.current import CurrentArea
from core.rules.rulebook import NoRule

from .catalogue import offered
from .service import Service

HIGHEST = 10


@dataclass(frozen=True)
class DecileGate:
    """A service with the highest decile that one value of its rule lets in; ``title`` is what the value is called."""

    service: Service
    limit: int
    title: str

    def crossed(self, old: int | None, new: int) -> int:
        """1 where a family came in by its new decile, -1 where it went out, 0 where neither, or none was known."""
        if old is None:
            return 0
        return (new <= self.limit) - (old <= self.limit)


def decile_gates(area: CurrentArea, on: date) -> list[DecileGate]:
    """Of every service that the village offers, by the rules of the day there: its values with "decile" in the name.

    A gate of 0 or 10 parts nobody and is left out, and so is a service of whose day no rule speaks.
    """
    return [gate for service in offered(area).values() for gate in _gates_of(service, area, on)]


def _gates_of(service: Service, area: CurrentArea, on: date) -> list[DecileGate]:
    if service.rules is None:
        return []
    try:
        rule = service.rules.at(on, area.interval)
    except NoRule:
        return []
    return [
        DecileGate(service, value, service.rules.title_of(key))
        for key, value in rule.values.items()
        if "decile" in key and type(value) is int and 0 < value < HIGHEST
    ]
