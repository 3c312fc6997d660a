"""What stands on core's pages: deadlines that come near, what a pupil may expect, a resident's earlier proposals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from core.api import Area, Case, CaseRow, Person, Rule, Text, cases_due, db, opened_on, silent_cases

from .grades import GRADES, Money, expected_money, level_of
from .rulebook import school_rules
from .services import NAMES, college_aid, school_aid

STATES = {
    service.name: {state.key: state.title for state in service.workflow.states} for service in (school_aid, college_aid)
}


@dataclass(frozen=True)
class Attention:
    """Pupils whose account must be active soon, the first deadline first; cases that nobody outside has moved."""

    deadlines: Sequence[CaseRow]
    silent: Sequence[CaseRow]


def attention(village_id: int, today: date) -> Attention:
    until = today + timedelta(days=school_rules.at(today).warn_days)
    return Attention(
        cases_due(village_id, [school_aid.name], ["nominated"], until), silent_cases(village_id, NAMES, today)
    )


@dataclass(frozen=True)
class Expected:
    """What a case may bring, by which rule, and at which bank; ``until``: by when the family has to activate it."""

    money: Money
    bank: str
    rule: Rule
    until: date | None


def expected(area: Area, case: Case) -> Expected | None:
    """For the year in which the case was opened, as its class was noted then.

    None for a closed case, and where nothing is known of its class or of the rules.
    """
    grade, day = case.data.get("grade"), opened_on(area, case)
    if case.closed_at or grade not in GRADES:
        return None
    rule = school_rules.get(day)
    if rule is None:
        return None
    until = case.due_on if case.state == "nominated" else None
    return Expected(expected_money(rule, grade, day), rule.bank[level_of(grade)], rule, until)


@dataclass(frozen=True)
class Proposal:
    """A resident's earlier case: where it stands, and what was told then of the school, for the next year's."""

    case: Case
    state: Text

    @property
    def school(self) -> str:
        return self.case.data.get("school", "")

    @property
    def grade(self) -> Text:
        return GRADES.get(self.case.data.get("grade", ""), "")

    @property
    def nisn(self) -> str:
        return self.case.data.get("nisn") or ""


# For core's pages, put together once: building a statement takes longer than running it.
_PROPOSALS = (
    select(Case)
    .where(
        Case.village_id == bindparam("village_id"),
        Case.person_id == bindparam("person_id"),
        Case.service.in_(NAMES),
    )
    .order_by(Case.id.desc())
    .limit(10)
)


def proposals_of(person: Person) -> list[Proposal]:
    """Open and closed, the latest first; one query."""
    cases = db.session.scalars(_PROPOSALS, {"village_id": person.village_id, "person_id": person.id})
    return [Proposal(case, STATES[case.service].get(case.state, case.state)) for case in cases]
