"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "training_session": _("pelatihan"),
    "training_participant": _("peserta pelatihan"),
    "training_people": _("daftar kecakapan petugas"),
}

DEEDS = {
    "training.planned": _("merencanakan pelatihan %(title)s"),
    "training.changed": _("mengubah pelatihan %(title)s"),
    "training.cancelled": _("membatalkan pelatihan %(title)s"),
    "training.invited": _("mengundang %(people)s orang ke pelatihan %(title)s"),
    "training.withdrawn": _("mencabut undangan pelatihan %(title)s"),
    "training.answered": _("menjawab undangan pelatihan %(title)s"),
    "training.closed": _("menutup pelatihan %(title)s dengan %(certificates)s sertifikat"),
    "training.reopened": _("membuka lagi pelatihan %(title)s"),
    "training.material_added": _("menambah materi pelatihan %(title)s"),
    "training.material_removed": _("menghapus materi pelatihan %(title)s"),
    "training.revoked": _("mencabut sertifikat %(reference)s"),
    "training.restored": _("memulihkan sertifikat %(reference)s"),
    "training.certificate_printed": _("mencetak sertifikat %(reference)s"),
    "training.people_downloaded": _("mengunduh daftar kecakapan petugas, %(people)s orang"),
}
