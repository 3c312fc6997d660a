"""What the kepala desa or the district decides: whether the village's counts are published, and under which licence."""

from wtforms import BooleanField, StringField
from wtforms.validators import Length, Optional

from core.api import SettingsForm
from core.api import lazy_gettext as _


class MonitoringSettings(SettingsForm):
    editors = ("district_officer", "village_head")

    publish = BooleanField(
        _("Terbitkan jumlah layanan desa sebagai data terbuka"),
        default=False,
        description=_("Tanpa data pribadi; jumlah kecil, dan yang dapat dihitung darinya, disembunyikan."),
    )
    licence = StringField(
        _("Lisensi data terbuka"),
        [Optional(), Length(max=120)],
        default="Creative Commons Atribusi 4.0 (CC BY 4.0)",
    )
