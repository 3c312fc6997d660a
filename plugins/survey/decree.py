"""Which items of Kepmensos 262/HUK/2022 hold. The decree names no number of them, and none is invented here."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.api import Rule, Text
from core.api import lazy_gettext as _

from .typed import Answers


@dataclass(frozen=True)
class Item:
    """``met`` is True, False, or None while it is not known."""

    key: str
    title: Text
    met: bool | None


def decree_items(answers: Answers, rule: Rule) -> list[Item]:
    """All items, the shelter first: who has none is *fakir miskin* directly, whatever the others say."""
    shelter = answers.is_yes("shelter")
    return [
        Item("shelter", _("Tidak punya tempat berteduh"), None if shelter is None else not shelter),
        *_others(answers, rule, sheltered=shelter is not False),
    ]


def _others(answers: Answers, rule: Rule, *, sheltered: bool) -> Iterator[Item]:
    yield Item("head_works", _("Kepala keluarga tidak bekerja"), _not(answers.is_yes("head_works")))
    yield Item("food_worry", _("Pernah khawatir tidak makan atau tidak makan"), answers.is_yes("food_worry"))
    yield Item("food", _("Pengeluaran makanan lebih dari setengah pengeluaran"), _mostly_food(answers, rule))
    yield Item("clothing", _("Tidak ada pengeluaran pakaian setahun"), _not(answers.is_yes("clothing")))
    if sheltered:  # of a house that is not there nothing is asked
        yield Item("floor", _("Lantai sebagian besar tanah atau plesteran"), answers.one_of("floor", rule.floors))
        yield Item("wall", _("Dinding bambu, kawat, papan, terpal, dan sejenisnya"), answers.one_of("wall", rule.walls))
        yield Item("toilet", _("Tidak punya jamban sendiri"), answers.one_of("toilet", ("shared", "public", "none")))
        yield Item("power", _("Listrik 450 VA atau tanpa listrik"), _weak_power(answers, rule))


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _mostly_food(answers: Answers, rule: Rule) -> bool | None:
    food, spending = answers.number("food"), answers.number("spending")
    return None if food is None or not spending else float(food / spending) > rule.food_share


def _weak_power(answers: Answers, rule: Rule) -> bool | None:
    """A connection from a neighbour tells nothing about the power that is installed, nor does another supply."""
    lighting = answers.code("lighting")
    if lighting == "none":
        return True
    power = answers.code("power") if lighting == "meter" else None
    return int(power) <= rule.weak_power if power else None
