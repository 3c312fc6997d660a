"""The values of a rule one by one: how each is called, its type, how it is written by people and read from them.

A value is named by its key, one in a table by a path such as ``amount.sd``. What can be overridden is a number, a text,
a date, yes or no, or a list of these; a list of lists is structure, and stays with the plugin.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

Path = tuple[str, ...]
_SCALARS = (bool, int, float, str, date)
_GROUPED = re.compile(r"\d{1,3}(?:[._ ]\d{3})+")
YES, NO = ("ya", "y", "yes", "true"), ("tidak", "t", "n", "no", "false")


class NotAValue(ValueError):
    """What was written is no value of the kind that is wanted; the message is for people."""


def leaves(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with its path, those of tables one by one."""
    for key, value in values.items():
        path = f"{above}.{key}" if above else key
        if isinstance(value, Mapping):
            yield from leaves(value, path)
        else:
            yield path, value


def can_be_set(value: Any) -> bool:
    """Whether an area may put another in its place."""
    if isinstance(value, tuple):
        return bool(value) and all(isinstance(item, _SCALARS) for item in value)
    return isinstance(value, _SCALARS)


def fits(declared: Any, value: Any) -> bool:
    """Whether a value is of the kind of a declared one: the same type; a list of numbers as long as the declared."""
    if isinstance(declared, tuple):
        if not isinstance(value, tuple) or not value or not can_be_set(declared):
            return False
        numbers = isinstance(declared[0], int | float)
        return all(fits(declared[0], item) for item in value) and (not numbers or len(value) == len(declared))
    if isinstance(declared, float):
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if isinstance(declared, int) and not isinstance(declared, bool):
        return type(value) is int and value >= 0
    return can_be_set(declared) and type(value) is type(declared)


def put(values: Mapping[str, Any], path: str, value: Any) -> Mapping[str, Any]:
    """The values with another one at a path, which must exist; what they were made from stays as it is."""
    key, _dot, rest = path.partition(".")
    return MappingProxyType({**values, key: put(values[key], rest, value) if rest else value})


# ---- between people and values ----


def read_value(text: str, declared: Any, choices: Collection[str] = ()) -> Any:
    """What somebody wrote, as a value of the kind of ``declared``.

    Args:
        choices: what a text, or each of a list, may be; empty where it is free.

    Raises:
        NotAValue: it is none.
    """
    text = text.strip()
    if isinstance(declared, tuple):
        items = [item.strip() for item in text.split(",") if item.strip()]
        value = tuple(read_value(item, declared[0], choices) for item in items)
        if len(set(value)) < len(value) and isinstance(declared[0], str):
            raise NotAValue(_("Setiap isian cukup disebut sekali."))
        if not fits(declared, value):
            raise NotAValue(_("Tulis %(n)s isian, dipisahkan koma.", n=len(declared)) if value else _("Isi nilainya."))
        return value
    if not text:
        raise NotAValue(_("Isi nilainya."))
    return _read_scalar(text, declared, choices)


def _read_scalar(text: str, declared: Any, choices: Collection[str]) -> Any:
    if isinstance(declared, bool):
        if text.lower() not in (*YES, *NO):
            raise NotAValue(_("Tulis ya atau tidak."))
        return text.lower() in YES
    if isinstance(declared, date):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise NotAValue(_("Tulis tanggal seperti 2026-03-01.")) from None
    if isinstance(declared, int):
        return _whole(text)
    if isinstance(declared, float):
        if not re.fullmatch(r"\d{1,12}(?:[.,]\d{1,6})?", text):
            raise NotAValue(_("Tulis angka seperti 2,5."))
        return float(text.replace(",", "."))
    if choices and text not in choices:
        raise NotAValue(_("Yang dikenal hanya: %(choices)s.", choices=", ".join(sorted(choices))))
    if len(text) > 200:
        raise NotAValue(_("Paling panjang 200 huruf."))
    return text


def _whole(text: str) -> int:
    """With or without dots between the thousands."""
    digits = re.sub(r"[._ ]", "", text) if _GROUPED.fullmatch(text) else text
    if not re.fullmatch(r"[0-9]{1,15}", digits):
        raise NotAValue(_("Tulis angka bulat dari 0 ke atas."))
    return int(digits)


def in_words(value: Any) -> str:
    """As people write it, and as :func:`read_value` reads it."""
    if isinstance(value, tuple | list):
        return ", ".join(in_words(item) for item in value)
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return value.isoformat() if isinstance(value, date) else str(value)


def hint_for(declared: Any, choices: Collection[str]) -> str:
    """What is to be written in the place of a declared value."""
    several = isinstance(declared, tuple)
    one = declared[0] if several else declared
    if choices:
        words = _("Salah satu dari: %(choices)s.", choices=", ".join(sorted(choices)))
        return _("Dipisahkan koma, dari: %(choices)s.", choices=", ".join(sorted(choices))) if several else words
    if isinstance(one, bool):
        return _("Ya atau tidak.")
    if isinstance(one, date):
        return _("Tanggal seperti 2026-03-01.")
    if several:
        return _("%(n)s isian, dipisahkan koma.", n=len(declared))
    return _("Angka, tanpa satuan.") if isinstance(one, int | float) else _("Teks.")


# ---- between values and JSON ----


def as_json(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def from_json(stored: Any, declared: Any) -> Any:
    """A stored value as one of the kind of ``declared``; as it is where it fits no more."""
    if isinstance(stored, list):
        one = declared[0] if isinstance(declared, tuple) and declared else None
        return tuple(from_json(item, one) for item in stored)
    if isinstance(declared, date) and isinstance(stored, str):
        try:
            return date.fromisoformat(stored)
        except ValueError:
            return stored
    return stored
