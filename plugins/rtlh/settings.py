"""What a district says about the agency that decides about houses."""

from wtforms import StringField
from wtforms.validators import Length, Optional

from core.api import SettingsForm, WhatsAppField
from core.api import lazy_gettext as _


class AgencySettings(SettingsForm):
    addressee = StringField(
        _("Surat usulan ditujukan kepada"),
        [Optional(), Length(max=120)],
        description=_("Kosong: Kepala Dinas Perumahan, Kawasan Permukiman, dan Pertanahan (DPKPP)."),
    )
    address = StringField(_("Alamatnya"), [Optional(), Length(max=120)])
    whatsapp = WhatsAppField(_("Nomor WhatsApp petugas RTLH"))
