"""What a district or a village may set about proposals and distributions."""

from wtforms import SelectField

from core.api import SelectChoice, SettingsForm
from core.api import lazy_gettext as _


class DistributionSettings(SettingsForm):
    editors = ("village_head",)

    musdes = SelectField(
        _("Usulan Sembako dibahas musdes"),
        choices=[
            SelectChoice("optional", _("Boleh, tidak harus")),
            SelectChoice("required", _("Wajib, sebelum dikirim ke Dinas Sosial")),
        ],
        default="optional",
    )
    photo = SelectField(
        _("Foto penyerahan bantuan"),
        choices=[
            SelectChoice("optional", _("Boleh difoto")),
            SelectChoice("required", _("Wajib difoto")),
            SelectChoice("none", _("Tidak difoto")),
        ],
        default="optional",
        description=_("Foto orang adalah data pribadi: hanya petugas desa yang melihatnya, dan setiap kali dicatat."),
    )
