"""The forms of the meeting's pages."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from core.texts import lazy_gettext as _
from core.web.forms import CheckboxesField, Form, SelectChoice, VersionedForm

from .declaration import DECISIONS, ELEMENTS, KINDS, RANKED
from .hearing import Hearing
from .models import LINE, LONG, SHORT
from .planning import Decision, MeetingInput

AGENDA = _(
    "Pembukaan dan pembacaan aturan setiap program\n"
    "Pemaparan data calon\n"
    "Pembahasan dan keputusan untuk setiap calon\n"
    "Penetapan urutan dan daftar cadangan\n"
    "Pembacaan hasil dan penandatanganan berita acara"
)
MOST_AT_ONCE = 200
SEPARATOR = ";"


class MeetingForm(VersionedForm):
    kind = SelectField(_("Jenis musyawarah"), choices=[SelectChoice(key, title) for key, title in KINDS.items()])
    held_on = DateField(_("Tanggal musdes"), [InputRequired()])
    starts_at = StringField(
        _("Jam mulai"),
        [DataRequired(), Regexp(r"^([01]\d|2[0-3])[:.][0-5]\d$", message=_("Tulis jamnya seperti 09:00."))],
        default="09:00",
    )
    place = StringField(_("Tempat"), [DataRequired(), Length(max=SHORT)])
    leader = StringField(_("Pimpinan musyawarah"), [DataRequired(), Length(max=SHORT)])
    secretary = StringField(_("Notulis"), [DataRequired(), Length(max=SHORT)])
    agenda = TextAreaField(_("Agenda"), [DataRequired(), Length(max=LONG)], description=_("Satu baris satu acara."))

    @property
    def input(self) -> MeetingInput:
        data = {name: value for name, value in self.data.items() if name in MeetingInput.__dataclass_fields__}
        return MeetingInput(**{**data, "starts_at": data["starts_at"].replace(".", ":")})


class AttendanceForm(VersionedForm):
    lines = TextAreaField(
        _("Yang hadir"),
        [DataRequired(), Length(max=20_000)],
        description=_("Satu baris satu orang: nama; unsur. Contoh: Ade Sunarya; BPD."),
    )
    element = SelectField(
        _("Unsur untuk baris yang hanya berisi nama"),
        choices=[SelectChoice(key, title) for key, title in ELEMENTS.items()],
        default="other",
    )

    def validate_lines(self, field: TextAreaField) -> None:
        rows = [line for line in (field.data or "").splitlines() if line.strip()]
        if len(rows) > MOST_AT_ONCE:
            raise ValidationError(gettext("Paling banyak %(n)s baris sekaligus.", n=MOST_AT_ONCE))
        for number, line in enumerate(rows, start=1):
            name, _separator, element = (part.strip() for part in line.partition(SEPARATOR))
            if not name or len(name) > SHORT:
                raise ValidationError(gettext("Baris %(n)s: tulis namanya, paling panjang 80 huruf.", n=number))
            if element and find_element(element) is None:
                known = ", ".join(str(title) for title in ELEMENTS.values())
                message = gettext("Baris %(n)s: unsur “%(what)s” tidak dikenal.", n=number, what=element[:40])
                raise ValidationError(f"{message} {gettext('Pilih: %(known)s.', known=known)}")

    @property
    def people(self) -> list[tuple[str, str]]:
        """Names with their elements, of a form that was found valid."""
        parts = (line.partition(SEPARATOR) for line in (self.lines.data or "").splitlines() if line.strip())
        return [
            (name.strip(), find_element(element.strip()) or self.element.data) for name, _separator, element in parts
        ]


def find_element(text: str) -> str | None:
    """The key of an element that was written as its title, in any case, or as the beginning of it."""
    wanted = text.casefold()
    if not wanted:
        return None
    titles = {str(title).casefold(): key for key, title in ELEMENTS.items()}
    return titles.get(wanted) or next((key for title, key in titles.items() if title.startswith(wanted)), None)


class CandidatesForm(VersionedForm):
    """One list of boxes for each programme, all under the name ``cases``."""

    cases = CheckboxesField(_("Keluarga yang dibahas"))

    def __init__(self, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cases.choices = [SelectChoice(key, label) for key, label in choices]

    def validate_cases(self, field: CheckboxesField) -> None:
        if not field.data:
            raise ValidationError(_("Pilih sedikitnya satu keluarga."))


class DecisionForm(Form):
    """Of one candidate; many are sent at once, each under its own prefix."""

    decision = RadioField(_("Keputusan"), default="")
    rank = IntegerField(
        _("Peringkat"), [Optional(), NumberRange(1, 9999)], description=_("Kosongkan agar diurutkan sendiri.")
    )
    reason = StringField(_("Alasan atau catatan"), [Optional(), Length(max=LINE)])

    def __init__(self, hearing: Hearing, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.service = hearing.name
        offered = hearing.declared.outcomes if hearing.declared else DECISIONS
        self.decision.choices = [
            SelectChoice("", _("Belum")),
            *(SelectChoice(key, hearing.title_of(key)) for key in offered),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.decision.data == "not_chosen" and not self.reason.data:
            self.reason.errors = [gettext("Tulis alasannya: keluarga ini berhak tahu.")]
            return False
        return valid

    @property
    def input(self) -> Decision:
        return Decision(self.decision.data or "", self.rank.data, self.reason.data or "")


def refuse_double_ranks(forms: Iterable[DecisionForm]) -> bool:
    """False, with a message beside each later one, when two of one programme's list have the same rank."""
    seen: set[tuple[str, str, int]] = set()
    fine = True
    for form in forms:
        place = (form.service, form.decision.data or "", form.rank.data or 0)
        if form.rank.data and place[1] in RANKED and place in seen:
            form.rank.errors = [gettext("Peringkat %(rank)s sudah dipakai keluarga lain.", rank=form.rank.data)]
            fine = False
        seen.add(place)
    return fine


class ReasonForm(VersionedForm):
    """For what is taken back: a letter, a meeting's closing."""

    reason = StringField(_("Alasan"), [DataRequired(_("Tulis alasannya; ia tetap tercatat.")), Length(max=LINE)])
