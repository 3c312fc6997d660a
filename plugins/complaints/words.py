"""What complaints are about, of what kind they are, how they stand and end: the codes that are kept, in words."""

from collections.abc import Mapping

from core.api import Area, Text, settings_of
from core.api import lazy_gettext as _

from .settings import ComplaintSettings, lines_in

SECTORS: Mapping[str, Text] = {
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
"""Those that a Puskesos begins with; a district adds its own in the settings."""

KINDS: Mapping[str, Text] = {
    "information": _("Permintaan informasi"),
    "no_inspection": _("Keluhan tanpa pemeriksaan"),
    "inspection": _("Keluhan dengan pemeriksaan"),
    "suggestion": _("Saran atau pujian"),
}

ABOUT: Mapping[str, Text] = {
    "service": _("Layanan, bantuan, atau keadaan di desa"),
    "centre": _("Puskesos atau petugasnya"),
    "head": _("Kepala desa"),
}
"""What a complaint is directed at, which decides who may read it: see ``access.py``."""

CHANNELS: Mapping[str, Text] = {
    "desk": _("Datang ke meja"),
    "phone": _("WhatsApp atau telepon"),
    "visit": _("Kunjungan rumah"),
    "field_worker": _("Lewat PSM atau kader"),
    "box": _("Kotak saran atau surat"),
    "lapor": _("SP4N-LAPOR!"),
    "web": _("Halaman desa di internet"),
}

STATES: Mapping[str, Text] = {
    "open": _("Ditangani"),
    "answered": _("Dijawab"),
    "closed": _("Ditutup"),
    "merged": _("Digabung"),
}

OUTCOMES: Mapping[str, Text] = {
    "settled": _("Sudah diselesaikan"),
    "explained": _("Sudah dijelaskan"),
    "passed_on": _("Diteruskan ke yang berwenang"),
    "not_ours": _("Bukan kewenangan, ditunjukkan ke mana"),
}

RATINGS: Mapping[str, Text] = {
    "solved": _("Sudah teratasi"),
    "partly": _("Teratasi sebagian"),
    "unsolved": _("Belum teratasi"),
}

ENTRIES: Mapping[str, Text] = {
    "received": _("Diterima"),
    "answer": _("Jawaban sementara"),
    "final": _("Jawaban akhir"),
    "note": _("Catatan petugas"),
    "extended": _("Tenggat diperpanjang"),
    "reclassified": _("Jenis atau bidang diubah"),
    "forwarded": _("Diteruskan"),
    "reply": _("Jawaban dari tempat yang diteruskan"),
    "linked": _("Ditautkan"),
    "merged": _("Digabung dengan keluhan lain"),
    "reopened": _("Dibuka lagi oleh pelapor"),
    "rated": _("Penilaian pelapor"),
}


def sectors_in(area: Area) -> dict[str, Text]:
    """Those of the platform and what the district or the village has added; a key is kept with each complaint."""
    return {**SECTORS, **{line: line for line in lines_in(settings_of(area, ComplaintSettings).sectors)}}


def sector_title(key: str) -> Text:
    """Also of one that was taken out of the settings since: its key is its name."""
    return SECTORS.get(key, key)
