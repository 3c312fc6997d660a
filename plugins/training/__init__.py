"""Pelatihan: what the Dinas Sosial trains the villages' people for, who was there, and who may do what until when.

Nobody is kept from working: a missing training is a warning, for the queue stands at the desk today.
"""

from datetime import date

from click import Command
from flask import Blueprint

from core.api import Area, Case, Job, MenuItem, Panel, Permission, Plugin, ReportSection, hookimpl
from core.api import lazy_gettext as _

from . import commands as terminal
from . import panels, report
from .audit_words import DEEDS, OBJECTS
from .demo import fill
from .qualifications import TAKE_OVER
from .settings import TrainingSettings
from .views import bp, wide

plugin = Plugin(
    name="training",
    title=_("Pelatihan"),
    summary=_("Pelatihan petugas, kehadiran, materi, sertifikat ber-QR, dan siapa cakap untuk layanan apa"),
    version="1.0.0",
    api="1.2",
    settings=TrainingSettings,
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
def permissions() -> list[Permission]:
    village = ("village_head", "village_staff", "field_worker")
    overseers = ("district_admin", "district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("training.read", _("Melihat pelatihan dan sertifikat petugas desanya"), village),
        Permission("training.oversee", _("Melihat pelatihan dan kecakapan petugas semua desa"), overseers),
        Permission("training.manage", _("Mengadakan pelatihan"), ("district_admin", "district_officer")),
    ]


@hookimpl
def commands() -> list[Command]:
    return [terminal.people, terminal.take_over]


@hookimpl
def jobs() -> list[Job]:
    return [TAKE_OVER]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [
        MenuItem(label=_("Pelatihan"), endpoint="training.index", permission="training.read", icon="mortarboard"),
        MenuItem(
            label=_("Pelatihan"), endpoint="training-wide.index", permission="training.oversee", icon="mortarboard"
        ),
    ]


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    values = panels.warning_of_case(case)
    if values is None:
        return None
    return [Panel(title=_("Pelatihan"), template="training/warning.html", permission="training.read", values=values)]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    values = panels.lacking(area)
    if values is None:
        return None
    title = _("Pelatihan Anda")
    return [Panel(title=title, template="training/lacking.html", permission="training.read", values=values)]


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    values = panels.coverage_of(area)
    if values is None:
        return None
    title = _("Petugas terlatih")
    return [Panel(title=title, template="training/overview.html", permission="training.oversee", values=values)]


@hookimpl
def report_sections(area: Area, month: date) -> list[ReportSection]:
    return report.sections(area, month)


@hookimpl
def demo_filled(area: Area) -> None:
    fill(area)
