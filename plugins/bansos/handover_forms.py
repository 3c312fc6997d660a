"""The form of a handover: filled in standing, on a phone, in the rain."""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast

from flask_wtf.file import FileField
from wtforms import DateField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from core.api import Form, SelectChoice, area_today, gettext
from core.api import lazy_gettext as _

from .handovers import RELATIONS, HandoverInput
from .models import LINE, SHORT


class HandoverForm(Form):
    relation = RadioField(
        _("Yang mengambil"), choices=[SelectChoice(key, text) for key, text in RELATIONS.items()], default="self"
    )
    received_by = StringField(
        _("Nama yang mengambil"),
        [Optional(), Length(max=SHORT)],
        description=_("Hanya bila bukan penerimanya sendiri."),
    )
    reason = StringField(
        _("Mengapa diwakilkan"),
        [Optional(), Length(max=LINE)],
        description=_("Misalnya “sedang bekerja”. Jangan tulis penyakit: data kesehatan dilindungi."),
    )
    photo = FileField(_("Foto penyerahan"), [Optional()])
    handed_on = DateField(_("Tanggal diserahkan"), [InputRequired()])
    handed_by = StringField(_("Diserahkan oleh"), [DataRequired(), Length(max=SHORT)])

    def __init__(self, photo_rule: str, **kwargs: Any) -> None:
        self.photo_rule = photo_rule
        super().__init__(**kwargs)
        if photo_rule == "required":
            self.photo.flags.optional = False
        elif photo_rule == "none":
            del self.photo

    def validate_handed_on(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.relation.data not in ("self", None):
            for field, message in (
                (self.received_by, gettext("Tulis siapa yang mengambil.")),
                (self.reason, gettext("Tulis mengapa bukan penerimanya sendiri.")),
            ):
                if not field.data:
                    field.errors = [*field.errors, message]
                    valid = False
        if self.photo_rule == "required" and self.photo_stream is None:
            self.photo.errors = [gettext("Ambil fotonya dulu: di desa ini penyerahan wajib difoto.")]
            valid = False
        return valid

    @property
    def photo_stream(self) -> BinaryIO | None:
        """None where no photo was chosen, or none is taken in this village."""
        chosen = self.photo.data if self.photo else None
        return cast(BinaryIO, chosen.stream) if chosen and chosen.filename else None

    @property
    def input(self) -> HandoverInput:
        """Of a form that was found valid."""
        return HandoverInput(
            handed_on=self.handed_on.data or area_today(),
            handed_by=self.handed_by.data or "",
            relation=self.relation.data,
            received_by=self.received_by.data or "",
            reason=self.reason.data or "",
            photo=self.photo_stream,
        )
