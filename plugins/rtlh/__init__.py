"""RTLH: the repair of houses unfit to live in. The village proposes, DPKPP decides, the village follows the works."""

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
    Service,
    Transition,
    area_today,
    gettext,
    here,
    hookimpl,
    opened_on,
    settings_of,
    silent_cases,
)
from core.api import lazy_gettext as _

from .audit_words import DEEDS, OBJECTS
from .commands import report
from .demo import fill
from .rulebook import KINDS, aid_rules
from .services import GRANTED, NAMES, repair
from .settings import AgencySettings
from .views import bp
from .works import DONE, aided, figures, waiting_cases, work_of_case

plugin = Plugin(
    name="rtlh",
    title=_("RTLH"),
    summary=_("Rumah tidak layak huni: usulan ke DPKPP, kemajuan dengan foto, belanja, serah terima, laporan akhir"),
    version="1.0.0",
    api="1",
    personal_data=("economy", "photos"),
    deeds=DEEDS,
    objects=OBJECTS,
    settings=AgencySettings,
)


@hookimpl
def services() -> list[Service]:
    return [repair]


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [report]


@hookimpl
def permissions() -> list[Permission]:
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    desk, field = ("village_head", "village_staff"), ("field_worker",)
    return [
        Permission("rtlh.read", _("Melihat rumah yang diperbaiki dan belanjanya"), (*overseers, *desk, *field)),
        Permission("rtlh.write", _("Mencatat pekerjaan, belanja, dan serah terima rumah"), desk),
        Permission("rtlh.progress", _("Mencatat kemajuan rumah dengan foto"), (*desk, *field)),
        Permission("rtlh.photos", _("Melihat foto rumah dan kuitansi"), (*desk, "district_officer")),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("RTLH"), endpoint="rtlh.index", permission="rtlh.read", icon="house-gear")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    """Granted houses whose works nobody follows yet, and what nobody outside has moved for too long."""
    values = {"waiting": waiting_cases(area.id), "silent": silent_cases(area.id, NAMES, area_today())}
    if not any(values.values()):
        return None
    values = {**values, "office": settings_of(area, AgencySettings)}
    return [Panel(title=_("RTLH"), template="rtlh/card.html", permission="rtlh.read", values=values)]


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    found = figures(area)
    if not found.open and not found.done:
        return None
    values = {"figures": found}
    return [Panel(title=_("Rumah diperbaiki"), template="rtlh/figures.html", permission="rtlh.read", values=values)]


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    """What a house may get, whether its family was aided before, and where its works stand."""
    if case.service != repair.name:
        return None
    rule = aid_rules.get(opened_on(here(), case))
    works = aided(case.person)
    values = {
        "case": case,
        "rule": rule,
        "kinds": KINDS,
        "work": next((work for work in works if work.case_id == case.id), None),
        "earlier": [work for work in works if work.case_id != case.id],
        "may_begin": case.state in GRANTED,
    }
    return [Panel(title=_("Perbaikan rumah"), template="rtlh/case_panel.html", permission="rtlh.read", values=values)]


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    works = aided(person)
    if not works:
        return None
    template, values = "rtlh/person_panel.html", {"works": works}
    return [Panel(title=_("Rumahnya pernah dibantu"), template=template, permission="rtlh.read", values=values)]


@hookimpl
def case_transition_allowed(case: Case, transition: Transition) -> str | None:
    """A house is handed over when its works are finished; a case that ends otherwise is rejected or cancelled."""
    if case.service != repair.name or transition.key != "approve":
        return None
    work = work_of_case(case)
    if work is None or work.progress == DONE:
        return None
    return gettext("Pekerjaannya baru %(n)s persen. Catat dulu kemajuan 100 persen dengan fotonya.", n=work.progress)


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)
