"""Why a family may get something: criteria one by one, judged by rules that are dated data.

Rules change several times a year. Each version stands in the plugin's ``rules.toml`` with the days on which it holds,
the regulation that it comes from and how certain it is; a case keeps the version by which it was judged.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, get_args

from flask_babel import gettext as _

from core.cases.workflow import Text, check_text

Certainty = Literal["verified", "plausible", "unverified"]
CriterionKind = Literal["required", "one_of", "favours"]

_FIELDS = ("valid_from", "valid_to", "regulation", "certainty")


@dataclass(frozen=True, eq=False)
class Criterion:
    """One condition, with the answer for one family.

    Attributes:
        title: the condition, as a clerk would say it to the family.
        met: True, False, or None when it is not known yet.
        settled_by: what to do to find out; shown when ``met`` is None.
        regulation: where the condition comes from, when it is not that of the rule.
        kind: how much hangs on it. "required": whoever does not meet it is not eligible. "one_of": of all criteria of
            this kind, one that is met is enough. "favours": speaks for the family and never against it.
    """

    title: Text
    met: bool | None
    settled_by: Text | None = None
    regulation: Text | None = None
    kind: CriterionKind = "required"

    def __post_init__(self) -> None:
        if self.kind not in get_args(CriterionKind):
            raise ValueError(f"Criterion {str(self.title)!r}: kind must be one of {get_args(CriterionKind)}")
        check_text("Criterion", "title", self.title)
        if self.met is not None and not isinstance(self.met, bool):
            raise ValueError(f"Criterion {str(self.title)!r}: met must be True, False or None, not {self.met!r}")


class NoRule(LookupError):
    """No rule holds on a day; the message can be shown to the clerk."""


@dataclass(frozen=True, eq=False)
class Rule:
    """One version of the rules. The values of its table are attributes: ``rule.age_max``, ``rule.amount["sd"]``.

    Attributes:
        valid_from, valid_to: first and last day on which it holds; ``valid_to`` None when no end is known.
        regulation: number and title of the regulation.
        certainty: "verified" (a source was read), "plausible" or "unverified"; shown to the clerk.
        values: all other keys of the table, read-only; arrays as tuples.
        origin: file and number, for messages.
    """

    valid_from: date
    valid_to: date | None
    regulation: str
    certainty: Certainty
    values: Mapping[str, Any]
    origin: str

    @property
    def version(self) -> str:
        """What a case stores: "2024-02-01 Persesjen Kemendikbudristek 20/2021"."""
        return f"{self.valid_from.isoformat()} {self.regulation}"

    def holds(self, on: date) -> bool:
        """Whether it is the rule of that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def __getattr__(self, name: str) -> Any:
        # Reached only for what is not a field. ``values`` itself is missing while the object is being copied.
        values = self.__dict__.get("values", {})
        if name in values:
            return values[name]
        raise AttributeError(f"{self.__dict__.get('origin', 'rule')} has no value {name!r}")


class Rules:
    """All versions of a plugin's rules, oldest first."""

    all: tuple[Rule, ...]

    def __init__(self, rules: Iterable[Rule], origin: str) -> None:
        """Raises: ValueError: there is no rule, or two hold on one day."""
        self.all = tuple(sorted(rules, key=lambda rule: rule.valid_from))
        self._origin = origin
        if not self.all:
            raise ValueError(f"{origin}: no [[rule]]")
        for earlier, later in zip(self.all, self.all[1:], strict=False):
            if earlier.holds(later.valid_from):
                raise ValueError(
                    f"{later.origin} overlaps {earlier.origin}: give the earlier one a valid_to"
                    f" before {later.valid_from.isoformat()}"
                )

    @classmethod
    def load(cls, package: str) -> "Rules":
        """Read ``rules.toml`` in ``package`` (``__package__`` of the caller): its ``[[rule]]`` tables.

        Raises:
            ValueError: the file or a rule in it is not valid; the message names both.
            FileNotFoundError: the package has no such file.
        """
        return cls.load_parts(package, "rule")[0]

    @classmethod
    def load_parts(cls, package: str, *names: str) -> tuple["Rules", ...]:
        """As ``load``, for a plugin whose services follow regulations that change apart from each other.

        Args:
            names: the lists of the file: "school" and "college" for ``[[school]]`` and ``[[college]]``, and no others.
        """
        text = resources.files(package).joinpath("rules.toml").read_text(encoding="utf-8")
        return cls._parse(text, f"{package}/rules.toml", names)

    @classmethod
    def parse(cls, text: str, origin: str) -> "Rules":
        """As ``load``, from the file's text; ``origin`` names the file in messages."""
        return cls._parse(text, origin, ("rule",))[0]

    @classmethod
    def _parse(cls, text: str, origin: str, names: Sequence[str]) -> tuple["Rules", ...]:
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{origin}: {error}") from error
        unknown = document.keys() - set(names)
        if unknown:
            wanted = " and ".join(f"[[{name}]]" for name in names)
            raise ValueError(f"{origin}: only {wanted} tables are expected, not {sorted(unknown)}")
        return tuple(cls._of_part(document.get(name, []), origin, name) for name in names)

    @classmethod
    def _of_part(cls, tables: Any, origin: str, name: str) -> "Rules":
        if not isinstance(tables, list):
            raise ValueError(f"{origin}: write [[{name}]] with two brackets, so that a second rule can follow")
        if not tables:
            raise ValueError(f"{origin}: no [[{name}]]")
        rules = (_rule(table, f"{origin}, {name} {number}") for number, table in enumerate(tables, start=1))
        return cls(rules, origin)

    def at(self, on: date) -> Rule:
        """The rule that holds on the day ``on``.

        Raises:
            NoRule: none does.
        """
        for rule in self.all:
            if rule.holds(on):
                return rule
        raise NoRule(
            _("Tidak ada aturan yang berlaku pada %(date)s (%(file)s).", date=on.isoformat(), file=self._origin)
        )

    @property
    def regulations(self) -> tuple[str, ...]:
        """The regulations, newest first, each once."""
        return tuple(dict.fromkeys(rule.regulation for rule in reversed(self.all)))


def _rule(table: dict[str, Any], origin: str) -> Rule:
    for field in ("valid_from", "regulation", "certainty"):
        if field not in table:
            raise ValueError(f"{origin}: {field} is missing")
    valid_from = _day(table, "valid_from", origin)
    valid_to = _day(table, "valid_to", origin) if "valid_to" in table else None
    if valid_to is not None and valid_to < valid_from:
        raise ValueError(f"{origin}: valid_to {valid_to.isoformat()} is before valid_from {valid_from.isoformat()}")
    if not isinstance(table["regulation"], str) or not table["regulation"].strip():
        raise ValueError(f"{origin}: regulation must name the regulation")
    if table["certainty"] not in get_args(Certainty):
        raise ValueError(f"{origin}: certainty must be one of {get_args(Certainty)}, not {table['certainty']!r}")
    values = {key: value for key, value in table.items() if key not in _FIELDS}
    for key in values:
        if not key.isidentifier() or hasattr(Rule, key) or key in Rule.__dataclass_fields__:
            raise ValueError(f"{origin}: a value cannot be called {key!r}")
    return Rule(valid_from, valid_to, table["regulation"].strip(), table["certainty"], _frozen(values), origin)


def _day(table: dict[str, Any], field: str, origin: str) -> date:
    value = table[field]
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"{origin}: {field} must be a date such as 2024-02-01, without quotes, not {value!r}")
    return value


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value
