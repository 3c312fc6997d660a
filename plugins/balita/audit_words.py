"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "balita_child": _("data pertumbuhan seorang balita"),
    "balita_list": _("daftar balita"),
}

DEEDS = {
    "balita.child_opened": _("membuka data pertumbuhan balita"),
    "balita.measured": _("mencatat hasil ukur balita tanggal %(day)s"),
    "balita.corrected": _("mengubah hasil ukur balita tanggal %(day)s"),
    "balita.removed": _("menghapus hasil ukur balita tanggal %(day)s"),
    "balita.food_given": _("mencatat PMT tanggal %(day)s, %(portions)s porsi"),
    "balita.food_removed": _("menghapus catatan PMT tanggal %(day)s"),
    "balita.list_downloaded": _("mengunduh daftar balita, %(children)s anak"),
}
