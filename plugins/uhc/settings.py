"""What a district says about whom enrolments wait for."""

from wtforms import StringField
from wtforms.validators import Length, Optional

from core.api import SettingsForm, WhatsAppField
from core.api import lazy_gettext as _


class OfficeSettings(SettingsForm):
    addressee = StringField(
        _("Surat ditujukan kepada"),
        [Optional(), Length(max=120)],
        description=_(
            "Misalnya Kepala Dinas Kesehatan Kabupaten Bogor melalui Dinas Sosial. Kosong: Kepala Dinas Sosial."
        ),
    )
    address = StringField(_("Alamatnya"), [Optional(), Length(max=120)])
    whatsapp = WhatsAppField(_("Nomor WhatsApp petugas UHC"))
