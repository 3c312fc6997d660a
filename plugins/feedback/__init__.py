"""Survey of satisfaction with the nine elements of Permenpan-RB 14/2017, of finished cases and without names.

What a mark is tied to, and what it never is, stands in ``models.py``.
"""

from datetime import date
from typing import Any

from click import Command
from flask import Blueprint

from core.api import Area, Case, MenuItem, Panel, Permission, Plugin, PublicLink, ReportSection, hookimpl, settings_of
from core.api import lazy_gettext as _

from . import commands as terminal
from . import panels
from .audit_words import DEEDS, OBJECTS
from .demo import fill
from .inviting import invite_when_closed
from .sections import section_of
from .settings import FeedbackSettings
from .views import bp

plugin = Plugin(
    name="feedback",
    title=_("Survei kepuasan"),
    summary=_("IKM sembilan unsur lewat QR, kios, atau kertas; tindak lanjut; komentar yang dijawab"),
    version="1.0.0",
    api="1",
    personal_data=("opinions",),
    settings=FeedbackSettings,
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [terminal.report, terminal.write_sheet]


@hookimpl
def permissions() -> list[Permission]:
    village, overseers = ("village_head", "village_staff"), ("district_officer", "kecamatan_supervisor", "auditor")
    return [
        Permission("feedback.read", _("Melihat hasil survei kepuasan"), (*village, *overseers)),
        Permission("feedback.write", _("Meminta dan memasukkan penilaian"), village),
        Permission("feedback.answer", _("Menjawab dan mengumumkan komentar warga"), village),
        Permission("feedback.decide", _("Memutuskan tindak lanjut survei"), village),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [
        MenuItem(label=_("Survei kepuasan"), endpoint="feedback.index", permission="feedback.read", icon="emoji-smile")
    ]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    values = panels.standing_of(area)
    return [_panel("feedback/card.html", values)] if values else None


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    values = panels.figures_of(area)
    return [_panel("feedback/overview.html", values)] if values else None


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    values = panels.of_case(case)
    return [_panel("feedback/case_panel.html", values)] if values else None


def _panel(template: str, values: dict[str, Any]) -> Panel:
    return Panel(title=_("Survei kepuasan"), template=template, permission="feedback.read", values=values)


@hookimpl
def public_links(area: Area) -> list[PublicLink] | None:
    if not settings_of(area, FeedbackSettings).publish:
        return None
    return [PublicLink(label=_("Kepuasan warga dan tindak lanjutnya"), endpoint="feedback.results", icon="emoji-smile")]


@hookimpl
def report_sections(area: Area, month: date) -> list[ReportSection]:
    return [section_of(area, month)]


@hookimpl
def case_closed(case: Case) -> None:
    invite_when_closed(case)


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:  # noqa: ARG001 - nothing here asks who acts
    fill(area)
