"""The fourteen of BPS (2005), counted. Rupiah limits are of that year, which is told beside the count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.api import Rule, gettext, rupiah
from core.api import lazy_gettext as _

from .decree import Item
from .typed import Answers

OF_RUPIAH = frozenset({"work", "savings"})
UNPROTECTED = ("open_well", "open_spring", "river", "rain")
LABOUR = ("farm_labour", "fisher", "building", "plantation")


@dataclass(frozen=True)
class Count:
    """How many of the fourteen hold, and how many nobody knows; ``limit`` of them make a household poor."""

    items: Sequence[Item]
    limit: int

    @property
    def met(self) -> int:
        return sum(item.met is True for item in self.items)

    @property
    def unknown(self) -> int:
        return sum(item.met is None for item in self.items)

    @property
    def poor(self) -> bool | None:
        """None while what is not known could still decide it."""
        if self.met >= self.limit:
            return True
        return None if self.met + self.unknown >= self.limit else False

    def verdict(self) -> str:
        return {
            True: gettext("miskin menurut 14 kriteria BPS"),
            False: gettext("tidak miskin menurut 14 kriteria BPS"),
            None: gettext("belum dapat dihitung: ada yang belum diketahui"),
        }[self.poor]


def poverty_count(answers: Answers, people: int, head_schooling: str | None, rule: Rule) -> Count:
    """Count the fourteen.

    Args:
        people: how many live in the house; 0 while nobody has counted them.
        head_schooling: the code of the head's highest certificate, None where it is not known.
    """
    items = list(_house(answers, people, rule)) + list(_living(answers, rule))
    schooled = None if head_schooling is None else head_schooling in ("none", "below", "sd")
    items.insert(12, Item("schooling", _("Kepala keluarga berijazah SD atau kurang"), schooled))
    return Count(items, rule.poor_at)


def _house(answers: Answers, people: int, rule: Rule) -> Iterator[Item]:
    area = answers.number("floor_area")
    held = {
        "area": None if area is None or not people else area / people < rule.floor_area,
        "floor": answers.one_of("floor", ("earth", "bamboo", "wood_poor")),
        "wall": answers.one_of("wall", ("bamboo", "thatch", "wood_poor", "unplastered")),
        "toilet": answers.one_of("toilet", ("shared", "public", "none")),
        "power": answers.one_of("lighting", ("none",)),
        "water": answers.one_of("water", UNPROTECTED),
        "cooking": answers.one_of("cooking", ("wood", "charcoal", "kerosene")),
    }
    titles = {
        "area": _("Lantai kurang dari %(n)s m² per orang", n=rule.floor_area),
        "floor": _("Lantai tanah, bambu, atau kayu murahan"),
        "wall": _("Dinding bambu, rumbia, kayu berkualitas rendah, atau tanpa plester"),
        "toilet": _("Tanpa tempat buang air besar sendiri"),
        "power": _("Tanpa listrik"),
        "water": _("Air minum dari sumber tidak terlindung"),
        "cooking": _("Memasak dengan kayu, arang, atau minyak tanah"),
    }
    yield from (Item(key, title, held[key]) for key, title in titles.items())


def _living(answers: Answers, rule: Rule) -> Iterator[Item]:
    yield Item("meat", _("Daging, susu, atau ayam paling sering sekali seminggu"), answers.one_of("meat", ("0", "1")))
    yield Item("clothes", _("Satu setel pakaian baru setahun"), answers.one_of("clothes", ("0", "1")))
    yield Item("meals", _("Makan satu atau dua kali sehari"), answers.one_of("meals", ("1", "2")))
    clinic = answers.is_yes("clinic")
    yield Item("clinic", _("Tidak sanggup membayar Puskesmas"), None if clinic is None else not clinic)
    yield Item(
        "work", _("Buruh, nelayan, petani berlahan sempit, atau berpenghasilan rendah"), _poor_work(answers, rule)
    )
    yield Item(
        "savings",
        _("Tidak punya tabungan senilai %(amount)s", amount=rupiah(rule.savings)),
        answers.below("savings", rule.savings),
    )


def _poor_work(answers: Answers, rule: Rule) -> bool | None:
    """Labourers and fishers, farmers of little land, and whoever earns less than the limit."""
    work, low = answers.code("head_work"), answers.below("head_income", rule.income)
    if work in LABOUR or low:
        return True
    if work == "farmer":
        small = answers.below("land", rule.land)
        return True if small else None if small is None or low is None else False
    return low
