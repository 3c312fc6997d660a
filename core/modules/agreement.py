"""Whether a village's modules agree: what one of them requires is on too, and no two are on that must not run together.

By the settings alone: a module that somebody has suspended counts as on, for it goes on when that ends.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from flask_babel import gettext as _

from core.platform import platform
from core.plugins.dependencies import clashes, missing_of

from .wording import module_title

NAMED = 3
"""So many villages are named, and how many more there are."""

Sets = Mapping[int, frozenset[str]]
"""The modules that are on in each village, by its id."""

Pair = tuple[str, str, bool]


@dataclass(frozen=True)
class Place:
    """A village, as a preview or a refusal names it."""

    id: int
    title: str
    suspended: bool = False


@dataclass(frozen=True)
class Discord:
    """Two modules, and the villages in which a change would leave them so.

    Attributes:
        required: ``one`` is on and requires ``other``, which is not; else both are on and must not run together.
    """

    one: str
    other: str
    places: tuple[Place, ...]
    required: bool = False

    def __str__(self) -> str:
        named = ", ".join(place.title for place in self.places[:NAMED])
        more = len(self.places) - NAMED
        places = _("%(places)s dan %(n)s desa lagi", places=named, n=more) if more > 0 else named
        if not self.required:
            return _(
                "%(one)s dan %(other)s tidak boleh menyala bersama, dan itu akan terjadi di %(places)s."
                " Matikan dulu salah satunya di sana.",
                one=module_title(self.one),
                other=module_title(self.other),
                places=places,
            )
        return _(
            "%(one)s membutuhkan %(other)s, yang akan mati di %(places)s. Nyalakan %(other)s di sana, atau matikan dulu"
            " %(one)s.",
            one=module_title(self.one),
            other=module_title(self.other),
            places=places,
        )


class ModulesDisagree(Exception):
    """A change would leave villages with modules that do not agree; nothing of it is done. The text says where."""

    def __init__(self, discords: Collection[Discord]) -> None:
        self.discords = tuple(discords)
        super().__init__("\n".join(str(discord) for discord in self.discords))


def new_pairs(before: Sets, after: Sets) -> dict[Pair, list[int]]:
    """Which modules would not agree, with the villages in which they do so already not counted.

    What stands there already is not the change's doing, and would forbid every change besides.

    Args:
        before: a village that is missing had nothing.

    Returns:
        By (one, other, whether one requires the other), the villages' ids in the order of ``after``.
    """
    plugins = platform().plugins.plugins

    @cache
    def pairs(names: frozenset[str]) -> frozenset[Pair]:
        present = names & plugins.keys()
        against = {(one, other, False) for one, other in clashes(present, plugins)}
        wanting = {(name, need.name, True) for name in present for need in missing_of(name, present, plugins)}
        return frozenset(against | wanting)

    found: dict[Pair, list[int]] = {}
    for village, names in after.items():
        for pair in pairs(names) - pairs(before.get(village, frozenset())):
            found.setdefault(pair, []).append(village)
    return dict(sorted(found.items()))
