"""What somebody gets from a programme, as a module knows it: the answer to the hook ``aid_received``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal, get_args
from uuid import UUID

from core.cases.workflow import check_text
from core.texts import Text
from core.texts import lazy_gettext as _

AidState = Literal["expected", "decided", "paid", "received"]

STATES: Mapping[str, Text] = MappingProxyType(
    {
        "expected": _("perkiraan"),
        "decided": _("ditetapkan"),
        "paid": _("disalurkan"),
        "received": _("diterima"),
    }
)
"""An estimate; granted, or on the list; sent off, as to an account; seen to have arrived, or said by the family."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class AidReceived:
    """Something that a resident or a household gets, got or is to get from a programme.

    Attributes:
        programme: name of the plugin that knows the programme: what ``Service.excludes`` names; blank for none.
        title: what it is called.
        state: "expected" (an estimate), "decided" (granted, or on the list of recipients), "paid" (sent off) or
            "received" (handed over, or said by the family). Amounts of different states are never added up.
        source: where it is known from: "tanda terima", "daftar KPM desa".
        permission: who may see it.
        person_id, household_id: whose it is; at least one.
        amount: rupiah; None where it is no money, or nobody knows how much.
        goods: what it is besides money: "10 kg beras", "BPJS".
        first_day, last_day: the time for which it is, or the day on which it came; None where that is open.
        recorded_at: when that was written down.
        endpoint, values: the page on which more of it stands, as for ``url_for``.
    """

    programme: str
    title: Text
    state: AidState
    source: Text
    permission: str
    person_id: UUID | None = None
    household_id: UUID | None = None
    amount: int | None = None
    goods: Text = ""
    first_day: date | None = None
    last_day: date | None = None
    recorded_at: datetime | None = None
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    def __post_init__(self) -> None:
        check_text("AidReceived", "title", self.title)
        owner = f"AidReceived {str(self.title)!r}"
        if self.state not in get_args(AidState):
            raise ValueError(f"{owner}: state must be one of {get_args(AidState)}, not {self.state!r}")
        if self.person_id is None and self.household_id is None:
            raise ValueError(f"{owner}: it is of nobody; give person_id or household_id")
        if self.amount is not None and (not isinstance(self.amount, int) or self.amount < 0):
            raise ValueError(f"{owner}: amount must be rupiah from 0 up, or None, not {self.amount!r}")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError(f"{owner}: last_day lies before first_day")

    def holds(self, on: date) -> bool:
        """Whether the family gets it on that day, as far as anybody knows; an estimate is no aid."""
        begun = self.first_day is None or self.first_day <= on
        return self.state != "expected" and begun and (self.last_day is None or on <= self.last_day)


def totals(aid: Iterable[AidReceived]) -> list[tuple[int, Mapping[str, int]]]:
    """By the year in which it begins, the latest first: rupiah of each state, apart; only what has an amount and a day.

    A decree and the payments that follow from it are two states: no sum counts a rupiah twice, or an estimate as money.
    """
    years: dict[int, dict[str, int]] = {}
    for each in aid:
        if each.amount is not None and each.first_day is not None:
            sums = years.setdefault(each.first_day.year, {})
            sums[each.state] = sums.get(each.state, 0) + each.amount
    ordered = sorted(years.items(), reverse=True)
    return [(year, {state: sums[state] for state in STATES if state in sums}) for year, sums in ordered]
