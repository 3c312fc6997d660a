"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "decree": _("SK BLT"),
    "recipient": _("penerima BLT"),
    "payment": _("pembayaran BLT"),
}

DEEDS = {
    "blt_desa.decreed": _("menetapkan %(families)s penerima BLT dengan SK %(reference)s"),
    "blt_desa.decree_revoked": _("mencabut SK BLT %(reference)s"),
    "blt_desa.family_left": _("mengeluarkan keluarga dari penerima BLT"),
    "blt_desa.family_follows": _("menetapkan keluarga cadangan sebagai penerima BLT"),
    "blt_desa.leaving_undone": _("mengembalikan keluarga sebagai penerima BLT"),
    "blt_desa.paid": _("menyerahkan BLT %(amount)s"),
    "blt_desa.payment_reversed": _("membatalkan penyerahan BLT %(amount)s"),
    "blt_desa.left_unfinished": _(
        "mematikan modul BLT sementara %(families)s keluarga masih menerima dan %(candidates)s calon belum diputuskan"
    ),
    "blt_desa.report_downloaded": _("mengunduh laporan BLT %(families)s keluarga"),
}
