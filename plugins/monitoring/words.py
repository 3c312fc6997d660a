"""The figures of this module, what they are called and counted in, and the groups that cases are counted by."""

from collections.abc import Mapping
from typing import Literal

from core.api import SECTORS, Text, service_titles
from core.api import lazy_gettext as _

Unit = Literal["count", "share", "days"]

OWN: Mapping[str, tuple[Text, Unit]] = {
    "monitoring.received": (_("Diterima"), "count"),
    "monitoring.solved": (_("Selesai"), "count"),
    "monitoring.local": (_("Selesai di desa"), "share"),
    "monitoring.referred": (_("Dirujuk"), "count"),
    "monitoring.refused": (_("Ditolak"), "count"),
    "monitoring.cancelled": (_("Dibatalkan"), "count"),
    "monitoring.days": (_("Rata-rata hari sampai selesai"), "days"),
    "monitoring.open": (_("Masih terbuka"), "count"),
    "monitoring.overdue": (_("Lewat tenggat"), "count"),
    "monitoring.load": (_("Kasus terbuka per petugas"), "count"),
    "monitoring.proposed": (_("Usulan dikirim"), "count"),
    "monitoring.granted": (_("Usulan dikabulkan"), "count"),
    "monitoring.sent": (_("Rujukan dikirim"), "count"),
    "monitoring.unanswered": (_("Rujukan tanpa jawaban lewat tenggat"), "count"),
}

GROUPS: Mapping[str, Text] = {
    "sector": _("Bidang"),
    "service": _("Program"),
    "rt": _("RT/RW"),
    "sex": _("Jenis kelamin"),
    "age": _("Umur"),
}

COUNTED: Mapping[str, Text] = {
    "received": _("Diterima"),
    "solved": _("Selesai"),
    "referred": _("Dirujuk"),
    "refused": _("Ditolak"),
}
"""The columns of each group, in the order in which they are kept."""

SEXES: Mapping[str, Text] = {"L": _("Laki-laki"), "P": _("Perempuan")}


def group_title(group: str, key: str) -> str:
    """What a line of a group is called."""
    if group == "sector":
        return str(SECTORS.get(key, key))
    if group == "service":
        return service_titles().get(key, key)
    if group == "sex":
        return str(SEXES.get(key, key))
    if group == "age":
        return str(_("%(ages)s tahun", ages=key.replace("-", "–")))
    return key or "–"
