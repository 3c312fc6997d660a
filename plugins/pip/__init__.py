"""PIP: money for school, and KIP Kuliah. The village proposes, and sees to it that the account is active in time."""

from collections.abc import Collection
from uuid import UUID

from core.api import (
    AidReceived,
    Area,
    Case,
    Panel,
    Person,
    Plugin,
    Service,
    area_today,
    here,
    hookimpl,
)
from core.api import lazy_gettext as _

from .aid import aid_of
from .panels import attention, expected, proposals_of
from .rulebook import college_rules
from .services import college_aid, school_aid

plugin = Plugin(
    name="pip",
    title=_("Program Indonesia Pintar"),
    summary=_("KIP sekolah dan KIP Kuliah: usulan, surat, lalu nominasi, aktivasi rekening, SK, sampai dana cair"),
    version="1.0.0",
    api="1",
    personal_data=("children", "education", "economy"),
)


@hookimpl
def services() -> list[Service]:
    return [school_aid, college_aid]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    """Whose account must be active soon, and what nobody outside has moved for too long."""
    found = attention(area.id, area_today())
    if not found.deadlines and not found.silent:
        return None
    title, values = _("Bantuan sekolah"), {"attention": found}
    return [Panel(title=title, template="pip/attention.html", permission="cases.read", values=values)]


@hookimpl
def aid_received(area: Area, people: Collection[UUID]) -> list[AidReceived]:
    return list(aid_of(area, people))


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    if case.service == college_aid.name and case.closed_at is None:
        values = {"rule": college_rules.at(area_today())}
        return [Panel(title=_("Yang diberikan"), template="pip/living.html", permission="cases.read", values=values)]
    found = expected(here(), case) if case.service == school_aid.name else None
    if found is None:
        return None
    title = _("Aktivasi rekening") if found.until else _("Yang diharapkan")
    return [Panel(title=title, template="pip/expected.html", permission="cases.read", values={"expected": found})]


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    found = proposals_of(person)
    if not found:
        return None
    title, values = _("Bantuan sekolah"), {"proposals": found, "last": found[0]}
    return [Panel(title=title, template="pip/proposals.html", permission="cases.read", values=values)]
