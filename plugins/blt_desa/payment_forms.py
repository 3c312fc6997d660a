"""The forms of the payments' pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import DateField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.api import SelectChoice, VersionedForm, area_today, gettext, month_name
from core.api import lazy_gettext as _

from .models import LINE, SHORT, Decree
from .payments import Line, PaymentInput, departures
from .recipients import WHY, Leaving


class PaymentForm(VersionedForm):
    """What departs from rule or decree is taken all the same, once its reason is given."""

    months = SelectMultipleField(
        _("Bulan yang dibayar"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    amount = IntegerField(
        _("Jumlah rupiah"),
        [Optional(), NumberRange(1, 1_000_000_000)],
        description=_("Kosongkan bila sama dengan SK."),
    )
    paid_on = DateField(_("Tanggal diserahkan"), [InputRequired()])
    handed_by = StringField(_("Diserahkan oleh"), [DataRequired(), Length(max=SHORT)])
    received_as = RadioField(
        _("Yang menerima"),
        choices=[
            SelectChoice("family", _("Salah satu anggota keluarga")),
            SelectChoice("proxy", _("Orang lain dengan surat kuasa")),
        ],
        default="family",
    )
    received_by = StringField(_("Nama penerima"), [DataRequired(), Length(max=SHORT)])
    authority = StringField(
        _("Surat kuasa"), [Optional(), Length(max=LINE)], description=_("Tanggal atau nomornya, bila dikuasakan.")
    )
    reason = StringField(
        _("Alasan"), [Optional(), Length(max=LINE)], description=_("Hanya bila menyimpang dari aturan atau SK.")
    )

    def __init__(self, decree: Decree, unpaid: Sequence[int], **kwargs: Any) -> None:
        self.decree = decree
        super().__init__(**kwargs)
        self.months.choices = [SelectChoice(month, month_name(month)) for month in unpaid]

    def validate_months(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_("Pilih sedikitnya satu bulan."))

    def validate_paid_on(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.received_as.data == "proxy" and not self.authority.data:
            self.authority.errors = [gettext("Tulis tanggal atau nomor surat kuasanya.")]
            valid = False
        if valid and not self.reason.data and (departed := self.departures):
            self.reason.errors = [" ".join([*departed, gettext("Tulis alasannya untuk melanjutkan.")])]
            valid = False
        return valid

    @property
    def departures(self) -> list[str]:
        return departures(self.decree, self.months.data or (), self._amount)

    @property
    def _amount(self) -> int:
        return self.amount.data or self.decree.amount * len(self.months.data or ())

    @property
    def input(self) -> PaymentInput:
        """Of a form that was found valid."""
        return PaymentInput(
            months=sorted(self.months.data or ()),
            paid_on=self.paid_on.data or area_today(),
            amount=self._amount,
            handed_by=self.handed_by.data or "",
            received_by=self.received_by.data or "",
            received_as=self.received_as.data,
            authority=self.authority.data or "",
            reason=self.reason.data or "",
        )


class LeavingForm(VersionedForm):
    why = SelectField(_("Sebab"), choices=[SelectChoice(key, title) for key, title in WHY.items()])
    note = StringField(_("Keterangan"), [DataRequired(), Length(max=LINE)])
    last_month = SelectField(_("Bulan terakhir yang masih menjadi haknya"), coerce=int)
    reserve = SelectField(_("Pengganti dari daftar cadangan"))

    def __init__(self, line: Line, reserves: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        recipient = line.recipient
        start = max([recipient.first_month - 1, *line.paid])
        self.last_month.choices = [
            SelectChoice(month, month_name(month) if month >= recipient.first_month else gettext("tidak ada"))
            for month in range(start, recipient.decree.last_month + 1)
        ]
        self.reserve.choices = [
            SelectChoice("", _("tidak diganti")),
            *(SelectChoice(str(key), label) for key, label in reserves),
        ]

    @property
    def input(self) -> Leaving:
        return Leaving(self.why.data, self.note.data or "", self.last_month.data)

    @property
    def reserve_id(self) -> UUID | None:
        return UUID(self.reserve.data) if self.reserve.data else None


class ReasonForm(VersionedForm):
    """For a payment that is taken back."""

    reason = StringField(_("Alasan"), [DataRequired(_("Tulis alasannya; ia tetap tercatat.")), Length(max=LINE)])
