"""What a district or a village may set about its SKTM."""

from wtforms import IntegerField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from core.api import SettingsForm
from core.api import lazy_gettext as _


class LetterSettings(SettingsForm):
    editors = ("village_head",)

    valid_days = IntegerField(
        _("Masa berlaku surat (hari)"),
        [Optional(), NumberRange(1, 365)],
        description=_("Kosong: menurut aturan yang berlaku. Surat yang sudah dibuat tidak berubah."),
    )
    closing = TextAreaField(
        _("Alinea tambahan"),
        [Optional(), Length(max=600)],
        description=_("Tercetak sebelum kalimat penutup surat, misalnya dasar hukum kabupaten."),
    )
