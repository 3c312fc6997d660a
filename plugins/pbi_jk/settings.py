"""What a district says about its Dinas Sosial, for whom proposals wait."""

from wtforms import StringField
from wtforms.validators import Length, Optional

from core.api import SettingsForm, WhatsAppField
from core.api import lazy_gettext as _


class OfficeSettings(SettingsForm):
    address = StringField(
        _("Alamat Dinas Sosial"),
        [Optional(), Length(max=120)],
        description=_("Tercetak di surat pengantar, di bawah “Kepada Yth.”"),
    )
    whatsapp = WhatsAppField(_("Nomor WhatsApp petugas PBI-JK"))
    hours = StringField(
        _("Jam layanan petugas PBI-JK"),
        [Optional(), Length(max=60)],
        description=_("Misalnya Senin–Kamis 08.00–14.00."),
    )
