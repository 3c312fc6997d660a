"""An area's Kemendagri code as a number, and the interval of villages that it spans.

Village 32.01.15.2008 is 3201152008; its kecamatan 32.01.15 spans 3201150000–3201159999, its district 32.01 spans
3201000000–3201999999. Whether one area lies in another is therefore a comparison of numbers.
Source of the codes: Kepmendagri 300.2.2-2138/2025.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Protocol

DIGITS = (2, 4, 6, 10)
# No segment is all zeros: the number of such an "area" would be that of the one above it.
CODE = re.compile(r"(?!00)[0-9]{2}(?:\.(?!00)[0-9]{2}(?:\.(?!00)[0-9]{2}(?:\.(?!0000)[0-9]{4})?)?)?")


class Level(IntEnum):
    """How deep an area lies; the value is the number of segments of its code."""

    NATION = 0
    PROVINCE = 1
    DISTRICT = 2
    KECAMATAN = 3
    VILLAGE = 4


class HasId(Protocol):
    @property
    def id(self) -> int: ...


@dataclass(frozen=True, order=True)
class AreaCode:
    """The interval [id, hi] of one area. ``id`` is unique among areas, since no village ends in 0000."""

    id: int
    level: Level

    @classmethod
    def parse(cls, text: str) -> "AreaCode":
        """From ``32.01.15.2008``.

        Raises:
            ValueError: not a code of this form.
        """
        if not CODE.fullmatch(text):
            raise ValueError(f"{text!r} is not an area code; write it like 32.01.15.2008")
        level = Level(text.count(".") + 1)
        return cls(int(text.replace(".", "").ljust(10, "0")), level)

    @classmethod
    def from_id(cls, area_id: int) -> "AreaCode":
        """The level follows from the trailing zeros."""
        if area_id == 0:
            return cls(0, Level.NATION)
        for level, size in zip((Level.PROVINCE, Level.DISTRICT, Level.KECAMATAN), (10**8, 10**6, 10**4), strict=True):
            if area_id % size == 0:
                return cls(area_id, level)
        return cls(area_id, Level.VILLAGE)

    @property
    def hi(self) -> int:
        """The last number of its interval."""
        return self.id + (10**10, 10**8, 10**6, 10**4, 1)[self.level] - 1

    @property
    def parent(self) -> "AreaCode | None":
        """What it lies in; None for the nation."""
        if self.level == Level.NATION:
            return None
        size = (10**10, 10**8, 10**6, 10**4)[self.level - 1]
        return AreaCode(self.id // size * size, Level(self.level - 1))

    @property
    def is_kelurahan(self) -> bool:
        """The last segment of a kelurahan begins with 1, of a desa with 2 (Kepmendagri 300.2.2-2138/2025)."""
        return self.level == Level.VILLAGE and self.id % 10_000 // 1000 == 1

    def covers(self, other: "AreaCode") -> bool:
        """Whether the other area is this one or lies in it."""
        return self.id <= other.id and other.hi <= self.hi

    def __str__(self) -> str:
        digits = f"{self.id:010d}"
        cuts = (0, *DIGITS[: self.level])
        return ".".join(digits[a:b] for a, b in pairwise(cuts))


def district_of(area: HasId) -> AreaCode:
    """The kabupaten or kota in which a village or kecamatan lies, or which it is."""
    return AreaCode(area.id // 10**6 * 10**6, Level.DISTRICT)


def chain_of(area: AreaCode) -> list[int]:
    """The ids of an area and of all that it lies in, the topmost first."""
    chain, above = [area.id], area.parent
    while above is not None:
        chain.insert(0, above.id)
        above = above.parent
    return chain


def smallest_around(areas: Sequence[AreaCode]) -> AreaCode:
    """The smallest area that holds all of them."""
    found = areas[0]
    while not all(found.covers(area) for area in areas):
        parent = found.parent
        if parent is None:
            break
        found = parent
    return found
