"""What a stranger and a clerk fill in."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from core.api import Area, Form, SelectChoice, VersionedForm, area_today, gettext
from core.api import lazy_gettext as _

from .intake import Said, Teller
from .models import Complaint
from .words import ABOUT, CHANNELS, KINDS, OUTCOMES, RATINGS, sector_title, sectors_in

PUBLIC_KINDS = {
    "no_inspection": _("Keluhan"),
    "information": _("Pertanyaan"),
    "suggestion": _("Saran atau pujian"),
}
"""Whether a complaint takes an inspection is for the desk to say, and not for who has it."""

TOLD = {
    "open": _("Saya beri tahu nama saya"),
    "confidential": _("Nama saya dirahasiakan"),
    "anonymous": _("Tanpa nama"),
}
MOST = 3000


def choices(titles: dict) -> list:
    return [SelectChoice(key, title) for key, title in titles.items()]


class ComplaintForm(Form):
    """What both sides ask. ``draft`` is the complaint's id, drawn with the form: sent twice, it is taken in once."""

    draft = HiddenField()
    kind = RadioField(_("Yang ingin disampaikan"), choices=choices(PUBLIC_KINDS), default="no_inspection")
    sector = SelectField(_("Bidang"), [InputRequired()])
    description = TextAreaField(
        _("Ceritakan"),
        [DataRequired(), Length(min=10, max=MOST)],
        description=_("Apa yang terjadi, di mana, dan sejak kapan. Jangan tulis NIK di sini."),
    )
    place = StringField(_("Tempat kejadian"), [Optional(), Length(max=80)], description=_("Misalnya RT 02/RW 05."))
    about = SelectField(_("Tentang siapa"), choices=choices(dict(ABOUT)), default="service")
    identity = RadioField(_("Nama Anda"), choices=choices(TOLD), default="open")
    name = StringField(_("Nama"), [Optional(), Length(max=80)])
    phone = StringField(
        _("Nomor HP"),
        [Optional(), Regexp(r"^\+?[0-9][0-9 \-]{7,18}$", message=_("Tulis nomornya seperti 0812-3456-7890."))],
    )
    nik = StringField(
        _("NIK"),
        [Optional(), Regexp(r"^[0-9]{16}$", message=_("NIK terdiri dari 16 angka. Boleh dikosongkan."))],
        description=_("Bila diisi, empat angka terakhirnya dapat dipakai untuk melihat jawabannya."),
    )

    def offer(self, area: Area) -> None:
        self.sector.choices = [SelectChoice("", _("Pilih bidang")), *choices(sectors_in(area))]
        self.draft.data = self.draft.data or str(uuid4())

    def validate_draft(self, field: HiddenField) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            field.data = str(uuid4())
            raise ValidationError(gettext("Formulir ini rusak. Kirim sekali lagi.")) from None

    def validate(self, extra_validators: Any = None) -> bool:
        """A name is needed of who does not want to stay without one."""
        valid = super().validate(extra_validators)
        if self.identity.data != "anonymous" and not self.name.data:
            self.name.errors = [gettext("Tulis namanya, atau pilih “Tanpa nama”.")]
            return False
        return valid

    @property
    def teller(self) -> Teller | None:
        """Nothing of it is kept of who wants to stay without a name, whatever was typed before that was chosen."""
        if self.identity.data == "anonymous":
            return None
        return Teller(self.name.data or "", self.phone.data or "", self.nik.data or "")

    def said(self, channel: str) -> Said:
        return Said(
            sector=self.sector.data,
            kind=self.kind.data,
            channel=channel,
            description=self.description.data or "",
            about=self.about.data,
            place=self.place.data or "",
            confidential=self.identity.data == "confidential",
            id=UUID(self.draft.data),
        )


class PublicForm(ComplaintForm):
    photo = FileField(
        _("Foto atau PDF"), [Optional()], description=_("Paling besar 5 MB. Foto dapat menyimpan tempat ia diambil.")
    )
    website = StringField(_("Jangan diisi"), [Optional(), Length(max=200)])

    def validate_website(self, field: StringField) -> None:
        """Nobody sees this field; a machine that fills in everything fills in this one too."""
        if field.data:
            raise ValidationError(gettext("Kosongkan isian ini, lalu kirim lagi."))


class DeskForm(ComplaintForm):
    """The clerk knows the kinds, and has seen the KTP where there is a NIK."""

    channel = SelectField(
        _("Saluran"), choices=[choice for choice in choices(dict(CHANNELS)) if choice.value != "web"], default="desk"
    )
    kind = SelectField(_("Jenis"), choices=choices(dict(KINDS)), default="no_inspection")
    identity = RadioField(
        _("Pelapor"),
        choices=choices(
            {"open": _("Nama tercatat"), "confidential": _("Nama dirahasiakan"), "anonymous": _("Tanpa nama")}
        ),
        default="open",
    )

    @property
    def known_teller(self) -> Teller | None:
        told = self.teller
        return Teller(told.name, told.phone, told.nik, known=True) if told else None


class StatusForm(Form):
    ticket = StringField(_("Nomor keluhan"), [DataRequired(), Length(max=20)])
    code = StringField(_("Kode"), [DataRequired(), Length(max=20)])


class RatingForm(StatusForm):
    rating = RadioField(_("Apakah sudah teratasi?"), [InputRequired()], choices=choices(dict(RATINGS)))


class ReopenForm(StatusForm):
    why = TextAreaField(_("Apa yang belum selesai"), [DataRequired(), Length(min=5, max=1000)])


# ---- the desk ----


class AnswerForm(VersionedForm):
    text = TextAreaField(
        _("Jawaban kepada pelapor"),
        [DataRequired(), Length(min=5, max=MOST)],
        description=_("Pelapor membacanya di halaman desa dengan nomor dan kodenya."),
    )
    outcome = SelectField(
        _("Hasil"), choices=choices({"": _("Masih ditangani: ini jawaban sementara"), **OUTCOMES}), default=""
    )


class NoteForm(VersionedForm):
    text = TextAreaField(_("Catatan petugas"), [DataRequired(), Length(max=MOST)])


class ExtendForm(VersionedForm):
    until = DateField(_("Tenggat baru"), [InputRequired()])
    reason = TextAreaField(
        _("Alasan"), [DataRequired(), Length(min=5, max=500)], description=_("Pelapor membacanya juga.")
    )


class ClassForm(VersionedForm):
    sector = SelectField(_("Bidang"), [InputRequired()])
    kind = SelectField(_("Jenis"), choices=choices(dict(KINDS)))
    about = SelectField(_("Tentang siapa"), choices=choices(dict(ABOUT)))

    def offer(self, area: Area, complaint: Complaint) -> None:
        """The sector that it has stays among them when the district has taken it out of the settings."""
        self.sector.choices = choices({**sectors_in(area), complaint.sector: sector_title(complaint.sector)})


class ForwardForm(VersionedForm):
    whom = StringField(
        _("Diteruskan ke"),
        [DataRequired(), Length(max=80)],
        description=_("Lembaga atau jabatan, misalnya Dinas Sosial Kabupaten Bogor."),
    )
    ask = TextAreaField(
        _("Yang diminta"),
        [DataRequired(), Length(min=5, max=1000)],
        description=_("Tertulis di lembar penerusan. Jangan tulis siapa pelapornya bila dirahasiakan."),
    )
    until = DateField(_("Jawaban diharapkan sampai"), [Optional()])

    def validate_until(self, field: DateField) -> None:
        if field.data and not area_today() <= field.data <= area_today() + timedelta(days=366):
            raise ValidationError(gettext("Pilih hari antara hari ini dan setahun lagi."))


class ReplyForm(VersionedForm):
    whom = StringField(_("Jawaban dari"), [DataRequired(), Length(max=80)])
    text = TextAreaField(_("Isi jawaban"), [DataRequired(), Length(max=MOST)])


class LinkForm(VersionedForm):
    ticket = StringField(_("Tiket kasus"), [Optional(), Length(max=20)], description=_("Misalnya CBD-26-0012."))
    nik = StringField(
        _("NIK warga yang dikeluhkan urusannya"),
        [Optional(), Regexp(r"^[0-9]{16}$", message=_("NIK terdiri dari 16 angka."))],
        description=_("Warga yang punya masalah, bila bukan pelapor sendiri."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two."""
        valid = super().validate(extra_validators)
        if not (self.ticket.data or self.nik.data):
            self.ticket.errors = [gettext("Tulis tiket kasus atau NIK warganya.")]
            return False
        return valid


class MergeForm(VersionedForm):
    into = StringField(
        _("Nomor keluhan utama"), [DataRequired(), Length(max=20)], description=_("Misalnya ADU-7K3MQ9.")
    )
