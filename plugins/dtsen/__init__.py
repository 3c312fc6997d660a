"""DTSEN (was DTKS): official deciles as they come, proposals and objections, the month's rhythm, the log of SIKS-NG.

The government ranks families; here nothing is computed. The village takes over what it is told, proposes what has
changed in time, and keeps what was keyed where, by whom, and what came of it.
"""

from collections.abc import Mapping
from typing import Any

from click import Command
from flask import Blueprint

from core.api import Area, Case, ImportKind, MenuItem, Panel, Permission, Person, Plugin, Service, hookimpl
from core.api import lazy_gettext as _

from .audit_words import DEEDS, OBJECTS
from .commands import export_log
from .decile_files import DECILES
from .demo import fill
from .panels import due_now, of_case, of_person
from .personal_data import erase_in_statements, told_in_statements
from .services import objection, proposal
from .settings import LogSettings
from .views import bp

plugin = Plugin(
    name="dtsen",
    title=_("DTSEN"),
    summary=_("Desil resmi, usulan dan sanggah, kalender bulanan, catatan SIKS-NG, NIK yang tidak padan"),
    version="1.0.0",
    api="1",
    personal_data=("economy",),
    deeds=DEEDS,
    objects=OBJECTS,
    settings=LogSettings,
)


@hookimpl
def services() -> list[Service]:
    return [proposal, objection]


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [export_log]


@hookimpl
def imports() -> list[ImportKind]:
    return [DECILES]


@hookimpl
def permissions() -> list[Permission]:
    desk = ("village_head", "village_staff")
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("dtsen.read", _("Melihat desil, usulan bulanan, dan catatan SIKS-NG"), (*desk, *overseers)),
        Permission("dtsen.write", _("Mencatat isian SIKS-NG dan hasil cek NIK"), desk),
        Permission("dtsen.import", _("Mengimpor berkas desil"), desk),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("DTSEN"), endpoint="dtsen.index", permission="dtsen.read", icon="bar-chart-steps")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    values = due_now(area)
    template = "dtsen/card.html"
    return [Panel(title=_("DTSEN"), template=template, permission="dtsen.read", values=values)] if values else None


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    return _siks(of_case(case), "dtsen/case_panel.html")


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    return _siks(of_person(person), "dtsen/person_panel.html")


def _siks(values: Mapping[str, Any] | None, template: str) -> list[Panel] | None:
    title = _("DTSEN dan SIKS-NG")
    return [Panel(title=title, template=template, permission="dtsen.read", values=values)] if values else None


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)


@hookimpl
def personal_data_export(person: Person) -> dict[str, Any] | None:
    return told_in_statements(person)


@hookimpl
def personal_data_erase(person: Person) -> None:
    erase_in_statements(person)
