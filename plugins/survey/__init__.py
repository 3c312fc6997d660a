"""Survey: what a home is like, asked and seen by a worker of the village and countersigned by a second one.

It comes to three outputs that are kept apart: which items of Kepmensos 262/HUK/2022 hold, the count of BPS's fourteen,
and what differs from the records. Never a decile, which is the government's.
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
    ReportSection,
    Transition,
    hookimpl,
)
from core.api import lazy_gettext as _

from .audit_words import DEEDS, OBJECTS
from .commands import drop_photos, export
from .demo import fill
from .panels import of_case, of_person, waiting
from .personal_data import erase_around
from .photos import DROP_OLD
from .report import section_of
from .requirement import objection
from .settings import SurveySettings
from .views import bp

plugin = Plugin(
    name="survey",
    title=_("Survei rumah"),
    summary=_(
        "Kunjungan ke rumah: Kepmensos 262, 14 kriteria BPS, perubahan data DTSEN, foto, tanda tangan orang kedua"
    ),
    version="1.0.0",
    api="1",
    personal_data=("economy", "health", "photos"),
    deeds=DEEDS,
    objects=OBJECTS,
    settings=SurveySettings,
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [export, drop_photos]


@hookimpl
def jobs() -> list[Job]:
    return [DROP_OLD]


@hookimpl
def permissions() -> list[Permission]:
    """A home is for those who help its people; who oversees the village sees counts."""
    desk, field = ("village_head", "village_staff"), ("field_worker",)
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("survey.read", _("Melihat survei rumah"), (*desk, *field)),
        Permission("survey.write", _("Mengisi survei rumah dan memotret rumahnya"), ("village_staff", *field)),
        Permission("survey.photos", _("Melihat foto survei rumah"), (*desk, *field)),
        Permission("survey.countersign", _("Menandatangani survei rumah sebagai orang kedua"), (*desk, *field)),
        Permission("survey.assign", _("Meminta, menugaskan, dan membatalkan survei rumah"), desk),
        Permission("survey.report", _("Melihat laporan survei rumah"), (*desk, *overseers)),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("Survei rumah"), endpoint="survey.index", permission="survey.read", icon="house-check")]


@hookimpl
def dashboard_cards(area: Area, user: Any) -> list[Panel] | None:
    values = waiting(area, user.id)
    template = "survey/card.html"
    return (
        [Panel(title=_("Survei rumah"), template=template, permission="survey.read", values=values)] if values else None
    )


@hookimpl
def report_sections(area: Area, month: date) -> list[ReportSection]:
    return [section_of(area, month)]


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    values = of_case(case)
    return [_panel(values)] if values else None


@hookimpl
def person_panels(person: Person) -> list[Panel]:
    return [_panel(of_person(person))]


def _panel(values: dict[str, Any]) -> Panel:
    return Panel(title=_("Survei rumah"), template="survey/panel.html", permission="survey.read", values=values)


@hookimpl
def case_transition_allowed(case: Case, transition: Transition) -> str | None:
    return objection(case, transition)


@hookimpl
def personal_data_erase(person: Person) -> None:
    erase_around(person)


@hookimpl
def demo_filled(area: Area) -> None:
    fill(area)
