"""What pages call the states of a survey."""

from collections.abc import Mapping

from core.api import Text
from core.api import lazy_gettext as _

STATES: Mapping[str, tuple[Text, str]] = {
    "open": (_("sedang diisi"), "due"),
    "final": (_("menunggu orang kedua"), "wait"),
    "signed": (_("ditandatangani"), "ok"),
    "cancelled": (_("dibatalkan"), ""),
}
"""The words of a state, and the kind of its tag."""

SHOWN_TITLES: Mapping[str, Text] = {
    "open": _("Belum selesai"),
    "mine": _("Tugas saya"),
    "final": _("Menunggu orang kedua"),
    "signed": _("Ditandatangani"),
    "cancelled": _("Dibatalkan"),
}
