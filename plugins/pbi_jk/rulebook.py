"""The dated rules of PBI-JK."""

from core.api import Rules
from core.api import lazy_gettext as _

from .forms import CARE

rules = Rules.load(
    "plugins.pbi_jk",
    titles={
        "temporary_months": _("Bulan aktif sementara di atas desil itu"),
        "desk_minutes": _("Menit di meja layanan"),
        "look_ahead_days": _("Hari sebelum cek ulang tampil di halaman depan"),
        "urgent_care": _("Perawatan yang tidak dapat menunggu"),
    },
    choices={"urgent_care": tuple(CARE)},
)
