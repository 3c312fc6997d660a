"""Newplugin: a partner outside hears when a case is opened and when it is closed."""

import click
from core.api import Case, MenuItem, Permission, Plugin, commit, hookimpl
from core.api import lazy_gettext as _
from flask import Blueprint

from . import outbox
from .commands import send
from .views import bp

plugin = Plugin(
    name="newplugin",
    title=_("Newplugin"),
    summary=_("Mengabari mitra ketika kasus dibuka dan ditutup, tanpa data pribadi"),
    version="1.0.0",
    api="1",
    deeds={"newplugin.sent": _("mengabari mitra tentang kasus %(ticket)s")},
)


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def permissions() -> list[Permission]:
    readers = ("village_head", "village_staff", "auditor")
    return [Permission("newplugin.read", _("Melihat kabar ke mitra"), readers)]


@hookimpl
def menu_items() -> list[MenuItem]:
    page = MenuItem(
        label=_("Newplugin"),
        endpoint="newplugin.index",
        permission="newplugin.read",
        icon="send",
    )
    return [page]


@hookimpl
def commands() -> list[click.Command]:
    return [send]


@hookimpl
def case_opened(case: Case) -> None:
    outbox.queue(case, "opened")
    commit()


@hookimpl
def case_closed(case: Case) -> None:
    outbox.queue(case, "closed")
    commit()
