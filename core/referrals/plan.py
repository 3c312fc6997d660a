"""The referral that the cases of a service normally need, as the service declares it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .terms import FIELDS, KINDS, NIK_CHOICES, SECTORS, USUAL


@dataclass(frozen=True, eq=False, kw_only=True)
class PlannedReferral:
    """To whom, what is asked, and what goes along: the clerk makes it with one button, and checks it before sending.

    Attributes:
        to: the sector of the organisation, such as "dinsos": the only one of its sector that serves the village.
        kind: "membership" or "programme".
        ask: called with the form's answers in words, by the names of its fields, gives the text that is asked.
        fields: what is told of the resident besides the name: keys of ``core.referrals.terms.FIELDS``.
        nik: "", "masked" or "full"; full only where the organisation identifies people by it.
        papers: keys of the requirements whose papers go along, as far as they were uploaded.
    """

    to: str
    kind: str
    ask: Callable[[Mapping[str, str]], str]
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
        if not callable(self.ask):
            raise ValueError("PlannedReferral: ask must be a function of (answers)")

    @property
    def addressee(self) -> str:
        """Whom it goes to, in words that hold for every village."""
        return SECTORS[self.to]
