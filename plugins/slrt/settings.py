"""The external system of a district: where it is told of referrals, and the key by which both sides sign."""

from urllib.parse import urlsplit

from wtforms import Field, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from core.api import SecretField, SettingsForm, gettext
from core.api import lazy_gettext as _

from .addresses import private_allowed


class SlrtSettings(SettingsForm):
    """Only the district's admin sets these; a village cannot have a system of its own."""

    system_name = StringField(
        _("Nama sistem luar"),
        [InputRequired(), Length(max=80)],
        default="Sistem SLRT kabupaten",
        description=_("Tampil dalam riwayat rujukan sebagai yang menjawab."),
    )
    url = StringField(
        _("Alamat penerima pemberitahuan rujukan"),
        [Optional(), Length(max=300)],
        description=_("Hanya https. Kosong: tidak ada yang dikirim ke luar."),
    )
    key = SecretField(
        _("Kunci bersama untuk tanda tangan"),
        [Optional(), Length(min=16, max=200)],
        description=_("Paling sedikit 16 huruf; sama pada kedua sistem."),
    )
    tolerance = IntegerField(
        _("Umur pesan masuk paling lama, dalam detik"), [InputRequired(), NumberRange(30, 3600)], default=300
    )

    def validate_url(self, field: Field) -> None:
        parts = urlsplit(field.data or "")
        schemes = ("https", "http") if private_allowed() else ("https",)
        if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password:
            raise ValidationError(gettext("Tulis alamat lengkap yang dimulai dengan https://."))
