"""What the clerk fills in for an SKTM."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from core.api import SelectChoice, ServiceForm
from core.api import lazy_gettext as _

PURPOSES = {
    "school": _("Pendidikan (sekolah, KIP, keringanan biaya)"),
    "health": _("Kesehatan (berobat, JKN)"),
    "legal": _("Bantuan hukum"),
    "aid": _("Bantuan sosial atau keringanan lain"),
}


class LetterForm(ServiceForm):
    purpose = SelectField(_("Keperluan"), choices=[SelectChoice(key, label) for key, label in PURPOSES.items()])
    addressee = StringField(
        _("Ditujukan kepada"),
        [DataRequired(), Length(max=120)],
        description=_("Sekolah, rumah sakit, atau kantor yang meminta surat ini."),
    )
    reason = TextAreaField(
        _("Keadaan keluarga"),
        [DataRequired(), Length(max=600)],
        description=_("Pekerjaan, tanggungan, rumah: yang membuat keluarga ini tidak mampu."),
    )
    witness_1 = StringField(_("Saksi pertama"), [DataRequired(), Length(max=80)])
    witness_2 = StringField(_("Saksi kedua"), [DataRequired(), Length(max=80)])

    def validate_witness_2(self, field: StringField) -> None:
        if field.data and field.data.casefold() == (self.witness_1.data or "").casefold():
            raise ValidationError(_("Kedua saksi harus orang yang berbeda."))
