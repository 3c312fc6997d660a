"""What the clerk fills in about a family that asks for BLT, or is put forward for it."""

from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from core.api import SelectChoice, ServiceForm
from core.api import lazy_gettext as _

YES_NO = {"unknown": _("Belum diketahui"), "yes": _("Ya"), "no": _("Tidak")}


def yes_no(label: Any, description: Any = "") -> SelectField:
    choices = [SelectChoice(key, title) for key, title in YES_NO.items()]
    return SelectField(label, choices=choices, default="unknown", description=description)


class AidForm(ServiceForm):
    dependants = IntegerField(_("Jumlah tanggungan"), [InputRequired(), NumberRange(0, 30)])
    chronic_illness = yes_no(_("Ada anggota keluarga yang sakit menahun"))
    disability = yes_no(_("Ada anggota keluarga penyandang disabilitas"))
    elderly_alone = yes_no(_("Lansia yang hidup sendiri, atau lansia merawat lansia"))
    lost_livelihood = yes_no(_("Kehilangan mata pencaharian"))
    pkh = yes_no(_("Menerima PKH"))
    other_aid = yes_no(_("Menerima bantuan tetap lain"), _("Misalnya sembako/BPNT."))
    other_aid_name = StringField(_("Bantuan apa"), [Optional(), Length(max=80)])
    situation = TextAreaField(
        _("Keadaan keluarga"),
        [DataRequired(), Length(max=600)],
        description=_("Pekerjaan, penghasilan, rumah, yang sakit: yang perlu diketahui musyawarah."),
    )

    def validate_other_aid(self, field: SelectField) -> None:
        if field.data == "yes" and not self.other_aid_name.data:
            raise ValidationError(_("Tulis juga bantuan apa yang diterima."))
