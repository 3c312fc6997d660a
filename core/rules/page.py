"""A plugin's rules in one area on one day, as people see them: each value, where it comes from, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from core.areas.code import AreaCode, chain_of
from core.platform import platform

from .changing import latest_of, own_rows
from .in_force import Stored, books_seen, overrides_on, seen, standing
from .rule import Override, Rule
from .rulebook import NoRule, Rules, books_of, override_of
from .values import can_be_set, fits, from_json, in_words, leaves

REFERRALS = "referrals"
DOUBTED = "unverified"
"""A rule's list of those of its values that nobody has confirmed; about the values, and none itself."""


@dataclass(frozen=True)
class ValueRow:
    """One value.

    Attributes:
        text, declared: what holds, and what the rule itself says, in words.
        can_be_set: no part of the rule's structure.
        override: what is in the place of the rule's own, if anything; ``stored`` is its row.
        older: the rule is newer than the value that an area set: somebody should look whether it still holds.
        unused: an area set what is no such value any more.
        doubted: the rule names it among those that nobody has confirmed (its value ``unverified``).
        coming: what areas have set that begins later.
    """

    key: str
    title: str
    text: str
    declared: str
    can_be_set: bool
    override: Override | None
    stored: Stored | None
    older: bool
    unused: bool
    doubted: bool
    coming: Sequence[Override]


@dataclass(frozen=True)
class BookPage:
    """One list of a plugin's rules on a day; ``rule`` is the declared one, None on a day of which none speaks."""

    rules: Rules
    rule: Rule | None
    rows: Sequence[ValueRow]


@dataclass(frozen=True)
class Change:
    """A row of a value's history at one area, and whether it is the last word on its days."""

    row: Stored
    text: str
    latest: bool


def title_of_plugin(name: str) -> str | None:
    """None for what is not loaded, or has no rules."""
    if not books_of(name):
        return None
    if name == REFERRALS:
        return _("Rujukan")
    plugin = platform().plugins.plugins.get(name)
    return str(plugin.title) if plugin else None


def plugins_with_rules() -> list[str]:
    """Core's own first, then the loaded plugins that have rules, by name."""
    return [name for name in (REFERRALS, *platform().plugins.plugins) if title_of_plugin(name) is not None]


def book_pages(area: AreaCode, plugin: str, on: date) -> list[BookPage]:
    """All that a plugin's rules say in an area on a day; no query besides the one for all overrides."""
    return [_book_page(area, rules, on) for rules in books_of(plugin)]


def _book_page(area: AreaCode, rules: Rules, on: date) -> BookPage:
    try:
        rule, declared = rules.at(on, area), rules.declared_at(on)
    except NoRule:
        return BookPage(rules, None, ())
    book = (rules.plugin, rules.part)
    stored = {row.key: row for row in overrides_on(book, on, area)}
    used = {override.key: override for override in rule.overrides}
    values, coming = dict(leaves(rule.values)), _coming(area, rules, on)
    rows = []
    doubted = declared.values.get(DOUBTED, ())
    for key, value in leaves({name: value for name, value in declared.values.items() if name != DOUBTED}):
        row = stored.get(key)
        rows.append(
            ValueRow(
                key=key,
                title=rules.title_of(key),
                text=in_words(values[key]),
                declared=in_words(value),
                can_be_set=can_be_set(value),
                override=used.get(key),
                stored=row,
                older=row is not None and row.valid_from < declared.valid_from,
                unused=row is not None and not fits(value, from_json(row.value, value)),
                doubted=key in doubted or key.partition(".")[0] in doubted,
                coming=coming.get(key, ()),
            )
        )
    return BookPage(rules, declared, rows)


def _coming(area: AreaCode, rules: Rules, on: date) -> dict[str, list[Override]]:
    chain, found = chain_of(area), {}
    later = [r for r in standing(seen((rules.plugin, rules.part))) if r.area_id in chain and r.valid_from > on]
    for row in sorted(later, key=lambda row: (row.valid_from, chain.index(row.area_id))):
        found.setdefault(row.key, []).append(override_of(rules, row, row.value))
    return found


def changes_of(area: AreaCode, rules: Rules, key: str) -> list[Change]:
    """What an area decided on a value, the latest first."""
    rows = own_rows(area, rules, key)
    latest = set(latest_of(rows).values())
    return [Change(row, in_words(row.value), row in latest) for row in reversed(rows)]


def below(area: AreaCode, rules: Rules, key: str, on: date) -> int:
    """How many areas below set the value themselves."""
    rows = standing(seen((rules.plugin, rules.part)))
    found = {row.area_id for row in rows if row.key == key and row.holds(on)}
    return len([area_id for area_id in found if area.id < area_id <= area.hi])


def set_here(area: AreaCode, plugin: str) -> int:
    """How many values of a plugin's rules the area itself sets, today or later."""
    rows = [row for (name, _part), found in books_seen().items() if name == plugin for row in standing(found)]
    return len({(row.part, row.key) for row in rows if row.area_id == area.id})


def fingerprint(area: AreaCode, rules: Rules, key: str) -> str:
    """Differs when somebody has decided on the value at this area since."""
    rows = own_rows(area, rules, key)
    return str(rows[-1].id) if rows else ""
