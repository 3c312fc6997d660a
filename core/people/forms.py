"""The forms in which clerks enter residents; a valid one turns into the registry's typed input."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from core.areas.current import CurrentArea
from core.clock import today
from core.texts import lazy_gettext
from core.web.forms import Form, SelectChoice

from . import opensid_codes as codes
from .identity import Checked, Finding, Sex, check_kk, check_nik, mask_nik
from .labels import (
    FAMILY_ROLE_TITLES,
    INSURANCE_TITLES,
    LIFE_STATUS_TITLES,
    REGISTRY_MATCH_TITLES,
    SEX_TITLES,
)
from .models import Household, Person
from .registry import PersonInput

SHORT = Length(max=120)
DIGITS_ONLY = lazy_gettext("Tulis angkanya saja.")
UNKNOWN = lazy_gettext("Belum diketahui")
NOT_IN_FUTURE = lazy_gettext("Tanggal ini belum terjadi.")


class ErasureForm(Form):
    """Asks for the resident's name before it is gone: whoever types it has looked at whose page this is."""

    version = HiddenField()
    name = StringField(validators=[InputRequired(lazy_gettext("Ketik nama warga untuk memastikan."))])

    def __init__(self, person: Person) -> None:
        super().__init__(data={"version": str(person.version)})
        self.person_name = person.name
        self.name.label.text = _("Ketik nama warga untuk memastikan: %(name)s", name=person.name)

    def validate_name(self, field: StringField) -> None:
        if not same_name(field.data or "", self.person_name):
            raise ValidationError(_("Nama yang diketik tidak sama. Tidak ada yang dihapus."))


def same_name(typed: str, name: str) -> bool:
    """Whether a name was typed and meant; capitals and spaces do not matter."""
    return " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()


def choices_of(titles: Mapping[str, Any]) -> list:
    return [SelectChoice(str(value), title) for value, title in titles.items()]


class WordsField(SelectField):
    """A choice from the registry's words. What is stored stays possible: files bring words that no list has."""

    def __init__(self, label: Any, words: Iterable[str], blank: Any = UNKNOWN, **kwargs: Any) -> None:
        self.words, self.blank = list(words), blank
        super().__init__(label, choices=self._with_stored, default="", **kwargs)

    def _with_stored(self) -> list:
        stored = [self.object_data] if self.object_data and self.object_data not in self.words else []
        return [
            SelectChoice("", self.blank),
            *(SelectChoice(word) for word in [*self.words, *stored] if word),
        ]


class PersonForm(Form):
    """A resident. ``stored`` is the one being changed, None for a new one."""

    version = HiddenField()
    name = StringField(lazy_gettext("Nama lengkap"), [InputRequired(), SHORT])
    nik = StringField(lazy_gettext("NIK"))
    no_nik = BooleanField(lazy_gettext("Belum punya NIK"))
    sex = RadioField(lazy_gettext("Jenis kelamin"), [InputRequired()], choices=choices_of(SEX_TITLES))
    birth_place = StringField(lazy_gettext("Tempat lahir"), [Optional(), SHORT])
    birth_date = DateField(lazy_gettext("Tanggal lahir"), [InputRequired()])
    family_role = SelectField(
        lazy_gettext("Hubungan dalam keluarga"), choices=choices_of(FAMILY_ROLE_TITLES), default="other"
    )
    marital_status = WordsField(lazy_gettext("Status perkawinan"), codes.MARITAL_STATUSES)
    mother_name = StringField(
        lazy_gettext("Nama ibu kandung"),
        [Optional(), SHORT],
        description=lazy_gettext("Membantu mengenali warga yang belum punya NIK."),
    )
    father_name = StringField(lazy_gettext("Nama ayah"), [Optional(), SHORT])
    phone = StringField(lazy_gettext("Nomor HP"), [Optional(), Regexp(r"^\+?[\d .-]{6,20}$", message=DIGITS_ONLY)])
    religion = WordsField(lazy_gettext("Agama"), codes.RELIGIONS)
    education = WordsField(lazy_gettext("Pendidikan"), codes.EDUCATIONS)
    occupation = WordsField(lazy_gettext("Pekerjaan"), codes.OCCUPATIONS)
    disability = WordsField(
        lazy_gettext("Disabilitas"), codes.DISABILITIES, blank=lazy_gettext("Tidak ada, atau belum diketahui")
    )
    insurance = SelectField(lazy_gettext("Jaminan kesehatan"), choices=choices_of(INSURANCE_TITLES), default="")
    life_status = SelectField(lazy_gettext("Keadaan"), choices=choices_of(LIFE_STATUS_TITLES), default="alive")
    registry_match = SelectField(
        lazy_gettext("Padan Dukcapil"),
        choices=choices_of(REGISTRY_MATCH_TITLES),
        default="unchecked",
        description=lazy_gettext("Hasil pengecekan NIK di Dukcapil, bukan perkiraan."),
    )
    registry_checked_on = DateField(lazy_gettext("Tanggal dicek"), [Optional()])

    def __init__(self, area: CurrentArea, stored: Person | None = None, **kwargs: Any) -> None:
        self.area, self.stored = area, stored
        self.today = today(area.timezone)
        super().__init__(data=shown(stored, "nik"), **kwargs)
        if stored and stored.nik:
            self.nik.description = _("Sekarang %(nik)s. Biarkan kosong bila tidak berubah.", nik=mask_nik(stored.nik))
        else:
            self.nik.description = _("16 angka, lihat KTP atau KK.")

    @property
    def checked_nik(self) -> Checked:
        return check_nik(
            self.nik.data,
            birth_date=self.birth_date.data,
            sex=self.sex.data,
            area_code=self.area.code,
            today=self.today,
        )

    def validate_nik(self, field: StringField) -> None:
        kept = self.stored is not None and self.stored.nik is not None and not field.data and not self.no_nik.data
        if not kept:
            require_number(self.checked_nik, bool(self.no_nik.data), _("Belum punya NIK"))

    def validate_birth_date(self, field: DateField) -> None:
        refuse_future(field, self.today)

    def validate_registry_checked_on(self, field: DateField) -> None:
        refuse_future(field, self.today)

    @property
    def warnings(self) -> list[Finding]:
        """What is worth a second look, though it can be saved."""
        return self.checked_nik.warnings

    def to_input(self) -> PersonInput:
        """Only of a form that was found valid."""
        kept = self.stored.nik if self.stored and not self.no_nik.data else None
        values = {name: self[name].data or "" for name in _PERSON_TEXTS}
        return PersonInput(
            name=self.name.data or "",
            sex=Sex(self.sex.data),
            birth_date=given(self.birth_date),
            nik=self.checked_nik.value or kept,
            registry_checked_on=self.registry_checked_on.data,
            **values,
        )


_PERSON_TEXTS = (
    "family_role",
    "birth_place",
    "marital_status",
    "religion",
    "education",
    "occupation",
    "father_name",
    "mother_name",
    "phone",
    "disability",
    "insurance",
    "life_status",
    "registry_match",
)


class NewPersonForm(PersonForm):
    """A new resident, with the family that he or she belongs to."""

    kk_number = StringField(
        lazy_gettext("No. KK"),
        description=lazy_gettext("16 angka. Keluarga yang belum tercatat dibuatkan; biarkan kosong bila belum ada KK."),
    )
    is_new_for_sure = BooleanField(lazy_gettext("Sudah saya periksa: ini orang lain"))

    def validate_kk_number(self, field: StringField) -> None:
        refuse(check_kk(field.data, today=self.today))

    @property
    def kk(self) -> str | None:
        return check_kk(self.kk_number.data, today=self.today).value


def shown(stored: Person | Household | None, number: str) -> dict[str, Any]:
    """What the form shows of a stored row: everything but its number, which is only shown masked."""
    if stored is None:
        return {}
    columns = {column.key: getattr(stored, column.key) for column in stored.__table__.columns}
    return {**columns, number: "", f"no_{number.removesuffix('_number')}": not columns[number]}


def require_number(checked: Checked, has_none: bool, label: str) -> None:
    refuse(checked)
    if checked.value is None and not has_none:
        raise ValidationError(_("Isi nomornya, atau centang “%(label)s”.", label=label))
    if checked.value and has_none:
        raise ValidationError(_("Nomornya terisi, jadi hapus centang “%(label)s”.", label=label))


def refuse(checked: Checked) -> None:
    if checked.errors:
        raise ValidationError(" ".join(f"{finding.message} {finding.fix}" for finding in checked.errors))


def refuse_future(field: DateField, day: date) -> None:
    if field.data and field.data > day:
        raise ValidationError(str(NOT_IN_FUTURE))


def given(field: DateField) -> date:
    if field.data is None:
        raise ValueError(f"{field.name} is empty in a form that was found valid")
    return field.data
