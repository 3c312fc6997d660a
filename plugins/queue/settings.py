"""What a village may set about its queue."""

from wtforms import IntegerField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.api import SecretField, SettingsForm
from core.api import lazy_gettext as _


class QueueSettings(SettingsForm):
    editors = ("village_head", "village_staff")

    days_ahead = IntegerField(
        _("Janji paling jauh (hari)"),
        [InputRequired(), NumberRange(1, 90)],
        default=14,
        description=_("Sampai berapa hari ke depan warga dapat membuat janji."),
    )
    no_show_minutes = IntegerField(
        _("Janji dianggap tidak datang sesudah (menit)"),
        [InputRequired(), NumberRange(5, 480)],
        default=60,
        description=_("Dihitung dari jam janjinya. Yang datang sesudah itu mengambil nomor biasa."),
    )
    kept_days = IntegerField(
        _("Nama dan nomor HP dari halaman desa disimpan (hari)"),
        [InputRequired(), NumberRange(1, 365)],
        default=30,
        description=_("Sesudah hari janjinya atau permintaannya, lalu dikosongkan. Jumlahnya tetap."),
    )
    many_turned_away = IntegerField(
        _("Banyak warga belum terlayani (orang sebulan)"),
        [InputRequired(), NumberRange(1, 1000)],
        default=10,
        description=_("Mulai jumlah ini, laporan bulanan mengusulkannya untuk dibahas di rapat."),
    )
    board_key = SecretField(
        _("Kunci papan panggilan"),
        [Optional(), Length(min=12, max=80)],
        description=_("Bila diisi, papan hanya terbuka lewat tautan yang memuatnya. Kosong: terbuka untuk umum."),
    )
