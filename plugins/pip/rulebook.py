"""The dated rules: of PIP for schools, and of KIP Kuliah, which other regulations change at other times."""

from core.api import Rules
from core.api import lazy_gettext as _

from .forms import GROUNDS

school_rules, college_rules = Rules.load_parts(
    "plugins.pip",
    "school",
    "college",
    titles={
        "school": _("PIP sekolah"),
        "college": _("KIP Kuliah"),
        "age_least": _("Umur termuda"),
        "age_most": _("Umur tertua"),
        "grounds": _("Alasan yang cukup satu"),
        "amount": _("Besaran setahun (rupiah)"),
        "amount_of_part": _("Besaran kelas awal atau akhir (rupiah)"),
        "school_year_begins": _("Bulan tahun ajaran dimulai"),
        "bank": _("Bank penyalur"),
        "warn_days": _("Hari sebelum batas aktivasi yang diingatkan"),
        "years_since_graduation": _("Tahun sejak lulus, paling lama"),
        "living_least": _("Biaya hidup paling sedikit sebulan (rupiah)"),
        "living_most": _("Biaya hidup paling banyak sebulan (rupiah)"),
        "asked_ages": _("Umur yang ditanya bila tahun lulus belum diketahui"),
        "time_days": _("Hari kerja sampai surat selesai"),
    },
    choices={"grounds": ("decile", "dropout", *GROUNDS)},
)
