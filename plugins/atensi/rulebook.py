"""The dated rules: the ages of the clusters, and how a proposal is handled."""

from core.api import Rules
from core.api import lazy_gettext as _

age_rules, handling = Rules.load_parts(
    "plugins.atensi",
    "ages",
    "handling",
    titles={
        "ages": _("Umur klaster ATENSI"),
        "handling": _("Penanganan usulan ATENSI"),
        "child_below": _("Anak: umur di bawah"),
        "elderly_from": _("Lanjut usia: umur mulai"),
        "time_days": _("Hari kerja sampai usulan dikirim"),
        "fee": _("Biaya (rupiah)"),
        "stale_days": _("Hari tanpa kabar sampai diingatkan"),
        "tell_days": _("Hari kerja sampai warga diberi tahu"),
        "visit_days": _("Hari sampai kunjungan lanjutan"),
        "small": _("Angka laporan terkecil yang ditampilkan"),
        "classification": _("Kode klasifikasi surat"),
    },
)
