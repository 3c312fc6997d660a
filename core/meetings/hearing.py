"""A programme's part of a meeting: its cases with what the rules say of each. The rules warn and never block."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext

from core.aid.exclusions import Clash, clashes_of_cases
from core.areas.current import CurrentArea
from core.cases.catalogue import find_service
from core.cases.judging import Judgement, judge_cases
from core.cases.models import Case
from core.cases.service import Service

from .declaration import RANKED, Terms, VillageMeeting
from .models import Meeting, MeetingCandidate

VERDICTS = ("met", "unknown", "unmet")
UNKNOWN_DECILE = 11  # after every decile that there is


@dataclass(frozen=True)
class Heard:
    """A case before a meeting. ``candidate`` is None while it is only being chosen.

    ``judgement``: by the rules of the day on which the case was opened; None for a service that anybody may ask for,
    and where nobody has asked for it. ``clashes``: what the family gets that does not go together with the service.
    """

    case: Case
    judgement: Judgement | None = None
    candidate: MeetingCandidate | None = None
    clashes: Sequence[Clash] = ()

    @property
    def decision(self) -> str:
        """accepted, reserve or not_chosen; blank while there is none."""
        return self.candidate.decision if self.candidate else ""

    @property
    def rank(self) -> int | None:
        """Its place among the accepted or the reserve of its programme."""
        return self.candidate.rank if self.candidate else None

    @property
    def reason(self) -> str:
        """Why it was decided so, or a remark."""
        return self.candidate.reason if self.candidate else ""

    @property
    def decile(self) -> int | None:
        """Of the family, as last entered; None while it is not known."""
        household = self.case.person.household
        return household.decile if household else None

    @property
    def verdict(self) -> str:
        """met, unmet or unknown, by the rules."""
        return self.judgement.verdict if self.judgement else "met"

    @property
    def lacking(self) -> list[str]:
        """The conditions that are not met, in words."""
        if self.judgement is None:
            return []
        unmet = [str(c.title) for c in self.judgement.of_kind("required") if c.met is False]
        if self.judgement.one_met is False:
            unmet.append(gettext("satu pun dari keadaan yang diutamakan"))
        return unmet

    @property
    def speaking_for(self) -> list[str]:
        """What speaks for the family, of which one is enough."""
        return [str(c.title) for c in self.judgement.of_kind("one_of") if c.met] if self.judgement else []

    @property
    def unknown(self) -> list[str]:
        """What must still be asked."""
        return [str(c.title) for c in self.judgement.undecided] if self.judgement else []

    @property
    def line(self) -> str:
        """The family in one line: decile, what speaks for it, what against, what is not known."""
        parts = [gettext("desil %(n)s", n=self.decile) if self.decile else gettext("desil belum dicek")]
        parts += self.speaking_for
        parts += [gettext("tidak terpenuhi: %(what)s", what=what) for what in self.lacking]
        if self.unknown:
            parts.append(gettext("belum diketahui: %(what)s", what=", ".join(self.unknown)))
        parts += [clash.text for clash in self.clashes]
        return " · ".join(parts)

    @property
    def usual_order(self) -> tuple[int, int, int]:
        """The neediest first: by verdict, by decile (unknown last), by how much speaks for the family."""
        return VERDICTS.index(self.verdict), self.decile or UNKNOWN_DECILE, -len(self.speaking_for)


@dataclass(frozen=True)
class Hearing:
    """One programme's cases in one meeting. ``service`` is None when its plugin is no longer installed."""

    meeting: Meeting
    name: str
    service: Service | None
    heard: Sequence[Heard]

    @property
    def size(self) -> int:
        """How many cases it has."""
        return len(self.heard)

    @property
    def declared(self) -> VillageMeeting | None:
        """What the service says of meetings; None when its plugin is gone."""
        return self.service.meeting if self.service else None

    @property
    def title(self) -> str:
        """The programme, in words."""
        return str(self.service.title) if self.service else self.name

    @property
    def plugin(self) -> str:
        """The name of the plugin whose programme it is."""
        return self.name.partition(".")[0]

    @property
    def terms(self) -> Terms:
        """What was filled in about the programme; empty where nothing was, or there is nothing to fill in."""
        return self.meeting.terms.get(self.name, {})

    @property
    def lacks_terms(self) -> bool:
        """Whether the programme wants to know something that nobody filled in."""
        return bool(self.declared and self.declared.form and not self.terms)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The terms in words: pairs of label and text."""
        declared = self.declared
        return list(declared.facts(self.terms)) if declared and self.terms else []

    def decided(self, decision: str) -> list[Heard]:
        """The cases with a decision: the accepted and the reserve by rank."""
        return [heard for heard in self.heard if heard.decision == decision]

    @property
    def deviations(self) -> Mapping[UUID, list[str]]:
        """By the id of the case, in what the decision on it departs from the rules; none for most."""
        return self.declared.deviations(self) if self.declared else {}

    def title_of(self, decision: str) -> str:
        """What a decision is called by this programme."""
        return str(self.declared.title_of(decision)) if self.declared else decision

    def neediest_first(self) -> list[Heard]:
        """By the order of the service, or the usual one."""
        order = self.declared.order if self.declared else None
        key: Any = order or (lambda heard: heard.usual_order)
        return sorted(self.heard, key=lambda heard: (key(heard), heard.case.ticket))


def hearings(
    area: CurrentArea,
    meeting: Meeting,
    candidates: Sequence[MeetingCandidate],
    *,
    judged: bool = True,
    permissions: Collection[str] = (),
) -> list[Hearing]:
    """The candidates by programme, in the order of their titles: a fixed number of queries for each programme.

    Args:
        permissions: of who looks on; what excludes the programme is told to who may know of it.
    """
    by_case = {candidate.case_id: candidate for candidate in candidates}
    found = []
    for name, cases in by_service([candidate.case for candidate in candidates]).items():
        service = find_service(name)
        judgements = judge_cases(area, service, cases) if service and judged else {}
        known = clashes_of_cases(area, service, cases, permissions) if service and judged else {}
        heard = [Heard(case, judgements.get(case.id), by_case[case.id], known.get(case.id, ())) for case in cases]
        found.append(Hearing(meeting, name, service, heard))
    return sorted(found, key=lambda hearing: hearing.title)


def by_service(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """In the order of the cases."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case.service, []).append(case)
    return found


def to_choose(
    area: CurrentArea, meeting: Meeting, cases: Sequence[Case], permissions: Collection[str] = ()
) -> list[Hearing]:
    """Cases that may be put on the list, by programme, the neediest of each first."""
    found = []
    for name, mine in by_service(cases).items():
        service = find_service(name)
        judgements = judge_cases(area, service, mine) if service else {}
        known = clashes_of_cases(area, service, mine, permissions) if service else {}
        heard = [Heard(case, judgements.get(case.id), clashes=known.get(case.id, ())) for case in mine]
        hearing = Hearing(meeting, name, service, heard)
        found.append(Hearing(meeting, name, service, hearing.neediest_first()))
    return sorted(found, key=lambda hearing: hearing.title)


def ranks(hearing: Hearing) -> dict[str, list[int]]:
    """The ranks that were given, by decision."""
    return {key: [heard.rank for heard in hearing.decided(key) if heard.rank is not None] for key in RANKED}
