"""PBI-JK: health insurance for the poor. The village proposes, the Dinas Sosial recommends, Kemensos decides."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from click import Command
from flask import Blueprint

from core.api import (
    AidReceived,
    Area,
    Case,
    ImportKind,
    Job,
    MenuItem,
    Panel,
    Permission,
    Person,
    Plugin,
    Service,
    area_today,
    cases_of_person,
    commit,
    follow_ups_due,
    hookimpl,
    settings_of,
    silent_cases,
)
from core.api import lazy_gettext as _

from .audit_words import DEEDS, OBJECTS
from .batches import told_in_letters
from .calls import link_case
from .commands import members
from .demo import fill
from .list_files import MEMBERS
from .membership import CATCH_UP, cover
from .personal_data import erase
from .progress import Progress, progress_in
from .rulebook import rules
from .services import NAMES, enrolment, reactivation
from .settings import OfficeSettings
from .views import bp

plugin = Plugin(
    name="pbi_jk",
    title=_("PBI-JK"),
    summary=_("BPJS gratis: reaktivasi, juga banyak sekaligus, dan pendaftaran lewat Dinas Sosial sampai aktif"),
    version="1.0.0",
    api="1",
    personal_data=("health", "identity"),
    settings=OfficeSettings,
    deeds=DEEDS,
    objects=OBJECTS,
)


@hookimpl
def services() -> list[Service]:
    return [reactivation, enrolment]


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[Command]:
    return [members]


@hookimpl
def permissions() -> list[Permission]:
    desk = ("village_head", "village_staff")
    return [
        Permission("pbi_jk.lists", _("Melihat daftar nonaktif PBI-JK"), (*desk, "field_worker", "auditor")),
        Permission("pbi_jk.call", _("Mencatat panggilan PBI-JK"), (*desk, "field_worker")),
        Permission("pbi_jk.import", _("Memasukkan dan membagi daftar nonaktif PBI-JK"), desk),
        Permission(
            "pbi_jk.progress",
            _("Melihat kemajuan daftar nonaktif PBI-JK"),
            (*desk, "field_worker", "district_admin", "district_officer", "kecamatan_supervisor", "auditor"),
        ),
    ]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("PBI nonaktif"), endpoint="pbi_jk.index", permission="pbi_jk.lists", icon="telephone")]


@hookimpl
def imports() -> list[ImportKind]:
    return [MEMBERS]


@hookimpl
def jobs() -> list[Job]:
    return [CATCH_UP]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    """What nobody outside has moved for too long, whose reactivation is about to end, and how far the lists are."""
    today = area_today()
    silent = silent_cases(area.id, NAMES, today)
    ending = follow_ups_due(area.id, NAMES, today + timedelta(days=rules.at(today).look_ahead_days))
    cards = []
    if silent or ending:
        values = {"silent": silent, "ending": ending, "office": settings_of(area, OfficeSettings)}
        cards.append(Panel(title=_("PBI-JK"), template="pbi_jk/attention.html", permission="cases.read", values=values))
    progress = progress_in(area)
    return [*cards, _progress(progress)] if progress.members else cards or None


@hookimpl
def overview_cards(area: Area) -> list[Panel] | None:
    progress = progress_in(area)
    return [_progress(progress)] if progress.members else None


def _progress(progress: Progress) -> Panel:
    title, template = _("Daftar PBI-JK nonaktif"), "pbi_jk/progress.html"
    return Panel(title=title, template=template, permission="pbi_jk.progress", values={"progress": progress})


@hookimpl
def person_panels(person: Person) -> list[Panel]:
    values = {"insurance": person.insurance, "cases": cases_of_person(person, NAMES)}
    title = _("Jaminan kesehatan")
    return [Panel(title=title, template="pbi_jk/membership.html", permission="cases.read", values=values)]


@hookimpl
def case_opened(case: Case) -> None:
    if case.service == reactivation.name and link_case(case):
        commit()


@hookimpl
def case_changed(case: Case) -> None:
    cover.note(case)
    commit()


@hookimpl
def village_enabled(areas: Sequence[Area]) -> None:
    cover.catch_up(areas, CATCH_UP)


@hookimpl
def aid_received(area: Area, people: Collection[UUID]) -> list[AidReceived]:
    return cover.aid_of(area, people, _("PBI-JK"))


@hookimpl
def demo_filled(area: Area) -> None:
    fill(area)


@hookimpl
def personal_data_export(person: Person) -> dict[str, Any] | None:
    return told_in_letters(person)


@hookimpl
def personal_data_erase(person: Person) -> None:
    erase(person)
