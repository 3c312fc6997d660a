"""The forms of the plugin's own pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.api import Form, SelectChoice, Text, VersionedForm, gettext
from core.api import lazy_gettext as _

from .measurements import Handed
from .models import LINE, SHORT, Measurement
from .plausibility import UNITS, Problem
from .values import BREASTFED, POSITIONS, VITAMINS, Values, in_units, written

FIELD_OF = {"weight_g": "weight", "height_mm": "height", "head_mm": "head", "arm_mm": "arm"}


def _chosen(label: Any, choices: Mapping[str, Text], none: Text, description: Any = "") -> SelectField:
    options = [SelectChoice("", none), *(SelectChoice(key, title) for key, title in choices.items())]
    return SelectField(label, [Optional()], choices=options, description=description)


def _figure(label: Any) -> StringField:
    return StringField(label, [Optional(), Length(max=12)])


class MeasurementForm(VersionedForm):
    """``found`` is what is doubtful about the figures; they are kept when ``looked_at`` is ticked."""

    measured_on = DateField(_("Tanggal diukur"), [InputRequired()])
    weight = _figure(_("Berat badan (kg)"))
    height = _figure(_("Panjang atau tinggi badan (cm)"))
    position = _chosen(
        _("Cara mengukur panjang atau tinggi"),
        POSITIONS,
        _("sesuai umur"),
        _("Di bawah 24 bulan berbaring, sesudahnya berdiri. Bila lain, hitungannya disesuaikan 0,7 cm."),
    )
    head = _figure(_("Lingkar kepala (cm)"))
    arm = _figure(_("Lingkar lengan atas (cm)"))
    vitamin_a = _chosen(_("Vitamin A"), VITAMINS, _("tidak"))
    breastfed = _chosen(_("ASI eksklusif"), BREASTFED, _("tidak ditanyakan"))
    immunisation = StringField(_("Imunisasi"), [Optional(), Length(max=LINE)])
    remark = StringField(_("Keterangan"), [Optional(), Length(max=LINE)], description=_("Jangan tulis diagnosis."))
    measured_by = StringField(_("Diukur oleh"), [DataRequired(), Length(max=SHORT)])
    looked_at = BooleanField(_("Sudah diukur ulang; simpan angka ini"))

    found: Sequence[Problem] = ()

    @classmethod
    def of(cls, held: Measurement) -> "MeasurementForm":
        return cls(
            version=held.version,
            measured_on=held.measured_on,
            weight=written(held.weight_g, 1000),
            height=written(held.height_mm, 10),
            position=held.position,
            head=written(held.head_mm, 10),
            arm=written(held.arm_mm, 10),
            vitamin_a=held.vitamin_a,
            breastfed=held.breastfed,
            immunisation=held.immunisation,
            remark=held.remark,
            measured_by=held.measured_by,
            looked_at=held.looked_at,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        self.figures: dict[str, int | None] = {}
        for name, (units, unit) in UNITS.items():
            field = self[FIELD_OF[name]]
            try:
                self.figures[name] = in_units(field.data or "", units)
            except ValueError:
                field.errors = [gettext("Tulis angka saja dalam %(unit)s, misalnya 9,5.", unit=unit)]
                valid = False
        return valid

    def mark(self, wrong: Sequence[Problem]) -> None:
        """Say what cannot be beside the field that it is about."""
        for problem in wrong:
            field = self[FIELD_OF.get(problem.field, problem.field)]
            field.errors = [*field.errors, str(problem)]

    @property
    def values(self) -> Values:
        """Of a form that was found valid."""
        assert self.measured_on.data  # noqa: S101 - required; told to pyright
        return Values(
            self.measured_on.data,
            **self.figures,
            position=self.position.data or "",
            vitamin_a=self.vitamin_a.data or "",
            breastfed=self.breastfed.data or "",
            immunisation=self.immunisation.data or "",
            remark=self.remark.data or "",
            measured_by=self.measured_by.data or "",
        )


class RationForm(Form):
    given_on = DateField(_("Tanggal diberikan"), [InputRequired()])
    food = StringField(_("Makanan tambahan"), [DataRequired(), Length(max=SHORT)])
    portions = IntegerField(_("Jumlah porsi atau bungkus"), [InputRequired(), NumberRange(1, 500)])
    received_by = StringField(_("Diterima oleh"), [DataRequired(), Length(max=SHORT)])
    given_by = StringField(_("Diberikan oleh"), [Optional(), Length(max=SHORT)])

    @property
    def input(self) -> Handed:
        """Of a form that was found valid."""
        assert self.given_on.data  # noqa: S101 - required; told to pyright
        return Handed(
            self.given_on.data,
            self.food.data or "",
            self.portions.data or 1,
            self.received_by.data or "",
            self.given_by.data or "",
        )
