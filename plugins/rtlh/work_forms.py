"""The forms of the works: beginning, a stage with its photo, a receipt, handing over, and taking back."""

from typing import Any, BinaryIO, cast

from flask_wtf.file import FileField
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from core.api import Form, SelectChoice, VersionedForm, area_today
from core.api import lazy_gettext as _

from .models import LINE, SHORT, RtlhWork
from .rulebook import KINDS
from .spending import ExpenseInput
from .works import StageInput, WorkInput

MOST_RUPIAH = 1_000_000_000


def _not_yet(_form: Any, field: DateField) -> None:
    if field.data and field.data > area_today():
        raise ValidationError(_("Tanggal ini belum tiba."))


def _rupiah(label: str, least: int = 0) -> IntegerField:
    return IntegerField(label, [InputRequired(), NumberRange(least, MOST_RUPIAH)])


def _stream(field: FileField) -> BinaryIO | None:
    return cast(BinaryIO, field.data.stream) if field.data and field.data.filename else None


class WorkForm(VersionedForm):
    source = StringField(
        _("Sumber dana"), [DataRequired(), Length(max=SHORT)], description=_("Misalnya APBD Kabupaten Bogor 2026.")
    )
    decree = StringField(_("Nomor SK penerima"), [DataRequired(), Length(max=SHORT)])
    begun_on = DateField(_("Pekerjaan mulai"), [InputRequired(), _not_yet])
    builder = StringField(
        _("Dikerjakan oleh"), [DataRequired(), Length(max=SHORT)], description=_("Tukang, atau kelompok masyarakat.")
    )
    material = _rupiah(_("Anggaran bahan (Rp)"))
    wages = _rupiah(_("Anggaran upah (Rp)"))
    operations = _rupiah(_("Anggaran operasional (Rp)"))

    def show(self, work: RtlhWork) -> None:
        """Fill it with what is stored."""
        texts = {"source": work.source, "decree": work.decree, "builder": work.builder}
        self.process(data={**texts, "begun_on": work.begun_on, **work.budget})
        self.version.data = str(work.version)

    @property
    def input(self) -> WorkInput:
        """Of a form that was found valid."""
        budget = {kind: self[kind].data or 0 for kind in KINDS}
        return WorkInput(
            self.source.data or "",
            self.decree.data or "",
            self.begun_on.data or area_today(),
            self.builder.data or "",
            budget,
        )


class EarlierForm(Form):
    nik = StringField(
        _("NIK kepala keluarga"), [DataRequired(), Length(max=24)], description=_("Warga yang rumahnya pernah dibantu.")
    )
    source = StringField(_("Dari siapa"), [DataRequired(), Length(max=SHORT)])
    begun_on = DateField(_("Pekerjaan mulai"), [InputRequired(), _not_yet], description=_("Perkiraan boleh."))
    handed_on = DateField(
        _("Tanggal selesai"), [Optional(), _not_yet], description=_("Kosong: masih dikerjakan, dan diikuti dari sini.")
    )
    amount = IntegerField(
        _("Besar bantuan (Rp)"), [Optional(), NumberRange(0, MOST_RUPIAH)], description=_("Hanya bila sudah selesai.")
    )

    def validate_handed_on(self, field: DateField) -> None:
        if field.data and self.begun_on.data and field.data < self.begun_on.data:
            raise ValidationError(_("Selesainya mendahului mulainya. Periksa kedua tanggalnya."))


class StageForm(VersionedForm):
    percent = RadioField(_("Kemajuan"), [InputRequired()], coerce=int)
    seen_on = DateField(_("Dilihat tanggal"), [InputRequired(), _not_yet])
    note = StringField(_("Catatan"), [Optional(), Length(max=LINE)])
    photo = FileField(_("Foto"))

    def __init__(self, left: list[int], **values: Any) -> None:
        super().__init__(**values)
        self.percent.choices = [SelectChoice(percent, _("%(n)s persen", n=percent)) for percent in left]
        self.photo.flags.optional = False

    def validate_photo(self, field: FileField) -> None:
        if _stream(field) is None:
            raise ValidationError(_("Ambil fotonya dulu: kemajuan dibuktikan dengan foto."))

    @property
    def input(self) -> StageInput:
        """Of a form that was found valid."""
        photo = _stream(self.photo)
        assert photo is not None  # noqa: S101 - told to pyright: validate_photo saw it
        return StageInput(self.percent.data, self.seen_on.data or area_today(), self.note.data or "", photo)


class ExpenseForm(Form):
    kind = SelectField(_("Untuk"), choices=[SelectChoice(kind, title) for kind, title in KINDS.items()])
    spent_on = DateField(_("Tanggal"), [InputRequired(), _not_yet])
    amount = _rupiah(_("Jumlah (Rp)"), least=1)
    what = StringField(
        _("Dibelanjakan untuk"), [DataRequired(), Length(max=LINE)], description=_("Misalnya 60 sak semen 40 kg.")
    )
    paid_to = StringField(_("Dibayar kepada"), [DataRequired(), Length(max=SHORT)])
    receipt = StringField(_("Nomor kuitansi"), [Optional(), Length(max=SHORT)])
    photo = FileField(_("Foto kuitansi"), [Optional()])

    @property
    def input(self) -> ExpenseInput:
        """Of a form that was found valid."""
        return ExpenseInput(
            self.kind.data,
            self.spent_on.data or area_today(),
            self.amount.data or 0,
            self.what.data or "",
            self.paid_to.data or "",
            self.receipt.data or "",
            _stream(self.photo),
        )


class HandOverForm(VersionedForm):
    on = DateField(_("Diserahterimakan tanggal"), [InputRequired(), _not_yet])
    note = StringField(
        _("Catatan serah terima"),
        [DataRequired(), Length(max=LINE)],
        description=_("Siapa yang hadir, dan apa yang masih kurang bila ada."),
    )


class ReasonForm(VersionedForm):
    reason = StringField(_("Alasan"), [DataRequired(), Length(max=LINE)])
