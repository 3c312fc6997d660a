"""A workflow: the table of states that a case goes through, and of the steps from one to the next.

Who may take a step and what it asks for stand in the table; ``Workflow`` refuses a table in which a case could get
lost. Wrong declarations are programming errors, so they raise ``ValueError`` when the plugin is imported.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from flask_babel.speaklater import LazyString

from core.rules.rulebook import RuleValue, declared_values
from core.texts import Text
from core.texts import lazy_gettext as _

StateKind = Literal["open", "waiting", "closed"]
Ask = Literal["note", "outcome", "date", "deadline"]
LetterStage = Literal["issued", "signed"]
Decision = Literal["done", "refused"]

_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")


def check_key(owner: str, key: str) -> None:
    """Refuse a key that the database's columns (32 characters) or an address could not hold."""
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ValueError(f"{owner} {key!r}: a key is 1 to 32 lower-case letters, digits or _, a letter first")


def check_text(owner: str, field: str, text: Text) -> None:
    # A lazy text is not read here: it would be translated for each criterion of each resident.
    if not (isinstance(text, LazyString) or (isinstance(text, str) and text)):
        raise ValueError(f"{owner}: {field} must be a text that is not empty, not {text!r}")


def check_unique(owner: str, what: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{owner}: two {what} are called {key!r}")
        seen.add(key)


# Declarations compare by identity (eq=False): comparing and hashing a lazy text would depend on the reader's language.


@dataclass(frozen=True, eq=False)
class State:
    """Where a case stands.

    Attributes:
        kind: "open" when it is the desk's turn, "waiting" when somebody else's, "closed" when nothing is left to do.
        due_days: working days from arrival in this state until the case is late, or ``rules.value(…)``; None leaves its
            due date as it is, for the resident's time runs on while the case waits for somebody.
        waits_for: whom a waiting case waits for, as it follows "waiting for": "kepala desa".
        stale_days: calendar days, or ``rules.value(…)``, after which a case that waits for somebody outside is due
            again and raises the alarm: lists then say how long it has waited. None for a wait inside the village.
        deadline: what a day is called that somebody outside has set, by which the resident has to do something, such as
            activating an account. Each step that leads here asks for the day, and the case is due on it.
    """

    key: str
    title: Text
    kind: StateKind = "open"
    due_days: int | RuleValue | None = None
    waits_for: Text | None = None
    stale_days: int | RuleValue | None = None
    deadline: Text | None = None

    def __post_init__(self) -> None:
        check_key("State", self.key)
        check_text(f"State {self.key!r}", "title", self.title)
        if self.kind not in get_args(StateKind):
            raise ValueError(f"State {self.key!r}: kind must be one of {get_args(StateKind)}, not {self.kind!r}")
        if any(days < 0 for days in declared_values(self.due_days)):
            raise ValueError(f"State {self.key!r}: due_days cannot be negative")
        if self.due_days is not None and self.closed:
            raise ValueError(f"State {self.key!r}: a closed case is never due")
        if self.waits_for is not None and self.kind != "waiting":
            raise ValueError(f'State {self.key!r}: only a waiting case waits for somebody; say kind="waiting"')
        if self.stale_days is not None and (
            self.kind != "waiting" or any(days < 1 for days in declared_values(self.stale_days))
        ):
            raise ValueError(f"State {self.key!r}: stale_days are at least 1, and only of a waiting state")
        if self.stale_days is not None and self.due_days is not None:
            raise ValueError(f"State {self.key!r}: a case that waits outside is due by stale_days, not by due_days")
        if self.deadline is not None and (self.kind != "open" or self.due_days is not None):
            # Somebody at the desk has to remind the resident before the day: what waits would come up only after it.
            raise ValueError(f"State {self.key!r}: only an open state has a deadline, and then no due_days")

    @property
    def closed(self) -> bool:
        """A case in it is finished."""
        return self.kind == "closed"


@dataclass(frozen=True, eq=False)
class Transition:
    """A step from one of several states to another: a button on the case's page.

    Attributes:
        label: what the button says: a verb.
        source: keys of the states that it leads from.
        target: key of the state that it leads to.
        permission: who may take it.
        asks: what must be filled in: a note, the outcome of an outside decision, a date, the deadline of its target.
        needs_requirements: every mandatory requirement must be given or waived.
        needs_letter: the case's letter must have been issued, or signed.
        needs_referral: the referral that the service plans must have been sent.
        needs_resident: the resident must be on record as living here: what is asked for somebody who has died or moved
            away comes back months later.
        papers_later: working days within which an urgent case brings the papers that are missing at this step: they do
            not stop it, and each becomes a task that is due then. None: nobody goes without.
        answered: what the organisation answered to that referral when this is the step to take next; the case's page
            then proposes it, with the day and the words of the answer.
        tells: the resident is told of the outcome. It asks how and when, and closes the referrals that were answered.
        primary: on the way a case normally takes; the others are offered in second place.
        confirm: ask once more, naming the consequence.
        reopens: leads out of a closed state; no other transition may.
    """

    key: str
    label: Text
    source: tuple[str, ...]
    target: str
    permission: str
    asks: tuple[Ask, ...] = ()
    needs_requirements: bool = False
    needs_letter: LetterStage | None = None
    needs_referral: bool = False
    needs_resident: bool = False
    papers_later: int | RuleValue | None = None
    answered: Decision | None = None
    tells: bool = False
    primary: bool = True
    confirm: bool = False
    reopens: bool = False

    def __post_init__(self) -> None:
        check_key("Transition", self.key)
        owner = f"Transition {self.key!r}"
        check_text(owner, "label", self.label)
        check_text(owner, "permission", self.permission)
        # A bare text is a sequence too: of letters.
        if not isinstance(self.source, tuple) or not self.source:
            raise ValueError(f'{owner}: source must be a tuple of states, such as ("registered",)')
        if not isinstance(self.asks, tuple) or not set(self.asks) <= set(get_args(Ask)):
            raise ValueError(f"{owner}: asks must be a tuple of {get_args(Ask)}, not {self.asks!r}")
        if self.needs_letter not in (None, *get_args(LetterStage)):
            raise ValueError(f"{owner}: needs_letter must be None or one of {get_args(LetterStage)}")
        if self.papers_later is not None and (
            not self.needs_requirements or min(declared_values(self.papers_later)) < 0
        ):
            raise ValueError(f"{owner}: papers_later are working days of a step that needs_requirements")
        if self.answered not in (None, *get_args(Decision)):
            raise ValueError(f"{owner}: answered must be None or one of {get_args(Decision)}")


@dataclass(frozen=True, eq=False)
class Step:
    """Part of the bar above a case: a state behind it ("done"), the one it is in ("now") or one ahead ("next")."""

    state: State
    mark: Literal["done", "now", "next"]


@dataclass(frozen=True, eq=False)
class Workflow:
    """A checked table of states and transitions.

    Attributes:
        letters_along: keys of the states in which a letter may be issued that goes along with what is sent off, though
            no transition needs one.

    Raises:
        ValueError: a state or key is unknown or double, a state cannot be reached or never ends in a closed one, or a
            transition leads out of a closed state without saying ``reopens``.
    """

    name: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    start: str
    letters_along: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", tuple(self.states))
        object.__setattr__(self, "transitions", tuple(self.transitions))
        check_key("Workflow", self.name)
        owner = f"Workflow {self.name!r}"
        check_unique(owner, "states", (state.key for state in self.states))
        check_unique(owner, "transitions", (transition.key for transition in self.transitions))
        self._check_known(owner)
        self._check_closed(owner)
        self._check_deadlines(owner)
        self._check_reachable(owner)

    def state(self, key: str) -> State:
        """Raises: KeyError: the workflow has no such state (any more)."""
        for state in self.states:
            if state.key == key:
                return state
        raise KeyError(f"workflow {self.name!r} has no state {key!r}")

    def transitions_from(self, state: str) -> tuple[Transition, ...]:
        """The ways out of ``state``, in the order of the table."""
        return tuple(transition for transition in self.transitions if state in transition.source)

    def states_without(self, steps: Collection[Transition]) -> frozenset[str]:
        """Where a case can be that has taken none of ``steps``."""
        return frozenset(self._spread({self.start}, forward=True, but=steps))

    @property
    def letter_states(self) -> tuple[str, ...]:
        """Where a letter is due: the states that a transition which needs one leads from."""
        found = (key for transition in self.transitions if transition.needs_letter for key in transition.source)
        return tuple(dict.fromkeys(found))

    def steps(self, current: str) -> tuple[Step, ...]:
        """The bar for a case in ``current``: the main path, or that part of it which the case has certainly gone.

        A case that left the main path (refused, returned to the resident) shows the path up to where it left, then
        where it is, and what follows if it can come back.
        """
        main = self._main_path()
        if current in main:
            left = main.index(current)
            before, after = main[:left], main[left + 1 :]
        else:
            left = self._where_left(main, current)
            before, after = main[: left + 1], main[left + 1 :]
        done = tuple(Step(self.state(key), "done") for key in before)
        ahead = self._spread({current}, forward=True, reopening=False)
        following = tuple(Step(self.state(key), "next") for key in after if key in ahead)
        return (*done, Step(self.state(current), "now"), *following)

    def _main_path(self) -> list[str]:
        """From the start along the first primary transition of each state."""
        path = [self.start]
        while True:
            onward = (step.target for step in self.transitions_from(path[-1]) if step.primary and not step.reopens)
            target = next((key for key in onward if key not in path), None)
            if target is None:
                return path
            path.append(target)

    def _where_left(self, main: list[str], current: str) -> int:
        """The earliest place on the main path from which a case gets to ``current`` without coming back to it."""
        places: set[int] = set()
        seen = {current}
        queue = [current]
        while queue:
            here = queue.pop()
            for transition in self.transitions:
                if transition.target != here or transition.reopens:
                    continue
                places.update(main.index(key) for key in transition.source if key in main)
                off_path = [key for key in transition.source if key not in main and key not in seen]
                seen.update(off_path)
                queue.extend(off_path)
        return min(places, default=0)

    def _check_known(self, owner: str) -> None:
        known = {state.key for state in self.states}
        named = [("start", self.start)]
        for transition in self.transitions:
            named += [(f"transition {transition.key!r}", key) for key in (*transition.source, transition.target)]
        for where, key in named:
            if key not in known:
                raise ValueError(f"{owner}: {where} names the unknown state {key!r}")

    def _check_closed(self, owner: str) -> None:
        if self.state(self.start).closed:
            raise ValueError(f"{owner}: the start {self.start!r} is a closed state")
        for transition in self.transitions:
            where = f"{owner}: transition {transition.key!r}"
            if transition.reopens and self.state(transition.target).closed:
                raise ValueError(f"{where} reopens a case into the closed state {transition.target!r}")
            for key in transition.source:
                if self.state(key).closed and not transition.reopens:
                    raise ValueError(f"{where} leads out of the closed state {key!r}; say reopens=True if it should")
                if transition.reopens and not self.state(key).closed:
                    raise ValueError(f"{where} reopens, but {key!r} is not closed")

    def _check_deadlines(self, owner: str) -> None:
        for transition in self.transitions:
            has_one = self.state(transition.target).deadline is not None
            if has_one and "deadline" not in transition.asks:
                raise ValueError(f"{owner}: transition {transition.key!r} must ask for the deadline of its target")
            if not has_one and "deadline" in transition.asks:
                raise ValueError(f"{owner}: transition {transition.key!r} asks for a deadline, its target has none")

    def _check_reachable(self, owner: str) -> None:
        reached = self._spread({self.start}, forward=True)
        ending = self._spread({state.key for state in self.states if state.closed}, forward=False)
        for state in self.states:
            if state.key not in reached:
                raise ValueError(f"{owner}: no way leads from {self.start!r} to {state.key!r}")
            if state.key not in ending:
                raise ValueError(f"{owner}: a case in {state.key!r} can never be closed")

    def _spread(
        self, keys: set[str], *, forward: bool, reopening: bool = True, but: Collection[Transition] = ()
    ) -> set[str]:
        """All states that can be reached from ``keys``, or (backward) from which they can; ``but`` are not taken."""
        transitions = [t for t in self.transitions if (reopening or not t.reopens) and t not in but]
        while True:
            wider = set(keys)
            for transition in transitions:
                if forward and not keys.isdisjoint(transition.source):
                    wider.add(transition.target)
                if not forward and transition.target in keys:
                    wider.update(transition.source)
            if wider == keys:
                return keys
            keys = wider


def village_decision(
    *, time_days: int | RuleValue, letter: LetterStage | None = "signed", needs_resident: bool = True
) -> Workflow:
    """The workflow of what the village itself decides, such as an SKTM: the kepala desa approves, refuses or returns.

    The steps are those of the PUSKESOS front and back office: Pendaftaran, Penanganan, Rekomendasi, Penetapan, Surat.

    Args:
        time_days: working days that the service standard promises, counted from registration; or ``rules.value(…)``.
        letter: what must have happened to the letter before the case is done; None when there is no letter.
        needs_resident: nothing is decided for somebody on record as dead or moved away: a letter about them would be
            wrong however complete its papers are. False where just that may be what it is about.
    """
    states = (
        State("registered", _("Pendaftaran"), due_days=time_days),
        State("handling", _("Penanganan")),
        State("recommended", _("Rekomendasi"), kind="waiting", waits_for=_("keputusan kepala desa")),
        State("approved", _("Disetujui")),
        State("done", _("Selesai"), kind="closed"),
        State("refused", _("Ditolak"), kind="closed"),
        State("cancelled", _("Dibatalkan"), kind="closed"),
    )
    write, decide = "cases.write", "cases.decide"
    everywhere = ("registered", "handling", "recommended", "approved")
    hand_over = _("Serahkan surat") if letter else _("Selesaikan")
    aside = {"asks": ("note",), "primary": False}
    ready: dict[str, Any] = {"needs_requirements": True, "needs_resident": needs_resident}
    transitions = (
        Transition("handle", _("Mulai penanganan"), ("registered",), "handling", write),
        Transition("recommend", _("Ajukan ke kepala desa"), ("handling",), "recommended", write, **ready),
        # A paper may have been taken back since: the kepala desa does not decide on an incomplete case either.
        Transition("approve", _("Setujui"), ("recommended",), "approved", decide, **ready),
        Transition("finish", hand_over, ("approved",), "done", write, needs_letter=letter),
        Transition("return", _("Kembalikan"), ("recommended",), "handling", decide, **aside),
        Transition("refuse", _("Tolak"), ("recommended",), "refused", decide, **aside, confirm=True),
        Transition("cancel", _("Batalkan"), everywhere, "cancelled", write, **aside, confirm=True),
        Transition("reopen", _("Buka kembali"), ("refused", "cancelled"), "handling", decide, **aside, reopens=True),
        # For a mistake that shows after the letter was handed over: revoked, it is replaced by one with a new number.
        Transition("correct", _("Buka untuk perbaikan"), ("done",), "approved", decide, **aside, reopens=True),
    )
    return Workflow("village_decision", states, transitions, start="registered")
