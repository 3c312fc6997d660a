"""The words of referrals: to whom, of what kind, and which of the resident's data can go along.

The declarations of services use them too, so this module imports nothing of ours but the texts.
"""

from collections.abc import Mapping

from core.texts import lazy_gettext as _

SECTORS: Mapping[str, str] = {
    "kecamatan": _("Kecamatan"),
    "dinsos": _("Dinas Sosial"),
    "puskesmas": _("Puskesmas"),
    "hospital": _("Rumah sakit"),
    "school": _("Sekolah"),
    "bpjs": _("BPJS"),
    "agency": _("Dinas atau badan lain"),
    "ngo": _("Lembaga atau yayasan"),
    "donor": _("Donatur atau Baznas"),
    "community": _("Kelompok masyarakat"),
}

KINDS: Mapping[str, str] = {
    "membership": _("Kepesertaan: didaftarkan atau diaktifkan"),
    "programme": _("Program: layanan, pembayaran, atau kartu"),
}

FIELDS: Mapping[str, str] = {
    "service": _("Layanan yang sedang diurus"),
    "age": _("Umur dan tahun lahir"),
    "sex": _("Jenis kelamin"),
    "rt_rw": _("RT/RW"),
    "address": _("Alamat"),
    "phone": _("Nomor HP"),
    "decile": _("Desil resmi"),
}
"""What can be chosen. The name always goes along; the NIK is a choice of its own."""

USUAL = ("service", "age", "sex", "rt_rw", "phone")

NIK_CHOICES: Mapping[str, str] = {
    "": _("Tidak disertakan"),
    "masked": _("Disamarkan: empat angka awal dan akhir"),
    "full": _("Lengkap, dan setiap pembukaan tercatat"),
}
