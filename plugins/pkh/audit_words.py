"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {"pkh_family": _("keluarga PKH"), "pkh_list": _("daftar KPM PKH")}

DEEDS = {
    "pkh.family_added": _("mencatat keluarga di daftar KPM PKH dengan %(components)s komponen"),
    "pkh.components_changed": _("mengubah komponen PKH: %(begun)s bertambah, %(ended)s berakhir"),
    "pkh.payee_changed": _("mengganti pengurus PKH"),
    "pkh.family_left": _("mengeluarkan keluarga dari daftar KPM PKH"),
    "pkh.leaving_undone": _("mengembalikan keluarga ke daftar KPM PKH"),
    "pkh.month_checked": _("memverifikasi komitmen PKH bulan %(month)s, %(members)s anggota"),
    "pkh.form_printed": _("mencetak formulir verifikasi PKH bulan %(month)s, %(members)s anggota"),
    "pkh.statement_printed": _("mencetak surat pernyataan graduasi PKH"),
    "pkh.list_downloaded": _("mengunduh daftar KPM PKH, %(families)s keluarga"),
}
