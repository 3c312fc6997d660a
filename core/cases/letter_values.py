"""What a letter may say about a resident and the case, as plain text that a template sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g, has_request_context

from core.areas.code import AreaCode
from core.people.family import Family
from core.people.models import Household
from core.settings.reading import in_words
from core.web.formats import long_date
from core.web.languages import current_language

from .answers import form_with, readable
from .models import Case
from .service import Service

SEXES = {"L": "Laki-laki", "P": "Perempuan"}


@contextmanager
def in_indonesian() -> Iterator[None]:
    """A letter is Indonesian whatever language the clerk's screen has: also its title and the labels of choices."""
    if not has_request_context():
        yield
        return
    chosen, g.language = current_language(), "id"
    try:
        yield
    finally:
        g.language = chosen


def answers_in_words(service: Service, case: Case) -> dict[str, str]:
    """The answers of the service's form as they may stand in a letter or a referral, by the names of the fields."""
    with in_indonesian():
        return {field.short_name: readable(field) for field in form_with(service.form, case.data)}


def settings_in_words(area: AreaCode, plugin: str) -> dict[str, str]:
    """What a plugin's settings are in the village, as its letters may say it; without secrets."""
    with in_indonesian():
        return in_words(area, plugin)


def _own_values(service: Service, case: Case, family: Family) -> dict[str, Any]:
    """What the plugin has its letters say besides."""
    if service.letter_values is None:
        return {}
    with in_indonesian():
        return dict(service.letter_values(case, family))


def letter_values(service: Service, case: Case, family: Family) -> dict[str, Any]:
    """Resident, household, answers, ticket, the plugin's settings, all of them text; and under "own" what it adds."""
    person, household = case.person, family.household
    head = next((member for member in family.members if member.family_role == "head"), None)
    return {
        "ticket": case.ticket,
        "person": {
            "name": person.name,
            "nik": person.nik or "belum ada",
            "sex": SEXES[person.sex],
            "birth": f"{person.birth_place}, {long_date(person.birth_date, 'id')}".removeprefix(", "),
            "occupation": person.occupation or "–",
            "religion": person.religion or "–",
            "marital_status": person.marital_status or "–",
        },
        "household": {
            "kk_number": (household.kk_number or "–") if household else "–",
            "head": head.name if head else "–",
            "address": _address(family),
            "decile": _decile(household),
        },
        "answers": answers_in_words(service, case),
        "own": _own_values(service, case, family),
        "settings": settings_in_words(AreaCode.from_id(case.village_id), service.name.partition(".")[0]),
    }


def _decile(household: Household | None) -> str:
    """As last entered, with its day and source; empty while it is not known: a letter then leaves it out."""
    if household is None or household.decile is None:
        return ""
    on = f"per {long_date(household.decile_on, 'id')}" if household.decile_on else ""
    return ", ".join(part for part in (f"{household.decile}", household.decile_source or "", on) if part)


def _address(family: Family) -> str:
    household = family.household
    if household is None:
        return "–"
    parts = [household.address, household.hamlet, f"RT {household.rt}/RW {household.rw}" if household.rt else ""]
    return ", ".join(part for part in parts if part) or "–"
