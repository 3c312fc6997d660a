"""How states and answers are called."""

from core.api import lazy_gettext as _

STATES = {"planned": _("Direncanakan"), "held": _("Sudah dilaksanakan"), "cancelled": _("Dibatalkan")}
STATE_KINDS = {"planned": "wait", "held": "ok", "cancelled": ""}

ANSWERS = {"": _("belum menjawab"), "coming": _("akan datang"), "declined": _("berhalangan")}

RESULTS = {
    "": _("belum dicatat"),
    "absent": _("tidak hadir"),
    "present": _("hadir, belum lulus"),
    "passed": _("hadir dan lulus"),
}

ROLES = {
    "village_head": _("Kepala desa"),
    "village_staff": _("Petugas puskesos"),
    "field_worker": _("Petugas lapangan (PSM, kader)"),
}
