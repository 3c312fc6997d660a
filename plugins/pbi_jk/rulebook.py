"""The dated rules of PBI-JK."""

from core.api import Rules
from core.api import lazy_gettext as _

from .forms import CARE

rules = Rules.load(
    "plugins.pbi_jk",
    titles={
        "decile_max": _("Desil tertinggi"),
        "temporary_months": _("Bulan aktif sementara di atas desil itu"),
        "desk_minutes": _("Menit di meja layanan"),
        "time_days": _("Hari kerja sampai usulan dikirim"),
        "fee": _("Biaya (rupiah)"),
        "tell_days": _("Hari kerja sampai warga diberi tahu"),
        "stale_days": _("Hari tanpa kabar sampai diingatkan"),
        "look_ahead_days": _("Hari sebelum cek ulang tampil di halaman depan"),
        "urgent_care": _("Perawatan yang tidak dapat menunggu"),
        "classification": _("Kode klasifikasi surat"),
    },
    choices={"urgent_care": tuple(CARE)},
)
