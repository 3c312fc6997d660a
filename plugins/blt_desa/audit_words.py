"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "meeting": _("musdes"),
    "recipient": _("penerima BLT"),
    "payment": _("pembayaran BLT"),
}

DEEDS = {
    "blt_desa.meeting_called": _("mencatat musdes khusus tanggal %(held_on)s"),
    "blt_desa.meeting_changed": _("mengubah data musdes khusus"),
    "blt_desa.meeting_discarded": _("membuang musdes khusus"),
    "blt_desa.meeting_closed": _("menutup musdes khusus"),
    "blt_desa.meeting_reopened": _("membuka lagi musdes khusus"),
    "blt_desa.candidates_added": _("menambah calon musdes"),
    "blt_desa.candidate_removed": _("mengeluarkan calon %(ticket)s dari musdes"),
    "blt_desa.attendance_noted": _("mengubah daftar hadir musdes"),
    "blt_desa.decided": _("mencatat keputusan musdes atas %(candidates)s calon"),
    "blt_desa.decreed": _("menetapkan %(families)s penerima BLT dengan SK %(reference)s"),
    "blt_desa.decree_revoked": _("mencabut SK BLT %(reference)s"),
    "blt_desa.family_left": _("mengeluarkan keluarga dari penerima BLT"),
    "blt_desa.family_follows": _("menetapkan keluarga cadangan sebagai penerima BLT"),
    "blt_desa.leaving_undone": _("mengembalikan keluarga sebagai penerima BLT"),
    "blt_desa.paid": _("menyerahkan BLT %(amount)s"),
    "blt_desa.payment_reversed": _("membatalkan penyerahan BLT %(amount)s"),
    "blt_desa.notice_printed": _("mencetak pengumuman penerima BLT"),
    "blt_desa.left_unfinished": _(
        "mematikan modul BLT sementara %(families)s keluarga masih menerima dan %(meetings)s musdes belum ditutup"
    ),
    "blt_desa.report_downloaded": _("mengunduh laporan BLT %(families)s keluarga"),
}
