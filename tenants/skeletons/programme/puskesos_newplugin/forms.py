"""What the clerk fills in. The answers are kept with the case, under the names of the fields."""

from core.api import SelectChoice, ServiceForm
from core.api import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

NEEDS = {
    "food": _("Pangan"),
    "health": _("Kesehatan"),
    "school": _("Pendidikan"),
}


class AidForm(ServiceForm):
    need = SelectField(_("Keperluan"), choices=[SelectChoice(key, label) for key, label in NEEDS.items()])
    reason = TextAreaField(
        _("Keadaan keluarga"),
        [DataRequired(), Length(max=600)],
        description=_("Pekerjaan, tanggungan, rumah: yang membuat bantuan ini diperlukan."),
    )
