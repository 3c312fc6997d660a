"""What stands on the papers of a month: plain texts, Indonesian, and never a NIK in full."""

from collections.abc import Sequence
from typing import Any, Literal

from core.api import Case, Household, mask_nik

from .forms import CHANGES

Order = Literal["name", "address"]


def place_of(household: Household | None) -> str:
    """RT and RW, by which a list is walked."""
    return f"RT {household.rt or '–'}/RW {household.rw or '–'}" if household and (household.rt or household.rw) else "–"


def address_of(case: Case) -> str:
    household = case.household
    parts = (household.address, household.hamlet, place_of(household)) if household else ()
    return ", ".join(part for part in parts if part and part != "–") or "–"


def masked(number: str | None) -> str:
    return mask_nik(number) if number else "belum ada"


def change_of(case: Case) -> str:
    """What is proposed, in words."""
    key = case.data.get("change", "")
    return str(CHANGES.get(key, key)) or "–"


def in_order(cases: Sequence[Case], order: Order) -> list[Case]:
    """By name, or by RW, RT and address as a kader walks."""
    if order == "name":
        return sorted(cases, key=lambda case: (case.person.name.casefold(), case.ticket))
    return sorted(cases, key=_walked)


def _walked(case: Case) -> tuple[str, ...]:
    home = case.household
    place = (home.rw, home.rt, home.address.casefold()) if home else ("~", "~", "~")
    return (*place, case.person.name.casefold())


def statement_values(cases: Sequence[Case], about: str) -> dict[str, Any]:
    """For the SPTJM; made inside ``in_indonesian()``. ``person`` tells whose line it is and is on no paper."""
    return {
        "about": about,
        "lines": [
            {
                "person": str(case.person_id),
                "name": case.person.name,
                "nik": masked(case.person.nik),
                "kk": masked(case.household.kk_number if case.household else None),
                "address": address_of(case),
                "change": change_of(case),
                "ticket": case.ticket,
            }
            for case in cases
        ],
    }


def list_values(cases: Sequence[Case], order: Order, period: str, *, posted: bool) -> dict[str, Any]:
    """For the BNBA list; made inside ``in_indonesian()``. What is posted has RT and RW instead of the address."""
    return {
        "period": period,
        "order": order,
        "posted": "yes" if posted else "no",
        "lines": [
            [
                str(number),
                case.person.name,
                masked(case.person.nik),
                place_of(case.household) if posted else address_of(case),
                "" if posted else change_of(case),
            ]
            for number, case in enumerate(in_order(cases, order), start=1)
        ],
    }
