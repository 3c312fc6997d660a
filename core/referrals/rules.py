"""How long each kind of organisation may take to answer, and what it needs: dated data (``rules.toml``)."""

from datetime import date

from core.rules.rulebook import Rules
from core.texts import lazy_gettext as _

from .terms import SECTORS

RULES = Rules.load(
    "core.referrals",
    titles={
        "answer_days": _("Hari kerja sampai lembaga menjawab"),
        "urgent_answer_days": _("Hari kerja sampai lembaga menjawab, bila mendesak"),
        "tell_days": _("Hari kerja sampai warga diberi tahu"),
        "full_nik": _("Lembaga yang memerlukan NIK lengkap"),
    },
    choices={"full_nik": tuple(SECTORS)},
)


def answer_days(sector: str, on: date) -> int:
    """Working days from sending to the answer."""
    return RULES.at(on).answer_days[sector]


def urgent_answer_days(on: date) -> int:
    """As :func:`answer_days`, at most, when the resident cannot wait."""
    return RULES.at(on).urgent_answer_days


def tell_days(on: date) -> int:
    """Working days from the answer until the resident was told."""
    return RULES.at(on).tell_days


def needs_full_nik(sector: str, on: date) -> bool:
    return sector in RULES.at(on).full_nik
