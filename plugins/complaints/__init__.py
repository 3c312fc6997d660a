"""Complaints, questions and suggestions: by name, in confidence or without a name, in the days of SP4N-LAPOR!.

They have tables of their own and are no cases: a case is about a resident, and a complaint need not name anybody. One
that concerns a resident's case is tied to it.
"""

from typing import Any

from click import Command
from flask import Blueprint

from core.api import Area, Case, MenuItem, Panel, Permission, Person, Plugin, PublicLink, hookimpl
from core.api import lazy_gettext as _

from . import commands as terminal
from . import panels, personal_data
from .audit_words import DEEDS, OBJECTS
from .demo import fill
from .settings import ComplaintSettings
from .views import bp

plugin = Plugin(
    name="complaints",
    title=_("Keluhan"),
    summary=_("Keluhan, pertanyaan, dan saran warga; anonim atau rahasia; tenggat SP4N-LAPOR!; dari halaman desa juga"),
    version="1.0.0",
    api="1",
    personal_data=("complaints",),
    settings=ComplaintSettings,
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [terminal.counts, terminal.register]


@hookimpl
def permissions() -> list[Permission]:
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("complaints.read", _("Melihat register keluhan"), (*overseers, "village_head", "village_staff")),
        Permission("complaints.write", _("Mencatat dan menjawab keluhan"), ("village_head", "village_staff")),
        Permission("complaints.decide", _("Menangani keluhan tentang puskesos dan petugasnya"), ("village_head",)),
        Permission(
            "complaints.identity",
            _("Membuka identitas pelapor yang dirahasiakan"),
            ("district_officer", "village_head"),
        ),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("Keluhan"), endpoint="complaints.index", permission="complaints.read", icon="megaphone")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    values = panels.waiting(area)
    return [_panel("complaints/card.html", values)] if values else None


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    values = panels.of_case(case)
    return [_panel("complaints/rows.html", values)] if values else None


@hookimpl
def person_panels(person: Person) -> list[Panel]:
    return [_panel("complaints/person_panel.html", panels.of_person(person))]


def _panel(template: str, values: dict[str, Any]) -> Panel:
    return Panel(title=_("Keluhan"), template=template, permission="complaints.read", values=values)


@hookimpl
def public_links() -> list[PublicLink]:
    return [PublicLink(label=_("Sampaikan keluhan atau saran"), endpoint="complaints.send", icon="megaphone")]


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:  # noqa: ARG001 - nothing here asks who acts
    fill(area)


@hookimpl
def personal_data_export(person: Person) -> dict[str, Any] | None:
    return personal_data.told_with_nik(person)


@hookimpl
def personal_data_erase(person: Person) -> str | None:
    problem = personal_data.unfinished(person)
    if problem is None:
        personal_data.erase_around(person)
    return problem
