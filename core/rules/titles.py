"""What the values that most programmes' rules have are called, where a plugin says nothing else."""

from collections.abc import Mapping
from types import MappingProxyType

from core.texts import Text
from core.texts import lazy_gettext as _

COMMON_TITLES: Mapping[str, Text] = MappingProxyType(
    {
        "decile_max": _("Desil tertinggi"),
        "time_days": _("Hari kerja sampai usulan dikirim"),
        "stale_days": _("Hari tanpa kabar sampai diingatkan"),
        "tell_days": _("Hari kerja sampai warga diberi tahu"),
        "fee": _("Biaya (rupiah)"),
        "classification": _("Kode klasifikasi surat"),
    }
)
