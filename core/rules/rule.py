"""One version of a plugin's rules, with the values that areas have put in the place of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from core.areas.code import AreaCode
from core.texts import Text

from .values import as_json, in_words

Certainty = Literal["verified", "plausible", "unverified"]


@dataclass(frozen=True, eq=False)
class Override:
    """A value that an area has put in the place of a rule's own, for it and all below.

    Attributes:
        key: of the value: "decile_max", or "amount.sd" of one entry of a table.
        title: what the value is called.
        area, area_title: who decided on it.
        valid_from, valid_to: first and last day on which it holds; ``valid_to`` None when no end is known.
        source: the regulation or decision that it comes from.
        certainty: as a rule's.
    """

    key: str
    value: Any
    title: Text
    area: AreaCode
    area_title: str
    valid_from: date
    valid_to: date | None
    source: str
    certainty: Certainty

    @property
    def text(self) -> str:
        """The value in words, in the reader's language."""
        return in_words(self.value)

    @property
    def version(self) -> str:
        """As a case stores it: "decile_max = 6 (32.01, 2026-03-01 Perbup 12/2026)"."""
        return (
            f"{self.key} = {json.dumps(as_json(self.value))} ({self.area}, {self.valid_from.isoformat()} {self.source})"
        )


@dataclass(frozen=True, eq=False)
class Rule:
    """One version of the rules. The values of its table are attributes: ``rule.age_max``, ``rule.amount["sd"]``.

    Attributes:
        valid_from, valid_to: first and last day on which it holds; ``valid_to`` None when no end is known.
        regulation: number and title of the regulation.
        certainty: "verified" (a source was read), "plausible" or "unverified"; shown to the clerk.
        values: all other keys of the table, read-only; arrays as tuples.
        origin: file and number, for messages.
        overrides: those among the values that the area or one above it has set, each with its own source.
    """

    valid_from: date
    valid_to: date | None
    regulation: str
    certainty: Certainty
    values: Mapping[str, Any]
    origin: str
    overrides: tuple[Override, ...] = ()

    @property
    def version(self) -> str:
        """What a case stores: "2024-02-01 Persesjen Kemendikbudristek 20/2021", then what areas have set instead."""
        declared = f"{self.valid_from.isoformat()} {self.regulation}"
        return "; ".join([declared, *(override.version for override in self.overrides)])

    def holds(self, on: date) -> bool:
        """Whether it is the rule of that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def __getattr__(self, name: str) -> Any:
        # Reached only for what is not a field. ``values`` itself is missing while the object is being copied.
        values = self.__dict__.get("values", {})
        if name in values:
            return values[name]
        raise AttributeError(f"{self.__dict__.get('origin', 'rule')} has no value {name!r}")
