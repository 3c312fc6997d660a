"""Darurat: a PSM takes a patient to a facility, from the call to the handover, at any hour.

Nobody waits in a queue here, and nobody needs to be a registered resident. Afterwards a case about the patient's cover
follows within a working day, in a service of another module.
"""

from typing import Any
from zoneinfo import ZoneInfo

from click import Command
from flask import Blueprint

from core.api import Area, Case, MenuItem, Panel, Permission, Person, Plugin, SearchResult, hookimpl, long_date
from core.api import lazy_gettext as _

from . import commands as terminal
from . import listing, panels
from .audit_words import DEEDS, OBJECTS
from .demo import fill
from .personal_data import unfinished
from .settings import EmergencySettings
from .views import bp

plugin = Plugin(
    name="emergency",
    title=_("Darurat"),
    summary=_("Pendampingan PSM dari telepon sampai serah terima, kasus susulan, jadwal jaga, waktu tanggap"),
    version="1.0.0",
    api="1",
    personal_data=("health",),
    settings=EmergencySettings,
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [terminal.report, terminal.register]


@hookimpl
def permissions() -> list[Permission]:
    """A patient's condition is for those who help; who oversees the village sees figures."""
    village = ("village_head", "village_staff", "field_worker")
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("emergency.read", _("Melihat pendampingan darurat"), village),
        Permission("emergency.write", _("Mencatat pendampingan darurat"), village),
        Permission("emergency.roster", _("Menyusun jadwal jaga"), ("village_head", "village_staff")),
        Permission("emergency.report", _("Melihat waktu tanggap darurat"), (*village, *overseers)),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("Darurat"), endpoint="emergency.index", permission="emergency.read", icon="telephone")]


@hookimpl(tryfirst=True)
def dashboard_cards(area: Area) -> list[Panel]:
    """Before all other modules' cards: on a phone nobody scrolls for a call."""
    return [_panel("emergency/card.html", panels.standing_of(area))]


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    values = panels.figures_of(area)
    return [_panel("emergency/overview.html", values, "emergency.report")] if values else None


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    values = panels.of_person(person)
    return [_panel("emergency/rows.html", values)] if values else None


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    values = panels.of_case(case)
    return [_panel("emergency/rows.html", values)] if values else None


def _panel(template: str, values: dict[str, Any], permission: str = "emergency.read") -> Panel:
    return Panel(title=_("Darurat"), template=template, permission=permission, values=values)


@hookimpl
def search_results(area: Area, words: str) -> list[SearchResult]:
    """By the patient's name or the place; what ails whom is not searched."""
    return [
        SearchResult(
            title=escort.person.name if escort.person else escort.patient_name or escort.reference,
            text=f"{escort.reference} · {long_date(escort.called_at.astimezone(ZoneInfo(area.timezone)).date())}",
            endpoint="emergency.show",
            values={"id": escort.id},
            permission="emergency.read",
        )
        for escort in listing.found_by(area.id, words)
    ]


@hookimpl
def personal_data_erase(person: Person) -> str | None:
    return unfinished(person)


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)
