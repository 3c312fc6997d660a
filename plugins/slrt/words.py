"""The codes of the tables in words, and which sector a service belongs to."""

from collections.abc import Mapping

from core.api import Text
from core.api import lazy_gettext as _

LEVELS: Mapping[str, Text] = {
    "kecamatan": _("Kecamatan"),
    "dinsos": _("SLRT/Dinas Sosial"),
    "opd": _("OPD, rumah sakit, atau BPJS"),
    "province": _("Provinsi"),
    "ministry": _("Kementerian Sosial"),
}
"""From the village upward."""

ABOVE: Mapping[str, str] = {
    "kecamatan": "dinsos",
    "dinsos": "province",
    "opd": "province",
    "province": "ministry",
}
"""Who is told of what is overdue: OPD and the Dinas Sosial stand beside each other under the province."""

LEVEL_OF_SECTOR: Mapping[str, str] = {"kecamatan": "kecamatan", "dinsos": "dinsos"}
"""Of an organisation's sector; all others are OPD, hospitals, BPJS and partners."""

EVERYTHING = "*"

SECTORS: Mapping[str, Text] = {
    "health": _("Kesehatan"),
    "education": _("Pendidikan"),
    "socio_economic": _("Sosial-ekonomi"),
    "food": _("Pangan"),
    "housing": _("Perumahan"),
    "civil_registry": _("Administrasi kependudukan"),
    "other": _("Lainnya"),
}

SECTOR_OF_MODULE: Mapping[str, str] = {
    "balita": "health",
    "pbi_jk": "health",
    "uhc": "health",
    "pip": "education",
    "bansos": "food",
    "blt_desa": "socio_economic",
    "pkh": "socio_economic",
    "sktm": "socio_economic",
    "rtlh": "housing",
    "dtsen": "civil_registry",
}
"""Restricted services are missing on purpose: in "other", nobody sees in which village there is one."""

DELIVERY_STATES: Mapping[str, Text] = {
    "waiting": _("menunggu dikirim"),
    "sent": _("diterima"),
    "failed": _("gagal"),
}

PROBLEMS: Mapping[str, Text] = {
    "": "",
    "refused_address": _("alamatnya bukan alamat publik"),
    "unreachable": _("sistemnya tidak dapat dihubungi"),
    "timeout": _("sistemnya tidak menjawab pada waktunya"),
    "redirect": _("sistemnya mengalihkan ke alamat lain, yang tidak diikuti"),
    "answer": _("sistemnya menolak"),
    "not_set": _("alamat atau kuncinya belum diisi"),
}


def sector_of(service: str) -> str:
    return SECTOR_OF_MODULE.get(service.partition(".")[0], "other")


def level_of(sector: str) -> str:
    """The level at which an organisation of this sector stands."""
    return LEVEL_OF_SECTOR.get(sector, "opd")
