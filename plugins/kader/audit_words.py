"""What the audit says of the deeds of this module, as it follows the name of who did them. No resident is named."""

from core.api import lazy_gettext as _

OBJECTS = {
    "kader_assignment": _("wilayah tugas kader"),
    "kader_visit": _("kunjungan kader"),
    "kader_finding": _("temuan kader"),
    "kader_precheck": _("pemeriksaan berkas di rumah"),
    "kader_report": _("laporan kader"),
}

DEEDS = {
    "kader.assigned": _("memberi wilayah tugas %(place)s"),
    "kader.assignment_ended": _("mengakhiri wilayah tugas %(place)s"),
    "kader.household_added": _("menambah keluarga ke kelompok %(place)s"),
    "kader.household_removed": _("mengeluarkan keluarga dari kelompok %(place)s"),
    "kader.visit_planned": _("merencanakan kunjungan %(day)s"),
    "kader.visit_done": _("mencatat kunjungan %(day)s"),
    "kader.visit_cancelled": _("membatalkan kunjungan %(day)s"),
    "kader.finding_reported": _("melaporkan temuan %(reference)s"),
    "kader.finding_opened": _("membuka temuan %(reference)s"),
    "kader.photo_opened": _("membuka foto temuan %(reference)s"),
    "kader.finding_seen": _("menerima temuan %(reference)s"),
    "kader.finding_answered": _("menjawab temuan %(reference)s"),
    "kader.finding_attached": _("mengaitkan temuan %(reference)s dengan data warga"),
    "kader.finding_case": _("menautkan kasus %(ticket)s dengan temuan %(reference)s"),
    "kader.papers_checked": _("memeriksa berkas kasus %(ticket)s di rumah"),
    "kader.check_undone": _("membatalkan pemeriksaan berkas kasus %(ticket)s"),
    "kader.report_downloaded": _("mengunduh laporan kader bulan %(object)s"),
}
