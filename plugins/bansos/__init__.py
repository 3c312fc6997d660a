"""Bansos: Sembako/BPNT and the trouble with its card, and the handing out of any aid in a village.

Kemensos decides about Sembako; the village proposes and follows up. Of what is handed out here the village keeps who
was to get it, who took it, and who has not come yet.
"""

from collections.abc import Collection
from uuid import UUID

from click import Command
from flask import Blueprint

from core.api import (
    AidReceived,
    Area,
    Case,
    ImportKind,
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
    settings_of,
)
from core.api import lazy_gettext as _

from .aid import aid_of
from .audit_words import DEEDS, OBJECTS
from .commands import list_unfetched
from .demo import fill
from .panels import advice_for, attention, received_by
from .recipient_files import RECIPIENTS
from .services import NAMES, card, food
from .settings import DistributionSettings
from .views import bp

plugin = Plugin(
    name="bansos",
    title=_("Bansos"),
    summary=_("Usulan Sembako/BPNT, masalah KKS, dan penyaluran bantuan: daftar penerima, penyerahan, tanda terima"),
    version="1.0.0",
    api="1",
    personal_data=("economy", "photos"),
    deeds=DEEDS,
    objects=OBJECTS,
    settings=DistributionSettings,
)


@hookimpl
def services() -> list[Service]:
    return [food, card]


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [list_unfetched]


@hookimpl
def imports() -> list[ImportKind]:
    return [RECIPIENTS]


@hookimpl
def permissions() -> list[Permission]:
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    desk, field = ("village_head", "village_staff"), ("field_worker",)
    return [
        Permission("bansos.read", _("Melihat penyaluran bantuan dan penerimanya"), (*overseers, *desk, *field)),
        Permission("bansos.write", _("Mencatat penyaluran bantuan dan daftar penerimanya"), desk),
        Permission("bansos.hand_over", _("Menyerahkan bantuan dan memotret penyerahannya"), (*desk, *field)),
        Permission("bansos.photos", _("Melihat foto penyerahan bantuan"), desk),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("Bansos"), endpoint="bansos.index", permission="bansos.read", icon="box-seam")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    found = attention(area.id, area_today())
    if found is None:
        return None
    values = {"waiting": found.waiting, "silent": found.silent, "today": area_today()}
    return [Panel(title=_("Bansos"), template="bansos/card.html", permission="bansos.read", values=values)]


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    advice = advice_for(here(), case) if case.service in NAMES else None
    if advice is None:
        return None
    template = "bansos/case_panel.html"
    return [
        Panel(title=_("Yang perlu diketahui"), template=template, permission="cases.read", values={"advice": advice})
    ]


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    rows = received_by(person)
    if not rows:
        return None
    template = "bansos/person_panel.html"
    return [Panel(title=_("Bantuan yang diterima"), template=template, permission="bansos.read", values={"rows": rows})]


@hookimpl
def aid_received(area: Area, people: Collection[UUID]) -> list[AidReceived]:
    return aid_of(area, people)


@hookimpl
def case_transition_allowed(case: Case, transition: Transition) -> str | None:
    """A village may want its musdes to agree before a family is proposed to others."""
    if case.service != food.name or transition.key != "send" or case.state == "agreed":
        return None
    if settings_of(here(), DistributionSettings).musdes != "required":
        return None
    return gettext("Di desa ini usulan dibahas musdes lebih dulu. Pilih “Ajukan ke musdes”.")


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)
