"""What stands on the papers of the list: plain texts, Indonesian, and never a NIK in full."""

from collections.abc import Sequence
from typing import Any

from core.api import Area, Household, long_date, mask_nik, month_name

from .checks import KINDS, terms_of
from .components import COMPONENTS
from .families import WHY
from .models import KpmFamily, Member
from .rulebook import Month, rules


def address_of(household: Household, *, short: bool = False) -> str:
    """Where a family lives; short: RT and RW only."""
    place = f"RT {household.rt}/RW {household.rw}" if household.rt else ""
    if short:
        return place or "–"
    return ", ".join(part for part in (household.address, household.hamlet, place) if part) or "–"


def form_values(members: Sequence[tuple[Member, Household]], month: Month, kind: str) -> dict[str, Any]:
    """The list to take to school, Posyandu or homes, on which what was seen is written by hand; by place, then name."""
    rule = rules.get(month.first_day)
    wanted = [
        (member, household)
        for member, household in members
        if (terms := terms_of(member.component, rule)) and terms["kind"] == kind
    ]
    wanted.sort(key=lambda pair: (pair[0].place, pair[0].person.name))
    return {
        "month": f"{month_name(month.number)} {month.year}",
        "kind": str(KINDS[kind]),
        "lines": [
            [
                str(number),
                member.person.name,
                str(COMPONENTS[member.component]),
                member.place or "–",
                address_of(household, short=True),
            ]
            for number, (member, household) in enumerate(wanted, start=1)
        ],
    }


def statement_values(area: Area, family: KpmFamily, why: str) -> dict[str, Any]:
    """What a family signs that leaves by itself."""
    payee = family.payee
    return {
        "village": area.title,
        "name": payee.name,
        "nik": mask_nik(payee.nik) if payee.nik else "belum ada",
        "kk_number": mask_nik(family.household.kk_number) if family.household.kk_number else "–",
        "address": address_of(family.household),
        "participant": family.participant or "–",
        "since": long_date(family.since),
        "why": str(WHY[why]),
    }
