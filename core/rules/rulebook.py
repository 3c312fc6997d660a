"""All versions of a plugin's rules: what ``rules.toml`` declares, with what areas have put in the place of its values.

Rules change several times a year. Each version stands in the file with the days on which it holds, the regulation that
it comes from and how certain it is; a district may set another value, which has its own day, source and certainty
(``core.rules.in_force``). A case keeps the version by which it was judged.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, TypeVar, overload

from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.clock import today
from core.database.session import Interval
from core.texts import Text

from .in_force import Book, Stored, overrides_on
from .parsing import parse_parts
from .rule import Override, Rule
from .titles import COMMON_TITLES
from .values import fits, from_json, leaves, put

Value = TypeVar("Value")

LOADED: dict[str, tuple["Rules", ...]] = {}
"""What was read from a ``rules.toml``, by the package that it lies in."""

ALONE = "rule"
"""The name of the list in a file that has only one."""

_NO_TITLES: Mapping[str, Text] = MappingProxyType({})
_NO_CHOICES: Mapping[str, Collection[str]] = MappingProxyType({})


class NoRule(LookupError):
    """No rule holds on a day; the message can be shown to the clerk."""


class Rules:
    """All versions of a plugin's rules, oldest first, as the file declares them."""

    all: tuple[Rule, ...]
    plugin: str
    part: str

    def __init__(self, rules: Iterable[Rule], origin: str, book: Book = ("", ALONE)) -> None:
        """Raises: ValueError: there is no rule, or two hold on one day."""
        self.all = tuple(sorted(rules, key=lambda rule: rule.valid_from))
        self.plugin, self.part = book
        self._origin = origin
        self._titles, self._choices = COMMON_TITLES, _NO_CHOICES
        if not self.all:
            raise ValueError(f"{origin}: no [[rule]]")
        for earlier, later in zip(self.all, self.all[1:], strict=False):
            if earlier.holds(later.valid_from):
                raise ValueError(
                    f"{later.origin} overlaps {earlier.origin}: give the earlier one a valid_to"
                    f" before {later.valid_from.isoformat()}"
                )

    @classmethod
    def load(
        cls,
        package: str,
        *,
        titles: Mapping[str, Text] = _NO_TITLES,
        choices: Mapping[str, Collection[str]] = _NO_CHOICES,
    ) -> "Rules":
        """Read ``rules.toml`` in ``package`` (``__package__`` of the caller): its ``[[rule]]`` tables.

        Args:
            titles: what each value is called where a district sets another: ``{"decile_max": _("Desil tertinggi")}``. A
                table's serves its entries (``amount.sd``), which may have their own. What most rules have, such as
                ``stale_days`` and ``fee``, is called as in ``core.rules.titles`` where nothing else is said.
            choices: what a text, or each of a list of texts, may be: ``{"grounds": GROUNDS}``. Without it a list takes
                what some version of the rule has, and a text anything.

        Raises:
            ValueError: the file or a rule in it is not valid; the message names both.
            FileNotFoundError: the package has no such file.
        """
        return cls.load_parts(package, ALONE, titles=titles, choices=choices)[0]

    @classmethod
    def load_parts(
        cls,
        package: str,
        *names: str,
        titles: Mapping[str, Text] = _NO_TITLES,
        choices: Mapping[str, Collection[str]] = _NO_CHOICES,
    ) -> tuple["Rules", ...]:
        """As ``load``, for a plugin whose services follow regulations that change apart from each other.

        Args:
            names: the lists of the file: "school" and "college" for ``[[school]]`` and ``[[college]]``, and no others.
        """
        text = resources.files(package).joinpath("rules.toml").read_text(encoding="utf-8")
        origin = f"{package}/rules.toml"
        plugin = package.rpartition(".")[2].removeprefix("puskesos_")
        found = tuple(cls(rules, origin, (plugin, name)) for name, rules in parse_parts(text, origin, names).items())
        for rules in found:
            rules._titles, rules._choices = {**COMMON_TITLES, **titles}, choices
        LOADED[package] = found
        return found

    @classmethod
    def parse(cls, text: str, origin: str) -> "Rules":
        """As ``load``, from the file's text; ``origin`` names the file in messages. No area overrides these."""
        return cls(parse_parts(text, origin, (ALONE,))[ALONE], origin)

    def at(self, on: date, area: Interval | None = None) -> Rule:
        """The rule that holds on the day ``on``, with the values that the area has set in the place of its own.

        Args:
            area: None: that of the request, command or job; where residents are judged, that of their village.

        Raises:
            NoRule: none does.
        """
        declared = self.declared_at(on)
        if not self.plugin:
            return declared
        found = overrides_on((self.plugin, self.part), on, AreaCode.from_id(area.id) if area else None)
        return _overridden(self, declared, found) if found else declared

    def get(self, on: date, area: Interval | None = None) -> Rule | None:
        """As ``at``, but None on a day that no rule speaks of."""
        try:
            return self.at(on, area)
        except NoRule:
            return None

    def declared_at(self, on: date) -> Rule:
        """The rule that holds on the day ``on`` as the file has it, whatever an area has set.

        Raises:
            NoRule: none does.
        """
        for rule in self.all:
            if rule.holds(on):
                return rule
        raise NoRule(
            _("Tidak ada aturan yang berlaku pada %(date)s (%(file)s).", date=on.isoformat(), file=self._origin)
        )

    def value(self, key: str) -> "RuleValue":
        """One value for a declaration that is made once and holds for years, such as a service standard's days.

        Raises:
            ValueError: the newest rule has no such value.
        """
        if not self.has(key):
            raise ValueError(f"{self._origin}: the newest rule has no value {key!r}")
        return RuleValue(self, key)

    def has(self, key: str) -> bool:
        """Whether the newest rule has a value of this name."""
        return key in self.all[-1].values

    def title_of(self, key: str) -> str:
        """What a value is called; the key itself where the plugin does not say."""
        if key in self._titles:
            return str(self._titles[key])
        above, _dot, entry = key.rpartition(".")
        return f"{self.title_of(above)}: {entry}" if above else key

    def choices_of(self, key: str) -> Collection[str]:
        """What a text, or each of a list of texts, may be; empty where it is free or no text."""
        above = key
        while above:
            if above in self._choices:
                return self._choices[above]
            above = above.rpartition(".")[0]
        known: dict[str, None] = {}
        for rule in self.all:
            declared = dict(leaves(rule.values)).get(key)
            if isinstance(declared, tuple):
                known.update((item, None) for item in declared if isinstance(item, str))
        return tuple(known)

    @property
    def regulations(self) -> tuple[str, ...]:
        """The regulations, newest first, each once."""
        return tuple(dict.fromkeys(rule.regulation for rule in reversed(self.all)))


@lru_cache(maxsize=512)
def _overridden(rules: Rules, declared: Rule, found: tuple[Stored, ...]) -> Rule:
    """What the plugin no longer has, or has as another kind of value, is left out."""
    own, values, overrides = dict(leaves(declared.values)), declared.values, []
    for row in found:
        value = from_json(row.value, own.get(row.key))
        if row.key in own and fits(own[row.key], value):
            values = put(values, row.key, value)
            overrides.append(override_of(rules, row, value))
    return replace(declared, values=values, overrides=tuple(overrides)) if overrides else declared


def override_of(rules: Rules, row: Stored, value: Any) -> Override:
    """A row as it is shown to people."""
    return Override(
        key=row.key,
        value=value,
        title=rules.title_of(row.key),
        area=row.area,
        area_title=row.area_title,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        certainty=row.certainty,
    )


class RuleValue:
    """A value that is looked up when it is needed: that of the day, in the area in which it is asked.

    In a text it stands for today's.
    """

    def __init__(self, rules: Rules, key: str) -> None:
        self.rules, self.key = rules, key

    def on(self, day: date) -> Any:
        """That of the newest rule on a day of which no rule speaks."""
        try:
            return self.rules.at(day).values[self.key]
        except NoRule:
            return self.rules.all[-1].values[self.key]

    def __str__(self) -> str:
        return str(self.on(today()))


@overload
def value_on(value: RuleValue, day: date) -> Any: ...
@overload
def value_on(value: Value | RuleValue, day: date) -> Value: ...
def value_on(value: Any, day: date) -> Any:
    """What a declaration says on a day, where it may say a fixed value or one of the rules."""
    return value.on(day) if isinstance(value, RuleValue) else value


def declared_values(value: Any) -> tuple[Any, ...]:
    """What a declaration may say on some day, to be checked once; nothing where it says None."""
    if isinstance(value, RuleValue):
        return tuple(rule.values[value.key] for rule in value.rules.all if value.key in rule.values)
    return () if value is None else (value,)


def books_of(plugin: str) -> tuple[Rules, ...]:
    """The rules that a plugin has loaded, in the order of its file."""
    return tuple(rules for found in LOADED.values() for rules in found if rules.plugin == plugin)


def adopt(package: str, plugin: str) -> None:
    """Give the rules of a plugin's package to it, whatever the package is called."""
    for rules in LOADED.get(package, ()):
        rules.plugin = plugin
