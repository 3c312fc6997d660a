"""What the audit says of the deeds of this module, as it follows the name of who did them. It names no reporter."""

from core.api import lazy_gettext as _

OBJECTS = {"complaint": _("keluhan"), "complaints_register": _("register keluhan")}

DEEDS = {
    "complaints.received": _("menyampaikan atau mencatat keluhan %(ticket)s"),
    "complaints.answered": _("menjawab keluhan %(ticket)s"),
    "complaints.extended": _("memperpanjang tenggat keluhan %(ticket)s sampai %(until)s"),
    "complaints.reclassified": _("mengubah jenis atau bidang keluhan %(ticket)s"),
    "complaints.forwarded": _("meneruskan keluhan %(ticket)s ke %(whom)s"),
    "complaints.reply_noted": _("mencatat jawaban dari luar untuk keluhan %(ticket)s"),
    "complaints.linked": _("menautkan keluhan %(ticket)s"),
    "complaints.merged": _("menggabungkan keluhan %(ticket)s ke %(into)s"),
    "complaints.rated": _("menilai jawaban keluhan %(ticket)s"),
    "complaints.reopened": _("membuka lagi keluhan %(ticket)s"),
    "complaints.identity_opened": _("membuka identitas pelapor keluhan %(ticket)s"),
    "complaints.photo_opened": _("membuka berkas keluhan %(ticket)s"),
    "complaints.paper_printed": _("mencetak lembar penerusan keluhan %(ticket)s"),
    "complaints.register_downloaded": _("mengunduh register keluhan tahun %(object)s, %(complaints)s keluhan"),
}
