"""What was typed at the door, as values: everything is kept as it was written, and read when somebody asks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .questions import Question

Raw = str | list[str]

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_PLACE = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*(?:\(?±\s*(\d{1,6})\s*m\)?)?")
MOST_DIGITS = 15


class Unreadable(ValueError):
    """What was typed is none of what the question asks for."""


@dataclass(frozen=True)
class Place:
    """Degrees, and within how many metres; None where nobody knows."""

    lat: float
    lng: float
    within: int | None = None


def read_number(text: str) -> Decimal:
    """``1.500.000``, ``Rp 600.000``, ``36,5`` and ``36.5``: a figure from nought on.

    Raises:
        Unreadable: anything else.
    """
    plain = text.strip().lower().removeprefix("rp").removeprefix(".").replace(" ", "").removesuffix(",-")
    if not plain.isascii() or sum(map(str.isdigit, plain)) > MOST_DIGITS:
        raise Unreadable(text)
    if _GROUPED.fullmatch(plain):
        return Decimal(plain.replace(".", "").replace(",", "."))
    if _PLAIN.fullmatch(plain):
        return Decimal(plain.replace(",", "."))
    raise Unreadable(text)


def read_day(text: str) -> date:
    """``2026-11-12``, as a browser sends it. Raises: Unreadable."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Unreadable(text) from error


def read_place(text: str) -> Place:
    """``-6.5912, 106.7012 ±12 m``: latitude, longitude, perhaps how exact. Raises: Unreadable."""
    found = _PLACE.fullmatch(text.strip())
    if not found:
        raise Unreadable(text)
    lat, lng = float(found[1]), float(found[2])
    if abs(lat) > 90 or abs(lng) > 180:
        raise Unreadable(text)
    return Place(lat, lng, int(found[3]) if found[3] else None)


READERS = {"number": read_number, "money": read_number, "day": read_day, "place": read_place}


class Answers:
    """Answers as they were typed, by the key of the question. What is blank or cannot be read is None."""

    def __init__(self, questions: Mapping[str, Question], raw: Mapping[str, Any]) -> None:
        self.questions, self.raw = questions, raw

    def text(self, key: str) -> str:
        value = self.raw.get(key, "")
        return value if isinstance(value, str) else ""

    def blank(self, key: str) -> bool:
        return not self.raw.get(key)

    def code(self, key: str) -> str | None:
        """The code of a ``choice``."""
        value = self.text(key)
        return value if value in self.questions[key].options else None

    def codes(self, key: str) -> frozenset[str] | None:
        """The codes of ``choices``, unknown ones left out; None where nothing was ticked."""
        value = self.raw.get(key)
        return frozenset(value) & frozenset(self.questions[key].options) if isinstance(value, list) and value else None

    def number(self, key: str) -> Decimal | None:
        return self._read(key, read_number)

    def day(self, key: str) -> date | None:
        return self._read(key, read_day)

    def place(self, key: str) -> Place | None:
        return self._read(key, read_place)

    def is_yes(self, key: str) -> bool | None:
        return {"yes": True, "no": False}.get(self.text(key))

    def one_of(self, key: str, codes: Sequence[str]) -> bool | None:
        """Whether the answer is one of some codes; None where nothing was answered."""
        found = self.code(key)
        return None if found is None else found in codes

    def below(self, key: str, limit: Decimal | int) -> bool | None:
        found = self.number(key)
        return None if found is None else found < limit

    def _read(self, key: str, read: Any) -> Any:
        try:
            return read(self.text(key)) if self.text(key) else None
        except Unreadable:
            return None


def in_words(question: Question, raw: object) -> str:
    """An answer as a page shows it; a dash for none."""
    if isinstance(raw, list):
        return ", ".join(str(question.options.get(code, code)) for code in raw) or "–"
    text = raw if isinstance(raw, str) else ""
    shown = str(question.options.get(text, text))
    return f"{shown} {question.unit}" if shown and question.unit and question.kind == "number" else shown or "–"
