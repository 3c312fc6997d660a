"""What a district says about whom enrolments wait for."""

from wtforms import StringField
from wtforms.validators import Length, Optional, Regexp

from core.api import SettingsForm
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
    whatsapp = StringField(
        _("Nomor WhatsApp petugas UHC"),
        [Optional(), Regexp(r"^\+?[0-9][0-9 \-]{7,18}$", message=_("Tulis nomornya seperti 0812-3456-7890."))],
        description=_("Tampil pada petugas desa di samping usulan yang lama tanpa kabar."),
    )
