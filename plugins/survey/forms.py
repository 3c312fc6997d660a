"""The pages' forms. Those of questions are made of the questionnaire, and take whatever is typed."""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import DateInput

from core.api import CheckboxesField, Colleague, Form, SelectChoice, VersionedForm
from core.api import lazy_gettext as _

from .models import LINE
from .photos import SHOWN
from .questions import Question
from .typed import Raw, Unreadable, read_day

MOST_BOXES = 6
"""More choices than these are a list to choose from, which a phone shows over the whole screen."""


class QuestionsForm(Form):
    """The base of a page of questions: ``seen`` is the fingerprint of the answers that the page showed."""

    seen = HiddenField()

    @property
    def typed(self) -> dict[str, Raw]:
        """The answers by question, as they were typed."""
        return {field.name: _raw(field.data) for field in self if field.name != "seen"}


def _raw(data: object) -> Raw:
    return [str(item) for item in data] if isinstance(data, list) else str(data or "")


def questions_form(questions: Sequence[Question], held: Mapping[str, Any] | None = None) -> QuestionsForm:
    """With what is held, or with what was sent where nothing is said."""
    fields = {question.key: _field(question, held) for question in questions}
    made = type("SectionForm", (QuestionsForm,), fields)
    return made(formdata=None, data=dict(held)) if held is not None else made()


def _field(question: Question, held: Mapping[str, Any] | None) -> Any:
    label, hint = str(question.title), str(question.hint)
    if question.unit:
        label = f"{label} ({question.unit})"
    checks = [Optional()] if question.asked == "may" else []
    kept = (held or {}).get(question.key)
    if question.kind == "choices":
        choices = _choices(question, kept if isinstance(kept, list) else [])
        return CheckboxesField(label, checks, choices=choices, description=hint, validate_choice=False)
    if question.kind == "choice":
        choices = _choices(question, [kept] if isinstance(kept, str) and kept else [])
        if len(question.options) > MOST_BOXES:
            choices = [SelectChoice("", _("– pilih –")), *choices]
            return SelectField(label, checks, choices=choices, description=hint, validate_choice=False)
        return RadioField(label, checks, choices=choices, description=hint, validate_choice=False)
    if question.kind == "text":
        return TextAreaField(label, checks, description=hint)
    if question.kind == "day" and _is_day(kept):
        return StringField(label, checks, description=hint, widget=DateInput())
    return StringField(label, checks, description=hint)


def _choices(question: Question, kept: Sequence[object]) -> list[Any]:
    """What is kept and no choice any more stays to be chosen, so that saving the page does not lose it."""
    known = [SelectChoice(code, text) for code, text in question.options.items()]
    return [*known, *(SelectChoice(str(code), str(code)) for code in kept if code not in question.options)]


def _is_day(kept: object) -> bool:
    """A browser's field of dates shows nothing of what is none, and would lose it."""
    try:
        return not kept or read_day(str(kept)) is not None
    except Unreadable:
        return False


class AskForm(Form):
    reason = StringField(
        _("Untuk apa"),
        [Optional(), Length(max=LINE)],
        description=_("Misalnya “usulan PKH”. Jangan tulis penyakit."),
    )


class AssignForm(VersionedForm):
    surveyor = SelectField(_("Petugas"), [InputRequired()])
    planned_on = DateField(_("Hari kunjungan"), [InputRequired()])

    def __init__(self, team: Sequence[Colleague], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.surveyor.choices = [SelectChoice(str(one.id), one.name) for one in team]


class PhotoForm(Form):
    shows = RadioField(_("Yang difoto"), choices=[SelectChoice(*item) for item in SHOWN.items()], default="front")
    photo = FileField(_("Foto"), [FileRequired(_("Pilih atau ambil fotonya dulu."))])

    @property
    def stream(self) -> BinaryIO:
        """Of a form that was found valid."""
        return cast(BinaryIO, cast(Any, self.photo.data).stream)


class FinaliseForm(VersionedForm):
    sure = BooleanField(
        _("Saya melihat sendiri rumah ini, menulis apa adanya, dan bukan kerabat keluarga ini"), [InputRequired()]
    )


class SignForm(VersionedForm):
    sure = BooleanField(_("Saya sudah memeriksa isi survei ini dan bukan kerabat keluarga ini"), [InputRequired()])


class ReasonForm(VersionedForm):
    reason = StringField(_("Alasan"), [DataRequired(), Length(max=LINE)])
