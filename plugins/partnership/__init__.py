"""Kemitraan: who the village works with, what was agreed, what stands in the way, and how well it goes, as numbers.

Four components after Xue et al. (2020) and The Partnering Initiative: relationship, engagement, influence, barrier.
"""

from collections.abc import Sequence
from datetime import date

from click import Command
from flask import Blueprint

from core.api import Area, Job, MenuItem, Panel, Permission, Plugin, ReportSection, SearchResult, hookimpl
from core.api import lazy_gettext as _

from . import commands as terminal
from . import demo, panels, partners, report
from .audit_words import DEEDS, OBJECTS
from .scorecard.board import keep
from .views import bp, wide
from .words import KINDS

plugin = Plugin(
    name="partnership",
    title=_("Kemitraan"),
    summary=_("Mitra, perjanjian, hambatan, pertemuan bulanan, dan rapor empat komponen"),
    version="1.0.0",
    api="1",
    deeds=DEEDS,
    objects=OBJECTS,
)

KEEP = Job("partnership.keep", _("Menetapkan rapor kemitraan bulan lalu"), keep, nightly=True)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def wide_blueprint() -> Blueprint:
    return wide


@hookimpl
def jobs() -> list[Job]:
    return [KEEP]


@hookimpl
def commands() -> list[Command]:
    return [terminal.scorecard]


@hookimpl
def permissions() -> list[Permission]:
    """A partner's officer sees the partner's own and nothing else; the offices above a village can be partners too."""
    village = ("village_head", "village_staff")
    overseers = ("district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("partnership.read", _("Melihat kemitraan"), (*village, "field_worker", *overseers)),
        Permission("partnership.write", _("Mencatat kemitraan"), village),
        Permission("partnership.close", _("Menutup notulen pertemuan mitra"), ("village_head",)),
        Permission(
            "partnership.own",
            _("Melihat kemitraan lembaga sendiri"),
            ("partner_officer", "district_officer", "kecamatan_supervisor"),
        ),
        Permission("partnership.oversee", _("Melihat kemitraan semua desa"), overseers),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    title, own = _("Kemitraan"), _("Kemitraan kami")
    return [
        MenuItem(label=title, endpoint="partnership.index", permission="partnership.read", icon="people"),
        MenuItem(label=title, endpoint="partnership-wide.index", permission="partnership.oversee", icon="people"),
        MenuItem(label=own, endpoint="partnership.list_own", permission="partnership.own", icon="person-badge"),
        MenuItem(label=own, endpoint="partnership-wide.list_own", permission="partnership.own", icon="person-badge"),
    ]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel]:
    values = panels.due_in(area)
    return [Panel(title=_("Kemitraan"), template="partnership/card.html", permission="partnership.read", values=values)]


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    values = panels.standing_of(area)
    if values is None:
        return None
    template = "partnership/overview.html"
    return [Panel(title=_("Kemitraan"), template=template, permission="partnership.oversee", values=values)]


@hookimpl
def report_sections(area: Area, month: date) -> Sequence[ReportSection]:
    return [report.section_of(area, month)]


@hookimpl
def search_results(area: Area, words: str) -> list[SearchResult]:
    return [
        SearchResult(
            title=row.title,
            text=KINDS.get(row.kind_code, row.kind_code),
            endpoint="partnership.partner",
            values={"id": row.id},
            permission="partnership.read",
        )
        for row in partners.found_by(area.id, words)
    ]


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    demo.fill(area, permissions)
