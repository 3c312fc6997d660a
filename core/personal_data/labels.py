"""The names under which a copy of somebody's data shows tables and columns; a plugin's stand as they are called."""

from collections.abc import Mapping

from core.audit.wording import FIELDS
from core.cases.workflow import Text
from core.texts import lazy_gettext as _

TABLES: Mapping[str, Text] = {
    "persons": _("Data diri"),
    "households": _("Keluarga"),
    "cases": _("Kasus"),
    "case_events": _("Riwayat kasus"),
    "case_requirements": _("Persyaratan kasus"),
    "documents": _("Berkas yang diunggah"),
    "letters": _("Surat"),
    "meeting_candidates": _("Musdes"),
    "referrals": _("Rujukan"),
    "referral_documents": _("Berkas yang ikut rujukan"),
    "referral_events": _("Riwayat rujukan"),
    "tasks": _("Tugas"),
}

COLUMNS: Mapping[str, Text] = {
    **FIELDS,
    "answer_days": _("batas jawaban (hari)"),
    "accepted_at": _("diterima pada"),
    "ask": _("yang diminta"),
    "at": _("pada"),
    "back_at": _("kembali pada"),
    "by_name": _("oleh"),
    "case_id": _("kode kasus"),
    "channel": _("jalur"),
    "changed_at": _("diubah pada"),
    "closed_at": _("ditutup pada"),
    "created_at": _("dicatat pada"),
    "data": _("isian"),
    "decision": _("keputusan"),
    "document_id": _("kode berkas"),
    "done_at": _("selesai pada"),
    "due_on": _("tenggat"),
    "extra": _("lain-lain"),
    "filename": _("nama berkas"),
    "from_state": _("dari keadaan"),
    "id": _("kode"),
    "issued_at": _("dibuat pada"),
    "issued_on": _("tanggal surat"),
    "key": _("jenis dokumen"),
    "kind": _("jenis"),
    "media_type": _("tipe berkas"),
    "meeting_id": _("kode musdes"),
    "note": _("catatan"),
    "opened_at": _("dibuka pada"),
    "outcome": _("hasil"),
    "person_id": _("kode warga"),
    "priority": _("prioritas"),
    "privacy_notice_given": _("pemberitahuan privasi disampaikan"),
    "rank": _("peringkat"),
    "reason": _("alasan"),
    "reference": _("nomor surat"),
    "referral_id": _("kode rujukan"),
    "reporter_name": _("nama pelapor"),
    "reporter_phone": _("telepon pelapor"),
    "reporter_relation": _("hubungan pelapor"),
    "revoked_at": _("dicabut pada"),
    "revoked_reason": _("alasan pencabutan"),
    "rule_version": _("aturan yang dipakai"),
    "sent_at": _("dikirim pada"),
    "service": _("layanan"),
    "shared": _("yang dibagikan kepada mitra"),
    "signed_at": _("ditandatangani pada"),
    "signer_name": _("penanda tangan"),
    "size": _("ukuran (byte)"),
    "state": _("keadaan"),
    "state_since": _("keadaan sejak"),
    "subject": _("perihal"),
    "ticket": _("tiket"),
    "title": _("judul"),
    "to_state": _("ke keadaan"),
    "told_at": _("warga diberi tahu pada"),
    "updated_at": _("diubah terakhir pada"),
    "uploaded_at": _("diunggah pada"),
    "valid_until": _("berlaku sampai"),
    "waiting": _("menunggu pihak luar"),
    "year": _("tahun"),
    "number": _("nomor"),
}


def table_title(name: str, plugin: str | None) -> str:
    short = name.removeprefix(f"{plugin}_") if plugin else name
    return str(TABLES.get(name, short.replace("_", " ")))


def column_title(name: str) -> str:
    return str(COLUMNS.get(name, name.replace("_", " ")))
