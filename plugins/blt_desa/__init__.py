"""BLT Dana Desa: cash from the village fund. The village itself decides who gets it, in a musyawarah desa khusus."""

from collections.abc import Sequence

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
    hookimpl,
)
from core.api import lazy_gettext as _

from .audit_words import DEEDS, OBJECTS
from .demo import fill
from .leaving import note_unfinished
from .objections import objection
from .panels import place_of, years_of
from .payments import unpaid_until
from .services import aid
from .views import bp

plugin = Plugin(
    name="blt_desa",
    title=_("BLT Dana Desa"),
    summary=_("Pendataan calon, musdes khusus, berita acara, SK kepala desa, pembayaran dan tanda terima"),
    version="1.0.0",
    api="1",
    personal_data=("economy", "health"),
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def services() -> list[Service]:
    return [aid]


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def permissions() -> list[Permission]:
    readers = ("district_officer", "kecamatan_supervisor", "village_head", "village_staff", "auditor")
    return [
        Permission("blt_desa.read", _("Melihat SK dan pembayaran BLT"), readers),
        Permission("blt_desa.write", _("Mencatat pembayaran BLT"), ("village_head", "village_staff")),
        Permission("blt_desa.decide", _("Memutuskan BLT dan mengganti penerima"), ("village_head",)),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("BLT Desa"), endpoint="blt_desa.index", permission="blt_desa.read", icon="cash-coin")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    unpaid = unpaid_until(area.id, area_today())
    if not unpaid:
        return None
    values = {"unpaid": unpaid}
    return [Panel(title=_("BLT Dana Desa"), template="blt_desa/card.html", permission="blt_desa.read", values=values)]


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    line = place_of(case) if case.service == aid.name else None
    if line is None:
        return None
    template = "blt_desa/case_panel.html"
    return [Panel(title=_("SK dan pembayaran"), template=template, permission="blt_desa.read", values={"line": line})]


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    years = years_of(person)
    if not years:
        return None
    template = "blt_desa/person_panel.html"
    return [Panel(title=_("BLT yang diterima"), template=template, permission="blt_desa.read", values={"years": years})]


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)


@hookimpl
def case_transition_allowed(case: Case, transition: Transition) -> str | None:
    """What was decreed and paid stands on the plugin's own pages; the case's steps follow it."""
    return objection(case, transition) if case.service == aid.name else None


@hookimpl
def village_disabled(areas: Sequence[Area]) -> None:
    note_unfinished(areas)
