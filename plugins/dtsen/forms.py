"""What the clerk fills in when DTSEN is to be changed, or somebody objects to what it says."""

from collections.abc import Mapping

from wtforms import DateField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from core.api import SelectChoice, ServiceForm, Text, area_today
from core.api import lazy_gettext as _

CHANGES: Mapping[str, Text] = {
    "new": _("Keluarga belum terdata di DTSEN"),
    "members": _("Anggota keluarga bertambah atau pindah"),
    "gone": _("Anggota keluarga meninggal"),
    "identity": _("NIK, No. KK, atau nama keliru"),
    "address": _("Alamat berubah"),
    "condition": _("Rumah, aset, atau pekerjaan berubah"),
}
GROUNDS: Mapping[str, Text] = {
    "decile": _("Desilnya tidak sesuai keadaan"),
    "data": _("Datanya keliru"),
    "removed": _("Dikeluarkan dari daftar penerima bantuan"),
    "other": _("Keluarga lain dinilai tidak layak"),
}
NO_ILLNESS = _("Jangan tulis penyakit: data kesehatan dilindungi.")


def _choices(first: Text, options: Mapping[str, Text]) -> list:
    return [SelectChoice("", first), *(SelectChoice(key, title) for key, title in options.items())]


class ProposalForm(ServiceForm):
    change = SelectField(_("Yang diusulkan"), [InputRequired()], choices=_choices(_("Pilih yang diusulkan"), CHANGES))
    now = StringField(
        _("Tertulis di DTSEN sekarang"),
        [Optional(), Length(max=300)],
        description=_("Kosongkan bila keluarganya belum terdata."),
    )
    wanted = TextAreaField(
        _("Yang seharusnya"), [DataRequired(), Length(max=600)], description=_("Menurut bukti yang dibawa warga.")
    )


class ObjectionForm(ServiceForm):
    ground = SelectField(_("Yang disanggah"), [InputRequired()], choices=_choices(_("Pilih yang disanggah"), GROUNDS))
    seen_on = DateField(
        _("Dilihat tanggal"), [Optional()], description=_("Kapan data itu dilihat di SIKS-NG atau Cek Bansos.")
    )
    seen = StringField(
        _("Yang tertulis"), [Optional(), Length(max=300)], description=_("Misalnya “desil 7” atau “tidak terdaftar”.")
    )
    reason = TextAreaField(_("Alasan sanggahan"), [DataRequired(), Length(max=600)], description=NO_ILLNESS)

    def validate_seen_on(self, field: Field) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))
