"""A family's aid as a page shows it: lines with names, states in words and links; sums by year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, g, url_for

from core.people.family import Family
from core.people.models import Person
from core.texts import Text

from .gathering import aid_of_families, names_in
from .received import STATES, AidReceived, totals


@dataclass(frozen=True)
class AidLine:
    """``whose`` is a member's name, blank for the family; ``url`` where more of it stands, blank for nowhere."""

    aid: AidReceived
    whose: str
    state: Text
    url: str


@dataclass(frozen=True)
class AidTable:
    lines: Sequence[AidLine]
    years: Sequence[tuple[int, Mapping[Text, int]]]
    """By year: rupiah of each state, each by its title."""
    failed: Sequence[str]
    """Modules that cannot say now."""


def aid_table(family: Family, *more: Person) -> AidTable:
    """Of the family, as far as the person who asks may see it; ``more``: whoever else is meant."""
    aid = aid_of_families(g.area, [family], *more, permissions=g.permissions, look=_address)
    names = names_in([family], *more)
    lines = [
        AidLine(each, names.get(each.person_id, "") if each.person_id else "", STATES[each.state], _address(each))
        for each in aid.found
    ]
    years = [(year, {STATES[state]: rupiah for state, rupiah in sums.items()}) for year, sums in totals(aid.found)]
    return AidTable(lines, years, aid.failed)


def _address(aid: AidReceived) -> str:
    """Blank where this person may not open it."""
    if not aid.endpoint:
        return ""
    needed = getattr(current_app.view_functions[aid.endpoint], "permission", None)
    return url_for(aid.endpoint, **aid.values) if needed in g.permissions else ""
