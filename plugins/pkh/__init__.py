"""PKH: aid for poor families with an expectant mother, children, elderly or severely disabled people.

Kemensos decides. The village proposes, reports changes, keeps the list of its families and verifies commitments.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from click import Command
from flask import Blueprint

from core.api import (
    AidReceived,
    Area,
    Case,
    MenuItem,
    Panel,
    Permission,
    Person,
    Plugin,
    SearchResult,
    Service,
    area_today,
    gettext,
    hookimpl,
    long_date,
)
from core.api import lazy_gettext as _

from .aid import aid_of
from .audit_words import DEEDS, OBJECTS
from .commands import list_families
from .components import COMPONENTS
from .demo import fill
from .listing import families_named
from .panels import due_in, estimate_of, standing_of
from .personal_data import erase_in_letters, told_in_letters
from .services import NAMES, proposal, update
from .views import bp

plugin = Plugin(
    name="pkh",
    title=_("PKH"),
    summary=_("Program Keluarga Harapan: usulan, perubahan data, daftar KPM, verifikasi komitmen, graduasi"),
    version="1.0.0",
    api="1",
    personal_data=("children", "education", "health", "economy"),
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def services() -> list[Service]:
    return [proposal, update]


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [list_families]


@hookimpl
def search_results(area: Area, words: str) -> list[SearchResult]:
    """Families on the list, or once on it, by their pengurus."""
    return [
        SearchResult(
            title=family.payee.name,
            text=gettext("KPM PKH sejak %(date)s", date=long_date(family.since))
            if family.active
            else gettext("pernah KPM PKH"),
            endpoint="pkh.family",
            values={"id": family.id},
            permission="pkh.read",
        )
        for family in families_named(area.id, words)
    ]


@hookimpl
def permissions() -> list[Permission]:
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    village = ("village_head", "village_staff", "field_worker")
    return [
        Permission("pkh.read", _("Melihat daftar KPM PKH"), (*overseers, *village)),
        Permission("pkh.write", _("Mengubah daftar KPM PKH"), ("village_head", "village_staff")),
        Permission("pkh.verify", _("Memverifikasi komitmen PKH"), village),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("PKH"), endpoint="pkh.index", permission="pkh.read", icon="people")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    values = due_in(area)
    return [Panel(title=_("PKH"), template="pkh/card.html", permission="pkh.read", values=values)] if values else None


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    if case.service not in NAMES:
        return None
    values = {
        "standing": standing_of(case.person),
        "estimate": estimate_of(case, area_today()),
        "components": COMPONENTS,
        "case": case,
    }
    return [Panel(title=_("PKH"), template="pkh/case_panel.html", permission="pkh.read", values=values)]


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    if person.household_id is None:
        return None
    values = {"standing": standing_of(person), "components": COMPONENTS}
    return [Panel(title=_("PKH"), template="pkh/person_panel.html", permission="pkh.read", values=values)]


@hookimpl
def aid_received(area: Area, households: Collection[UUID]) -> list[AidReceived]:
    return aid_of(area, households)


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)


@hookimpl
def personal_data_export(person: Person) -> dict[str, Any] | None:
    return told_in_letters(person)


@hookimpl
def personal_data_erase(person: Person) -> None:
    erase_in_letters(person)
