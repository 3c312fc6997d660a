"""What the audit says of the deeds of this module, as it follows the name of who did them. No patient is named."""

from core.api import lazy_gettext as _

OBJECTS = {
    "emergency_escort": _("pendampingan darurat"),
    "emergency_roster": _("jadwal jaga"),
    "emergency_register": _("register pendampingan darurat"),
}

DEEDS = {
    "emergency.called": _("mencatat panggilan darurat %(reference)s"),
    "emergency.opened": _("membuka data pendampingan darurat %(reference)s"),
    "emergency.departed": _("mencatat keberangkatan %(reference)s"),
    "emergency.arrived": _("mencatat kedatangan %(reference)s di fasilitas"),
    "emergency.handed_over": _("mencatat serah terima pasien %(reference)s"),
    "emergency.called_corrected": _("mengubah waktu telepon %(reference)s dari %(old)s menjadi %(new)s"),
    "emergency.departed_corrected": _("mengubah waktu berangkat %(reference)s dari %(old)s menjadi %(new)s"),
    "emergency.arrived_corrected": _("mengubah waktu tiba %(reference)s dari %(old)s menjadi %(new)s"),
    "emergency.handed_over_corrected": _("mengubah waktu serah terima %(reference)s dari %(old)s menjadi %(new)s"),
    "emergency.edited": _("mengubah keterangan pendampingan %(reference)s"),
    "emergency.attached": _("mengaitkan pendampingan %(reference)s dengan data warga"),
    "emergency.cancelled": _("membatalkan pendampingan %(reference)s"),
    "emergency.reopened": _("membuka lagi pendampingan %(reference)s; waktu serah terima semula %(old)s"),
    "emergency.case_opened": _("membuka kasus susulan %(ticket)s dari pendampingan %(reference)s"),
    "emergency.case_linked": _("menautkan kasus %(ticket)s dengan pendampingan %(reference)s"),
    "emergency.no_case": _("menutup tindak lanjut pendampingan %(reference)s tanpa kasus"),
    "emergency.record_printed": _("mencetak catatan pendampingan %(reference)s"),
    "emergency.shift_added": _("menambah jadwal jaga %(day)s"),
    "emergency.shift_removed": _("menghapus jadwal jaga %(day)s"),
    "emergency.week_copied": _("menyalin jadwal jaga ke minggu %(day)s, %(shifts)s giliran"),
    "emergency.register_downloaded": _("mengunduh register pendampingan tahun %(object)s, %(escorts)s pendampingan"),
}
