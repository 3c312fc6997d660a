"""Why a family may get something: criteria one by one."""

from dataclasses import dataclass
from typing import Literal, get_args

from core.cases.workflow import check_text
from core.texts import Text

CriterionKind = Literal["required", "one_of", "favours"]
_KINDS = get_args(CriterionKind)


@dataclass(frozen=True, eq=False)
class Criterion:
    """One condition, with the answer for one family.

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
