"""The dated rules: of Sembako/BPNT, and of trouble with its card; and which of their values nobody has confirmed."""

from collections.abc import Mapping

from core.api import Rule, Rules, Text
from core.api import lazy_gettext as _

from .forms import TROUBLES

food_rules, card_rules = Rules.load_parts(
    "plugins.bansos",
    "food",
    "card",
    titles={
        "food": _("Usulan Sembako/BPNT"),
        "card": _("Masalah KKS"),
        "decile_sure": _("Desil yang pasti boleh"),
        "amount": _("Besaran sebulan (rupiah)"),
        "months_at_once": _("Bulan yang dibayar sekaligus"),
        "police_letter": _("Masalah yang butuh surat polisi"),
        "recheck_days": _("Hari sampai ditanyakan lagi"),
    },
    choices={"police_letter": tuple(TROUBLES)},
)

UNVERIFIED: Mapping[str, Text] = {
    "decile_max": _("batas desil"),
    "amount": _("besaran"),
    "months_at_once": _("berapa bulan sekaligus"),
    "police_letter": _("surat kehilangan dari polisi"),
    "recheck_days": _("kapan bantuan berikutnya masuk"),
}


def unverified(rule: Rule) -> list[Text]:
    """Which values of a rule nobody has confirmed, in words."""
    return [UNVERIFIED.get(key, key) for key in rule.unverified]
