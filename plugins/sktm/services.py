"""What a resident can ask for: one letter, decided by the village within a working day."""

from collections.abc import Iterator
from datetime import date

from core.api import (
    Area,
    Criterion,
    Family,
    Letter,
    Person,
    Requirement,
    Rules,
    Service,
    ServiceStandard,
    settings_of,
    village_decision,
)
from core.api import lazy_gettext as _

from .forms import LetterForm
from .settings import LetterSettings

rules = Rules.load(
    "plugins.sktm",
    titles={
        "time_days": _("Hari kerja sampai surat selesai"),
        "valid_days": _("Masa berlaku surat (hari)"),
    },
)


def is_poor_resident(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    """What speaks for a letter; the kepala desa decides, also against it."""
    rule = rules.at(on)
    yield Criterion.resident(person)
    yield Criterion.registered(family)
    yield Criterion.poor(
        family,
        rule.decile_max,
        settled_by=_("Cek desil di DTSEN. Bila belum terdata, pegang keterangan dua saksi dan foto rumah."),
    )


def days_of_validity(on: date, area: Area) -> int:
    """What the district or the village has set, else what the rules say."""
    return settings_of(area, LetterSettings).valid_days or rules.at(on).valid_days


letter_of_poverty = Service(
    name="sktm.letter",
    title=_("Surat Keterangan Tidak Mampu"),
    short_title="SKTM",
    summary=_("Surat dari desa untuk sekolah, berobat, atau keringanan biaya."),
    form=LetterForm,
    for_whom=is_poor_resident,
    rules=rules,
    requirements=[
        Requirement.RT_RW_LETTER,
        Requirement.ID_CARD,
        Requirement.KK,
        Requirement("house_photo", _("Foto rumah"), mandatory=False, hint=_("Tampak depan dan ruang dalam.")),
    ],
    workflow=village_decision(time_days=rules.value("time_days")),
    letters=[
        Letter(
            "statement",
            _("Surat Keterangan Tidak Mampu"),
            "sktm/letter.typ",
            valid_days=days_of_validity,
            classification=rules.value("classification"),
        )
    ],
    standard=ServiceStandard.by(
        rules,
        product=_("Surat Keterangan Tidak Mampu yang ditandatangani kepala desa"),
    ),
)
