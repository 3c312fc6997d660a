"""What a respondent, a clerk, and whoever answers and decides fill in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from core.api import Form, Rule, SelectChoice, VersionedForm, area_today, gettext
from core.api import lazy_gettext as _

from .actions import Plan
from .answering import Said
from .models import ELEMENTS, LINE, WORDS
from .periods import Period
from .words import ACTION_STATES, CHARACTERISTICS, TOLD, element_title

NEEDED = _("Pilih satu jawaban. Indeksnya hanya dapat dihitung bila kesembilannya dijawab.")


def choices(titles: Any) -> list:
    return [SelectChoice(key, title) for key, title in titles.items()]


def element_field() -> RadioField:
    return RadioField(validators=[InputRequired(NEEDED)], coerce=mark)


def mark(value: object) -> int | None:
    """None for what is no number: nothing that could be chosen."""
    try:
        return int(str(value))
    except ValueError:
        return None


def told_field(name: str) -> SelectField:
    untold = SelectChoice("", _("Tidak dijawab"))
    return SelectField(
        cast(str, CHARACTERISTICS[name]), [Optional()], choices=[untold, *choices(TOLD[name])], default=""
    )


class SurveyForm(Form):
    """The nine questions; all are needed. Who answers, and a comment, only as far as somebody likes."""

    u1 = element_field()
    u2 = element_field()
    u3 = element_field()
    u4 = element_field()
    u5 = element_field()
    u6 = element_field()
    u7 = element_field()
    u8 = element_field()
    u9 = element_field()
    comment = TextAreaField(
        _("Komentar atau saran"),
        [Optional(), Length(max=WORDS)],
        description=_("Desa menjawabnya di halaman hasil survei. Jangan tulis nama, NIK, atau nomor HP."),
    )
    sex = told_field("sex")
    age_group = told_field("age_group")
    education = told_field("education")
    work = told_field("work")

    def offer(self, rule: Rule) -> None:
        """The questions and answers as the regulation words them."""
        for number, name in enumerate(ELEMENTS, start=1):
            field = cast(RadioField, self[name])
            field.label.text = f"{number}. {rule.asked[name]}"
            field.choices = [SelectChoice(value, words) for value, words in enumerate(rule.answers[name], start=1)]

    @property
    def said(self) -> Said:
        told = {name: self[name].data or "" for name in CHARACTERISTICS}
        return Said([self[name].data for name in ELEMENTS], self.comment.data or "", told)


class PublicSurveyForm(SurveyForm):
    """With the code that came with the invitation, and whether it is filled in at the desk's tablet."""

    code = HiddenField()
    kiosk = HiddenField()
    website = StringField(_("Jangan diisi"), [Optional(), Length(max=200)])

    def validate_website(self, field: StringField) -> None:
        """Nobody sees this field; a machine that fills in everything fills in this one too."""
        if field.data:
            raise ValidationError(gettext("Kosongkan isian ini, lalu kirim lagi."))


class CodeForm(Form):
    code = StringField(_("Kode penilaian"), [DataRequired(), Length(max=20)])


class CommentForm(VersionedForm):
    decision = RadioField(
        _("Keputusan"),
        [InputRequired()],
        choices=choices({"published": _("Umumkan bersama jawaban"), "withheld": _("Jangan umumkan")}),
        default="published",
    )
    public_text = TextAreaField(
        _("Komentar yang diumumkan"),
        [Optional(), Length(max=WORDS)],
        description=_("Hapus nama dan apa pun yang menunjuk seseorang. Nomor yang mirip NIK atau HP disamarkan."),
    )
    answer = TextAreaField(
        _("Jawaban desa"), [Optional(), Length(max=WORDS)], description=_("Apa yang dilakukan, atau mengapa tidak.")
    )


def farthest(field: DateField) -> None:
    if field.data and not area_today() <= field.data <= area_today() + timedelta(days=730):
        raise ValidationError(gettext("Pilih hari antara hari ini dan dua tahun lagi."))


class PlanForm(Form):
    period = SelectField(_("Berdasarkan hasil"), [InputRequired()])
    element = SelectField(_("Unsur"), [InputRequired()])
    what = StringField(_("Apa yang dilakukan"), [DataRequired(), Length(min=5, max=LINE)])
    who = StringField(
        _("Siapa yang mengerjakan"),
        [DataRequired(), Length(max=80)],
        description=_("Sebaiknya jabatan. Tidak diumumkan."),
    )
    due_on = DateField(_("Sampai kapan"), [InputRequired()])

    def offer(self, periods: Iterable[Period]) -> None:
        self.period.choices = [SelectChoice(each.key, each.title) for each in periods]
        self.element.choices = [SelectChoice(str(number), element_title(number)) for number in range(1, 10)]

    def validate_due_on(self, field: DateField) -> None:
        farthest(field)

    @property
    def plan(self) -> Plan:
        return Plan(
            period=self.period.data,
            element=int(self.element.data),
            what=self.what.data or "",
            who=self.who.data or "",
            due_on=self.due_on.data or area_today(),
        )


class ProgressForm(VersionedForm):
    state = RadioField(_("Keadaan"), [InputRequired()], choices=choices(ACTION_STATES))
    due_on = DateField(_("Sampai kapan"), [InputRequired()])
    text = TextAreaField(
        _("Apa yang dilakukan atau hasilnya"),
        [Optional(), Length(max=WORDS)],
        description=_("Perlu diisi bila selesai atau dibatalkan; yang terakhir itu diumumkan."),
    )

    def validate_due_on(self, field: DateField) -> None:
        """A day that has passed may stay as it is where the action ends."""
        if self.state.data in ("planned", "running"):
            farthest(field)
