"""What a service is about, as a Puskesos reports by it: the sectors of the ministry's complaint form."""

from collections.abc import Mapping
from types import MappingProxyType

from core.texts import Text
from core.texts import lazy_gettext as _

SECTORS: Mapping[str, Text] = MappingProxyType(
    {
        "health": _("Kesehatan"),
        "education": _("Pendidikan"),
        "socio_economic": _("Sosial-ekonomi"),
        "food": _("Pangan"),
        "energy": _("Energi"),
        "farming": _("Pertanian"),
        "fishing": _("Perikanan"),
        "housing": _("Perumahan"),
        "civil_registry": _("Administrasi kependudukan"),
    }
)
