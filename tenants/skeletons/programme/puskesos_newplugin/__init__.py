"""Newplugin: who this plugin is, and what it adds."""

from core.api import Panel, Person, Plugin, Service, cases_of_person, hookimpl
from core.api import lazy_gettext as _

from .services import aid

plugin = Plugin(
    name="newplugin",
    title=_("Newplugin"),
    summary=_("Usulan, penetapan kepala desa, dan surat keterangan"),
    version="1.0.0",
    api="1",
    personal_data=("economy",),
)


@hookimpl
def services() -> list[Service]:
    return [aid]


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    """What this resident has asked for before: on the resident's page, for who may read cases."""
    cases = cases_of_person(person, [aid.name])
    if not cases:
        return None
    panel = Panel(
        title=_("Newplugin"),
        template="newplugin/panel.html",
        permission="cases.read",
        values={"cases": cases},
    )
    return [panel]
