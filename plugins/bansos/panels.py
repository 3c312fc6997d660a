"""What stands on core's pages: aid that waits to be fetched, what a resident got, what a case may bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam

from core.api import Area, Case, CaseRow, Person, Rule, Text, db, opened_on, silent_cases

from .distributions import PLACES, Waiting, waiting_in
from .models import AidDistribution, AidHandover, AidRecipient
from .rulebook import card_rules, food_rules, unverified
from .services import NAMES, card, food

MOST = 10
# Where each trouble is mended, in the order of what to try first.
WHERE = {"lost": "bank", "damaged": "bank", "pin": "bank", "blocked": "bank", "zero": "dinsos"}


@dataclass(frozen=True)
class Received:
    """A resident's place on a list, with the handover that holds, if any."""

    distribution: AidDistribution
    recipient: AidRecipient
    handover: AidHandover | None


# For core's pages, put together once: building a statement takes longer than running it.
_RECEIVED = (
    PLACES.where(AidRecipient.village_id == bindparam("village_id"), AidRecipient.person_id == bindparam("person_id"))
    .order_by(AidDistribution.first_day.desc(), AidDistribution.id.desc())
    .limit(MOST)
)


def received_by(person: Person) -> list[Received]:
    """What somebody got, or may fetch: the latest first; one query."""
    rows = db.session.execute(_RECEIVED, {"village_id": person.village_id, "person_id": person.id})
    return [Received(*row) for row in rows]


@dataclass(frozen=True)
class Attention:
    """Of a village: aid that waits to be fetched, and cases that nobody outside has moved."""

    waiting: Sequence[Waiting]
    silent: Sequence[CaseRow]


def attention(village_id: int, today: date) -> Attention | None:
    """Two queries; None when nothing waits."""
    found = Attention(waiting_in(village_id), silent_cases(village_id, NAMES, today))
    return found if found.waiting or found.silent else None


@dataclass(frozen=True)
class Advice:
    """Beside an open case: the rule of the day on which it was opened, and what of it nobody has confirmed.

    ``where`` is where trouble with a card is mended (``bank`` or ``dinsos``), blank for a proposal.
    """

    rule: Rule
    unverified: Sequence[Text]
    where: str


def advice_for(area: Area, case: Case) -> Advice | None:
    """None for a closed case, one of another service, and where no rule speaks of the day."""
    rules = {food.name: food_rules, card.name: card_rules}.get(case.service)
    rule = rules.get(opened_on(area, case)) if rules and not case.closed_at else None
    if rule is None:
        return None
    where = WHERE.get(case.data.get("trouble", ""), "bank") if case.service == card.name else ""
    return Advice(rule, unverified(rule), where)
