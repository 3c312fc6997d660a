"""What cannot be, and what is probably mistaken: typed wrong, swapped, measured badly, or of another child."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.api import Rule, Text, gettext
from core.api import lazy_gettext as _

from .growth import Reading, judge, standard_height
from .rulebook import SHORT, rule_on
from .values import Values, written

UNITS: Mapping[str, tuple[int, str]] = {
    "weight_g": (1000, "kg"),
    "height_mm": (10, "cm"),
    "head_mm": (10, "cm"),
    "arm_mm": (10, "cm"),
}
NAMES: Mapping[str, Text] = {
    "weight_g": _("Berat badan"),
    "height_mm": _("Panjang atau tinggi badan"),
    "head_mm": _("Lingkar kepala"),
    "arm_mm": _("Lingkar lengan"),
}


@dataclass(frozen=True)
class Problem:
    """``is_error``: it cannot be kept like this; else it is kept when somebody has looked at it again."""

    field: str
    is_error: bool
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.message} {self.fix}"


@dataclass(frozen=True)
class Child:
    sex: str
    birth_date: date


def problems(values: Values, child: Child, others: Sequence[Reading], today: date) -> list[Problem]:
    """Everything wrong or doubtful with a measurement of a child.

    Args:
        others: the child's other readings, in any order.
    """
    rule = rule_on(values.measured_on)
    wrong = [*_wrong_day(values, child, rule, today), *_impossible(values, rule)]
    if values.says_nothing:
        say = gettext("Tidak ada yang diukur.")
        wrong.append(Problem("weight_g", True, say, gettext("Isi paling sedikit satu hasil ukur.")))
    return wrong or [*_shrunk(values, child, others, rule), *_odd(values, child, rule)]


def _wrong_day(values: Values, child: Child, rule: Rule, today: date) -> Iterator[Problem]:
    fix = gettext("Periksa tanggal pemeriksaan dan tanggal lahirnya.")
    if values.measured_on > today:
        yield Problem("measured_on", True, gettext("Tanggal ini belum tiba."), fix)
    elif values.measured_on < child.birth_date:
        yield Problem("measured_on", True, gettext("Tanggal ini sebelum anak lahir."), fix)
    elif (values.measured_on - child.birth_date).days > rule.age_days:
        yield Problem("measured_on", True, gettext("Pada tanggal ini anak sudah lewat lima tahun."), fix)


def _impossible(values: Values, rule: Rule) -> Iterator[Problem]:
    bounds = rule.plausible
    if _swapped(values, bounds):
        say = gettext("Berat dan tinggi tampaknya tertukar.")
        yield Problem("weight_g", True, say, gettext("Tukar kembali: berat dalam kg, tinggi dalam cm."))
        return
    for field, (units, unit) in UNITS.items():
        value = getattr(values, field)
        least, most = bounds[field]
        if value is not None and not least <= value <= most:
            say = gettext(
                "%(what)s %(n)s %(unit)s tidak mungkin.", what=NAMES[field], n=written(value, units), unit=unit
            )
            span = {"least": written(least, units), "most": written(most, units), "unit": unit}
            yield Problem(field, True, say, gettext("Isi %(least)s sampai %(most)s %(unit)s.", **span))


def _swapped(values: Values, bounds: Mapping[str, Sequence[int]]) -> bool:
    """ "75" kg and "9,5" cm: each fits the other, and not itself."""
    if values.weight_g is None or values.height_mm is None:
        return False
    as_height, as_weight = values.weight_g // 100, values.height_mm * 100
    fits = bounds["height_mm"][0] <= as_height <= bounds["height_mm"][1]
    fits = fits and bounds["weight_g"][0] <= as_weight <= bounds["weight_g"][1]
    return fits and not bounds["weight_g"][0] <= values.weight_g <= bounds["weight_g"][1]


def _shrunk(values: Values, child: Child, others: Sequence[Reading], rule: Rule) -> Iterator[Problem]:
    """A child does not get shorter: one of the two was measured or typed wrong."""
    fix = gettext("Ukur ulang, atau periksa catatan yang lama.")
    mine = standard_height(values.reading, (values.measured_on - child.birth_date).days, rule)
    if mine is None:
        return
    for other in others:
        theirs = standard_height(other, (other.measured_on - child.birth_date).days, rule)
        if theirs is None or other.measured_on == values.measured_on:
            continue
        shrinks = theirs - mine if other.measured_on < values.measured_on else mine - theirs
        # Where the standard goes from lying to standing it is lower by what that makes.
        if _changes_position(values.reading, other, child, rule):
            shrinks -= rule.position_mm
        if shrinks > rule.shrink_mm:
            facts = {"n": written(theirs, 10), "day": other.measured_on.strftime("%d-%m-%Y")}
            say = (
                gettext("Tingginya menyusut: %(n)s cm pada %(day)s.", **facts)
                if other.measured_on < values.measured_on
                else gettext("Lebih tinggi daripada ukuran sesudahnya: %(n)s cm pada %(day)s.", **facts)
            )
            yield Problem("height_mm", False, say, fix)
            return


def _changes_position(one: Reading, other: Reading, child: Child, rule: Rule) -> bool:
    ages = [(each.measured_on - child.birth_date).days for each in (one, other)]
    return min(ages) < rule.lying_days <= max(ages)


def _odd(values: Values, child: Child, rule: Rule) -> Iterator[Problem]:
    """Beyond WHO's own flags a value is probably mistaken, or the birth date is."""
    growth = judge(child.sex, child.birth_date, values.reading)
    for index, z in growth.z.items():
        least, most = rule.odd_z[index]
        if not least <= z <= most:
            field = "height_mm" if index == "length_age" else "weight_g"
            say = gettext(
                "%(index)s %(z)s SD: di luar yang wajar.",
                index=SHORT[index],
                z=f"{z:.1f}".replace(".", ",").replace("-", "−"),
            )
            yield Problem(field, False, say, gettext("Ukur ulang, dan periksa tanggal lahir serta jenis kelaminnya."))
