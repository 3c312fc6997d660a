"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "monitoring_report": _("laporan bulanan"),
    "monitoring_figures": _("angka bulanan"),
}

DEEDS = {
    "monitoring.figures_asked": _("meminta angka %(villages)s desa dihitung ulang"),
    "monitoring.report_made": _("menyusun laporan bulanan %(month)s"),
    "monitoring.report_sent": _("mengirim laporan bulanan %(month)s, versi %(edition)s, ke Dinas Sosial"),
    "monitoring.report_amended": _("membuat perubahan laporan bulanan %(month)s, versi %(edition)s"),
    "monitoring.report_returned": _("mengembalikan laporan bulanan %(month)s ke desa"),
    "monitoring.report_downloaded": _("mengunduh laporan bulanan %(month)s"),
}
