"""The dated rules of a district's own health cover."""

from core.api import Rules
from core.api import lazy_gettext as _

from .forms import CARE

rules = Rules.load(
    "plugins.uhc",
    titles={
        "urgent_care": _("Perawatan yang tidak dapat menunggu"),
        "papers_days": _("Hari kerja sampai berkas pasien dilengkapi"),
        "check_days": _("Hari sesudah aktif sampai ditanyakan lagi"),
        "desk_minutes": _("Menit di meja layanan"),
        "look_ahead_days": _("Hari sebelum cek ulang tampil di halaman depan"),
    },
    choices={"urgent_care": tuple(CARE)},
)
