"""What a clerk, a kader and a stranger fill in."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from core.api import CheckboxesField, Form, SelectChoice, VersionedForm, area_today, gettext
from core.api import lazy_gettext as _

from .bookings import Slot
from .desk_days import Desk
from .words import PRIORITIES, REASONS

PHONE = Regexp(r"^\+?[0-9][0-9 \-]{7,18}$", message=_("Tulis nomornya seperti 0812-3456-7890."))
NO_PRIORITY = _("tidak ada")


def choices(titles: Mapping[str, Any]) -> list[Any]:
    return [SelectChoice(key, title) for key, title in titles.items()]


def read_id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


class DraftForm(Form):
    """``draft`` is the id of what will be made, drawn with the form: sent twice, it is made once."""

    draft = HiddenField()

    def draw(self) -> None:
        self.draft.data = self.draft.data or str(uuid4())

    def validate_draft(self, field: HiddenField) -> None:
        if read_id(field.data) is None:
            field.data = str(uuid4())
            raise ValidationError(gettext("Formulir ini rusak. Kirim sekali lagi."))

    @property
    def id(self) -> UUID:
        return read_id(self.draft.data) or uuid4()


class ArriveForm(DraftForm):
    """A number for somebody at the door. ``person``: the resident from whose page the form was opened."""

    counter = HiddenField()
    person = HiddenField()
    service = RadioField(_("Layanan"), [InputRequired(message=_("Pilih layanannya."))], choices=[])
    priority = SelectField(_("Didahulukan karena"), choices=[SelectChoice("", NO_PRIORITY), *choices(PRIORITIES)])
    whom = StringField(
        _("NIK atau tiket kasus"),
        [Optional(), Length(max=20)],
        description=_("Boleh kosong. Lansia yang dikenal didahulukan dengan sendirinya."),
    )

    def offer(self, desk: Desk) -> None:
        self.service.choices = [SelectChoice(str(s.id), f"{s.prefix} · {s.name}") for s in desk.offered]
        self.draw()


class SlotForm(DraftForm):
    """A place in a slot; which service and day it is of stands in the address."""

    slot = RadioField(_("Jam"), [InputRequired(message=_("Pilih jamnya."))], choices=[])

    def offer(self, slots: Iterable[Slot]) -> None:
        """What is gone by the time it is sent is told when it is booked."""
        self.slots = list(slots)
        self.slot.choices = [SelectChoice(s.start.isoformat(), f"{s.start:%H.%M}") for s in self.slots if s.free]
        self.slot.validate_choice = False
        self.draw()

    def validate_slot(self, field: RadioField) -> None:
        if self.start is None and field.data:
            raise ValidationError(gettext("Jam itu tidak ada lagi. Pilih jam lain."))

    @property
    def start(self) -> datetime | None:
        """Of those that the day has, free or not; None of anything else."""
        return next((slot.start for slot in self.slots if slot.start.isoformat() == self.slot.data), None)


class HoneyForm(DraftForm):
    website = StringField(_("Jangan diisi"), [Optional(), Length(max=200)])

    def validate_website(self, field: StringField) -> None:
        """Nobody sees this field; a machine that fills in everything fills in this one too."""
        if field.data:
            raise ValidationError(gettext("Kosongkan isian ini, lalu kirim lagi."))


class PublicBookingForm(SlotForm, HoneyForm):
    name = StringField(_("Nama"), [DataRequired(), Length(max=80)])
    phone = StringField(_("Nomor HP"), [DataRequired(), PHONE], description=_("Untuk mengingatkan Anda."))
    priority = SelectField(_("Didahulukan karena"), choices=[SelectChoice("", NO_PRIORITY), *choices(PRIORITIES)])


class BookingForm(SlotForm):
    """By staff or kader, for a resident that they know, or for a name."""

    person = HiddenField()
    whom = StringField(
        _("NIK atau tiket kasus"),
        [Optional(), Length(max=20)],
        description=_("Dengan tiket kasus, berkasnya dapat dicek sebelum harinya."),
    )
    name = StringField(_("Nama, bila belum terdaftar"), [Optional(), Length(max=80)])
    phone = StringField(_("Nomor HP"), [Optional(), PHONE])
    priority = SelectField(_("Didahulukan karena"), choices=[SelectChoice("", NO_PRIORITY), *choices(PRIORITIES)])
    note = TextAreaField(_("Catatan"), [Optional(), Length(max=500)])

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two says who comes."""
        valid = super().validate(extra_validators)
        if not (self.whom.data or self.name.data or self.person.data):
            self.whom.errors = [gettext("Tulis NIK, tiket kasus, atau namanya.")]
            return False
        return valid


class CodeForm(Form):
    code = StringField(_("Kode"), [DataRequired(), Length(max=20)], description=_("Misalnya K7M2Q9XW."))


class RequestForm(HoneyForm):
    """What somebody needs while the desk is shut."""

    wish = TextAreaField(
        _("Keperluan"),
        [DataRequired(), Length(min=5, max=500)],
        description=_("Singkat saja, tanpa NIK dan tanpa penyakit."),
    )
    name = StringField(_("Nama"), [DataRequired(), Length(max=80)])
    phone = StringField(_("Nomor HP"), [DataRequired(), PHONE])


class AnswerForm(VersionedForm):
    text = TextAreaField(_("Jawaban"), [DataRequired(), Length(min=3, max=500)])


class NextSlotForm(VersionedForm):
    service = SelectField(_("Layanan"), [InputRequired()], choices=[])

    def offer(self, desk: Desk) -> None:
        bookable = [s for s in desk.offered if s.accepts_bookings]
        self.service.choices = [SelectChoice(str(s.id), s.name) for s in bookable]


class TurnAwayForm(Form):
    counter = HiddenField()
    people = IntegerField(_("Berapa orang"), [InputRequired(), NumberRange(1, 500)], default=1)
    service = SelectField(_("Layanan"), choices=[])
    reason = SelectField(_("Sebab"), choices=choices(REASONS), default="full")

    def offer(self, desk: Desk) -> None:
        every = SelectChoice("", _("semua layanan"))
        self.service.choices = [every, *(SelectChoice(str(s.id), s.name) for s in desk.offered)]


class TransferForm(VersionedForm):
    service = SelectField(_("Ke layanan"), [InputRequired()], choices=[])
    counter = SelectField(_("Ke loket"), choices=[])
    ahead = BooleanField(_("Dipanggil paling dulu di sana"))

    def offer(self, desk: Desk) -> None:
        usable = [c for c in desk.counters.values() if c.active]
        any_of_them = SelectChoice("", _("loket mana saja"))
        self.counter.choices = [any_of_them, *(SelectChoice(str(c.id), c.name) for c in usable)]
        self.service.choices = [SelectChoice(str(s.id), f"{s.prefix} · {s.name}") for s in desk.offered]


class LinkForm(VersionedForm):
    ticket = StringField(_("Tiket kasus"), [DataRequired(), Length(max=20)], description=_("Misalnya CBD-26-0012."))


class PapersForm(Form):
    """``seen``: keys of papers that the kader has looked at."""

    seen = CheckboxesField(_("Sudah dilihat dan lengkap"), choices=[])
    note = StringField(_("Catatan"), [Optional(), Length(max=200)], description=_("Misalnya: KK menyusul hari Rabu."))


# ---- what a village has ----


class QueueServiceForm(VersionedForm):
    name = StringField(_("Nama layanan"), [DataRequired(), Length(max=80)])
    prefix = StringField(
        _("Huruf nomor"),
        [DataRequired(), Regexp(r"^[A-Z0-9]{1,2}$", message=_("Satu atau dua huruf besar atau angka, misalnya A."))],
    )
    minutes = IntegerField(_("Lama layanan biasanya (menit)"), [InputRequired(), NumberRange(1, 240)], default=10)
    position = IntegerField(_("Urutan"), [InputRequired(), NumberRange(0, 99)], default=0)
    day_limit = IntegerField(
        _("Nomor paling banyak sehari"),
        [Optional(), NumberRange(1, 2000)],
        description=_("Kosong: tanpa batas."),
    )
    accepts_bookings = BooleanField(_("Menerima janji"), default=True)
    slot_minutes = IntegerField(_("Panjang jam janji (menit)"), [InputRequired(), NumberRange(5, 480)], default=60)
    slot_capacity = IntegerField(_("Orang per jam janji"), [InputRequired(), NumberRange(1, 200)], default=4)
    walk_in_percent = IntegerField(
        _("Disisakan bagi yang datang langsung (persen)"), [InputRequired(), NumberRange(0, 100)], default=50
    )
    bring = TextAreaField(
        _("Yang dibawa"),
        [Optional(), Length(max=500)],
        description=_("Satu baris satu berkas, dibaca yang membuat janji."),
    )
    active = BooleanField(_("Dipakai"), default=True)


class CounterForm(VersionedForm):
    name = StringField(_("Nama loket"), [DataRequired(), Length(max=40)])
    staff_id = SelectField(_("Petugas"), choices=[])
    position = IntegerField(_("Urutan"), [InputRequired(), NumberRange(0, 99)], default=0)
    services = CheckboxesField(_("Melayani"), choices=[], description=_("Tanpa pilihan: semua layanan."))
    active = BooleanField(_("Dipakai"), default=True)


class DayOffForm(Form):
    day = DateField(_("Hari"), [InputRequired()])
    counter = SelectField(_("Yang libur"), choices=[])
    reason = StringField(_("Alasan"), [Optional(), Length(max=120)])

    def offer(self, desk: Desk) -> None:
        everyone = SelectChoice("", _("seluruh antrean"))
        self.counter.choices = [everyone, *(SelectChoice(str(c.id), c.name) for c in desk.counters.values())]

    def validate_day(self, field: DateField) -> None:
        if field.data and field.data < area_today():
            raise ValidationError(gettext("Hari itu sudah lewat."))


def asked_day(text: str | None, default: date) -> date:
    """Of an address; whatever is no day is ``default``."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return default
    return day if abs((day - default).days) <= 3660 else default
