"""The forms of both sides."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField
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
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.cases.intake import CHANNELS
from core.texts import lazy_gettext as _
from core.web.forms import CheckboxesField, Form, SelectChoice

from .models import Referral
from .organisations import KINDS, OFFICES, Addressee
from .shared import Paper
from .terms import FIELDS, NIK_CHOICES, SECTORS, USUAL
from .terms import KINDS as REFERRAL_KINDS

MOST_DAYS = 60
"""Working days to answer that a village can give."""

OWN_SECTORS = [key for key in SECTORS if key not in {office.sector for office in OFFICES}]


class ReferralForm(Form):
    version = HiddenField()
    to = SelectField(_("Dirujuk ke"), [InputRequired(_("Pilih penerima rujukan."))])
    kind = RadioField(
        _("Jenis rujukan"),
        [InputRequired(_("Pilih jenis rujukan."))],
        choices=[SelectChoice(key, title) for key, title in REFERRAL_KINDS.items()],
    )
    ask = TextAreaField(
        _("Apa yang diminta, dan mengapa"),
        [DataRequired(), Length(max=2000)],
        description=_("Penerima membaca teks ini. Tulis hanya yang mereka perlukan."),
    )
    note = TextAreaField(_("Catatan untuk penerima"), [Optional(), Length(max=2000)])
    fields = CheckboxesField(
        _("Data warga yang ikut dikirim"),
        choices=[SelectChoice(key, title) for key, title in FIELDS.items()],
        default=list(USUAL),
        description=_("Nama selalu ikut. Pilih seperlunya saja (UU 27/2022)."),
    )
    nik = RadioField(
        _("NIK"), choices=[SelectChoice(key, title) for key, title in NIK_CHOICES.items()], default="masked"
    )
    documents = CheckboxesField(_("Berkas yang ikut dikirim"))
    answer_days = IntegerField(
        _("Jawaban ditunggu dalam berapa hari kerja"),
        [Optional(), NumberRange(1, MOST_DAYS)],
        description=_("Kosongkan untuk memakai waktu yang lazim bagi penerima itu."),
    )

    def offer(self, addressees: Sequence[Addressee], papers: Sequence[Paper]) -> None:
        """The choices of this case: whom its village can refer to, and which papers it has."""
        self.to.choices = [SelectChoice("", _("Pilih penerima"))] + [
            SelectChoice(item.key, item.title, optgroup=str(SECTORS[item.sector])) for item in addressees
        ]
        self.documents.choices = [SelectChoice(str(paper.document.id), paper.title) for paper in papers]

    @property
    def chosen_documents(self) -> tuple[UUID, ...]:
        return tuple(UUID(value) for value in self.documents.data or ())


def form_of(referral: Referral, attached_kinds: set[str], papers: Sequence[Paper]) -> ReferralForm:
    """The form as the referral stands; a paper that was replaced meanwhile is ticked in its newer copy."""
    return ReferralForm(
        version=referral.version,
        to=str(referral.organisation_id),
        kind=referral.kind,
        ask=referral.ask,
        note=referral.note,
        fields=list(referral.fields),
        nik=referral.nik,
        answer_days=referral.answer_days,
        documents=[str(paper.document.id) for paper in papers if paper.document.kind in attached_kinds],
    )


class OneOfSeveral(Form):
    """A form beside others on a page: ``name`` keeps the ids of their fields apart, and the labels with them."""

    def __init__(self, *args: Any, name: str = "", **values: Any) -> None:
        super().__init__(*args, **values)
        if name:
            for field in self:
                field.id = f"{name}-{field.id}"


class StepForm(OneOfSeveral):
    """A step of the village: why, and for which version of the referral."""

    version = HiddenField()
    note = TextAreaField(_("Alasan"), [Length(max=2000)])


class TellForm(OneOfSeveral):
    version = HiddenField()
    how = RadioField(
        _("Warga diberi tahu lewat"),
        [InputRequired(_("Pilih bagaimana warga diberi tahu."))],
        choices=[SelectChoice(key, title) for key, title in CHANNELS.items()],
    )
    on = DateField(_("Pada tanggal"), [InputRequired(_("Isi tanggal warga diberi tahu."))])
    note = TextAreaField(_("Catatan"), [Optional(), Length(max=2000)])


class AnswerForm(OneOfSeveral):
    """A step of the organisation. What of it must be filled in says the step, so no field is marked as optional."""

    version = HiddenField()
    note = TextAreaField(_("Jawaban dan alasannya"), [Length(max=2000)], description=_("Desa dan warga membaca ini."))
    evidence = FileField(_("Bukti: foto atau PDF"), description=_("Paling besar 5 MB. Bila tidak ada, isi nomornya."))
    reference = StringField(_("Nomor surat atau kartu yang dapat dicek"), [Length(max=120)])


class OrganisationForm(Form):
    name = StringField(_("Nama lembaga"), [DataRequired(), Length(max=120)])
    sector = SelectField(_("Bidang"), choices=[SelectChoice(key, SECTORS[key]) for key in OWN_SECTORS])
    kind = SelectField(_("Jenis"), choices=[SelectChoice(key, title) for key, title in KINDS.items()])
    area = SelectField(_("Melayani"), [InputRequired()])
    phone = StringField(_("Telepon"), [Optional(), Length(max=20)])
    active = BooleanField(_("Menerima rujukan"), default=True)


class OfficerForm(Form):
    username = StringField(_("Nama pengguna"), [DataRequired(), Length(max=64)])
    until = DateField(_("Sampai tanggal"), [Optional()])
