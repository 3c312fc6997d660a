"""Home visits: what is planned, what was found, and a request for one as a service of the village."""

import logging
from collections.abc import Sequence
from datetime import date

import click
from flask import Blueprint

from core.api import (
    Area,
    Case,
    Figure,
    MenuItem,
    Panel,
    Permission,
    Person,
    Plugin,
    ReportSection,
    Service,
    Text,
    Transition,
    area_today,
    commit,
    gettext,
    hookimpl,
)
from core.api import lazy_gettext as _

from . import visits
from .commands import overdue
from .services import request
from .views import bp

log = logging.getLogger("puskesos.homevisit")

plugin = Plugin(
    name="homevisit",
    title=_("Kunjungan rumah"),
    summary=_("Rencana dan hasil kunjungan ke rumah warga"),
    version="1.0.0",
    api="1",
    personal_data=("housing", "health"),
)


# ---- once, at start ----


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def permissions() -> list[Permission]:
    village = ("village_head", "village_staff", "field_worker")
    return [
        Permission("homevisit.read", _("Melihat kunjungan rumah"), (*village, "kecamatan_supervisor", "auditor")),
        Permission("homevisit.write", _("Mencatat kunjungan rumah"), village),
    ]


@hookimpl
def commands() -> list[click.Command]:
    return [overdue]


@hookimpl
def services() -> list[Service]:
    return [request]


# ---- parts of a page ----


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("Kunjungan"), endpoint="homevisit.index", permission="homevisit.read", icon="house-door")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    due = visits.due(area.id, area_today())
    return [_panel(_("Kunjungan yang sudah waktunya"), due)] if due else None


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    found = visits.of_person(case.village_id, case.person_id)
    return [_panel(_("Kunjungan ke warga ini"), found)] if found else None


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    found = visits.of_person(person.village_id, person.id)
    return [_panel(_("Kunjungan ke rumahnya"), found)] if found else None


def _panel(title: Text, rows: list[visits.Visit]) -> Panel:
    return Panel(title=title, template="homevisit/rows.html", permission="homevisit.read", values={"rows": rows})


@hookimpl
def report_sections(area: Area, month: date) -> list[ReportSection]:
    planned, done = visits.in_month(area.id, month)
    figure = Figure(key="homevisit.done", title=_("Kunjungan terlaksana"), amount=done, of=planned, unit="share")
    return [ReportSection(name="homevisit", title=_("Kunjungan rumah"), figures=[figure])]


# ---- decisions ----


@hookimpl
def case_transition_allowed(case: Case, transition: Transition) -> str | None:
    if case.service == request.name and transition.key == "cancel" and visits.was_made(case):
        return gettext("Kunjungan untuk kasus ini sudah dilakukan. Selesaikan kasusnya.")
    return None


# ---- events: what they write, they commit ----


@hookimpl
def case_opened(case: Case) -> None:
    log.info("case_opened %s", case.ticket)
    if case.service == request.name:
        visits.plan(case, case.due_on)
        commit()


@hookimpl
def case_changed(case: Case) -> None:
    log.info("case_changed %s %s", case.ticket, case.state)
    visits.move(case, case.due_on)
    commit()


@hookimpl
def case_closed(case: Case) -> None:
    log.info("case_closed %s %s", case.ticket, case.state)
    visits.call_off(case)
    commit()


@hookimpl
def village_enabled(areas: Sequence[Area]) -> None:
    log.info("village_enabled %s", " ".join(area.code for area in areas))


@hookimpl
def village_disabled(areas: Sequence[Area]) -> None:
    log.info("village_disabled %s", " ".join(area.code for area in areas))
