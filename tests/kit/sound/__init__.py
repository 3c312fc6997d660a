"""Notes about residents: a plugin that keeps to the contract, with a little of everything that can be got wrong."""

from collections.abc import Sequence

import click
from flask import Blueprint

from core.api import (
    Area,
    AreaCode,
    Case,
    ImportKind,
    Job,
    MenuItem,
    Panel,
    Permission,
    Person,
    Plugin,
    SearchResult,
    Service,
    hookimpl,
    scope,
)
from core.api import lazy_gettext as _

from . import entries
from .files import NOTES
from .services import help_letter
from .views import bp

plugin = Plugin(
    name="notes",
    title=_("Catatan"),
    summary=_("Catatan tentang warga"),
    version="1.0.0",
    api="1",
    personal_data=("health",),
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def permissions() -> list[Permission]:
    village = ("village_head", "village_staff")
    return [
        Permission("notes.read", _("Melihat catatan"), (*village, "auditor")),
        Permission("notes.write", _("Menulis catatan"), village),
    ]


@hookimpl
def services() -> list[Service]:
    return [help_letter]


@hookimpl
def jobs() -> list[Job]:
    return [Job("notes.pin", _("Menyematkan catatan"), entries.pin_all)]


@hookimpl
def imports() -> list[ImportKind]:
    return [NOTES]


@hookimpl
def commands() -> list[click.Command]:
    return [titles]


@click.command("titles")
@click.argument("village")
def titles(village: str) -> None:
    """The titles of a village's notes."""
    code = AreaCode.parse(village)
    with scope(code):
        click.echo(", ".join(entry.title for entry in entries.newest(code.id)))


@hookimpl
def menu_items() -> list[MenuItem]:
    return [MenuItem(label=_("Catatan"), endpoint="notes.index", permission="notes.read")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    return _panel(entries.newest(area.id))


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    return _panel(entries.of_person(person.village_id, person.id))


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    return _panel(entries.of_person(case.village_id, case.person_id))


@hookimpl
def search_results(area: Area, words: str) -> list[SearchResult]:
    return [
        SearchResult(title=entry.title, endpoint="notes.show", values={"id": entry.id}, permission="notes.read")
        for entry in entries.with_words(area.id, words)
    ]


def _panel(rows: Sequence[entries.Entry]) -> list[Panel] | None:
    if not rows:
        return None
    return [Panel(title=_("Catatan"), template="notes/rows.html", permission="notes.read", values={"rows": rows})]


@hookimpl
def village_disabled(areas: Sequence[Area]) -> None:
    """What was written stays."""
