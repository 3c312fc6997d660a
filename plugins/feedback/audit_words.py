"""What the audit says of the deeds of this module. Marks that came in are told with their month, never with a case."""

from core.api import lazy_gettext as _

OBJECTS = {
    "feedback_survey": _("survei kepuasan"),
    "feedback_comment": _("komentar warga"),
    "feedback_action": _("tindak lanjut survei"),
}

DEEDS = {
    "feedback.invited": _("mengundang penilaian atas kasus %(ticket)s"),
    "feedback.taken": _("memasukkan penilaian"),
    "feedback.comment_published": _("mengumumkan komentar warga dengan jawaban desa"),
    "feedback.comment_withheld": _("tidak mengumumkan komentar warga"),
    "feedback.action_decided": _("memutuskan tindak lanjut untuk %(element)s"),
    "feedback.action_changed": _("mengubah tindak lanjut untuk %(element)s: %(state)s"),
    "feedback.sheet_downloaded": _("mengunduh nilai survei %(period)s"),
}
