"""Newplugin: notes about residents, shown beside what core shows of them."""

from core.api import Case, Panel, Permission, Person, Plugin, hookimpl
from core.api import lazy_gettext as _
from flask import Blueprint

from . import notes
from .views import bp

plugin = Plugin(
    name="newplugin",
    title=_("Newplugin"),
    summary=_("Catatan tentang warga, di halaman warga dan kasusnya"),
    version="1.0.0",
    api="1",
    personal_data=("notes",),
    deeds={"newplugin.note_added": _("menulis catatan tentang warga")},
    objects={"note": _("catatan")},
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def permissions() -> list[Permission]:
    village = ("village_head", "village_staff", "field_worker")
    return [
        Permission("newplugin.read", _("Membaca catatan tentang warga"), village),
        Permission("newplugin.write", _("Menulis catatan tentang warga"), village),
    ]


@hookimpl
def person_panels(person: Person) -> list[Panel]:
    return [_panel(person)]


@hookimpl
def case_panels(case: Case) -> list[Panel]:
    return [_panel(case.person)]


def _panel(person: Person) -> Panel:
    return Panel(
        title=_("Newplugin"),
        template="newplugin/panel.html",
        permission="newplugin.read",
        values={"person": person, "notes": notes.about(person)},
    )
