"""What a district or a village may set about the survey."""

from wtforms import BooleanField, SelectField

from core.api import SelectChoice, SettingsForm
from core.api import lazy_gettext as _

from .words import PERIODS


class FeedbackSettings(SettingsForm):
    editors = ("district_officer", "village_head")

    invite = BooleanField(
        _("Undang warga menilai begitu kasusnya selesai"),
        default=False,
        description=_("Lewat modul pesan yang hidup di desa. Tanpa itu undangan dicetak atau ditunjukkan di meja."),
    )
    publish = BooleanField(
        _("Umumkan hasilnya di halaman desa"),
        default=True,
        description=_("Tanpa nama; nilai dari sedikit orang tidak."),
    )
    period = SelectField(
        _("Periode yang diumumkan"),
        choices=[SelectChoice(key, title) for key, title in PERIODS.items()],
        default="quarter",
        description=_("Hanya satu jenis, agar dari selisih dua periode nilai seseorang tidak dapat dihitung."),
    )
