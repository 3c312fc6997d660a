"""The dated rules, and the days that follow from them."""

from collections.abc import Mapping
from datetime import date, timedelta

from core.api import Rule, Rules, Text
from core.api import lazy_gettext as _

rules = Rules.load(
    "plugins.complaints",
    titles={
        "days_are": _("Jenis hari"),
        "first_answer_days": _("Hari sampai jawaban pertama"),
        "reopen_days": _("Hari keluhan boleh dibuka lagi"),
        "small": _("Angka terkecil yang diumumkan"),
        "days": _("Hari sampai selesai"),
        "days.information": _("Hari sampai selesai: permintaan informasi"),
        "days.no_inspection": _("Hari sampai selesai: tanpa pemeriksaan lapangan"),
        "days.inspection": _("Hari sampai selesai: dengan pemeriksaan lapangan"),
        "days.suggestion": _("Hari sampai selesai: saran"),
    },
    choices={"days_are": ("calendar",)},
)

UNVERIFIED: Mapping[str, Text] = {
    "since": _("sejak kapan tenggatnya berlaku"),
    "days_are": _("apakah harinya hari kalender atau hari kerja"),
    "suggestion": _("tenggat saran"),
    "reopen_days": _("berapa hari keluhan boleh dibuka lagi"),
    "small": _("angka terkecil yang diumumkan"),
}


def rule_on(day: date) -> Rule:
    """The rule of a day; of one that no rule speaks of, the latest."""
    return rules.get(day) or rules.all[-1]


def answer_by(received_on: date) -> date:
    """The last day of the first answer."""
    return received_on + timedelta(days=rule_on(received_on).first_answer_days)


def due_by(received_on: date, kind: str) -> date:
    """The last day on which a complaint of a kind is settled."""
    days = rule_on(received_on).days
    return received_on + timedelta(days=days.get(kind) or max(days.values()))


def reopen_until(answered_on: date) -> date:
    """The last day on which the reporter may come back with it; after it the complaint is closed."""
    return answered_on + timedelta(days=rule_on(answered_on).reopen_days)


def unverified(rule: Rule) -> list[Text]:
    """Which values of a rule nobody has confirmed, in words."""
    return [UNVERIFIED.get(key, key) for key in rule.unverified]
