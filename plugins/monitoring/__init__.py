"""Pemantauan: figures of villages, kecamatan and districts, the monthly report, and what of it anybody may read."""

from click import Command
from flask import Blueprint

from core.api import Area, Job, MenuItem, Permission, Plugin, PublicLink, hookimpl, settings_of
from core.api import lazy_gettext as _

from . import commands as terminal
from .audit_words import DEEDS, OBJECTS
from .demo import fill
from .roll_up import ROLL_UP
from .settings import MonitoringSettings
from .views import bp, wide

plugin = Plugin(
    name="monitoring",
    title=_("Pemantauan"),
    summary=_("Angka desa, kecamatan, dan kabupaten; laporan bulanan ke Dinas Sosial; data terbuka"),
    version="1.0.0",
    api="1",
    settings=MonitoringSettings,
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
    return [terminal.roll_up, terminal.report, terminal.open_data]


@hookimpl
def jobs() -> list[Job]:
    return [ROLL_UP]


@hookimpl
def permissions() -> list[Permission]:
    """Who works on whose desk is a matter between the kepala desa and the staff: above the village there are counts."""
    village = ("village_head", "village_staff", "field_worker")
    overseers = ("district_admin", "district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("monitoring.read", _("Melihat angka dan laporan bulanan"), (*village, *overseers)),
        Permission("monitoring.staff", _("Melihat beban kerja tiap petugas"), ("village_head",)),
        Permission("monitoring.send", _("Menyusun dan mengirim laporan bulanan"), ("village_head", "village_staff")),
        Permission("monitoring.receive", _("Memeriksa dan mengembalikan laporan desa"), ("district_officer",)),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [
        MenuItem(label=_("Angka"), endpoint="monitoring.index", permission="monitoring.read", icon="bar-chart"),
        MenuItem(
            label=_("Laporan bulanan"),
            endpoint="monitoring.list_reports",
            permission="monitoring.read",
            icon="file-earmark-bar-graph",
        ),
        MenuItem(label=_("Angka"), endpoint="monitoring-wide.index", permission="monitoring.read", icon="bar-chart"),
        MenuItem(
            label=_("Laporan desa"),
            endpoint="monitoring-wide.received",
            permission="monitoring.read",
            icon="file-earmark-bar-graph",
        ),
    ]


@hookimpl
def public_links(area: Area) -> list[PublicLink] | None:
    """Where the village publishes its counts."""
    if not settings_of(area, MonitoringSettings).publish:
        return None
    return [PublicLink(label=_("Data terbuka: layanan dalam angka"), endpoint="monitoring.village_open", icon="table")]


@hookimpl(trylast=True)
def demo_filled(area: Area, permissions: frozenset[str]) -> None:  # noqa: ARG001 - nothing here asks who acts
    """After all others, whose cases and aid are counted."""
    fill(area)
