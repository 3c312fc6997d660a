"""The dated rules: which days of a month DTSEN has, and what the village promises."""

from datetime import date

from core.api import NoRule, Rule, Rules
from core.api import lazy_gettext as _

rules = Rules.load(
    "plugins.dtsen",
    titles={
        "open_day": _("Usulan mulai tanggal"),
        "cutoff_day": _("Perubahan ditutup tanggal"),
        "agree_day": _("Musdes, muskel, atau SPTJM sampai tanggal"),
        "remind_days": _("Hari sebelum tutup untuk diingatkan"),
        "recheck_days": _("Hari sampai NIK tidak padan dicek lagi"),
        "stale_days": _("Hari tanpa kabar sampai diingatkan"),
        "tell_days": _("Hari kerja sampai warga diberi tahu"),
        "time_days": _("Hari kerja sampai usulan dikirim"),
        "fee": _("Biaya (rupiah)"),
        "classification": _("Kode klasifikasi surat"),
    },
)


def rule_on(day: date) -> Rule | None:
    """None for a day that no rule speaks of, such as before DTSEN."""
    try:
        return rules.at(day)
    except NoRule:
        return None
