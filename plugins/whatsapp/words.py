"""States, kinds and reasons in plain Indonesian; the reason names what the clerk or the district can do."""

from core.api import Text
from core.api import lazy_gettext as _

STATES: dict[str, Text] = {
    "waiting": _("menunggu"),
    "sending": _("sedang dikirim"),
    "unclear": _("tidak pasti"),
    "sent": _("terkirim"),
    "delivered": _("sampai"),
    "read": _("dibaca"),
    "failed": _("gagal"),
    "cancelled": _("batal"),
}
TAGS = {"failed": "late", "unclear": "due", "waiting": "wait", "sending": "wait", "delivered": "ok", "read": "ok"}

HOW: dict[str, Text] = {
    "desk": _("di meja layanan"),
    "form": _("lewat formulir"),
    "message": _("lewat pesan"),
    "clerk": _("lewat petugas"),
}

CASE_KINDS: dict[str, Text] = {
    "case.opened": _("Kasus tercatat"),
    "case.changed": _("Kasus berpindah keadaan"),
    "case.closed": _("Kasus selesai"),
    "case.papers": _("Berkas belum lengkap"),
    "queue.booked": _("Janji datang dicatat"),
    "queue.cancelled": _("Janji datang dibatalkan"),
    "queue.reminder": _("Pengingat janji datang"),
    "feedback.invited": _("Undangan survei kepuasan"),
}

REASONS: dict[str, Text] = {
    "not_set": _("Nomor WhatsApp kabupaten belum disiapkan; hubungi admin kabupaten."),
    "no_consent": _("Tidak ada izin untuk nomor ini lagi."),
    "stopped": _("Warga meminta berhenti."),
    "token": _("Kunci akses ke Meta ditolak atau kedaluwarsa; admin kabupaten perlu memperbaruinya."),
    "undeliverable": _("Nomor ini tidak memakai WhatsApp atau tidak dapat menerima pesan; tanyakan nomor lain."),
    "window": _("Meta hanya menerima templat untuk warga yang tidak menulis dalam 24 jam terakhir."),
    "template": _("Templat pesan belum disetujui atau isinya tidak cocok; admin kabupaten perlu memeriksanya di Meta."),
    "paused": _("Templat pesan dihentikan Meta karena dinilai mengganggu; admin kabupaten perlu memeriksanya."),
    "refused": _("Meta menahan pesan ini demi penerima; coba lagi beberapa hari lagi."),
    "account": _("Akun WhatsApp kabupaten dibatasi, belum terdaftar, atau belum dibayar; hubungi admin kabupaten."),
    "rate": _("Terlalu banyak pesan sekaligus; dicoba lagi nanti."),
    "spam": _("Meta membatasi nomor kabupaten karena banyak diblokir; kurangi pesan dan periksa mutunya."),
    "busy": _("Meta sedang terganggu; dicoba lagi nanti."),
    "unreachable": _("Meta tidak terjangkau; periksa sambungan internet server."),
    "broken": _("Meta menolak permintaan ini; admin kabupaten perlu melihat kodenya."),
    "no_answer": _("Meta tidak sempat menjawab: pesan mungkin sudah sampai. Tanyakan warga sebelum mengirim lagi."),
    "died": _("Server terhenti saat mengirim: pesan mungkin sudah sampai. Tanyakan warga sebelum mengirim lagi."),
    "resent": _("Dikirim lagi sebagai pesan baru."),
}


def kind_title(kind: str) -> Text:
    """A kind of another module that has no title here is shown by its code."""
    return CASE_KINDS.get(kind, kind)
