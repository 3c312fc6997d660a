"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "pbi_jk_list": _("daftar nonaktif PBI-JK"),
    "pbi_jk_line": _("orang di daftar nonaktif PBI-JK"),
    "pbi_jk_batch": _("surat kolektif PBI-JK"),
}

DEEDS = {
    "pbi_jk.membership_noted": _("mencatat kepesertaan PBI-JK dari kasus %(ticket)s"),
    "pbi_jk.matched_again": _("mencocokkan lagi daftar nonaktif PBI-JK: %(members)s orang ditemukan"),
    "pbi_jk.called": _("mencatat panggilan daftar nonaktif PBI-JK"),
    "pbi_jk.call_undone": _("mengurungkan catatan panggilan daftar nonaktif PBI-JK"),
    "pbi_jk.doubt_settled": _("menentukan apakah nama di daftar nonaktif PBI-JK orang yang sama"),
    "pbi_jk.calls_assigned": _("menugaskan %(members)s orang di daftar nonaktif PBI-JK kepada %(to)s"),
    "pbi_jk.case_from_list": _("membuka kasus %(ticket)s dari daftar nonaktif PBI-JK"),
    "pbi_jk.batch_made": _("membuat surat kolektif PBI-JK untuk %(members)s orang"),
    "pbi_jk.batch_revoked": _("mencabut surat kolektif PBI-JK %(reference)s"),
    "pbi_jk.letters_bound": _("mencetak surat PBI-JK sekaligus, %(letters)s surat"),
    "pbi_jk.calls_printed": _("mencetak daftar panggilan PBI-JK, %(members)s orang"),
    "pbi_jk.list_downloaded": _("mengunduh laporan daftar nonaktif PBI-JK, %(members)s orang"),
}
