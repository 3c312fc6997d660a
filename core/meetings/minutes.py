"""The minutes of a meeting (Berita Acara), as letters are declared: one for each kind of meeting."""

from collections.abc import Mapping, Sequence

from core.cases.models import LetterRecord
from core.cases.service import Letter
from core.rules.rulebook import Rules
from core.texts import lazy_gettext as _

RULES = Rules.load("core.meetings", titles={"classification": _("Kode klasifikasi berita acara")})
OWNER = "meetings"
"""Whose the minutes are in the register of letters: core's, and of no plugin."""

KEY = "minutes"
MINUTES: Mapping[str, Letter] = {
    kind: Letter(KEY, title, "meetings/minutes.typ", classification=RULES.value("classification"))
    for kind, title in {
        "regular": _("Berita Acara Musyawarah Desa"),
        "special": _("Berita Acara Musyawarah Desa Khusus"),
        "kelurahan": _("Berita Acara Musyawarah Kelurahan"),
    }.items()
}


def in_force(letters: Sequence[LetterRecord], owner: str, key: str) -> LetterRecord | None:
    """The signed letter of this kind that was not revoked."""
    same = (x for x in letters if (x.plugin, x.key) == (owner, key))
    return next((x for x in same if x.signed_at and x.revoked_at is None), None)
