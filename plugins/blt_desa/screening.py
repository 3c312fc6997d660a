"""What the rules say beside what the musdes decides. They warn and never block: the village answers for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.api import Area, Case, Judgement, gettext, judge_cases, rupiah

from .models import Candidate, Meeting
from .rules import rule_of_year
from .services import aid

VERDICTS = ("met", "unknown", "unmet")


@dataclass(frozen=True)
class Screening:
    """A family by the rules of the day on which its case was opened."""

    judgement: Judgement
    decile: int | None

    @property
    def verdict(self) -> str:
        return self.judgement.verdict

    @property
    def extreme_poor(self) -> bool:
        limit = self.judgement.rule.decile_first if self.judgement.rule else None
        return limit is not None and self.decile is not None and self.decile <= limit

    @property
    def lacking(self) -> list[str]:
        """The conditions that are not met, in words."""
        unmet = [str(c.title) for c in self.judgement.of_kind("required") if c.met is False]
        if self.judgement.one_met is False:
            unmet.append(gettext("satu pun dari keadaan yang diutamakan"))
        return unmet

    @property
    def speaking_for(self) -> list[str]:
        return [str(c.title) for c in self.judgement.of_kind("one_of") if c.met]

    @property
    def unknown(self) -> list[str]:
        """What must still be asked."""
        return [str(c.title) for c in self.judgement.undecided]

    @property
    def order(self) -> tuple[int, int, int]:
        """The neediest first: by verdict, by decile (unknown last), by how much speaks for the family."""
        return VERDICTS.index(self.verdict), self.decile or 11, -len(self.speaking_for)


def screenings(area: Area, cases: Sequence[Case]) -> dict[UUID, Screening]:
    """By the id of the case, in a fixed number of queries."""
    judged = judge_cases(area, aid, cases) if cases else {}
    return {
        case.id: Screening(judgement, case.person.household.decile if case.person.household else None)
        for case in cases
        if (judgement := judged[case.id]) is not None
    }


def deviations(candidates: Sequence[Candidate], screened: dict[UUID, Screening]) -> dict[UUID, list[str]]:
    """For each candidate, by its id, in what the decision on it departs from the rules; none for most."""
    passed_over = [
        c.case.person.name for c in candidates if c.decision != "accepted" and screened[c.case_id].extreme_poor
    ]
    return {c.id: list(_deviation(c, screened[c.case_id], passed_over)) for c in candidates}


def _deviation(candidate: Candidate, screening: Screening, passed_over: Sequence[str]) -> list[str]:
    if candidate.decision == "accepted":
        found = [gettext("Tidak terpenuhi: %(what)s.", what=what) for what in screening.lacking]
        if passed_over and screening.decile is not None and not screening.extreme_poor:
            found.append(
                gettext(
                    "Desil %(decile)s, sedangkan yang miskin ekstrem tidak diterima: %(names)s.",
                    decile=screening.decile,
                    names=", ".join(passed_over),
                )
            )
        if candidate.case.person.life_status in ("dead", "moved"):
            found.append(gettext("Warga ini tercatat meninggal atau pindah; periksa siapa yang mewakili keluarganya."))
        return found
    if candidate.decision == "not_chosen" and screening.extreme_poor and screening.verdict == "met":
        return [gettext("Miskin ekstrem dan memenuhi syarat, tetapi tidak diterima.")]
    return []


def period_warnings(meeting: Meeting) -> list[str]:
    """In what the decree's months and amount depart from the rule of its year."""
    rule = rule_of_year(meeting.year, meeting.first_month)
    if rule is None:
        return [gettext("Tidak ada aturan BLT yang dikenal untuk tahun %(year)s.", year=meeting.year)]
    values = {"regulation": rule.regulation, "amount": rupiah(meeting.amount), "months": len(meeting.months)}
    found: list[str] = []
    if meeting.amount > rule.amount_most:
        limit = rupiah(rule.amount_most)
        found.append(gettext("%(amount)s sebulan di atas %(limit)s (%(regulation)s).", limit=limit, **values))
    if meeting.amount < rule.amount_least:
        limit = rupiah(rule.amount_least)
        found.append(gettext("%(amount)s sebulan di bawah %(limit)s (%(regulation)s).", limit=limit, **values))
    if len(meeting.months) < rule.months_due:
        due = rule.months_due
        found.append(gettext("%(months)s bulan, kurang dari %(due)s (%(regulation)s).", due=due, **values))
    return found
