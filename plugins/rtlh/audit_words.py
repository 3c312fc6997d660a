"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "work": _("pekerjaan RTLH"),
    "expense": _("kuitansi RTLH"),
    "stage": _("foto kemajuan RTLH"),
    "report": _("laporan RTLH"),
}

DEEDS = {
    "rtlh.begun": _("mencatat mulainya pekerjaan rumah dari kasus %(ticket)s"),
    "rtlh.earlier_noted": _("mencatat rumah yang pernah dibantu"),
    "rtlh.changed": _("mengubah SK atau anggaran perbaikan rumah"),
    "rtlh.stage_noted": _("mencatat kemajuan rumah %(percent)s persen"),
    "rtlh.stage_undone": _("membatalkan catatan kemajuan rumah %(percent)s persen"),
    "rtlh.spent": _("mencatat kuitansi perbaikan rumah nomor %(number)s"),
    "rtlh.expense_struck": _("mencoret kuitansi perbaikan rumah nomor %(number)s"),
    "rtlh.handed_over": _("mencatat serah terima rumah"),
    "rtlh.photo_opened": _("membuka foto kemajuan rumah"),
    "rtlh.receipt_opened": _("membuka foto kuitansi perbaikan rumah"),
    "rtlh.report_downloaded": _("mengunduh laporan RTLH tahun %(year)s"),
}
