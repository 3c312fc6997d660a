"""WhatsApp: residents who agreed hear that there is news of their case, a booking, a missing paper.

It brings what others have to tell (the hook ``notify``) and what core tells of cases, by Meta's Cloud API.
"""

from datetime import date
from typing import Any

from click import Command
from flask import Blueprint

from core.api import (
    Area,
    Case,
    Job,
    MenuItem,
    Notice,
    Panel,
    Permission,
    Person,
    Plugin,
    ReportSection,
    hookimpl,
)
from core.api import lazy_gettext as _

from . import commands as terminal
from . import occasions, panels
from .audit_words import DEEDS, OBJECTS
from .demo import fill
from .outbox import SEND
from .report import sections
from .retention import forget_number
from .settings import WhatsAppSettings
from .views import bp, wide

plugin = Plugin(
    name="whatsapp",
    title=_("Pesan WhatsApp"),
    summary=_(
        "Kabar kasus, janji datang, dan berkas kurang bagi warga yang setuju; teks untuk grup desa tanpa data pribadi"
    ),
    version="1.0.0",
    api="1",
    personal_data=("phone",),
    settings=WhatsAppSettings,
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def wide_blueprint() -> Blueprint:
    return wide


@hookimpl
def commands() -> list[Command]:
    return [terminal.send_all, terminal.report]


@hookimpl
def jobs() -> list[Job]:
    return [SEND, occasions.NIGHTLY]


@hookimpl
def permissions() -> list[Permission]:
    """Lists show masked numbers; who oversees villages sees them to help with what fails."""
    village = ("village_head", "village_staff")
    overseers = ("district_admin", "district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("whatsapp.read", _("Melihat pesan WhatsApp, nomornya disamarkan"), (*village, *overseers)),
        Permission("whatsapp.write", _("Mencatat izin pesan dan mengirim lagi"), village),
        Permission("whatsapp.manage", _("Menguji nomor WhatsApp kabupaten"), ("district_admin",)),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    label = _("Pesan WhatsApp")
    return [
        MenuItem(label=label, endpoint="whatsapp.index", permission="whatsapp.read", icon="whatsapp"),
        MenuItem(label=label, endpoint="whatsapp-wide.manage", permission="whatsapp.manage", icon="whatsapp"),
    ]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    values = panels.of_village(area)
    return [_panel("whatsapp/card.html", values)] if values else None


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    values = panels.of_district(area)
    return [_panel("whatsapp/overview.html", values)] if values else None


@hookimpl
def person_panels(person: Person) -> list[Panel]:
    return [_panel("whatsapp/person_panel.html", panels.of_person(person), "whatsapp.write")]


def _panel(template: str, values: dict[str, Any], permission: str = "whatsapp.read") -> Panel:
    return Panel(title=_("Pesan WhatsApp"), template=template, permission=permission, values=values)


@hookimpl
def report_sections(area: Area, month: date) -> list[ReportSection]:
    return sections(area, month)


@hookimpl
def case_opened(case: Case) -> None:
    occasions.tell_of_case(case, "opened")


@hookimpl
def case_changed(case: Case) -> None:
    occasions.tell_of_case(case, "changed")


@hookimpl
def case_closed(case: Case) -> None:
    occasions.tell_of_case(case, "closed")


@hookimpl
def notify(notice: Notice) -> None:
    occasions.tell_notice(notice)


@hookimpl
def personal_data_erase(person: Person) -> None:
    forget_number(person)


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)
