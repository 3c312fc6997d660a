"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "entry": _("catatan SIKS-NG"),
    "month": _("usulan DTSEN sebulan"),
    "log": _("catatan SIKS-NG"),
    "deciles": _("daftar desil yang berubah"),
    "report": _("laporan DTSEN"),
}

DEEDS = {
    "dtsen.moved_downloaded": _("mengunduh daftar desil yang berubah, %(families)s keluarga"),
    "dtsen.keyed": _("mencatat yang dimasukkan ke SIKS-NG"),
    "dtsen.status_noted": _("mencatat status di SIKS-NG"),
    "dtsen.log_downloaded": _("mengunduh catatan SIKS-NG, %(entries)s baris"),
    "dtsen.nik_matched": _("mencatat NIK padan dengan Dukcapil"),
    "dtsen.nik_unmatched": _("mencatat NIK tidak padan dengan Dukcapil"),
    "dtsen.statement_signed": _("menandatangani SPTJM %(reference)s, %(cases)s usulan disepakati"),
    "dtsen.statement_revoked": _("mencabut SPTJM %(reference)s, %(cases)s usulan menunggu kesepakatan lagi"),
    "dtsen.list_printed": _("mencetak daftar usulan DTSEN, %(cases)s keluarga"),
    "dtsen.report_downloaded": _("mengunduh laporan DTSEN bulan %(month)s"),
}
