"""What the audit says of the deeds of this module, as it follows the name of who did them. No resident is named."""

from core.api import lazy_gettext as _

OBJECTS = {
    "queue_ticket": _("nomor antrean"),
    "queue_booking": _("janji datang"),
    "queue_request": _("permintaan di luar jam buka"),
    "queue_day": _("antrean hari itu"),
    "queue_service": _("layanan antrean"),
    "queue_counter": _("loket"),
}

DEEDS = {
    "queue.number_given": _("memberi nomor antrean %(number)s"),
    "queue.checked_in": _("mencatat kedatangan janji %(code)s dengan nomor %(number)s"),
    "queue.turned_away": _("mencatat %(people)s warga yang belum terlayani"),
    "queue.step_undone": _("membatalkan langkah terakhir sebuah nomor antrean"),
    "queue.case_linked": _("menautkan nomor antrean dengan kasus %(ticket)s"),
    "queue.day_closed": _("menutup antrean %(object)s, %(turned_away)s belum terlayani"),
    "queue.booked": _("membuat janji %(code)s untuk %(day)s"),
    "queue.cancelled": _("membatalkan janji %(code)s"),
    "queue.papers_checked": _("mengecek berkas janji %(code)s sebelum harinya"),
    "queue.requested": _("mencatat permintaan %(code)s"),
    "queue.request_settled": _("memilah permintaan %(code)s"),
    "queue.names_blanked": _("mengosongkan nama dan nomor HP lama, %(rows)s baris"),
    "queue.service_saved": _("menyimpan layanan antrean %(name)s"),
    "queue.counter_saved": _("menyimpan loket %(name)s"),
    "queue.day_off_added": _("menambah hari libur antrean %(day)s"),
    "queue.day_off_removed": _("menghapus hari libur antrean %(day)s"),
    "queue.day_downloaded": _("mengunduh antrean %(object)s, %(tickets)s nomor"),
}
