"""What a service declares about the village meeting that decides on its cases (musdes, musdes khusus, muskel).

A village holds one meeting for the cases of all its programmes. What they share is core's: candidates, attendance,
decisions, closing, minutes, notice. What differs is said here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from inspect import signature
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from wtforms import Form

from core.cases.workflow import Transition, Workflow, check_text
from core.texts import Text
from core.texts import lazy_gettext as _

if TYPE_CHECKING:
    from uuid import UUID

    from core.areas.current import CurrentArea
    from core.cases.models import LetterRecord
    from core.cases.service import Letter

    from .hearing import Heard, Hearing

KINDS: Mapping[str, Text] = {
    "regular": _("Musyawarah desa"),
    "special": _("Musyawarah desa khusus"),
    "kelurahan": _("Musyawarah kelurahan"),
}
SHORT_KINDS: Mapping[str, Text] = {
    "regular": _("Musdes"),
    "special": _("Musdes khusus"),
    "kelurahan": _("Muskel"),
}
DECISIONS: Mapping[str, Text] = {
    "accepted": _("Diterima musdes"),
    "reserve": _("Cadangan"),
    "not_chosen": _("Tidak diterima"),
}
RANKED = ("accepted", "reserve")
ELEMENTS: Mapping[str, Text] = {
    "bpd": _("BPD"),
    "village": _("Pemerintah desa"),
    "rt_rw": _("RT/RW"),
    "figure": _("Tokoh masyarakat"),
    "women": _("Perwakilan perempuan"),
    "poor": _("Perwakilan warga miskin"),
    "companion": _("Pendamping desa"),
    "kecamatan": _("Kecamatan"),
    "other": _("Lainnya"),
}

Terms = Mapping[str, Any]
"""What a programme wants to know of a meeting, as its form's answers are kept: ISO dates, numbers, texts."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a decision does to a case when the meeting is closed.

    Attributes:
        step: the transition of the workflow that the case takes.
        back: the transition by which it waits for a meeting again, when the meeting is opened again.
        title: what the decision is called here; left out, as everywhere.
    """

    step: str
    back: str
    title: Text | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class MeetingLetter:
    """A letter that a programme adds to a meeting, about all its cases there, such as a decree or an SPTJM.

    It can be made once the minutes are, and signed once they are signed.

    Attributes:
        letter: key (one of its plugin's own), title, template, classification; ``when`` means nothing here.
        about: called with the ``Hearing``, gives what the register says after the letter's title.
        values: called with the ``Hearing`` and the number of the minutes, gives what reaches the template as
            ``data.values``: texts, and lists and mappings of texts. Lines about residents are ``line_of(heard)`` or
            hold its "person": by that they are found for a copy of their data and for an erasure.
        obstacle: called with the ``Hearing``, says why there is nothing to write a letter about; None when there is.
        signed: called with (area, hearing, letter, permissions) when it was signed: what the signature sets in motion.
        revoked: called with (area, hearing, letter, reason, permissions) when a signed one is revoked; raises
            ``CaseError`` where that is too late.
    """

    letter: "Letter"
    about: "Callable[[Hearing], str]"
    values: "Callable[[Hearing, str], Mapping[str, Any]]"
    obstacle: "Callable[[Hearing], str | None] | None" = None
    signed: "Callable[[CurrentArea, Hearing, LetterRecord, frozenset[str]], None] | None" = None
    revoked: "Callable[[CurrentArea, Hearing, LetterRecord, str, frozenset[str]], None] | None" = None


def _nothing(_hearing: object) -> list[str]:
    return []


def _no_deviations(_hearing: object) -> "dict[UUID, list[str]]":
    return {}


def _no_facts(_terms: object) -> "list[tuple[str, str]]":
    return []


def _no_defaults(_day: object) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, eq=False, kw_only=True)
class VillageMeeting:
    """How a village meeting decides on the cases of a service (``Service(meeting=…)``).

    Attributes:
        state: key of the state in which a case waits for a meeting.
        outcomes: what can be decided, of "accepted", "reserve" and "not_chosen", each with its steps.
        kinds: the kinds of meeting that may decide, of "regular", "special" and "kelurahan"; another is warned of.
        elements: called with the meeting's day, gives which of ``ELEMENTS`` should sit in it. Who is missing is told.
        form: what the programme wants to know of a meeting, such as the months and the amount of a decree; the clerk
            fills it in beside the meeting. Its answers are the ``terms``.
        defaults: called with the meeting's day, gives what that form says at first.
        facts: called with the terms, gives them in words: pairs of label and text, for the page, minutes and notice.
        order: called with a ``Heard``, gives what candidates are sorted by, the neediest first. Left out: by verdict,
            decile, and how much speaks for the family.
        warnings: called with the ``Hearing``, gives what departs from the rules in the terms or in the whole. They are
            shown and stop nothing: the village answers for what it decides.
        deviations: as ``warnings``, of single decisions: sentences by the id of the case.
        letters: what the programme adds to the minutes.
        announced: whether the accepted and the reserve stand, with name and RT/RW, on the notice for all to read. Where
            it has letters, only once the first of them is signed.
    """

    state: str
    outcomes: Mapping[str, Outcome]
    kinds: tuple[str, ...] = ("regular", "special", "kelurahan")
    elements: Callable[[date], Sequence[str]] = _nothing
    form: type[Form] | None = None
    defaults: Callable[[date], Mapping[str, Any]] = _no_defaults
    facts: Callable[[Terms], Iterable[tuple[str, str]]] = _no_facts
    order: "Callable[[Heard], Any] | None" = None
    warnings: "Callable[[Hearing], Iterable[str]]" = _nothing
    deviations: "Callable[[Hearing], Mapping[UUID, list[str]]]" = _no_deviations
    letters: tuple[MeetingLetter, ...] = ()
    announced: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "outcomes", MappingProxyType(dict(self.outcomes)))
        if not self.outcomes or (unknown := sorted(set(self.outcomes) - set(DECISIONS))):
            raise ValueError(f"VillageMeeting: outcomes must be some of {tuple(DECISIONS)}, not {unknown or 'none'}")
        if unknown := sorted(set(self.kinds) - set(KINDS)):
            raise ValueError(f"VillageMeeting: kinds must be some of {tuple(KINDS)}, not {unknown}")
        if self.form is not None and not (isinstance(self.form, type) and issubclass(self.form, Form)):
            raise ValueError(f"VillageMeeting: form must be a WTForms Form class, not {self.form!r}")
        for name, number in {"elements": 1, "defaults": 1, "facts": 1, "warnings": 1, "deviations": 1}.items():
            if len(signature(getattr(self, name)).parameters) != number:
                raise ValueError(f"VillageMeeting: {name} must be a function of {number} argument")
        for added in self.letters:
            check_text("MeetingLetter", "title", added.letter.title)

    def title_of(self, decision: str) -> Text:
        """What a decision is called."""
        outcome = self.outcomes.get(decision)
        return (outcome.title if outcome else None) or DECISIONS.get(decision, decision)

    def check(self, owner: str, plugin: str, workflow: Workflow) -> None:
        """Raises: ValueError: a step that is none, or leads elsewhere; a letter of another plugin; keys twice."""
        if self.state not in {state.key for state in workflow.states if not state.closed}:
            raise ValueError(f"{owner}: its meeting waits in {self.state!r}, which is no open state")
        for key, outcome in self.outcomes.items():
            step = _transition(owner, workflow, outcome.step, self.state)
            back = _transition(owner, workflow, outcome.back, step.target)
            if back.target != self.state:
                raise ValueError(f"{owner}: {key!r} is taken back by {back.key!r}, which must lead to {self.state!r}")
        keys = [added.letter.key for added in self.letters]
        for added in self.letters:
            if not added.letter.template.startswith(f"{plugin}/"):
                raise ValueError(f"{owner}: the template {added.letter.template!r} must be in {plugin}/")
            if keys.count(added.letter.key) > 1:
                raise ValueError(f"{owner}: two letters of its meeting have the key {added.letter.key!r}")


def _transition(owner: str, workflow: Workflow, key: str, source: str) -> Transition:
    """Raises: ValueError: no such step leads from there."""
    for transition in workflow.transitions_from(source):
        if transition.key == key:
            return transition
    raise ValueError(f"{owner}: its meeting takes the step {key!r}, which does not lead from {source!r}")
