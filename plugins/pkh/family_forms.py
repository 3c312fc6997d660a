"""The forms of the list's pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from core.api import Family, Form, Person, SelectChoice, VersionedForm, area_today, gettext
from core.api import lazy_gettext as _

from .checks import KINDS, Entry, most_of
from .families import WHY, NewFamily, payee_doubts
from .member_forms import MemberForm, chosen_in
from .models import LINE, Check, Member
from .rulebook import Month


def _no_future(_form: Any, field: Any) -> None:
    if field.data and field.data > area_today():
        raise ValidationError(_("Tanggal ini belum tiba."))


class PayeeChoice:
    """Mixed into forms that name a pengurus of a family: women first, as the rule wants it."""

    payee = RadioField(_("Pengurus"), [DataRequired()])
    reason = StringField(_("Alasan"), [Optional(), Length(max=LINE)])

    def offer(self, family: Family, on: date, *, now: UUID | None = None) -> None:
        """All members but the one who is it ``now``, those who fit the rule best first."""
        self.family, self.on = family, on
        others = [member for member in family.members if member.id != now]
        self.offered = sorted(others, key=lambda m: (len(payee_doubts(m, family, on)), m.birth_date))
        self.payee.choices = [  # pyright: ignore[reportAttributeAccessIssue] - bound by then
            SelectChoice(str(member.id), _name_and_age(member, on)) for member in self.offered
        ]

    @property
    def chosen(self) -> Person | None:
        return next((m for m in self.offered if str(m.id) == self.payee.data), None)  # pyright: ignore[reportAttributeAccessIssue]

    @property
    def doubts(self) -> list[str]:
        return payee_doubts(self.chosen, self.family, self.on) if self.chosen else []


def _name_and_age(member: Person, on: date) -> str:
    return gettext("%(name)s (%(n)s th)", name=member.name, n=member.age(on))


class NewFamilyForm(PayeeChoice, VersionedForm):
    since = DateField(_("KPM sejak"), [InputRequired(), _no_future], description=_("Menurut SIKS-NG atau SK."))
    participant = StringField(
        _("Nomor peserta"), [Optional(), Length(max=40)], description=_("Menurut SIKS-NG atau kartu peserta.")
    )
    payee = RadioField(_("Pengurus"), [DataRequired()], description=_("Ibu atau perempuan dewasa di keluarga ini."))
    reason = StringField(
        _("Alasan"), [Optional(), Length(max=LINE)], description=_("Hanya bila pengurusnya menyimpang dari aturan.")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and self.doubts and not self.reason.data:
            what = "; ".join(self.doubts)
            self.reason.errors = [gettext("Tidak terpenuhi: %(what)s. Tulis alasannya.", what=what)]
            return False
        return valid

    def input(self, members: Sequence["MemberForm"]) -> NewFamily:
        """Of a form that was found valid."""
        return NewFamily(
            payee_id=UUID(self.payee.data),
            since=self.since.data or self.on,
            participant=self.participant.data or "",
            chosen=chosen_in(members),
            reason=self.reason.data or "",
        )


class PayeeForm(PayeeChoice, VersionedForm):
    payee = RadioField(
        _("Pengurus baru"), [DataRequired()], description=_("Ibu atau perempuan dewasa di keluarga ini.")
    )
    reason = StringField(_("Sebab pergantian"), [DataRequired(), Length(max=LINE)])


class ComponentsForm(VersionedForm):
    on = DateField(
        _("Berlaku sejak"),
        [InputRequired(), _no_future],
        description=_("Yang dihapus berakhir sehari sebelumnya; yang ditambah dihitung mulai hari ini."),
    )


class LeavingForm(VersionedForm):
    why = SelectField(_("Sebab"), choices=[SelectChoice(key, title) for key, title in WHY.items()])
    on = DateField(_("Sejak tanggal"), [InputRequired(), _no_future])
    note = StringField(
        _("Keterangan"), [DataRequired(), Length(max=LINE)], description=_("Misalnya nomor dan tanggal suratnya.")
    )


class CheckForm(Form):
    """One member's month."""

    value = IntegerField(_("Jumlah"), [Optional()])
    excused = BooleanField(_("Berhalangan"))
    note = StringField(_("Keterangan"), [Optional(), Length(max=LINE)])

    def __init__(self, member: Member, terms: Any, month: Month, check: Check | None) -> None:
        self.member, self.terms = member, terms
        data = {"value": check.value, "excused": check.excused, "note": check.note} if check else {}
        super().__init__(prefix=f"m{member.id}", data=data)
        self.value.label.text = str(KINDS[terms["kind"]])
        self.value.validators = [Optional(), NumberRange(0, most_of(terms, month))]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.excused.data and not self.note.data:
            self.note.errors = [gettext("Tulis mengapa berhalangan.")]
            return False
        return valid

    @property
    def input(self) -> Entry:
        return Entry(self.value.data, bool(self.excused.data), self.note.data or "")
