"""What a district says about its Dinas Sosial, for whom proposals wait."""

from wtforms import StringField
from wtforms.validators import Length, Optional, Regexp

from core.api import SettingsForm
from core.api import lazy_gettext as _


class OfficeSettings(SettingsForm):
    address = StringField(
        _("Alamat Dinas Sosial"),
        [Optional(), Length(max=120)],
        description=_("Tercetak di surat pengantar, di bawah “Kepada Yth.”"),
    )
    whatsapp = StringField(
        _("Nomor WhatsApp petugas PBI-JK"),
        [Optional(), Regexp(r"^\+?[0-9][0-9 \-]{7,18}$", message=_("Tulis nomornya seperti 0812-3456-7890."))],
        description=_("Tampil pada petugas desa di samping usulan yang lama tanpa kabar."),
    )
    hours = StringField(
        _("Jam layanan petugas PBI-JK"),
        [Optional(), Length(max=60)],
        description=_("Misalnya Senin–Kamis 08.00–14.00."),
    )
