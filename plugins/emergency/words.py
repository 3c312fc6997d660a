"""The codes that are kept, in words."""

from collections.abc import Mapping

from core.api import Text
from core.api import lazy_gettext as _

JKN: Mapping[str, Text] = {
    "unknown": _("Belum tahu"),
    "active": _("Aktif"),
    "inactive": _("Nonaktif"),
    "none": _("Tidak punya"),
}

TRANSPORT: Mapping[str, Text] = {
    "ambulance": _("Ambulans desa"),
    "car": _("Mobil warga"),
    "motorbike": _("Motor"),
    "hospital": _("Ambulans puskesmas atau RS"),
    "other": _("Lainnya"),
}

STATES: Mapping[str, Text] = {
    "running": _("Berjalan"),
    "ended": _("Sudah diserahkan"),
    "cancelled": _("Dibatalkan"),
}

TIMES: Mapping[str, Text] = {
    "called": _("Telepon diterima"),
    "departed": _("Berangkat"),
    "arrived": _("Tiba di fasilitas"),
    "handed_over": _("Serah terima"),
}
"""In the order in which they come. Each is a column of the escort: ``called_at``."""

TAPS: Mapping[str, Text] = {
    "departed": _("Berangkat sekarang"),
    "arrived": _("Tiba sekarang"),
    "handed_over": _("Serah terima sekarang"),
}

WITHOUT_CASE: Mapping[str, Text] = {
    "active": _("JKN pasien aktif"),
    "not_resident": _("Bukan warga desa ini; desanya sudah diberi tahu"),
    "other_payer": _("Dibayar keluarga atau asuransi lain"),
    "advised": _("Dibantu lewat telepon atau rujukan, tanpa kasus di desa"),
    "died": _("Pasien meninggal"),
    "refused": _("Keluarga tidak mau"),
}

ENTRIES: Mapping[str, Text] = {
    **TIMES,
    "fix_called": _("Waktu telepon diperbaiki"),
    "fix_departed": _("Waktu berangkat diperbaiki"),
    "fix_arrived": _("Waktu tiba diperbaiki"),
    "fix_handed_over": _("Waktu serah terima diperbaiki"),
    "edited": _("Keterangan diubah"),
    "attached": _("Warga dikenali"),
    "cancelled": _("Dibatalkan"),
    "reopened": _("Dibuka lagi"),
    "case": _("Kasus susulan"),
    "no_case": _("Tanpa kasus susulan"),
}
