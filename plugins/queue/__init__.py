"""Antrean: the day of the desk, from the booking and the number to the call, the board and the end of a ticket.

Waiting people are counted, never named: the board shows numbers alone.
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
    Panel,
    Permission,
    Person,
    Plugin,
    PublicLink,
    ReportSection,
    SearchResult,
    hookimpl,
    long_date,
)
from core.api import lazy_gettext as _

from . import capacity_command, listing, panels, personal_data
from . import commands as terminal
from .audit_words import DEEDS, OBJECTS
from .board import may_see
from .demo import fill
from .nightly import NIGHTLY
from .report import sections
from .settings import QueueSettings
from .views import bp
from .words import STATES

plugin = Plugin(
    name="queue",
    title=_("Antrean"),
    summary=_("Nomor antrean, janji datang, papan panggilan, dan permintaan di luar jam buka"),
    version="1.0.0",
    api="1",
    personal_data=("bookings",),
    settings=QueueSettings,
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [terminal.report, terminal.day, capacity_command.capacity]


@hookimpl
def jobs() -> list[Job]:
    return [NIGHTLY]


@hookimpl
def permissions() -> list[Permission]:
    desk = ("village_head", "village_staff")
    village = (*desk, "field_worker")
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("queue.read", _("Melihat antrean"), village),
        Permission("queue.write", _("Memberi nomor, memanggil, dan memilah permintaan"), desk),
        Permission("queue.book", _("Melihat dan membuat janji untuk warga"), village),
        Permission("queue.check", _("Mengecek berkas sebelum harinya"), village),
        Permission("queue.setup", _("Mengatur layanan, loket, dan hari libur antrean"), desk),
        Permission("queue.report", _("Melihat jumlah antrean"), (*village, *overseers)),
        Permission("queue.capacity", _("Melihat dan merencanakan kapasitas meja"), (*desk, *overseers)),
    ]


@hookimpl(tryfirst=True)
def menu_items() -> list[MenuItem]:
    """Before all other modules' entries: on the open day nothing else is opened as often."""
    return [MenuItem(label=_("Antrean"), endpoint="queue.index", permission="queue.read", icon="list-ol")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel]:
    return [_panel("queue/card.html", panels.standing_of(area))]


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    values = panels.figures_of(area)
    return [_panel("queue/overview.html", values, "queue.report")] if values else None


@hookimpl
def person_panels(person: Person) -> list[Panel]:
    return [_panel("queue/visits.html", panels.of_person(person))]


@hookimpl
def case_panels(case: Case) -> list[Panel]:
    return [_panel("queue/visits.html", panels.of_case(case))]


def _panel(template: str, values: dict[str, Any], permission: str = "queue.read") -> Panel:
    return Panel(title=_("Antrean"), template=template, permission=permission, values=values)


@hookimpl
def public_links(area: Area) -> list[PublicLink]:
    """The board only where it opens without a key."""
    links = [
        PublicLink(label=_("Buat janji datang"), endpoint="queue.public_book", icon="calendar-check"),
        PublicLink(label=_("Permintaan di luar jam buka"), endpoint="queue.ask", icon="moon"),
    ]
    if may_see(area, ""):
        links.append(PublicLink(label=_("Papan antrean"), endpoint="queue.board", icon="display"))
    return links


@hookimpl
def search_results(area: Area, words: str) -> list[SearchResult]:
    """By number, such as A-12, or by the code of a booking."""
    found = [
        SearchResult(
            title=number,
            text=f"{long_date(ticket.day)} · {STATES.get(ticket.state, ticket.state)}",
            endpoint="queue.ticket",
            values={"id": ticket.id},
            permission="queue.read",
        )
        for ticket, number in listing.found_tickets(area.id, words)
    ]
    booking = listing.found_booking(area.id, words)
    if booking is not None:
        found.append(
            SearchResult(
                title=_("Janji %(code)s", code=booking.code),
                text=long_date(booking.day),
                endpoint="queue.booking",
                values={"id": booking.id},
                permission="queue.book",
            )
        )
    return found


@hookimpl
def report_sections(area: Area, month: date) -> list[ReportSection]:
    return sections(area, month)


@hookimpl
def personal_data_erase(person: Person) -> str | None:
    return personal_data.unfinished(person)


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:  # noqa: ARG001 - nothing here asks who acts
    fill(area)
