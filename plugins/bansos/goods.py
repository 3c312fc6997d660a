"""What each recipient gets: ``10 kg beras`` typed by a clerk, a quantity, a unit and a name for the counting."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.api import rupiah

MOST_ITEMS = 12
_LINE = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?)\s*([^\W\d]\S{0,15})\s+(\S.{0,59})", re.UNICODE)


@dataclass(frozen=True)
class Item:
    quantity: Decimal
    unit: str
    name: str

    @classmethod
    def stored(cls, item: Sequence[str]) -> "Item":
        """Of a row's ``items``."""
        quantity, unit, name = item
        return cls(Decimal(quantity), unit, name)

    def store(self) -> list[str]:
        return [str(self.quantity), self.unit, self.name]

    def times(self, count: int) -> "Item":
        return Item(self.quantity * count, self.unit, self.name)

    def __str__(self) -> str:
        return f"{_number(self.quantity)} {self.unit} {self.name}"


def read_items(lines: str) -> list[Item]:
    """One item a line: a quantity (with a comma or a point for halves), a unit, and what it is.

    Raises:
        ValueError: with the line that cannot be read.
    """
    found = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        match = _LINE.fullmatch(line)
        quantity = Decimal(match[1].replace(",", ".")) if match else Decimal(0)
        if match is None or not quantity:
            raise ValueError(line)
        found.append(Item(quantity, match[2], match[3].strip()))
    return found


def in_words(goods: Sequence[Item], amount: int | None) -> str:
    """``10 kg beras, 2 liter minyak, Rp200.000``."""
    return ", ".join([*map(str, goods), *([rupiah(amount)] if amount else [])])


def _number(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}".replace(".", ",")
