"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "survey": _("survei rumah"),
    "survey_photos": _("foto survei rumah"),
    "survey_sheet": _("daftar survei rumah"),
}

DEEDS = {
    "survey.asked": _("meminta survei rumah %(number)s"),
    "survey.assigned": _("menugaskan survei rumah %(number)s kepada %(worker)s untuk %(day)s"),
    "survey.begun": _("mulai mengisi survei rumah %(number)s"),
    "survey.finalised": _("memfinalkan survei rumah %(number)s"),
    "survey.signed": _("menandatangani survei rumah %(number)s sebagai orang kedua"),
    "survey.returned": _("mengembalikan survei rumah %(number)s kepada petugasnya"),
    "survey.cancelled": _("membatalkan survei rumah %(number)s"),
    "survey.opened": _("membuka survei rumah %(number)s"),
    "survey.photo_added": _("menambah foto survei rumah %(number)s"),
    "survey.photo_removed": _("menghapus foto survei rumah %(number)s"),
    "survey.photo_opened": _("membuka foto survei rumah %(number)s"),
    "survey.photos_dropped": _("menghapus %(photos)s foto survei yang sudah lama"),
    "survey.sheet_downloaded": _("mengunduh daftar survei rumah bulan %(object)s, %(surveys)s survei"),
}
