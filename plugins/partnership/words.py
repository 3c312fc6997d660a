"""The codes that are kept, in words."""

from collections.abc import Mapping

from core.api import Text
from core.api import lazy_gettext as _

KINDS: Mapping[str, Text] = {
    "government": _("Pemerintah"),
    "non_government": _("Bukan pemerintah"),
    "community": _("Masyarakat"),
}

AGREEMENT_STATES: Mapping[str, Text] = {
    "draft": _("Rancangan"),
    "signed": _("Ditandatangani"),
    "expired": _("Berakhir"),
    "ended": _("Dihentikan"),
}

CONTRIBUTIONS: Mapping[str, Text] = {
    "measurements": _("Pengukuran balita"),
    "surveys": _("Survei rumah"),
    "escorts": _("Pendampingan"),
    "money": _("Uang"),
    "goods": _("Barang"),
    "place": _("Tempat"),
    "training": _("Pelatihan"),
    "staff": _("Tenaga"),
    "other": _("Lainnya"),
}

UNITS: Mapping[str, Text] = {
    "measurements": _("balita"),
    "surveys": _("rumah"),
    "escorts": _("orang didampingi"),
    "money": _("rupiah"),
    "goods": _("buah"),
    "place": _("kali"),
    "training": _("peserta"),
    "staff": _("jam kerja"),
    "other": _("kali"),
}

BARRIERS: Mapping[str, Text] = {
    "capacity": _("Kapasitas"),
    "papers": _("Berkas"),
    "data_mismatch": _("Data tidak cocok"),
    "network": _("Jaringan"),
    "policy": _("Kebijakan"),
    "silent": _("Mitra tidak menjawab"),
    "other": _("Lainnya"),
}

SOURCES: Mapping[str, Text] = {
    "clerk": _("Petugas"),
    "citizen": _("Warga"),
    "field_worker": _("Kader atau PSM"),
    "partner": _("Mitra"),
}

DECISIONS: Mapping[str, Text] = {
    "adopted": _("Diterima"),
    "rejected": _("Ditolak"),
}

ANSWERS: Mapping[str, Text] = {"": _("Belum menjawab"), "yes": _("Akan hadir"), "no": _("Tidak hadir")}

MEETING_STATES: Mapping[str, Text] = {"planned": _("Direncanakan"), "closed": _("Notulen ditutup")}

COMPONENTS: Mapping[str, Text] = {
    "relationship": _("Hubungan"),
    "engagement": _("Keterlibatan"),
    "influence": _("Pengaruh"),
    "barrier": _("Hambatan"),
}

STATEMENTS: Mapping[str, Text] = {
    "relationship_roles": _("Peran kami dan peran desa jelas bagi kami."),
    "relationship_answers": _("Rujukan dari desa lengkap dan dapat kami jawab tepat waktu."),
    "relationship_trust": _("Kami dan petugas puskesos saling percaya."),
    "engagement_meetings": _("Pertemuan bulanan berguna bagi pekerjaan kami."),
    "engagement_resources": _("Kami punya tenaga dan biaya untuk kerja sama ini."),
    "engagement_actions": _("Yang disepakati dalam pertemuan benar-benar dikerjakan."),
    "influence_heard": _("Pendapat kami didengar dalam pertemuan."),
    "influence_decisions": _("Usul kami ikut menentukan keputusan."),
    "influence_citizens": _("Suara warga ikut menentukan keputusan."),
    "barrier_known": _("Hambatan kami diketahui dan dicatat desa."),
    "barrier_solved": _("Hambatan yang dicatat diselesaikan."),
}
"""By their keys, which begin with the component that they ask about."""


def component_of(statement: str) -> str:
    return statement.partition("_")[0]
