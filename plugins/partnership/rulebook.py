"""The dated rules: when a partner is dormant, when an agreement is announced, what is asked once a year."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.api import Rule, Rules
from core.api import lazy_gettext as _

from .words import STATEMENTS

rules = Rules.load(
    "plugins.partnership",
    titles={
        "dormant_days": _("Hari tanpa kegiatan sampai mitra dianggap tidur"),
        "expiry_days": _("Hari sebelum perjanjian berakhir diingatkan"),
        "keep_on_day": _("Tanggal di bulan berikutnya saat rapor sebulan ditetapkan"),
        "statements": _("Pernyataan penilaian diri tahunan"),
    },
    choices={"statements": tuple(STATEMENTS)},
)


def rule_on(day: date) -> Rule:
    """The rule of a day; of one that no rule speaks of, the latest."""
    return rules.get(day) or rules.all[-1]


def expiring_until(day: date) -> date:
    """Agreements that end on this day or before are announced on ``day``."""
    return day + timedelta(days=rule_on(day).expiry_days)


def statements_of(year: int) -> Sequence[str]:
    """What is asked about a year, as its last day has it."""
    return tuple(key for key in rule_on(date(year, 12, 31)).statements if key in STATEMENTS)
