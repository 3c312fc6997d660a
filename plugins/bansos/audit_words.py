"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "distribution": _("penyaluran bantuan"),
    "recipient": _("penerima bantuan"),
    "handover": _("penyerahan bantuan"),
    "report": _("laporan bantuan"),
}

DEEDS = {
    "bansos.announced": _("mencatat penyaluran %(reference)s: %(title)s"),
    "bansos.changed": _("mengubah penyaluran %(reference)s"),
    "bansos.discarded": _("membuang penyaluran %(reference)s"),
    "bansos.closed": _("menutup penyaluran %(reference)s, %(waiting)s belum diambil"),
    "bansos.reopened": _("membuka lagi penyaluran %(reference)s"),
    "bansos.recipients_added": _("menambah %(people)s penerima bantuan dari data warga"),
    "bansos.struck": _("mencoret penerima nomor %(number)s dari daftar bantuan"),
    "bansos.restored": _("mengembalikan penerima nomor %(number)s ke daftar bantuan"),
    "bansos.handed_over": _("menyerahkan bantuan kepada penerima nomor %(number)s"),
    "bansos.handover_undone": _("membatalkan penyerahan bantuan penerima nomor %(number)s"),
    "bansos.photo_opened": _("membuka foto penyerahan bantuan"),
    "bansos.list_printed": _("mencetak daftar penerima bantuan, %(people)s orang"),
    "bansos.list_downloaded": _("mengunduh daftar penerima bantuan, %(people)s orang"),
    "bansos.report_downloaded": _("mengunduh laporan bantuan bulan %(month)s"),
}
