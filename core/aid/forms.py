"""The form of aid that is entered by hand."""

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.texts import lazy_gettext
from core.web.formats import area_today
from core.web.forms import SelectChoice, VersionedForm

from .models import LINE, SHORT, ToldAid
from .received import STATES
from .told import SOURCES, TOLD_STATES, ToldInput, programmes

MOST_RUPIAH = 1_000_000_000
FIELDS = (
    "programme", "title", "for_family", "state", "source", "evidence", "amount", "goods", "first_day", "last_day"
)  # fmt: skip


class ToldAidForm(VersionedForm):
    programme = SelectField(lazy_gettext("Program"))
    title = StringField(
        lazy_gettext("Nama bantuan"),
        [Optional(), Length(max=SHORT)],
        description=lazy_gettext("Bila programnya tidak ada di daftar, atau namanya lain."),
    )
    for_family = BooleanField(lazy_gettext("Untuk sekeluarga, bukan untuk satu orang"), default=True)
    state = RadioField(
        lazy_gettext("Sampai di mana"),
        [InputRequired()],
        choices=[SelectChoice(key, STATES[key]) for key in TOLD_STATES],
        default="received",
        description=lazy_gettext("Terdaftar belum berarti menerima; disalurkan belum berarti sampai di tangan."),
    )
    first_day = DateField(lazy_gettext("Sejak, atau pada tanggal"), [InputRequired()])
    last_day = DateField(
        lazy_gettext("Sampai"), [Optional()], description=lazy_gettext("Kosongkan bila masih berjalan.")
    )
    amount = IntegerField(lazy_gettext("Jumlah uang (rupiah)"), [Optional(), NumberRange(0, MOST_RUPIAH)])
    goods = StringField(
        lazy_gettext("Barang atau layanan"),
        [Optional(), Length(max=LINE)],
        description=lazy_gettext("Misalnya 10 kg beras."),
    )
    source = RadioField(
        lazy_gettext("Diketahui dari"),
        [InputRequired()],
        choices=[SelectChoice(key, title) for key, title in SOURCES.items()],
        default="family",
    )
    evidence = StringField(
        lazy_gettext("Bukti"),
        [Optional(), Length(max=LINE)],
        description=lazy_gettext("Apa yang dilihat dan di mana: nama daftar, nomor kartu, tanggal cek."),
    )

    def __init__(self, stored: ToldAid | None = None, **kwargs: Any) -> None:
        data = {name: getattr(stored, name) for name in FIELDS} | {"version": stored.version} if stored else {}
        super().__init__(data=data, **kwargs)
        known = programmes()
        if stored and stored.programme:
            known.setdefault(stored.programme, stored.programme)
        self.programme.choices = [
            SelectChoice("", lazy_gettext("Lainnya")),
            *(SelectChoice(name, title) for name, title in known.items()),
        ]

    def validate_first_day(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggalnya belum tiba."))

    def validate_last_day(self, field: DateField) -> None:
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(_("Hari terakhir mendahului hari pertama. Periksa keduanya."))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        # ``Optional`` on a blank title stops before ``validate_title``.
        if not self.title.data and not self.programme.data:
            self.title.errors = [_("Pilih programnya, atau tulis nama bantuannya.")]
            valid = False
        return valid

    def to_input(self) -> ToldInput:
        """Only of a form that was found valid."""
        chosen = {name: self[name].data for name in FIELDS}
        texts = {name: chosen[name] or "" for name in ("programme", "evidence", "goods")}
        known = programmes().get(texts["programme"])
        return ToldInput(**{**chosen, **texts, "title": chosen["title"] or str(known or texts["programme"])})
