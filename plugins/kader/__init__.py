"""Kader: the field page of PKK, Posyandu, dasawisma and PSM, each with her own RT/RW.

A family that needs help is found at its door, its papers are looked at before the day at the desk, and who found it
sees what became of it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from click import Command
from flask import Blueprint

from core.api import (
    Area,
    Case,
    MenuItem,
    Panel,
    Permission,
    Person,
    Plugin,
    ReportSection,
    SearchResult,
    Text,
    commit,
    hookimpl,
)
from core.api import lazy_gettext as _

from . import commands as terminal
from . import finding_lists, findings, panels, personal_data
from .audit_words import DEEDS, OBJECTS
from .demo import fill
from .views import bp
from .words import FINDINGS, STATES

plugin = Plugin(
    name="kader",
    title=_("Kader"),
    summary=_("Wilayah tugas RT/RW, temuan, pemeriksaan berkas di rumah, kunjungan"),
    version="1.0.0",
    api="1",
    personal_data=("health", "children"),
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [terminal.report]


@hookimpl
def permissions() -> list[Permission]:
    """What is found at a door is for the village; who oversees it sees counts."""
    desk = ("village_head", "village_staff")
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("kader.own", _("Bekerja di lapangan sebagai kader"), (*desk, "field_worker")),
        Permission("kader.assign", _("Membagi wilayah tugas kader"), desk),
        Permission("kader.handle", _("Menjawab temuan kader"), desk),
        Permission("kader.report", _("Melihat laporan kader"), (*desk, *overseers)),
    ]


@hookimpl(tryfirst=True)
def menu_items() -> list[MenuItem]:
    """Among the first, where a thumb on the way finds it."""
    return [MenuItem(label=_("Kader"), endpoint="kader.index", permission="kader.own", icon="person-walking")]


@hookimpl
def dashboard_cards(area: Area, user: Any) -> list[Panel]:
    return [_panel(_("Kader"), "kader/card.html", panels.standing_of(area, user.id))]


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    values = panels.figures_of(area)
    return [_panel(_("Kader"), "kader/overview.html", values, "kader.report")] if values else None


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    values = panels.of_person(person)
    return [_panel(_("Temuan kader"), "kader/rows.html", values, "kader.handle")] if values else None


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    values = panels.of_case(case)
    return [_panel(_("Berkas diperiksa di rumah"), "kader/checked.html", values)] if values else None


def _panel(title: Text, template: str, values: Mapping[str, Any], permission: str = "kader.own") -> Panel:
    return Panel(title=title, template=template, permission=permission, values=values)


@hookimpl
def search_results(area: Area, words: str) -> list[SearchResult]:
    """By name or place; what ails whom is not searched."""
    return [
        SearchResult(
            title=found.person.name if found.person else found.name or found.reference,
            text=f"{FINDINGS.get(found.kind, found.kind)} · {STATES.get(found.state, found.state)}",
            endpoint="kader.finding",
            values={"id": found.id},
            permission="kader.handle",
        )
        for found in finding_lists.found_by(area.id, words)
    ]


@hookimpl
def report_sections(area: Area, month: date) -> list[ReportSection]:
    return [panels.section_of(area, month)]


@hookimpl
def case_opened(case: Case) -> None:
    """A case that came through a field worker is the answer to what she found."""
    if findings.tie_new_case(case):
        commit()


@hookimpl
def personal_data_export(person: Person) -> Mapping[str, Any] | None:
    return personal_data.told_of_household(person)


@hookimpl
def personal_data_erase(person: Person) -> str | None:
    refusal = personal_data.unfinished(person)
    if refusal is None:
        personal_data.erase_around(person)
    return refusal


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)
