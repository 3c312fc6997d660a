"""The dated rules: of Kepmensos 262/HUK/2022, of the fourteen of BPS, and how long photos are kept."""

from core.api import Rules
from core.api import lazy_gettext as _

decree_rules, poverty_rules, keeping_rules = Rules.load_parts(
    "plugins.survey",
    "decree",
    "poverty",
    "keeping",
    titles={
        "food_share": _("Bagian makanan dalam pengeluaran, lebih dari"),
        "floors": _("Lantai yang disebut"),
        "walls": _("Dinding yang disebut"),
        "weak_power": _("Daya listrik (VA), paling besar"),
        "poor_at": _("Jumlah kriteria untuk miskin"),
        "floor_area": _("Luas lantai per orang (m²), kurang dari"),
        "land": _("Luas lahan (m²), kurang dari"),
        "income": _("Penghasilan (rupiah), kurang dari"),
        "savings": _("Tabungan (rupiah), kurang dari"),
        "rupiah_of": _("Tahun batas rupiah"),
        "photo_days": _("Hari foto rumah disimpan"),
    },
)
