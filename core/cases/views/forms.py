"""The forms of the case pages."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from core.cases.intake import CHANNELS, PRIORITIES
from core.cases.workflow import Text, Transition
from core.texts import lazy_gettext
from core.users.colleagues import Colleague
from core.web.forms import Form, SelectChoice

MAX_NOTE, MAX_OUTCOME = 2000, 200
NOTE = Length(max=MAX_NOTE)
TOLD = [SelectChoice(key, label) for key, label in CHANNELS.items()]


class IntakeForm(Form):
    """Who reports, through what, and what has to be said; the service's own form stands beside it."""

    channel = RadioField(
        lazy_gettext("Warga menyampaikan lewat"),
        [InputRequired()],
        choices=[SelectChoice(key, label) for key, label in CHANNELS.items()],
        default="desk",
    )
    reporter_name = StringField(
        lazy_gettext("Nama pelapor"),
        [Optional(), Length(max=120)],
        description=lazy_gettext("Isi hanya bila yang datang bukan warga itu sendiri."),
    )
    reporter_relation = StringField(
        lazy_gettext("Hubungan pelapor dengan warga"),
        [Optional(), Length(max=40)],
        description=lazy_gettext("Misalnya anak, tetangga, kader."),
    )
    reporter_phone = StringField(
        lazy_gettext("Nomor HP yang dapat dihubungi"),
        [Optional(), Regexp(r"^\+?[\d .-]{6,20}$", message=lazy_gettext("Tulis angkanya saja."))],
    )
    priority = RadioField(
        lazy_gettext("Prioritas"),
        choices=[SelectChoice(key, label) for key, label in PRIORITIES.items()],
        default="normal",
    )
    note = TextAreaField(lazy_gettext("Catatan"), [Optional(), NOTE])
    privacy_notice_given = BooleanField(
        lazy_gettext("Warga sudah diberi tahu untuk apa datanya dipakai"),
        [InputRequired(lazy_gettext("Sampaikan dulu untuk apa datanya dipakai (UU 27/2022), lalu centang."))],
    )
    again = BooleanField(lazy_gettext("Ini kebutuhan lain; buka satu kasus lagi"))

    def __init__(self, subject: str, *, has_open_case: bool, phone_needed: bool = False, **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(**kwargs)
        if phone_needed:
            why = lazy_gettext("Tulis nomor yang dapat dihubungi: kabarnya bisa datang kapan saja.")
            self.reporter_phone.validators = [DataRequired(why), *self.reporter_phone.validators[1:]]
            self.reporter_phone.flags.optional, self.reporter_phone.flags.required = False, True
        if not has_open_case:
            del self.again

    def validate_reporter_name(self, field: StringField) -> None:
        # Runs only when a name is given: ``Optional`` stops before it otherwise.
        if field.data and field.data.casefold() == self.subject.casefold():
            raise ValidationError(_("Ini nama warganya sendiri. Kosongkan bila warga melapor sendiri."))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.reporter_relation.data and not self.reporter_name.data:
            self.reporter_name.errors = [_("Tulis juga nama pelapornya.")]
            valid = False
        if "again" in self and not self.again.data:
            self.again.errors = [_("Lanjutkan kasus yang ada, atau centang bila ini memang kebutuhan lain.")]
            valid = False
        return valid


class StepForm(Form):
    """What a workflow step asks for; only the note may always be given."""

    version = HiddenField()
    outcome = StringField(lazy_gettext("Hasil"), [DataRequired(), Length(max=MAX_OUTCOME)])
    how = RadioField(
        lazy_gettext("Warga diberi tahu lewat"),
        [InputRequired(lazy_gettext("Pilih bagaimana warga diberi tahu."))],
        choices=TOLD,
    )
    on = DateField(lazy_gettext("Tanggal"), [InputRequired()])
    deadline = DateField(lazy_gettext("Batas waktu"), [InputRequired()])
    note = TextAreaField(lazy_gettext("Catatan"), [Optional(), NOTE])

    @classmethod
    def asking(
        cls, transition: Transition, *, untold: bool = False, deadline: Text | None = None, **values: Any
    ) -> "StepForm":
        """The form without what the transition does not ask for.

        Args:
            untold: an organisation's answer lies here that the resident may be told together with this step.
            deadline: what the deadline is called, where the step asks for one.
        """
        form = cls(**{"how": "" if untold else None, **values})
        if transition.tells:
            form.on.label.text = lazy_gettext("Pada tanggal")
        elif untold:
            form.how.validators = [Optional()]
            form.how.flags.required, form.how.flags.optional = False, True
            form.how.choices = [SelectChoice("", lazy_gettext("Belum diberi tahu")), *TOLD]
        else:
            del form.how
        if "note" in transition.asks:
            why = lazy_gettext("Tulis catatannya: warga dan rekan perlu tahu alasannya.")
            form.note.validators = [DataRequired(why), NOTE]
            form.note.flags.optional, form.note.flags.required = False, True
        if deadline:
            form.deadline.label.text = str(deadline)
        for name, ask in (("outcome", "outcome"), ("on", "date"), ("deadline", "deadline")):
            if ask not in transition.asks and not (ask == "date" and transition.tells):
                del form[name]
        return form


class EditForm(Form):
    version = HiddenField()
    priority = RadioField(
        lazy_gettext("Prioritas"), choices=[SelectChoice(key, label) for key, label in PRIORITIES.items()]
    )
    note = TextAreaField(lazy_gettext("Catatan"), [Optional(), NOTE])


class TaskForm(Form):
    title = StringField(lazy_gettext("Yang harus dilakukan"), [DataRequired(), Length(max=200)])
    due_on = DateField(lazy_gettext("Paling lambat"), [InputRequired()])
    assigned_to = SelectField(lazy_gettext("Oleh"))

    def __init__(self, team: Iterable[Colleague], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.assigned_to.choices = [
            SelectChoice("", lazy_gettext("siapa saja")),
            *(SelectChoice(str(person.id), person.name) for person in team),
        ]

    @property
    def assignee(self) -> UUID | None:
        return UUID(self.assigned_to.data) if self.assigned_to.data else None


class RevokeForm(Form):
    reason = StringField(
        lazy_gettext("Alasan pencabutan"),
        [DataRequired(lazy_gettext("Tulis alasan pencabutan; ia tercatat di register.")), Length(max=200)],
    )


class UndoForm(Form):
    reason = StringField(
        lazy_gettext("Alasan mengurungkan"),
        [DataRequired(lazy_gettext("Tulis alasannya; ia tercatat di riwayat setiap kasus.")), Length(max=200)],
    )


class StatusForm(Form):
    ticket = StringField(lazy_gettext("Nomor tiket"), [DataRequired(), Length(max=20)])
    digits = StringField(
        lazy_gettext("Empat angka terakhir NIK"),
        [DataRequired(), Length(max=20)],
        description=lazy_gettext("Belum punya NIK? Isi tanggal dan bulan lahir, misalnya 0907."),
    )


def version_of(text: str | None) -> int:
    """The version that a page was made from; -1, which no case has, for what is none."""
    try:
        return int(text or "")
    except ValueError:
        return -1
