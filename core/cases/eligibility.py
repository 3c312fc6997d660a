"""Why a family may get something: criteria one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from core.cases.workflow import check_text
from core.people.family import Family
from core.people.models import Person
from core.texts import Text
from core.texts import lazy_gettext as _

CriterionKind = Literal["required", "one_of", "favours"]
_KINDS = get_args(CriterionKind)

SAID = ("yes", "no")
CHECK_DECILE = _("Cek desil di DTSEN, lalu catat di data keluarga.")


@dataclass(frozen=True, eq=False)
class Criterion:
    """One condition, with the answer for one family.

    Those that recur are made by ``resident``, ``registered``, ``poor`` and ``asked``.

    Attributes:
        title: the condition, as a clerk would say it to the family.
        met: True, False, or None when it is not known yet.
        settled_by: what to do to find out; shown when ``met`` is None.
        regulation: where the condition comes from, when it is not that of the rule.
        kind: how much hangs on it. "required": whoever does not meet it is not eligible. "one_of": of all criteria of
            this kind, one that is met is enough. "favours": speaks for the family and never against it.
    """

    title: Text
    met: bool | None
    settled_by: Text | None = None
    regulation: Text | None = None
    kind: CriterionKind = "required"

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"Criterion {str(self.title)!r}: kind must be one of {_KINDS}")
        check_text("Criterion", "title", self.title)
        if self.met is not None and not isinstance(self.met, bool):
            raise ValueError(f"Criterion {str(self.title)!r}: met must be True, False or None, not {self.met!r}")

    @classmethod
    def resident(cls, person: Person) -> Self:
        """Whoever asks lives in this village."""
        return cls(_("Warga desa ini"), met=person.life_status == "alive")

    @classmethod
    def registered(cls, family: Family) -> Self:
        """The family is on record with its KK; not known where nobody has linked the resident to one."""
        return cls(
            _("Keluarganya terdaftar (No KK)"),
            met=True if family.household and family.household.kk_number else None,
            settled_by=_("Hubungkan warga dengan keluarganya, atau minta KK-nya."),
        )

    @classmethod
    def poor(
        cls,
        family: Family,
        decile_max: int,
        *,
        title: Text | None = None,
        settled_by: Text = CHECK_DECILE,
        kind: CriterionKind = "required",
    ) -> Self:
        """The official decile is ``decile_max`` at the most; of the rules before DTSEN, which say 0: listed in DTKS."""
        if not decile_max:
            return cls(_("Terdaftar di DTKS"), None, _("Cek di SIKS-NG apakah keluarga ini ada di DTKS."), kind=kind)
        title = title or _("Desil %(n)s atau kurang di DTSEN", n=decile_max)
        return cls(title, family.decile_at_most(decile_max), settled_by, kind=kind)

    @classmethod
    def asked(
        cls,
        title: Text,
        answers: Mapping[str, Any],
        question: str,
        settled_by: Text,
        *,
        wants: Literal["yes", "no"] = "yes",
        kind: CriterionKind = "required",
    ) -> Self:
        """What the clerk asks, in a field of the form with the answers "yes" and "no"; anything else is not known.

        Args:
            question: the field's name.
            wants: the answer that meets the condition.
        """
        said = answers.get(question, "")
        return cls(title, said == wants if said in SAID else None, settled_by, kind=kind)
