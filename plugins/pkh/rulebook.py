"""The dated rules of PKH, the stages of a year, and which of the rules' values nobody has confirmed."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.api import Rule, Rules, Text
from core.api import lazy_gettext as _

from .components import COMPONENTS

_EACH_COMPONENT: Mapping[str, Text] = {
    "amount": _("Besaran setahun (rupiah)"),
    "most": _("Orang per keluarga yang dihitung"),
    "ages": _("Umur jenjang"),
    "check": _("Verifikasi"),
}

rules = Rules.load(
    "plugins.pkh",
    titles={
        **_EACH_COMPONENT,
        **{
            f"{what}.{component}": _("%(what)s: %(component)s", what=title, component=name)
            for what, title in _EACH_COMPONENT.items()
            for component, name in COMPONENTS.items()
        },
        "family_most": _("Orang per keluarga yang dihitung, seluruhnya"),
        "once_a_member": _("Satu orang dihitung satu kali"),
        "pregnancy_number_most": _("Kehamilan ke berapa yang terakhir dihitung"),
        "pregnancy_months": _("Bulan dari catatan kehamilan sampai akhir nifas"),
        "fertile_ages": _("Umur ibu hamil"),
        "child_age_max": _("Umur tertua anak usia dini"),
        "school_ages": _("Umur anak sekolah"),
        "elderly_age": _("Umur lansia"),
        "payee_age": _("Umur termuda pengurus"),
        "stages": _("Bulan tiap tahap"),
        "counted_on": _("Hari yang menentukan dalam satu tahap"),
        "apply_days": _("Hari sampai perubahan diterapkan di daftar"),
    },
    choices={
        "counted_on": ("first", "last"),
        **{f"check.{component}.kind": ("visits", "attendance", "care") for component in COMPONENTS},
        **{f"check.{component}.each": ("month", "stage") for component in COMPONENTS},
    },
)
latest = rules.all[-1]

UNVERIFIED: Mapping[str, Text] = {
    "most": _("batas orang per komponen"),
    "pregnancy_number_most": _("batas kehamilan"),
    "once_a_member": _("satu orang dihitung satu kali"),
    "counted_on": _("hari yang menentukan dalam satu tahap"),
    "welfare_checks": _("verifikasi lansia, disabilitas, dan korban HAM"),
    "elderly_age": _("umur lansia"),
    "rights_victim": _("besaran korban pelanggaran HAM berat"),
}


class Month(NamedTuple):
    """Months are compared in the order of time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def before(cls, day: date) -> "Month":
        """The last one that has ended."""
        return cls(day.year - 1, 12) if day.month == 1 else cls(day.year, day.month - 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"


@dataclass(frozen=True)
class Stage:
    """One payment of a year: ``number`` from 1, of ``of``; ``rule`` is that of its first day."""

    year: int
    number: int
    of: int
    months: tuple[Month, ...]
    rule: Rule

    @property
    def first_day(self) -> date:
        return self.months[0].first_day

    @property
    def last_day(self) -> date:
        return self.months[-1].last_day

    @property
    def counted_on(self) -> date:
        """The day on which a component must be there to count."""
        return self.first_day if self.rule.counted_on == "first" else self.last_day


def stage_of(day: date) -> Stage | None:
    """The stage in which a day lies; None when no rule speaks of the year."""
    return next((stage for stage in stages_of(day.year) if Month.of(day) in stage.months), None)


def stages_of(year: int) -> list[Stage]:
    """The stages of a year in order, each by the rule of its own first day.

    How a year is divided is what its first day's rule says, or the first that comes into force in it.
    """
    started = rules.get(date(year, 1, 1)) or next((rule for rule in rules.all if rule.valid_from.year == year), None)
    if started is None:
        return []
    of = len(started.stages)
    return [
        Stage(year, number, of, tuple(Month(year, month) for month in months), rule)
        for number, months in enumerate(started.stages, start=1)
        if (rule := rules.get(date(year, months[0], 1)))
    ]


def unverified(rule: Rule) -> list[Text]:
    """Which values of a rule nobody has confirmed, in words; what an area has set has a source of its own."""
    own = {override.key.partition(".")[0] for override in rule.overrides}
    return [UNVERIFIED.get(key, key) for key in rule.unverified if key not in own]
