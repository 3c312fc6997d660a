"""Many cases looked at together: which steps and letters are possible, and for each case what stands in the way.

A fixed number of queries, however many cases are chosen. The modules' own objections (``case_transition_allowed``) are
asked when the step is taken: each may look things up for its case.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.database.session import db
from core.people.models import Person
from core.referrals.models import Referral
from core.referrals.of_case import newest_of
from core.texts import Text

from .catalogue import find_service
from .checklist import ChecklistItem, checklists
from .letters import already_made, why_not_now
from .list_statements import Kind
from .lists import CaseRow, case_rows, find_rows
from .models import Case, LetterRecord
from .progress import obstacle
from .service import Service
from .standing import find_state, state_title, transitions_of
from .workflow import Transition

MOST = 100
"""Cases of one batch."""

ActionKind = Literal["step", "letter"]


@dataclass(frozen=True)
class Action:
    """One deed for all: a step of the workflow, or a letter, of one service. ``code`` is how a form names it."""

    kind: ActionKind
    service: Service
    key: str

    @property
    def code(self) -> str:
        return f"{self.kind}:{self.service.name}:{self.key}"

    @property
    def label(self) -> Text:
        if self.kind == "letter":
            return _("Buat surat: %(title)s", title=self.service.letter(self.key).title)
        return self.transition.label

    @property
    def aside(self) -> bool:
        """Whether it leads off the main way, such as a cancellation."""
        return self.kind == "step" and not self.transition.primary

    @property
    def transition(self) -> Transition:
        """Raises: LookupError: the workflow has no such step."""
        return next(t for t in self.service.workflow.transitions if t.key == self.key)


@dataclass(frozen=True)
class Offer:
    """An action with how many of the chosen cases stand where it is due; something else may be missing of them."""

    action: Action
    cases: int


@dataclass(frozen=True)
class Line:
    """A case of a preview: where it would arrive, or what stands in the way."""

    row: CaseRow
    version: int
    before: str
    after: str
    obstacle: str


def find_action(code: str) -> Action | None:
    """The action that a form names; None for one that no service has."""
    kind, _colon, rest = code.partition(":")
    name, _colon, key = rest.partition(":")
    service = find_service(name)
    if service is None:
        return None
    if kind == "step" and any(t.key == key for t in service.workflow.transitions):
        return Action("step", service, key)
    if kind == "letter" and any(letter.key == key for letter in service.letters):
        return Action("letter", service, key)
    return None


@dataclass(frozen=True)
class Chosen:
    """The chosen cases of a village in the order of their lists, with what decides about a step."""

    rows: Sequence[CaseRow]
    cases: Mapping[UUID, Case]
    papers: Mapping[UUID, Sequence[ChecklistItem]]
    letters: Mapping[UUID, Sequence[LetterRecord]]
    referrals: Mapping[UUID, Referral]

    def offers(self, permissions: frozenset[str]) -> list[Offer]:
        """What this role may do, and for how many of the cases it is the turn: the main way first."""
        counted: Counter[str] = Counter()
        actions: dict[str, Action] = {}
        for case in self.cases.values():
            for action in self._possible(case, permissions):
                actions[action.code] = action
                counted[action.code] += 1
        offers = [Offer(actions[code], count) for code, count in counted.items()]
        return sorted(offers, key=lambda offer: (offer.action.aside, -offer.cases))

    def _possible(self, case: Case, permissions: frozenset[str]) -> Iterable[Action]:
        service = find_service(case.service)
        if service is None or case.person.erased:
            return
        known = {t.key for t in service.workflow.transitions}
        for transition in transitions_of(case, service):
            if transition.permission in permissions and transition.key in known:
                yield Action("step", service, transition.key)
        for letter in service.letters if "letters.issue" in permissions and case.closed_at is None else ():
            if why_not_now(case, service, letter) is None:
                yield Action("letter", service, letter.key)

    def preview(self, action: Action, permissions: frozenset[str]) -> list[Line]:
        return [self._line(row, action, permissions) for row in self.rows]

    def _line(self, row: CaseRow, action: Action, permissions: frozenset[str]) -> Line:
        case, service = self.cases[row.id], find_service(row.service)
        problem = self._obstacle(case, action, permissions)
        after = ""
        if not problem and action.kind == "step":
            target = find_state(action.service.workflow, action.transition.target)
            after = str(target.title) if target else action.transition.target
        return Line(row, case.version, state_title(case.state, service), after, problem)

    def _obstacle(self, case: Case, action: Action, permissions: frozenset[str]) -> str:
        """In words; blank when nothing is known to stand in the way."""
        if case.service != action.service.name:
            return _("Layanan lain.")
        if case.person.erased:
            return _("Data warganya sudah dihapus.")
        if action.kind == "letter":
            return self._no_letter(case, action, permissions)
        if all(t.key != action.key for t in transitions_of(case, action.service)):
            return _("Langkah ini tidak mungkin dari keadaan kasus sekarang.")
        if action.transition.permission not in permissions:
            return _("Langkah itu bukan bagian dari peran Anda.")
        found = obstacle(
            case,
            action.service,
            action.transition,
            self.papers.get(case.id, ()),
            self.letters.get(case.id, ()),
            referral=self.referrals.get(case.id),
        )
        return found or ""

    def _no_letter(self, case: Case, action: Action, permissions: frozenset[str]) -> str:
        if "letters.issue" not in permissions:
            return _("Membuat surat bukan bagian dari peran Anda.")
        if case.closed_at is not None:
            return _("Kasusnya sudah ditutup.")
        if any(letter.key == action.key and not letter.revoked_at for letter in self.letters.get(case.id, ())):
            return already_made()
        return why_not_now(case, action.service, action.service.letter(action.key)) or ""


def choose(village_id: int, case_ids: Sequence[UUID]) -> Chosen:
    """The cases of these ids that are there: what is not in the village's lists is left out. Six queries at most."""
    ids = list(dict.fromkeys(case_ids))[:MOST]
    rows = case_rows(find_rows(Kind("chosen", by_ids=True), MOST, village=village_id, ids=ids)) if ids else []
    found = db.session.scalars(
        select(Case)
        .where(Case.village_id == village_id, Case.id.in_([row.id for row in rows]))
        .options(joinedload(Case.person, innerjoin=True).joinedload(Person.household))
    ).all()
    cases = {case.id: case for case in found}
    rows = [row for row in rows if row.id in cases]
    plans = {c.id: s.referral for c in found if (s := find_service(c.service)) and s.referral}
    return Chosen(
        rows,
        {row.id: cases[row.id] for row in rows},
        checklists(found),
        _letters(village_id, list(cases)),
        newest_of(village_id, plans) if plans else {},
    )


def _letters(village_id: int, case_ids: Sequence[UUID]) -> dict[UUID, list[LetterRecord]]:
    letters: dict[UUID, list[LetterRecord]] = {}
    query = select(LetterRecord).where(LetterRecord.village_id == village_id, LetterRecord.case_id.in_(case_ids))
    for letter in db.session.scalars(query):
        if letter.case_id:
            letters.setdefault(letter.case_id, []).append(letter)
    return letters
