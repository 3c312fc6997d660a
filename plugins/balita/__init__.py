"""Balita: what Posyandu measures of children under five, against the WHO standards, and who should see the Puskesmas.

The Puskesmas examines and decides; the village measures, reminds, hands out food and refers. Never a diagnosis.
"""

from flask import Blueprint

from core.api import Area, ImportKind, MenuItem, Panel, Permission, Person, Plugin, Service, hookimpl
from core.api import lazy_gettext as _

from .audit_words import DEEDS, OBJECTS
from .demo import fill
from .measurement_files import MEASUREMENTS
from .panels import due_in, standing_of
from .rulebook import CATEGORIES, INDEXES, SHORT
from .services import referral
from .values import written
from .views import bp

plugin = Plugin(
    name="balita",
    title=_("Balita"),
    summary=_("Hasil ukur Posyandu, grafik pertumbuhan WHO, PMT, dan rujukan ke Puskesmas"),
    version="1.0.0",
    api="1",
    personal_data=("children", "health"),
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def services() -> list[Service]:
    return [referral]


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def imports() -> list[ImportKind]:
    return [MEASUREMENTS]


@hookimpl
def permissions() -> list[Permission]:
    """A child's figures are for those who measure and help; who oversees the village sees counts."""
    village = ("village_head", "village_staff", "field_worker")
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("balita.read", _("Melihat data pertumbuhan balita"), village),
        Permission("balita.write", _("Mencatat hasil ukur dan PMT balita"), ("village_staff", "field_worker")),
        Permission("balita.import", _("Mengimpor berkas hasil ukur balita"), ("village_staff",)),
        Permission("balita.report", _("Melihat laporan bulanan balita"), (*village, *overseers)),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("Balita"), endpoint="balita.index", permission="balita.read", icon="rulers")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    values = due_in(area)
    template = "balita/card.html"
    return [Panel(title=_("Balita"), template=template, permission="balita.report", values=values)] if values else None


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    standing = standing_of(person)
    if standing is None:
        return None
    values = {
        "standing": standing,
        "indexes": INDEXES,
        "short": SHORT,
        "categories": CATEGORIES,
        "written": written,
    }
    template = "balita/person_panel.html"
    return [Panel(title=_("Pertumbuhan balita"), template=template, permission="balita.read", values=values)]


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)
