"""Every error has a page that says what happened, what to do, and an id that the log has as well."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Flask, g, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotFound

from core.database.session import db
from core.platform import platform
from core.plugins.dispatch import DecisionFailed
from core.plugins.health import StillHangs
from core.plugins.watch import TooSlow
from core.texts import lazy_gettext as _

log = logging.getLogger("puskesos.errors")


@dataclass(frozen=True)
class ErrorText:
    title: object
    text: object
    todo: object


TEXTS = {
    400: ErrorText(
        _("Permintaan tidak dapat dibaca"),
        _("Isian yang dikirim tidak lengkap atau halamannya sudah terlalu lama terbuka."),
        _("Kembali ke halaman sebelumnya, muat ulang, lalu kirim sekali lagi. Isian Anda biasanya masih ada."),
    ),
    403: ErrorText(
        _("Peran Anda tidak mencakup ini"),
        _("Halaman ini ada, tetapi tugas ini bukan bagian dari peran Anda di wilayah ini."),
        _("Minta rekan yang berwenang mengerjakannya, atau minta admin kabupaten menambah peran Anda."),
    ),
    404: ErrorText(
        _("Halaman tidak ditemukan"),
        _("Alamatnya salah, datanya sudah tidak ada, atau berada di luar wilayah Anda."),
        _("Periksa alamatnya, atau mulai lagi dari halaman awal."),
    ),
    405: ErrorText(
        _("Cara membuka halaman ini keliru"),
        _("Alamat ini hanya menerima kiriman formulir."),
        _("Mulai lagi dari halaman awal."),
    ),
    409: ErrorText(
        _("Data sudah berubah"),
        _("Orang lain menyimpan perubahan pada data yang sama selagi Anda mengerjakannya."),
        _("Buka data itu lagi, periksa isinya, lalu ulangi perubahan Anda."),
    ),
    413: ErrorText(
        _("Berkas terlalu besar"),
        _("Ukuran kiriman melewati batas yang diizinkan."),
        _("Perkecil foto atau pindai ulang dengan mutu lebih rendah, lalu unggah lagi."),
    ),
    429: ErrorText(
        _("Terlalu sering mencoba"),
        _("Demi keamanan, permintaan dari alamat ini dibatasi sementara."),
        _("Tunggu beberapa menit, lalu coba lagi."),
    ),
    500: ErrorText(
        _("Terjadi kesalahan pada sistem"),
        _("Ini bukan kesalahan Anda. Perubahan terakhir belum tersimpan."),
        _("Coba sekali lagi. Bila masih terjadi, laporkan kode di bawah kepada admin kabupaten."),
    ),
    503: ErrorText(
        _("Sistem sedang tidak tersedia"),
        _("Basis data belum dapat dihubungi."),
        _("Tunggu satu menit lalu muat ulang halaman ini."),
    ),
}


UNREADABLE = ErrorText(
    _("Permintaan tidak dapat dibaca"),
    _("Ada tanda atau angka yang tidak dapat disimpan, biasanya terbawa saat menyalin dari berkas lain."),
    _("Kembali ke halaman sebelumnya, hapus isian yang disalin itu, lalu ketik sendiri."),
)


class UnreadableText(BadRequest):
    """The request holds a character that no text of ours can hold."""


class ModuleOff(NotFound):
    """A page or service of a module that is off here, perhaps since a moment ago and with a form filled in."""

    def __init__(self, module: object, area: str) -> None:
        super().__init__()
        self.module, self.area = module, area


class VillageSuspended(Forbidden):
    """Something was to be written in a village that is suspended."""


SUSPENDED = ErrorText(
    _("Desa ini ditangguhkan"),
    _("Data desa ini dapat dibaca, tetapi tidak dapat diubah. Kiriman tadi tidak disimpan."),
    _("Tanyakan kepada admin kabupaten kapan desa ini diaktifkan kembali, lalu ulangi."),
)


def init_errors(app: Flask) -> None:
    app.register_error_handler(VillageSuspended, lambda _error: error_page(403, SUSPENDED))
    app.register_error_handler(CSRFError, lambda _error: error_page(400))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ModuleOff, _module_off)
    app.register_error_handler(DecisionFailed, _decision_failed)
    app.register_error_handler(StaleDataError, lambda _error: error_page(409))
    app.register_error_handler(UnreadableText, lambda _error: error_page(400, UNREADABLE))
    app.register_error_handler(DataError, _unreadable)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(TimeoutError, _database)
    app.register_error_handler(Exception, _unexpected)


def refused(reason: str) -> tuple[str, int]:
    """The page of 403 with the ``reason`` of this very case."""
    return error_page(403, replace(TEXTS[403], text=reason))


def error_page(status: int, text: ErrorText | None = None, typed: Sequence[str] = ()) -> tuple[str, int]:
    """The page of an error. It belongs to no area and shows no menu, so that what went wrong is not asked again.

    What the request did is undone first: in a transaction that failed, the page's own queries would fail as well.

    Args:
        text: what the page says; left out, what its status says.
        typed: what was sent and is kept nowhere else.
    """
    db.session.rollback()
    g.area, g.permissions = None, frozenset()
    if status >= 500:
        g.identity_unknown = True
    text = text or TEXTS.get(status) or TEXTS[500 if status >= 500 else 400]
    page = render_template(
        "errors/error.html",
        status=status,
        title=text.title,
        text=text.text,
        todo=text.todo,
        typed=typed,
        request_id=g.get("request_id", "-"),
    )
    return page, status


def _http(error: HTTPException) -> HTTPException | tuple[str, int, list[tuple[str, str]]]:
    if error.code is None or error.code < 400:
        return error
    page, status = error_page(error.code)
    headers = [(k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After")]
    return page, status, headers


def _module_off(error: ModuleOff) -> tuple[str, int]:
    """Somebody switched it off while a form was open: what was typed is shown, so that it can still be copied."""
    typed = _typed()
    kept = gettext(
        "Datanya tidak hilang dan kembali bila modul dinyalakan lagi. Kasus yang terbuka tetap dapat dikerjakan."
    )
    lost = gettext("Kiriman Anda belum tersimpan. Salin isian di bawah, atau tekan Kembali di peramban Anda.")
    ask = gettext("Bila modul ini masih diperlukan, minta admin kabupaten menyalakannya lagi.")
    text = ErrorText(
        gettext("Modul %(module)s mati di sini", module=error.module),
        gettext("Modul %(module)s sedang dimatikan di %(area)s.", module=error.module, area=error.area) + " " + kept,
        f"{lost} {ask}" if request.method == "POST" else ask,
    )
    return error_page(404, text, typed)


def module_stopped(plugin: str) -> tuple[str, int]:
    """A page of a module's own took longer than anybody should wait for it."""
    seconds = platform().config.plugin_page_seconds
    module = platform().plugins.plugins[plugin].title
    text = ErrorText(
        gettext("Modul %(module)s terlalu lama menjawab", module=module),
        gettext(
            "Halaman ini dihentikan karena belum selesai dalam %(seconds)s detik. Yang belum selesai disimpan"
            " dibatalkan seluruhnya. Halaman lain tetap dapat dipakai.",
            seconds=seconds,
        ),
        gettext(
            "Periksa dahulu apakah kiriman Anda sudah tercatat, lalu coba sekali lagi. Bila masih terjadi, laporkan"
            " kode di bawah kepada admin kabupaten."
        )
        if request.method == "POST"
        else gettext("Coba sekali lagi. Bila masih terjadi, laporkan kode di bawah kepada admin kabupaten."),
    )
    return error_page(503, text, _typed())


def module_hangs(plugin: str) -> tuple[str, int]:
    """A module hangs in somebody else's request, and nobody else is to wait for it."""
    module = platform().plugins.plugins[plugin].title
    text = ErrorText(
        gettext("Modul %(module)s sedang tertahan", module=module),
        gettext(
            "Modul ini masih tertahan pada permintaan lain, maka permintaan Anda tidak dimulai dan tidak ada yang"
            " berubah. Halaman lain tetap dapat dipakai."
        ),
        gettext(
            "Tunggu satu menit lalu coba sekali lagi. Bila masih terjadi, laporkan kode di bawah kepada admin"
            " kabupaten."
        ),
    )
    return error_page(503, text, _typed())


def _typed() -> list[str]:
    """What was filled in; the shortest words are choices and numbers of versions."""
    return [value for key, value in request.form.items(multi=True) if key != "csrf_token" and len(value.strip()) > 2]


def decision_failed(error: DecisionFailed) -> ErrorText:
    """A module could not say whether something may be done; so it is not done."""
    plugin = platform().plugins.plugins.get(error.plugin)
    module = plugin.title if plugin else error.plugin
    return ErrorText(
        gettext("Modul %(module)s gagal memeriksa langkah ini", module=module),
        gettext("Langkahnya belum diambil dan tidak ada yang berubah, karena modul itu harus menyetujuinya dulu."),
        gettext("Coba sekali lagi. Bila masih terjadi, laporkan kode di bawah kepada admin kabupaten."),
    )


def _decision_failed(error: DecisionFailed) -> tuple[str, int]:
    status = 503 if isinstance(error.__cause__, TooSlow | StillHangs) else 500
    return error_page(status, decision_failed(error), _typed())


def _unreadable(error: DataError) -> tuple[str, int]:
    """A value that no column can hold, such as a year of twelve digits."""
    log.warning("request %s holds a value that the database refuses: %s", g.get("request_id", "-"), error.orig)
    return error_page(400, UNREADABLE)


def _database(error: OperationalError | TimeoutError) -> tuple[str, int]:
    log.error("database unreachable, request %s: %s", g.get("request_id", "-"), error)
    return error_page(503)


def _unexpected(error: Exception) -> tuple[str, int]:
    if plugin := platform().plugin_of_blueprint(request.blueprint):
        platform().plugins.page_failed(plugin, g.area.id if g.get("area") else None, error)
    log.error("request %s failed", g.get("request_id", "-"), exc_info=error)
    return error_page(500)
