"""ATENSI: social rehabilitation by cluster (Permensos 7/2021). The village proposes and visits; Dinas Sosial decides.

Cases of children, victims and people with an illness: only who holds ``atensi.read`` sees that there is one.
"""

from click import Command
from flask import Blueprint

from core.api import Area, Case, MenuItem, Panel, Permission, Plugin, Service, area_today, hookimpl
from core.api import lazy_gettext as _

from .clusters import STATES, SUPPORTS
from .commands import write_cases
from .demo import fill
from .plans import plan_of
from .rulebook import handling
from .services import NAMES, READ, SERVICES
from .views import bp

plugin = Plugin(
    name="atensi",
    title=_("ATENSI"),
    summary=_("Rehabilitasi sosial menurut klaster: usulan, rencana layanan, kunjungan; akses dibatasi"),
    version="1.0.0",
    api="1",
    personal_data=("children", "health", "crime"),
    deeds={
        "atensi.support_planned": _("mencatat rencana layanan kasus %(ticket)s"),
        "atensi.support_changed": _("mengubah rencana layanan kasus %(ticket)s"),
        "atensi.visited": _("mencatat kunjungan kasus %(ticket)s tanggal %(day)s"),
        "atensi.list_downloaded": _("mengunduh daftar ATENSI, %(cases)s kasus"),
    },
)


@hookimpl
def services() -> list[Service]:
    return list(SERVICES)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [write_cases]


@hookimpl
def permissions() -> list[Permission]:
    """Not the field workers, the kecamatan or the auditor: to one of them a single case is opened by name."""
    village = ("village_head", "village_staff")
    return [
        Permission(READ, _("Melihat kasus ATENSI"), (*village, "district_officer")),
        Permission("atensi.export", _("Mengunduh daftar ATENSI"), village),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("ATENSI"), endpoint="atensi.index", permission=READ, icon="people")]


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    if case.service not in NAMES:
        return None
    values = {"plan": plan_of(case), "kinds": SUPPORTS, "states": STATES, "rule": handling.at(area_today())}
    return [Panel(title=_("Rencana layanan"), template="atensi/plan.html", permission="cases.read", values=values)]


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)
