"""The lines of a case's timeline that tell of a referral. Imported by the timeline, so it imports nothing of ours."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _


def case_line(kind: str, data: Mapping[str, Any]) -> str:
    """``kind`` is the event's, such as "referral_sent"; ``data["to"]`` the organisation's name."""
    to = data.get("to", "")
    texts = {
        "referral_drafted": _("Rujukan ke %(to)s dibuat", to=to),
        "referral_changed": _("Rujukan ke %(to)s diubah", to=to),
        "referral_discarded": _("Rujukan ke %(to)s dibuang sebelum dikirim", to=to),
        "referral_sent": _("Rujukan dikirim ke %(to)s", to=to),
        "referral_recalled": _("Rujukan ke %(to)s ditarik kembali", to=to),
        "referral_accepted": _("%(to)s menerima rujukan", to=to),
        "referral_processing": _("%(to)s mulai memproses rujukan", to=to),
        "referral_returned": _("%(to)s mengembalikan rujukan", to=to),
        "referral_forwarded": _("%(to)s meneruskan rujukan ke %(onward)s", to=to, onward=data.get("onward", "–")),
        "referral_done": _("%(to)s menjawab rujukan: selesai", to=to),
        "referral_refused": _("%(to)s menjawab rujukan: ditolak", to=to),
        "referral_nik_shown": _("%(to)s membuka NIK lengkap", to=to),
        "referral_told": _("Warga diberi tahu jawaban %(to)s", to=to),
    }
    return texts.get(kind, kind)
