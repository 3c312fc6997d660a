"""The codes that are kept, in words."""

from collections.abc import Mapping

from core.api import Text
from core.api import lazy_gettext as _

KINDS: Mapping[str, Text] = {
    "pkk": _("PKK"),
    "posyandu": _("Posyandu"),
    "dasawisma": _("Dasawisma"),
    "psm": _("PSM"),
}

PURPOSES: Mapping[str, Text] = {
    "routine": _("Kunjungan rutin"),
    "follow_up": _("Menindaklanjuti temuan"),
    "papers": _("Memeriksa berkas"),
    "toddler": _("Ibu hamil atau balita"),
    "elderly": _("Lansia atau penyandang disabilitas"),
    "data": _("Mendata keluarga"),
    "other": _("Lainnya"),
}

FINDINGS: Mapping[str, Text] = {
    "sick": _("Sakit, belum tertangani"),
    "school": _("Anak putus sekolah"),
    "toddler": _("Balita tidak naik berat badannya"),
    "elderly": _("Lansia tinggal sendiri"),
    "disability": _("Penyandang disabilitas tanpa alat bantu"),
    "livelihood": _("Kehilangan mata pencaharian"),
    "house": _("Rumah tidak layak"),
    "papers": _("Tidak punya KTP atau KK"),
    "other": _("Lainnya"),
}

STATES: Mapping[str, Text] = {
    "new": _("Baru"),
    "seen": _("Dibaca petugas"),
    "case": _("Kasus dibuka"),
    "answered": _("Dijawab"),
}

MARKS: Mapping[str, Text] = {
    "expectant": _("hamil"),
    "toddler": _("balita"),
    "elderly": _("lansia"),
    "disabled": _("disabilitas"),
}
"""What the registry tells of a household's members. No disease, no decile."""
