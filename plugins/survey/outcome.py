"""What a survey comes to: three outputs that are kept apart, and never a decile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from core.api import Household, Rule

from .changes import Change, family_changes, head_schooling, member_changes, people_here, since_last
from .decree import Item, decree_items
from .models import HomeSurvey, SurveyMember
from .poverty import Count, poverty_count
from .questionnaire import questionnaire_of
from .rulebook import decree_rules, poverty_rules
from .typed import Answers


@dataclass(frozen=True)
class Judged:
    """The outputs of one survey on the day of its visit.

    Attributes:
        decree: the items of Kepmensos 262/HUK/2022. None of them counts more, and no number of them decides.
        count: the fourteen of BPS.
        changes: what of the family and the house differs from the records; ``of_members`` the same by member.
        house_known: whether an earlier survey tells what is on record of the house.
    """

    day: date
    decree: Sequence[Item]
    count: Count
    changes: Sequence[Change]
    of_members: Mapping[UUID, Sequence[Change]]
    house_known: bool
    members: Sequence[SurveyMember] = ()
    rules: Sequence[Rule] = field(default_factory=tuple)

    @property
    def unsheltered(self) -> bool:
        """*Fakir miskin* directly, by the decree."""
        return any(item.key == "shelter" and item.met for item in self.decree)

    @property
    def decree_met(self) -> int:
        return sum(item.met is True for item in self.decree)

    @property
    def changed(self) -> int:
        return len(self.changes) + sum(map(len, self.of_members.values()))


def judge(
    survey: HomeSurvey,
    members: Sequence[SurveyMember],
    before: HomeSurvey | None,
    household: Household | None,
    today: date,
) -> Judged:
    """From the answers, and from what was kept when the survey was finalised. The residents of members are loaded.

    Args:
        before: the last countersigned survey of the household, against which the house is compared.
    """
    questionnaire = questionnaire_of(survey.questionnaire)
    answers = Answers(questionnaire.questions, survey.answers)
    day = survey.done_on or answers.day("visited_on") or today
    decree_rule, poverty_rule = decree_rules.at(day), poverty_rules.at(day)
    decree = decree_items(answers, decree_rule)
    count = poverty_count(answers, len(people_here(members)), head_schooling(members), poverty_rule)
    kept = survey.outcome
    if kept:
        decree = [_as_kept(item, kept.get("decree")) for item in decree]
        count = Count([_as_kept(item, kept.get("poverty")) for item in count.items], kept.get("limit", count.limit))
        changes = _restored(kept.get("changes"))
        of_members = {member.id: _restored(member.changes) for member in members}
    else:
        met = answers.text("found") == "yes"
        changes = family_changes(answers, household) if met else []
        if met and before:
            changes += since_last(questionnaire, survey.answers, before.answers)
        of_members = {member.id: _of_member(survey, member) for member in members} if met else {}
    return Judged(
        day=day,
        decree=decree,
        count=count,
        changes=changes,
        of_members=of_members,
        house_known=before is not None,
        members=members,
        rules=(decree_rule, poverty_rule),
    )


def stored(judged: Judged) -> dict[str, Any]:
    """As a survey keeps it, so that a later rule or record does not change what was finalised."""
    return {
        "decree": {item.key: item.met for item in judged.decree},
        "poverty": {item.key: item.met for item in judged.count.items},
        "met": judged.count.met,
        "unknown": judged.count.unknown,
        "limit": judged.count.limit,
        "poor": judged.count.poor,
        "decree_met": judged.decree_met,
        "unsheltered": judged.unsheltered,
        "changed": judged.changed,
        "changes": [change.store() for change in judged.changes],
        "rules": [rule.version for rule in judged.rules],
    }


def _of_member(survey: HomeSurvey, member: SurveyMember) -> list[Change]:
    """Nothing while nobody has said whether the member is there."""
    if not member.answers.get("standing"):
        return []
    questions = questionnaire_of(survey.questionnaire).member_questions
    return member_changes(Answers(questions, member.answers), member.person)


def _as_kept(item: Item, kept: object) -> Item:
    return Item(item.key, item.title, kept.get(item.key)) if isinstance(kept, dict) else item


def _restored(rows: object) -> list[Change]:
    return (
        [Change(*map(str, row)) for row in rows if isinstance(row, list) and len(row) == 3]
        if isinstance(rows, list)
        else []
    )
