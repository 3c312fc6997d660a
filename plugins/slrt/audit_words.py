"""What the audit says of the deeds of this module, as it follows the name of who did them. No resident is named."""

from core.api import lazy_gettext as _

OBJECTS = {
    "slrt_route": _("rute rujukan"),
    "slrt_delivery": _("pemberitahuan ke sistem luar"),
    "slrt_inbox": _("daftar rujukan masuk kabupaten"),
    "slrt_rates": _("angka rujukan"),
}

DEEDS = {
    "slrt.route_set": _("menetapkan rute rujukan %(topic)s, jenjang %(level)s, sejak %(since)s"),
    "slrt.route_ended": _("mengakhiri rute rujukan %(topic)s, jenjang %(level)s, sejak %(since)s"),
    "slrt.assigned": _("menugaskan petugas untuk rujukan %(number)s"),
    "slrt.noted": _("menulis catatan dalam tentang rujukan %(number)s"),
    "slrt.escalated": _("menaikkan rujukan %(number)s ke jenjang %(level)s"),
    "slrt.reported": _("melaporkan keadaan %(state)s untuk rujukan %(number)s"),
    "slrt.delivery_failed": _("gagal memberi tahu sistem luar tentang langkah %(event)s"),
    "slrt.delivery_redone": _("mengulang pemberitahuan tentang langkah %(event)s"),
    "slrt.inbox_downloaded": _("mengunduh daftar rujukan masuk, %(referrals)s rujukan"),
    "slrt.rates_downloaded": _("mengunduh angka rujukan, %(villages)s desa"),
}
