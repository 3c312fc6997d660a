"""What codes are called on pages, sheets and the board."""

from collections.abc import Mapping

from core.api import Text
from core.api import lazy_gettext as _

from .models import QueueService, QueueTicket

STATES: Mapping[str, Text] = {
    "waiting": _("menunggu"),
    "called": _("dipanggil"),
    "serving": _("dilayani"),
    "done": _("selesai"),
    "skipped": _("dilewati"),
    "no_show": _("tidak datang"),
    "left": _("pulang"),
    "turned_away": _("belum terlayani"),
}

ORIGINS: Mapping[str, Text] = {
    "walk_in": _("datang langsung"),
    "booking": _("janji"),
    "out_of_hours": _("permintaan di luar jam buka"),
}

PRIORITIES: Mapping[str, Text] = {
    "emergency": _("gawat darurat"),
    "disabled": _("penyandang disabilitas"),
    "pregnant": _("ibu hamil atau membawa bayi"),
    "elderly": _("lanjut usia"),
}

BOOKING_STATES: Mapping[str, Text] = {
    "booked": _("akan datang"),
    "arrived": _("sudah datang"),
    "cancelled": _("dibatalkan"),
    "no_show": _("tidak datang"),
}

CHANNELS: Mapping[str, Text] = {
    "public": _("halaman desa"),
    "kader": _("kader"),
    "desk": _("petugas"),
    "request": _("permintaan di luar jam buka"),
}

REQUEST_STATES: Mapping[str, Text] = {
    "open": _("belum dipilah"),
    "booked": _("dibuatkan janji"),
    "emergency": _("diteruskan ke darurat"),
    "closed": _("dijawab"),
}

REASONS: Mapping[str, Text] = {
    "full": _("nomor hari itu habis"),
    "closing": _("meja tutup"),
    "other": _("sebab lain"),
}

STEPS: Mapping[str, Text] = {
    "arrived": _("mengambil nomor"),
    "called": _("dipanggil"),
    "recalled": _("dipanggil lagi"),
    "started": _("mulai dilayani"),
    "skipped": _("dilewati"),
    "returned": _("kembali menunggu"),
    "transferred": _("dipindahkan"),
    "finished": _("selesai"),
    "left": _("pulang"),
    "no_show": _("tidak datang"),
    "turned_away": _("belum terlayani waktu meja tutup"),
    "linked": _("ditautkan dengan kasus"),
}


def label_of(service: QueueService, ticket: QueueTicket) -> str:
    """What stands on the slip and on the board, such as A-012."""
    return f"{service.prefix}-{ticket.number:03d}"
