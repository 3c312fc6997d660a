"""An entry in words, and the groups in which entries are looked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from core.areas.code import AreaCode
from core.areas.naming import as_said_in
from core.cases.service import Service
from core.cases.workflow import Text
from core.job_overview import TITLES
from core.platform import platform
from core.settings.wording import labels
from core.texts import lazy_gettext as _
from core.users.permissions import ROLES
from core.web.formats import rupiah

from .models import AuditEntry

SIGN_INS = "sign-ins"


@dataclass(frozen=True)
class Group:
    """What a reader looks for at a time: the actions that begin like one of ``prefixes``."""

    title: str
    prefixes: tuple[str, ...]


GROUPS: Mapping[str, Group] = {
    "opened": Group(
        _("NIK dan berkas dibuka"),
        (
            "people.nik_shown",
            "people.kk_shown",
            "documents.",
            "letters.opened",
            "cases.seen",
            "referrals.opened",
            "audit.exported",
            "exports.",
        ),
    ),
    "people": Group(_("Warga dan keluarga"), ("people.", "aid.")),
    "imports": Group(_("Impor berkas"), ("imports.", "people.import_")),
    "cases": Group(_("Kasus"), ("cases.",)),
    "meetings": Group(_("Musdes"), ("meetings.",)),
    "letters": Group(_("Surat"), ("cases.letter_", "letters.")),
    "referrals": Group(_("Rujukan dan mitra"), ("referrals.", "organisations.")),
    "users": Group(_("Akun dan peran"), ("users.",)),
    "modules": Group(_("Modul dan wilayah"), ("modules.", "settings.", "rules.", "tenants.", "profile.")),
    "system": Group(_("Jejak audit dan pekerjaan latar"), ("audit.", "jobs.")),
    SIGN_INS: Group(_("Masuk dan keluar"), ("users.",)),
}

# What was done, as it follows the name of who did it.
WORDS: Mapping[str, str] = {
    "cases.opened": _("mendaftarkan kasus %(ticket)s"),
    "cases.moved": _("mengambil langkah “%(step)s” pada kasus %(ticket)s"),
    "cases.step_undone": _("mengurungkan langkah “%(step)s” pada kasus %(ticket)s"),
    "cases.batch_started": _("memulai satu langkah atau surat untuk %(cases)s kasus sekaligus"),
    "cases.batch_done": _("menyelesaikan pekerjaan banyak kasus sekaligus"),
    "cases.batch_printed": _("mencetak %(letters)s surat sekaligus"),
    "cases.batch_undone": _("mengurungkan pekerjaan banyak kasus sekaligus"),
    "cases.edited": _("mengubah isian kasus %(ticket)s: %(fields)s"),
    "cases.seen": _("membuka kasus %(ticket)s yang aksesnya dibatasi"),
    "cases.shown_to": _("membuka kasus %(ticket)s untuk seorang rekan"),
    "cases.hidden_from": _("menutup kembali kasus %(ticket)s untuk seorang rekan"),
    "cases.assigned": _("mengganti pemegang kasus %(ticket)s"),
    "cases.document_given": _("menyimpan berkas persyaratan kasus %(ticket)s"),
    "cases.papers_checked": _("mengecek berkas kasus %(ticket)s di lapangan"),
    "cases.document_seen": _("mencatat persyaratan kasus %(ticket)s diperlihatkan di meja"),
    "cases.document_reused": _("memakai lagi berkas lama untuk kasus %(ticket)s"),
    "cases.document_waived": _("membebaskan satu persyaratan kasus %(ticket)s"),
    "cases.document_taken_back": _("meminta lagi satu persyaratan kasus %(ticket)s"),
    "cases.task_added": _("menambah tugas pada kasus %(ticket)s"),
    "cases.task_done": _("menyelesaikan tugas pada kasus %(ticket)s"),
    "cases.task_reopened": _("membuka lagi tugas pada kasus %(ticket)s"),
    "cases.letter_issued": _("mencetak surat %(reference)s untuk kasus %(ticket)s"),
    "cases.letter_signed": _("menandatangani surat %(reference)s"),
    "cases.letter_revoked": _("mencabut surat %(reference)s"),
    "cases.receipt_printed": _("mencetak tanda terima kasus"),
    "meetings.called": _("mencatat musdes tanggal %(held_on)s"),
    "meetings.changed": _("mengubah data musdes"),
    "meetings.terms_set": _("mengisi rincian program untuk musdes"),
    "meetings.discarded": _("membuang musdes"),
    "meetings.closed": _("menutup musdes"),
    "meetings.reopened": _("membuka lagi musdes"),
    "meetings.candidates_added": _("menambah calon musdes"),
    "meetings.candidate_removed": _("mengeluarkan calon %(ticket)s dari musdes"),
    "meetings.attendance_noted": _("mengubah daftar hadir musdes"),
    "meetings.decided": _("mencatat keputusan musdes atas %(candidates)s calon"),
    "meetings.notice_printed": _("mencetak pengumuman hasil musdes"),
    "documents.opened": _("membuka berkas warga (%(kind)s)"),
    "letters.opened": _("membuka surat %(reference)s"),
    "letters.issued": _("mencetak surat %(reference)s"),
    "letters.signed": _("menandatangani surat %(reference)s"),
    "letters.revoked": _("mencabut surat %(reference)s"),
    "people.created": _("mencatat warga baru"),
    "people.created household": _("mencatat keluarga baru"),
    "people.changed": _("mengubah data warga: %(fields)s"),
    "people.changed household": _("mengubah data keluarga: %(fields)s"),
    "people.nik_shown": _("membuka NIK lengkap seorang warga"),
    "people.kk_shown": _("membuka No. KK lengkap satu keluarga"),
    "people.copy_requested": _("meminta salinan data pribadi seorang warga"),
    "people.copy_written": _("menulis salinan data pribadi seorang warga ke berkas"),
    "people.erased": _("menghapus data pribadi seorang warga (%(files)s berkas ikut dihapus)"),
    "imports.received": _("mengunggah berkas %(file)s"),
    "imports.applied": _("menerapkan berkas %(file)s: %(ready)s baris"),
    "imports.undone": _("mengurungkan berkas %(file)s: %(deleted)s dihapus, %(restored)s dikembalikan, %(kept)s tetap"),
    "imports.discarded": _("membuang berkas yang belum diterapkan"),
    "people.import_received": _("mengunggah berkas penduduk"),
    "people.import_applied": _("menerapkan berkas penduduk: %(new)s warga baru, %(changed)s berubah"),
    "people.import_undone": _("mengurungkan impor: %(deleted)s warga dihapus, %(restored)s dikembalikan"),
    "aid.told": _("mencatat bantuan yang diceritakan atau dilihat di daftar"),
    "aid.corrected": _("mengubah catatan bantuan: %(fields)s"),
    "aid.removed": _("menghapus catatan bantuan"),
    "aid.written": _("menulis bantuan semua keluarga ke berkas (%(rows)s baris)"),
    "organisations.registered": _("mendaftarkan mitra %(name)s"),
    "organisations.changed": _("mengubah data mitra: %(fields)s"),
    "organisations.officer_appointed": _("menunjuk petugas mitra"),
    "organisations.officer_dismissed": _("memberhentikan petugas mitra"),
    "users.created": _("membuat akun %(username)s"),
    "users.granted": _("memberi %(subject)s peran %(role)s di %(area)s"),
    "users.revoked": _("mencabut peran %(role)s di %(area)s dari %(subject)s"),
    "users.reset": _("memberi %(subject)s kata sandi sekali pakai"),
    "users.ended": _("mengakhiri akun %(subject)s"),
    "users.unlocked": _("membuka kunci akun %(subject)s"),
    "users.until_set": _("mengatur hari terakhir %(subject)s sebagai %(role)s di %(area)s: %(until)s"),
    "users.moved": _("memindahkan %(subject)s dari %(before_role)s di %(before_area)s menjadi %(role)s di %(area)s"),
    "users.renamed": _("mengganti nama akun %(before)s menjadi %(name)s"),
    "users.reopened": _("membuka lagi akun %(subject)s"),
    "users.invited": _("membuat tautan undangan untuk %(subject)s"),
    "users.invitation_revoked": _("menarik kembali tautan undangan %(subject)s"),
    "users.invitation_accepted": _("membuat kata sandi akun %(subject)s lewat tautan undangan"),
    "users.session_ended": _("mengakhiri satu sesi akun %(subject)s"),
    "users.sessions_ended": _("mengakhiri %(count)s sesi akun %(subject)s"),
    "users.two_step_on": _("menyalakan masuk dua langkah"),
    "users.two_step_off": _("mematikan masuk dua langkah"),
    "users.two_step_reset": _("menghapus langkah kedua akun %(subject)s"),
    "users.recovery_used": _("masuk dengan satu kode cadangan"),
    "users.recovery_renewed": _("membuat kode cadangan baru"),
    "users.second_step_failed": _("gagal pada langkah kedua akun %(subject)s: %(reason)s"),
    "users.signed_in": _("masuk"),
    "users.signed_out": _("keluar"),
    "users.sign_in_failed": _("gagal masuk sebagai %(subject)s: %(reason)s"),
    "users.password_changed": _("mengganti kata sandinya"),
    "modules.set": _("mengatur modul %(object)s di %(area)s: %(enabled)s"),
    "modules.changed": _(
        "mengubah modul %(modules)s di %(area)s: mulai di %(on)s desa, berhenti di %(off)s desa (%(reason)s)"
    ),
    "modules.undone": _("mengurungkan perubahan modul %(modules)s di %(area)s"),
    "settings.changed": _("mengubah pengaturan modul %(plugin)s di %(area)s: %(names)s"),
    "rules.set": _(
        "menetapkan nilai aturan %(plugin)s di %(area)s: %(key)s = %(value)s mulai %(valid_from)s (%(source)s)"
    ),
    "rules.ended": _("mengakhiri nilai aturan %(plugin)s di %(area)s: %(key)s sampai %(valid_to)s"),
    "rules.undone": _("mengurungkan nilai aturan %(plugin)s di %(area)s: %(key)s"),
    "modules.suspended": _("menghentikan sementara modul %(object)s di %(area)s: %(reason)s"),
    "modules.resumed": _("menjalankan lagi modul %(object)s di %(area)s"),
    "modules.exported": _("mengunduh data modul %(object)s di %(area)s (%(rows)s baris)"),
    "modules.purged": _("menghapus modul %(object)s dengan semua datanya (%(rows)s baris, salinan %(file)s)"),
    "modules.pruned": _("menghapus pengaturan modul yang tidak ada di berkas kabupaten"),
    "profile.changed": _("mengubah profil desa: %(fields)s"),
    "tenants.applied": _("menerapkan berkas kabupaten %(file)s"),
    "tenants.villages_added": _("menambah desa: %(villages)s"),
    "tenants.ticket_changed": _("mengganti awalan tiket %(object)s menjadi %(prefix)s"),
    "tenants.suspended": _("menangguhkan desa: %(reason)s"),
    "tenants.resumed": _("mengaktifkan kembali desa: %(reason)s"),
    "tenants.restored": _("memulihkan desa dari arsip %(file)s: %(rows)s baris, %(files)s berkas"),
    "tenants.restore_refused": _("menolak arsip desa: %(reason)s"),
    "tenants.archived": _("membuat arsip desa dari baris perintah (%(file)s)"),
    "screening.asked": _("meminta penapisan seluruh desa"),
    "screening.done": _("penapisan desa selesai: %(residents)s warga diperiksa"),
    "exports.requested": _("meminta unduhan %(file)s"),
    "exports.made": _("menyiapkan unduhan %(file)s"),
    "exports.downloaded": _("mengunduh %(file)s"),
    "audit.exported": _("mengunduh jejak audit (%(rows)s catatan)"),
    "audit.checked": _("memeriksa rantai: %(entries)s catatan, %(broken)s rantai rusak"),
    "audit.check_failed": _("gagal memeriksa rantai"),
    "jobs.failed": _("mengalami kegagalan pekerjaan “%(task)s”: %(reason)s"),
    "jobs.retried": _("mengulang pekerjaan “%(task)s” di %(area)s"),
}

# The steps of a referral, which the case's trail and the referral's own both hold.
REFERRALS: Mapping[str, str] = {
    "drafted": _("menyusun rujukan"),
    "changed": _("mengubah rancangan rujukan"),
    "discarded": _("membuang rancangan rujukan"),
    "sent": _("mengirim rujukan"),
    "recalled": _("menarik kembali rujukan"),
    "opened": _("membuka rujukan"),
    "accepted": _("menerima rujukan"),
    "processing": _("mulai memproses rujukan"),
    "returned": _("mengembalikan rujukan ke desa"),
    "done": _("menjawab rujukan: selesai"),
    "refused": _("menjawab rujukan: ditolak"),
    "nik_shown": _("membuka NIK lengkap dalam rujukan"),
    "told": _("mencatat warga sudah diberi tahu hasil rujukan"),
}

OBJECTS: Mapping[str, str] = {
    "area": _("wilayah"),
    "case": _("kasus"),
    "case_batch": _("pekerjaan banyak kasus"),
    "document": _("berkas"),
    "export": _("unduhan"),
    "household": _("keluarga"),
    "import": _("impor"),
    "job": _("pekerjaan"),
    "letter": _("surat"),
    "meeting": _("musdes"),
    "module": _("modul"),
    "module_change": _("perubahan modul"),
    "organisation": _("mitra"),
    "person": _("warga"),
    "plugin_settings": _("pengaturan modul"),
    "rule_override": _("nilai aturan"),
    "referral": _("rujukan"),
    "register": _("register"),
    "told_aid": _("catatan bantuan"),
    "user": _("akun"),
}

FIELDS: Mapping[str, str] = {
    "programme": _("program"),
    "title": _("nama bantuan"),
    "for_family": _("untuk siapa"),
    "state": _("keadaan"),
    "source": _("sumber"),
    "evidence": _("bukti"),
    "amount": _("jumlah"),
    "goods": _("barang"),
    "first_day": _("hari pertama"),
    "last_day": _("hari terakhir"),
    "name": _("nama"),
    "nik": _("NIK"),
    "kk_number": _("No. KK"),
    "sex": _("jenis kelamin"),
    "birth_place": _("tempat lahir"),
    "birth_date": _("tanggal lahir"),
    "family_role": _("hubungan keluarga"),
    "household_id": _("keluarga"),
    "marital_status": _("status kawin"),
    "religion": _("agama"),
    "education": _("pendidikan"),
    "occupation": _("pekerjaan"),
    "father_name": _("nama ayah"),
    "mother_name": _("nama ibu"),
    "phone": _("telepon"),
    "disability": _("disabilitas"),
    "insurance": _("jaminan kesehatan"),
    "life_status": _("status hidup"),
    "registry_match": _("padan Dukcapil"),
    "registry_checked_on": _("tanggal cek Dukcapil"),
    "address": _("alamat"),
    "hours": _("jam buka"),
    "closed": _("tanggal tutup"),
    "whatsapp": _("WhatsApp"),
    "email": _("surel"),
    "complaints": _("pengaduan"),
    "hamlet": _("dusun"),
    "decile": _("desil"),
    "decile_on": _("tanggal desil"),
    "decile_source": _("sumber desil"),
    "lat": _("lintang"),
    "lng": _("bujur"),
}

REASONS: Mapping[str, str] = {
    "wrong": _("nama atau kata sandi salah"),
    "locked": _("akun terkunci"),
    "demo": _("akun contoh"),
    "wrong_code": _("kode salah"),
    "used": _("kode sudah dipakai"),
}

STATES: Mapping[object, str] = {
    True: _("menyala"),
    False: _("mati"),
    None: _("mengikuti wilayah di atasnya"),
}


class _Values(dict[str, Any]):
    """An entry of an older version may lack what today's words want."""

    def __missing__(self, key: str) -> str:
        return "–"


def describe(entry: AuditEntry, subject: str | None = None) -> str:
    """What was done, as it follows the name of who did it; ``subject`` is the name of the user that it was done to."""
    words = WORDS.get(f"{entry.action} {entry.object_type}") or WORDS.get(entry.action) or _of_referral(entry.action)
    words = words or _of_plugin(entry.action)
    if words is None:
        return gettext("melakukan %(action)s", action=entry.action)
    return str(words) % _values(entry, subject)


def of_restricted() -> str:
    """What is told of a deed about a case that the reader may not see."""
    return gettext("mengerjakan sesuatu yang aksesnya dibatasi")


def _of_plugin(action: str) -> Text | None:
    """None also where the plugin is gone: its deeds stay, by their bare names."""
    plugin = platform().plugins.plugins.get(action.partition(".")[0])
    return plugin.deeds.get(action) if plugin else None


def object_titles() -> dict[str, Text]:
    """What the things are called that entries are about, those of the plugins among them."""
    plugins = platform().plugins.plugins.values()
    return {kind: title for plugin in plugins for kind, title in plugin.objects.items()} | dict(OBJECTS)


def _of_referral(action: str) -> str | None:
    for start in ("cases.referral_", "referrals."):
        if action.startswith(start):
            return REFERRALS.get(action.removeprefix(start))
    return None


def _values(entry: AuditEntry, subject: str | None) -> _Values:
    """What may stand in the words, in words itself."""
    detail = entry.detail
    values = _Values(detail, object=entry.object_id, subject=subject or "–")
    if "fields" in detail:
        values["fields"] = ", ".join(str(FIELDS.get(name, name)) for name in detail["fields"]) or "–"
    if "step" in detail:
        values["step"] = _step(detail["step"])
    for key in ("role", "before_role"):
        if detail.get(key) in ROLES:
            values[key] = _role(detail[key], detail.get("before_area" if key == "before_role" else "area"))
    if detail.get("until") == "":
        values["until"] = gettext("belum ditentukan")
    if isinstance(detail.get("amount"), int):
        values["amount"] = rupiah(detail["amount"])
    if "kind" in detail:
        values["kind"] = _paper(detail["kind"])
    if "task" in detail:
        values["task"] = TITLES.get(detail["task"], detail["task"])
    if "reason" in detail:
        values["reason"] = REASONS.get(detail["reason"], detail["reason"])
    if "modules" in detail:
        values["modules"] = ", ".join(detail["modules"])
    if isinstance(detail.get("names"), list):
        values["names"] = labels(detail["plugin"], detail["names"])
        values["plugin"] = _title(detail["plugin"])
    if "enabled" in detail:
        values["enabled"] = STATES.get(detail["enabled"], "–")
    return values


def _title(plugin: str) -> str:
    manifest = platform().plugins.plugins.get(plugin)
    return str(manifest.title) if manifest else plugin


def _role(key: str, area: object) -> str:
    """As it is called where it is held: in a kelurahan the village's head is its lurah."""
    title = ROLES[key].title
    return as_said_in(AreaCode.parse(area), title) if isinstance(area, str) else str(title)


# The case's own service is not known here, but a key means the same wherever it is used.


def _step(key: str) -> str:
    """What the button said."""
    steps = (step for service in _services() for step in service.workflow.transitions)
    return next((str(step.label) for step in steps if step.key == key), key)


def _paper(key: str) -> str:
    papers = (paper for service in _services() for paper in service.requirements)
    return next((str(paper.title) for paper in papers if paper.key == key), key)


def _services() -> Iterable[Service]:
    return platform().plugins.all_services.values()
