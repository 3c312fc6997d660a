"""The dated rules: the categories of each index, and how measurements are taken, compared and doubted."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from core.api import Rule, Rules, Text
from core.api import lazy_gettext as _

Index = Literal["weight_age", "length_age", "weight_length"]
INDEXES: tuple[Index, ...] = ("weight_age", "length_age", "weight_length")

*_of_index, growth_rules = Rules.load_parts(
    "plugins.balita",
    *INDEXES,
    "growth",
    titles={
        "below": _("Kategori di bawah batas"),
        "up_to": _("Kategori sampai batas"),
        "above": _("Kategori di atas semua batas"),
        "age_days": _("Umur paling tua (hari)"),
        "lying_days": _("Diukur berdiri mulai umur (hari)"),
        "position_mm": _("Selisih ukur telentang dan berdiri (mm)"),
        "refer_below": _("Dirujuk di bawah z-score"),
        "not_rising": _("Tidak naik berturut-turut sampai dirujuk"),
        "gain_g": _("Kenaikan berat terkecil (gram)"),
        "apart_days": _("Jarak antara dua penimbangan (hari)"),
        "plausible": _("Ukuran yang mungkin"),
        "odd_z": _("Z-score yang ditanyakan"),
        "shrink_mm": _("Tinggi boleh turun (mm)"),
        "like": _("Kemiripan nama tanpa peringatan (persen)"),
        "near": _("Kemiripan nama dengan peringatan (persen)"),
    },
)
category_rules: Mapping[Index, Rules] = dict(zip(INDEXES, _of_index, strict=True))

TITLES: Mapping[Index, Text] = {
    "weight_age": _("Berat menurut umur (BB/U)"),
    "length_age": _("Panjang atau tinggi menurut umur (TB/U)"),
    "weight_length": _("Berat menurut panjang atau tinggi (BB/TB)"),
}
SHORT: Mapping[Index, Text] = {"weight_age": _("BB/U"), "length_age": _("TB/U"), "weight_length": _("BB/TB")}

CATEGORIES: Mapping[str, Text] = {
    "severely_underweight": _("berat badan sangat kurang"),
    "underweight": _("berat badan kurang"),
    "normal_weight": _("berat badan normal"),
    "risk_of_overweight": _("risiko berat badan lebih"),
    "severely_short": _("sangat pendek"),
    "short": _("pendek"),
    "normal_length": _("tinggi normal"),
    "tall": _("tinggi"),
    "severely_wasted": _("gizi buruk"),
    "wasted": _("gizi kurang"),
    "well_nourished": _("gizi baik"),
    "at_risk": _("berisiko gizi lebih"),
    "overweight": _("gizi lebih"),
    "obese": _("obesitas"),
}


def rule_on(day: date) -> Rule:
    """The rule of measuring on a day; the oldest for a day before all of them, since WHO's tables are older."""
    return growth_rules.get(day) or growth_rules.all[0]


def category_of(index: Index, z: float, on: date) -> str | None:
    """The category of Permenkes 2/2020 for a z-score of two decimals; None on a day that no rule speaks of."""
    rule = category_rules[index].get(on)
    if rule is None:
        return None
    lower = next((name for bound, name in rule.below if z < bound), None)
    return lower or next((name for bound, name in rule.up_to if z <= bound), rule.above)


def categories_of(index: Index, on: date) -> list[str]:
    """All categories of an index on a day, from the lowest."""
    rule = category_rules[index].get(on)
    if rule is None:
        return []
    return [*(name for _bound, name in rule.below), *(name for _bound, name in rule.up_to), rule.above]
