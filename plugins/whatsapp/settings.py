"""What a district sets: its number at Meta, the keys to it, what is told, and when nobody is to be disturbed."""

import re

from wtforms import Field, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from core.api import CheckboxesField, SecretField, SelectChoice, Settings, SettingsForm, gettext
from core.api import lazy_gettext as _

PREFIX = "puskesos_"
_LINE = re.compile(r"([a-z][a-z0-9_]*\.[a-z0-9_.]+)\s*=\s*([a-z0-9_]{1,512})")
_VISIBLE = Regexp(r"^[\x21-\x7e]+$", message=_("Kunci ini hanya huruf, angka, dan tanda baca tanpa spasi."))


def template_names(text: str | None) -> dict[str, str]:
    """From lines such as "queue.booked = janji_datang".

    Raises:
        ValueError: a line that is none; the message is the line.
    """
    names = {}
    for line in filter(None, map(str.strip, (text or "").splitlines())):
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(line)
        names[found[1]] = found[2]
    return names


def template_of(settings: Settings, kind: str) -> str:
    """The name under which the template of a kind is registered at Meta: lower-case letters, digits and "_"."""
    return template_names(settings.templates).get(kind) or PREFIX + kind.replace(".", "_")


def is_ready(settings: Settings) -> bool:
    """Whether there is a number to send from and a key to it."""
    return bool(settings.phone_number_id and settings.token)


class WhatsAppSettings(SettingsForm):
    phone_number_id = StringField(
        _("Phone number ID"),
        [Optional(), Regexp(r"^\d{5,25}$", message=_("ID ini hanya angka; salin dari API Setup."))],
        description=_("Dari Meta: WhatsApp → API Setup. Bukan nomor teleponnya."),
    )
    api_version = StringField(
        _("Versi Graph API"),
        [DataRequired(), Regexp(r"^v\d{1,3}\.\d{1,2}$", message=_("Tulis seperti v23.0."))],
        default="v23.0",
    )
    token = SecretField(_("Access token (system user)"), [Optional(), Length(min=20, max=1000), _VISIBLE])
    app_secret = SecretField(
        _("App secret"),
        [Optional(), Length(min=16, max=200), _VISIBLE],
        description=_("Memeriksa tanda tangan kabar dari Meta; tanpa ini semua kabar ditolak."),
    )
    verify_token = SecretField(
        _("Verify token"),
        [Optional(), Length(min=16, max=200), _VISIBLE],
        description=_("Kata acak buatan Anda sendiri, diisi sama di Meta saat mendaftarkan webhook."),
    )
    language = StringField(_("Bahasa templat"), [DataRequired(), Regexp(r"^[a-z]{2}(_[A-Z]{2})?$")], default="id")
    templates = TextAreaField(
        _("Nama templat yang lain dari biasanya"),
        [Optional(), Length(max=2000)],
        description=_("Satu baris satu, misalnya queue.booked = janji_datang. Yang tidak ditulis memakai puskesos_…"),
    )
    silent_kinds = TextAreaField(
        _("Jenis kabar modul lain yang tidak dikirim"),
        [Optional(), Length(max=1000)],
        default="queue.missing_papers",
        description=_("Satu baris satu. queue.missing_papers menyebut nama berkas, yang dapat terbaca orang serumah."),
    )
    case_events = CheckboxesField(
        _("Kabar tentang kasus"),
        [Optional()],
        choices=[
            SelectChoice("opened", _("Tercatat")),
            SelectChoice("changed", _("Berpindah keadaan")),
            SelectChoice("closed", _("Selesai")),
        ],
        default=["opened", "closed"],
    )
    changed_states = TextAreaField(
        _("Hanya keadaan ini"),
        [Optional(), Length(max=1000)],
        description=_("Kode keadaan, satu baris satu, misalnya handling. Kosong: setiap perpindahan."),
    )
    papers_after_days = IntegerField(
        _("Pengingat berkas kurang, sesudah (hari)"), [InputRequired(), NumberRange(1, 60)], default=3
    )
    papers_every_days = IntegerField(
        _("Paling sering satu pengingat tiap (hari)"), [InputRequired(), NumberRange(1, 90)], default=7
    )
    quiet_from = IntegerField(_("Jam tenang mulai pukul"), [InputRequired(), NumberRange(0, 23)], default=20)
    quiet_to = IntegerField(_("Jam tenang sampai pukul"), [InputRequired(), NumberRange(0, 23)], default=7)
    per_minute = IntegerField(
        _("Paling banyak pesan per menit tiap desa"), [InputRequired(), NumberRange(1, 600)], default=20
    )
    attempts = IntegerField(_("Percobaan sebelum dianggap gagal"), [InputRequired(), NumberRange(1, 8)], default=5)
    keep_days = IntegerField(
        _("Isi dan nomor pesan disimpan (hari)"),
        [InputRequired(), NumberRange(7, 730)],
        default=90,
        description=_("Sesudah itu yang tinggal hanya jenis, keadaan, dan tanggalnya."),
    )

    def validate_templates(self, field: Field) -> None:
        try:
            template_names(field.data)
        except ValueError as error:
            text = gettext(
                "“%(line)s” tidak terbaca. Tulis misalnya queue.booked = janji_datang.", line=str(error)[:60]
            )
            raise ValidationError(text) from error
