"""The referral that the cases of a service normally need, as the service declares it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from flask_babel.speaklater import LazyString

from core.texts import Text

from .terms import FIELDS, KINDS, NIK_CHOICES, SECTORS, USUAL

if TYPE_CHECKING:
    from core.cases.service import Requirement


@dataclass(frozen=True, eq=False, kw_only=True)
class PlannedReferral:
    """To whom, what is asked, and what goes along: the clerk makes it with one button, and checks it before sending.

    Attributes:
        to: the sector of the organisation, such as "dinsos": the only one of its sector that serves the village.
        kind: "membership" or "programme".
        ask: the text that is asked, or what gives it when called with the form's answers in words, by the names of its
            fields.
        fields: what is told of the resident besides the name: keys of ``core.referrals.terms.FIELDS``.
        nik: "", "masked" or "full"; full only where the organisation identifies people by it.
        papers: keys of the requirements whose papers go along, as far as they were uploaded.
    """

    to: str
    kind: str
    ask: Text | Callable[[Mapping[str, str]], str]
    fields: tuple[str, ...] = USUAL
    nik: str = "masked"
    papers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, value, known in (
            ("to", self.to, SECTORS),
            ("kind", self.kind, KINDS),
            ("nik", self.nik, NIK_CHOICES),
            *(("fields", field, FIELDS) for field in self.fields),
        ):
            if value not in known:
                raise ValueError(f"PlannedReferral: {name} must be of {sorted(known)}, not {value!r}")
        if not callable(self.ask) and not (self.ask and isinstance(self.ask, str | LazyString)):
            raise ValueError("PlannedReferral: ask must be a text, or a function of (answers)")

    @classmethod
    def proposal(
        cls,
        ask: Text | Callable[[Mapping[str, str]], str],
        papers: "Iterable[Requirement]",
        *,
        to: str = "dinsos",
        kind: str = "membership",
    ) -> Self:
        """By which a resident is put forward for a programme: identified by the NIK, with the decile and the papers.

        Args:
            papers: those of the service's requirements that go along.
        """
        keys, fields = tuple(paper.key for paper in papers), (*USUAL, "decile")
        return cls(to=to, kind=kind, ask=ask, fields=fields, nik="full", papers=keys)

    def words(self, answers: Mapping[str, str]) -> str:
        """What is asked of a case with these answers, in the language of the moment."""
        return self.ask(answers) if callable(self.ask) else str(self.ask)

    @property
    def addressee(self) -> str:
        """Whom it goes to, in words that hold for every village."""
        return SECTORS[self.to]
