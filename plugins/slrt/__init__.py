"""SLRT: referral upward (Sistem Layanan Rujukan Terpadu), from the village to the Dinas Sosial and beyond.

Referrals are core's. This module says where they should go, gives the Dinas Sosial one list of what all villages have
sent to it, counts how many are answered, and speaks with the district's own system.
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
    Plugin,
    Referral,
    ReportSection,
    hookimpl,
)
from core.api import lazy_gettext as _

from . import commands as terminal
from . import panels
from .audit_words import DEEDS, OBJECTS
from .counting import count_village
from .delivering import deliver_job, note_change
from .demo import fill
from .monthly_report import section_of
from .settings import SlrtSettings
from .tracking import escalate_village
from .views import bp, wide

plugin = Plugin(
    name="slrt",
    title=_("Rujukan berjenjang (SLRT)"),
    summary=_("Rute rujukan, daftar masuk Dinas Sosial, tingkat jawaban, dan hubungan dengan sistem luar"),
    version="1.0.0",
    api="1.1",
    personal_data=("referrals",),
    settings=SlrtSettings,
    deeds=DEEDS,
    objects=OBJECTS,
)

count_job = Job(name="slrt.count", title=_("Menghitung angka rujukan"), run=count_village, nightly=True)
escalate_job = Job(name="slrt.escalate", title=_("Menaikkan rujukan lewat tenggat"), run=escalate_village, nightly=True)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def wide_blueprint() -> Blueprint:
    return wide


@hookimpl
def commands() -> list[Command]:
    return [terminal.rates, terminal.sheet, terminal.deliver]


@hookimpl
def jobs() -> list[Job]:
    return [deliver_job, count_job, escalate_job]


@hookimpl
def permissions() -> list[Permission]:
    """Who passes a referral on answers for the Dinas Sosial, as whoever reads a resident's name in the list does."""
    office = ("district_admin", "district_officer")
    village = ("village_head", "village_staff", "field_worker")
    overseers = (*office, "kecamatan_supervisor", "auditor")
    return [
        Permission("slrt.inbox", _("Melihat daftar rujukan ke Dinas Sosial"), office),
        Permission("slrt.assign", _("Menugaskan petugas dan menulis catatan dalam"), office),
        Permission("slrt.forward", _("Meneruskan rujukan ke lembaga lain"), ("district_officer",)),
        Permission("slrt.route", _("Menetapkan rute rujukan"), office),
        Permission("slrt.rates", _("Melihat tingkat jawaban dan yang selesai di desa"), (*overseers, "village_head")),
        Permission("slrt.deliveries", _("Melihat dan mengulang pemberitahuan ke sistem luar"), office),
        Permission("slrt.upward", _("Melihat saran rujukan ke atas"), village),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    inbox, rates = "slrt-wide.index", "slrt-wide.rates"
    return [
        MenuItem(label=_("Rujukan SLRT"), endpoint=inbox, permission="slrt.inbox", icon="inboxes"),
        MenuItem(label=_("Angka rujukan"), endpoint=rates, permission="slrt.rates", icon="bar-chart"),
    ]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel]:
    return [_panel("slrt/card.html", panels.upward_of(area), "slrt.upward", _("Rujukan ke atas"))]


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    values = panels.figures_of(area)
    return [_panel("slrt/overview.html", values, "slrt.rates", _("Rujukan berjenjang (SLRT)"))] if values else None


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    if case.closed_at is not None:
        return None
    return [_panel("slrt/on_case.html", {"case_id": case.id}, "slrt.upward", _("Rujukan ke atas"))]


def _panel(template: str, values: dict[str, Any], permission: str, title: Any) -> Panel:
    return Panel(title=title, template=template, permission=permission, values=values)


@hookimpl
def referral_changed(referral: Referral) -> None:
    note_change(referral)


@hookimpl
def report_sections(area: Area, month: date) -> list[ReportSection]:
    return [section_of(area, month)]


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)
