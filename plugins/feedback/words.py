"""The elements, grades and ways to answer, and what a respondent may tell: the codes that are kept, in words."""

from collections.abc import Mapping, Sequence

from core.api import Text
from core.api import lazy_gettext as _

ELEMENT_TITLES: Sequence[Text] = (
    _("Persyaratan"),
    _("Sistem, mekanisme, dan prosedur"),
    _("Waktu penyelesaian"),
    _("Biaya/tarif"),
    _("Produk layanan"),
    _("Kompetensi pelaksana"),
    _("Perilaku pelaksana"),
    _("Penanganan pengaduan, saran, dan masukan"),
    _("Sarana dan prasarana"),
)
"""U1 to U9 (Permenpan-RB 14/2017)."""

GRADES: Mapping[str, Text] = {
    "A": _("Sangat baik"),
    "B": _("Baik"),
    "C": _("Kurang baik"),
    "D": _("Tidak baik"),
}

CHANNELS: Mapping[str, Text] = {"qr": _("QR atau tautan"), "kiosk": _("Kios"), "clerk": _("Formulir kertas")}

PERIODS: Mapping[str, Text] = {
    "month": _("Bulan"),
    "quarter": _("Triwulan"),
    "semester": _("Semester"),
    "year": _("Tahun"),
}

CHARACTERISTICS: Mapping[str, Text] = {
    "sex": _("Jenis kelamin"),
    "age_group": _("Umur"),
    "education": _("Pendidikan terakhir"),
    "work": _("Pekerjaan"),
}
"""Of the regulation's questionnaire; telling them is up to the respondent."""

TOLD: Mapping[str, Mapping[str, Text]] = {
    "sex": {"female": _("Perempuan"), "male": _("Laki-laki")},
    "age_group": {
        "under_20": _("Di bawah 20 tahun"),
        "20_39": _("20–39 tahun"),
        "40_59": _("40–59 tahun"),
        "60_up": _("60 tahun ke atas"),
    },
    "education": {
        "sd": _("SD atau di bawahnya"),
        "smp": "SMP",
        "sma": "SMA/SMK",
        "diploma": _("Diploma"),
        "s1": _("S1 atau lebih tinggi"),
    },
    "work": {
        "state": _("PNS, TNI, atau Polri"),
        "employee": _("Pegawai swasta"),
        "business": _("Wirausaha"),
        "farmer": _("Petani, nelayan, atau buruh"),
        "other": _("Lainnya"),
    },
}

COMMENT_STATES: Mapping[str, Text] = {
    "waiting": _("Menunggu jawaban"),
    "published": _("Diumumkan"),
    "withheld": _("Tidak diumumkan"),
}

ACTION_STATES: Mapping[str, Text] = {
    "planned": _("Direncanakan"),
    "running": _("Dikerjakan"),
    "done": _("Selesai"),
    "dropped": _("Dibatalkan"),
}


def element_title(number: int) -> str:
    """Of 1 to 9: "U1 Persyaratan"."""
    return f"U{number} {ELEMENT_TITLES[number - 1]}"
