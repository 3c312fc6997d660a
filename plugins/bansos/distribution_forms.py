"""The forms of a distribution's pages and of its list."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from core.api import CheckboxesField, Form, SelectChoice, VersionedForm, gettext
from core.api import lazy_gettext as _

from .distributions import SOURCES, DistributionInput
from .goods import MOST_ITEMS, read_items
from .models import LINE, SHORT


class DistributionForm(VersionedForm):
    title = StringField(_("Nama bantuan"), [DataRequired(), Length(max=SHORT)])
    source = SelectField(
        _("Dari"),
        [InputRequired()],
        choices=[
            SelectChoice("", _("Pilih pemberi bantuan")),
            *(SelectChoice(key, name) for key, name in SOURCES.items()),
        ],
    )
    period = StringField(
        _("Untuk masa"),
        [DataRequired(), Length(max=SHORT)],
        description=_("Misalnya “Oktober–Desember 2026” atau “Lebaran 2026”."),
    )
    items = TextAreaField(
        _("Barang untuk setiap penerima"),
        [Optional(), Length(max=800)],
        description=_(
            "Satu baris satu barang: jumlah, satuan, nama. Misalnya “10 kg beras”. Kosongkan bila uang saja."
        ),
    )
    amount = IntegerField(_("Uang untuk setiap penerima (rupiah)"), [Optional(), NumberRange(1, 100_000_000)])
    place = StringField(_("Tempat pengambilan"), [DataRequired(), Length(max=SHORT)])
    first_day = DateField(_("Hari pertama"), [InputRequired()])
    last_day = DateField(_("Batas pengambilan"), [InputRequired()])
    answers_for = StringField(
        _("Penanggung jawab"),
        [DataRequired(), Length(max=SHORT)],
        description=_("Siapa yang menjawab bila ada selisih."),
    )

    def validate_items(self, field: TextAreaField) -> None:
        try:
            items = read_items(field.data or "")
        except ValueError as error:  # what was typed goes into a plain text: a lazy one would be taken for markup
            text = gettext(
                "“%(line)s” tidak terbaca. Tulis jumlah, satuan, nama, misalnya “10 kg beras”.", line=str(error)[:60]
            )
            raise ValidationError(text) from error
        if len(items) > MOST_ITEMS:
            raise ValidationError(_("Paling banyak %(n)s barang.", n=MOST_ITEMS))

    def validate_last_day(self, field: DateField) -> None:
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(_("Batas pengambilan lebih awal daripada hari pertamanya."))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not (self.items.data or self.amount.data):
            self.items.errors = [*self.items.errors, _("Isi barangnya, uangnya, atau keduanya.")]
            return False
        return valid

    def show(self, data: DistributionInput) -> None:
        """Fill the fields with what is stored."""
        for name, value in vars(data).items():
            self[name].data = "\n".join(map(str, value)) if name == "items" else value

    @property
    def input(self) -> DistributionInput:
        """Of a form that was found valid."""
        values = {name: self[name].data for name in DistributionInput.__dataclass_fields__}
        return DistributionInput(**{**values, "items": read_items(self.items.data or "")})


class CloseForm(VersionedForm):
    returned_to = StringField(
        _("Sisanya dikembalikan kepada"),
        [Optional(), Length(max=SHORT)],
        description=_("Wajib bila ada yang belum mengambil: kantor pos, gudang Bulog, Dinas Sosial, atau kas desa."),
    )
    note = StringField(_("Catatan"), [Optional(), Length(max=LINE)])


class ReasonForm(VersionedForm):
    reason = StringField(_("Alasan"), [DataRequired(), Length(max=LINE)])


class ResidentsForm(Form):
    people: SelectMultipleField = CheckboxesField(_("Warga yang ditambahkan"))

    def validate_people(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_("Centang sedikitnya satu orang."))
