"""What the clerk fills in: the situation in short, and what is needed. Nothing about an illness or a deed by name.

Data of children, health and crime are specific data (UU 27/2022, pasal 4): the form asks for as little as a proposal
needs, and Dinas Sosial makes the assessment itself.
"""

from collections.abc import Mapping

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from core.api import CheckboxesField, SelectChoice, ServiceForm, Text, area_today
from core.api import lazy_gettext as _

from .clusters import SUPPORTS

SAFE = {"yes": _("Ya"), "no": _("Tidak: perlu perlindungan hari ini"), "unknown": _("Belum tahu")}


def one_of(label: str, words: Mapping[str, Text]) -> SelectField:
    """Nothing is chosen beforehand: what nobody asked must not be on record."""
    choices = [SelectChoice("", _("Pilih")), *(SelectChoice(key, text) for key, text in words.items())]
    return SelectField(label, [InputRequired()], choices=choices)


class NeedsForm(ServiceForm):
    """What every cluster asks."""

    safe = one_of(_("Apakah orangnya aman sekarang?"), SAFE)
    situation = TextAreaField(
        _("Keadaan secara singkat"),
        [InputRequired(), Length(max=600)],
        description=_("Secukupnya untuk dirujuk. Jangan tulis diagnosis, pelaku, atau cerita lengkapnya."),
    )
    supports = CheckboxesField(
        _("Dukungan yang dibutuhkan"),
        [InputRequired(_("Pilih paling sedikit satu."))],
        choices=[SelectChoice(key, text) for key, text in SUPPORTS.items()],
        description=_("Kebutuhan menurut desa; asesmennya dibuat Dinas Sosial atau Sentra."),
    )
    companion = StringField(_("Pendamping atau wali"), [Optional(), Length(max=80)])


class ChildForm(NeedsForm):
    parents = one_of(
        _("Pengasuhan sekarang"),
        {
            "parents": _("Orang tua"),
            "relatives": _("Kerabat"),
            "institution": _("Panti atau lembaga"),
            "nobody": _("Tidak ada yang mengasuh"),
        },
    )
    companion = StringField(_("Pendamping atau wali"), [InputRequired(), Length(max=80)])


class ElderlyForm(NeedsForm):
    lives = one_of(
        _("Tinggal"),
        {"alone": _("Sendiri"), "partner": _("Dengan pasangan lansia"), "family": _("Dengan keluarga")},
    )
    daily = one_of(
        _("Kegiatan sehari-hari"),
        {"alone": _("Mandiri"), "help": _("Perlu dibantu"), "bed": _("Hanya di tempat tidur")},
    )


class DisabilityForm(NeedsForm):
    kind = one_of(
        _("Ragam disabilitas"),
        {
            "physical": _("Fisik"),
            "intellectual": _("Intelektual"),
            "mental": _("Mental"),
            "sensory": _("Sensorik"),
            "multiple": _("Ganda"),
        },
    )
    daily = one_of(_("Kegiatan sehari-hari"), {"alone": _("Mandiri"), "help": _("Perlu dibantu")})


class AidForm(NeedsForm):
    aid = one_of(
        _("Alat bantu"),
        {
            "wheelchair": _("Kursi roda"),
            "adaptive_wheelchair": _("Kursi roda adaptif"),
            "crutches": _("Tongkat atau kruk"),
            "prosthesis": _("Kaki atau tangan palsu"),
            "hearing": _("Alat bantu dengar"),
            "white_cane": _("Tongkat adaptif tunanetra"),
            "other": _("Alat lain"),
        },
    )


class AddictionForm(NeedsForm):
    stage = one_of(
        _("Rehabilitasi"),
        {"none": _("Belum"), "ongoing": _("Sedang berjalan"), "after": _("Setelah rehabilitasi")},
    )


class VictimForm(NeedsForm):
    kind = one_of(
        _("Keadaan"),
        {
            "homeless": _("Tuna sosial"),
            "trafficking": _("Korban perdagangan orang"),
            "violence": _("Korban tindak kekerasan"),
        },
    )
    reported = one_of(
        _("Sudah didampingi UPTD PPA atau polisi?"),
        {"yes": _("Sudah"), "no": _("Belum"), "unwanted": _("Tidak menghendaki")},
    )


class EmergencyForm(NeedsForm):
    event = one_of(
        _("Kejadian"),
        {
            "natural": _("Bencana alam"),
            "other": _("Bencana nonalam"),
            "social": _("Bencana sosial"),
            "crisis": _("Darurat lain"),
        },
    )
    happened_on = DateField(_("Tanggal kejadian"), [InputRequired()])

    def validate_happened_on(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))
