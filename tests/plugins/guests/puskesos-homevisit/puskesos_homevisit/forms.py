"""What is asked when a visit is requested, and what is written down after it."""

from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from core.api import Form, SelectChoice, ServiceForm, area_today
from core.api import lazy_gettext as _

REASONS = {
    "bedridden": _("Sakit atau tidak dapat berjalan"),
    "disability": _("Penyandang disabilitas"),
    "elderly": _("Lanjut usia"),
    "survey": _("Pemeriksaan keadaan rumah"),
}


class RequestForm(ServiceForm):
    reason = SelectField(_("Alasan"), choices=[SelectChoice(key, label) for key, label in REASONS.items()])
    directions = TextAreaField(
        _("Petunjuk arah"),
        [DataRequired(), Length(max=300)],
        description=_("Patokan yang dikenal, misalnya warung atau musala terdekat."),
    )


class VisitForm(Form):
    visited_on = DateField(_("Tanggal kunjungan"), [InputRequired()])
    finding = TextAreaField(_("Yang ditemui"), [DataRequired(), Length(max=2000)])

    def validate_visited_on(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal itu belum tiba. Isi hari kunjungannya."))
