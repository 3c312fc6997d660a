"""What a district or a village may set: which service follows an escort, the facilities nearby, the shifts on call."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from wtforms import Field, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from core.api import SettingsForm, gettext
from core.api import lazy_gettext as _

MOST_SHIFTS = 6
_SERVICE = re.compile(r"[a-z][a-z0-9_]{1,30}\.[a-z][a-z0-9_]{0,31}")
_SHIFT = re.compile(r"(.{1,30}?)\s+(\d{1,2})[.:](\d{2})\s*[-–—]\s*(\d{1,2})[.:](\d{2})")
_IN_ORDER = _("Nama layanan, satu baris satu, yang didahulukan di atas. Yang modulnya mati dilewati.")


@dataclass(frozen=True)
class ShiftKind:
    """A shift as a village names it; one that ends at or before its start ends on the next day."""

    title: str
    start: time
    end: time

    @property
    def label(self) -> str:
        return f"{self.title} {self.start:%H.%M}–{self.end:%H.%M}"


def lines_in(text: str | None) -> list[str]:
    """One entry a line, each once."""
    return list(dict.fromkeys(" ".join(line.split()) for line in (text or "").splitlines() if line.strip()))


def shift_kinds(text: str | None) -> list[ShiftKind]:
    """From lines such as "Malam 19.00–07.00".

    Raises:
        ValueError: a line that is none; the message is the line.
    """
    kinds = []
    for line in lines_in(text):
        found = _SHIFT.fullmatch(line)
        if found is None:
            raise ValueError(line)
        title, *numbers = found.groups()
        hour, minute, end_hour, end_minute = map(int, numbers)
        try:
            kinds.append(ShiftKind(title, time(hour, minute), time(end_hour, end_minute)))
        except ValueError as error:
            raise ValueError(line) from error
    return kinds


class EmergencySettings(SettingsForm):
    editors = ("district_officer", "village_head")

    when_none = TextAreaField(
        _("Layanan susulan bila pasien tidak punya JKN"),
        [Optional(), Length(max=400)],
        default="uhc.enrolment\npbi_jk.enrolment",
        description=_IN_ORDER,
    )
    when_inactive = TextAreaField(
        _("Layanan susulan bila JKN-nya nonaktif"),
        [Optional(), Length(max=400)],
        default="uhc.enrolment\npbi_jk.reactivation",
        description=_IN_ORDER,
    )
    when_unknown = TextAreaField(
        _("Layanan susulan bila JKN-nya belum diketahui"),
        [Optional(), Length(max=400)],
        default="uhc.enrolment\npbi_jk.reactivation",
        description=_IN_ORDER,
    )
    facilities = TextAreaField(
        _("Puskesmas dan rumah sakit yang biasa dituju"),
        [Optional(), Length(max=1000)],
        description=_("Satu baris satu; ditawarkan saat serah terima, sehingga tidak perlu diketik."),
    )
    shifts = TextAreaField(
        _("Giliran jaga"),
        [DataRequired(), Length(max=300)],
        default="Siang 07.00–19.00\nMalam 19.00–07.00",
        description=_("Satu baris satu giliran dengan jamnya, misalnya Malam 19.00–07.00."),
    )
    advice = TextAreaField(
        _("Yang dilakukan bila tidak ada layanan susulan di desa"),
        [Optional(), Length(max=600)],
        description=_("Misalnya siapa yang ditelepon di Dinas Sosial, dan sampai jam berapa."),
    )

    def validate_when_none(self, field: Field) -> None:
        _check_services(field)

    def validate_when_inactive(self, field: Field) -> None:
        _check_services(field)

    def validate_when_unknown(self, field: Field) -> None:
        _check_services(field)

    def validate_shifts(self, field: Field) -> None:
        try:
            kinds = shift_kinds(field.data)
        except ValueError as error:
            text = gettext("“%(line)s” tidak terbaca. Tulis misalnya Malam 19.00–07.00.", line=str(error)[:40])
            raise ValidationError(text) from error
        if len(kinds) > MOST_SHIFTS:
            raise ValidationError(gettext("Paling banyak %(n)s giliran.", n=MOST_SHIFTS))


def _check_services(field: Field) -> None:
    wrong: Sequence[str] = [line for line in lines_in(field.data) if not _SERVICE.fullmatch(line)]
    if wrong:
        text = gettext("“%(line)s” bukan nama layanan. Tulis misalnya uhc.enrolment.", line=wrong[0][:40])
        raise ValidationError(text)
