"""``rules.toml`` read and checked: each table becomes a :class:`Rule`."""

import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, get_args

from .rule import Certainty, Rule

_FIELDS = ("valid_from", "valid_to", "regulation", "certainty")


def parse_parts(text: str, origin: str, names: Sequence[str]) -> dict[str, list[Rule]]:
    """The rules of each list of the file, such as those of ``[[rule]]``.

    Args:
        origin: names the file in messages.
        names: the lists that the file has, and no others.

    Raises:
        ValueError: the file or a rule in it is not valid; the message names both.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{origin}: {error}") from error
    unknown = document.keys() - set(names)
    if unknown:
        wanted = " and ".join(f"[[{name}]]" for name in names)
        raise ValueError(f"{origin}: only {wanted} tables are expected, not {sorted(unknown)}")
    return {name: _rules(document.get(name, []), origin, name) for name in names}


def _rules(tables: Any, origin: str, name: str) -> list[Rule]:
    if not isinstance(tables, list):
        raise ValueError(f"{origin}: write [[{name}]] with two brackets, so that a second rule can follow")
    if not tables:
        raise ValueError(f"{origin}: no [[{name}]]")
    return [_rule(table, f"{origin}, {name} {number}") for number, table in enumerate(tables, start=1)]


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
    return Rule(valid_from, valid_to, table["regulation"].strip(), table["certainty"], frozen(values), origin)


def _day(table: dict[str, Any], field: str, origin: str) -> date:
    value = table[field]
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"{origin}: {field} must be a date such as 2024-02-01, without quotes, not {value!r}")
    return value


def frozen(value: Any) -> Any:
    """Read-only: arrays as tuples."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    return value
