"""PBI-JK: health insurance for the poor. The village proposes, the Dinas Sosial recommends, Kemensos decides."""

from collections.abc import Sequence
from datetime import timedelta

from core.api import (
    Area,
    Case,
    Job,
    Panel,
    Person,
    Plugin,
    Service,
    Transition,
    area_today,
    cases_of_person,
    commit,
    follow_ups_due,
    gettext,
    hookimpl,
    settings_of,
    silent_cases,
)
from core.api import lazy_gettext as _

from .membership import CATCH_UP, catch_up, note_membership
from .rulebook import rules
from .services import NAMES, enrolment, reactivation
from .settings import OfficeSettings

plugin = Plugin(
    name="pbi_jk",
    title=_("PBI-JK"),
    summary=_("BPJS gratis: reaktivasi dan pendaftaran lewat Dinas Sosial sampai aktif, dengan cek ulang enam bulan"),
    version="1.0.0",
    api="1",
    personal_data=("health", "identity"),
    settings=OfficeSettings,
    deeds={"pbi_jk.membership_noted": _("mencatat kepesertaan PBI-JK dari kasus %(ticket)s")},
)


@hookimpl
def services() -> list[Service]:
    return [reactivation, enrolment]


@hookimpl
def jobs() -> list[Job]:
    return [CATCH_UP]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    """What nobody outside has moved for too long, and whose reactivation is about to end."""
    today = area_today()
    silent = silent_cases(area.id, NAMES, today)
    ending = follow_ups_due(area.id, NAMES, today + timedelta(days=rules.at(today).look_ahead_days))
    if not silent and not ending:
        return None
    values = {"silent": silent, "ending": ending, "office": settings_of(area, OfficeSettings)}
    return [Panel(title=_("PBI-JK"), template="pbi_jk/attention.html", permission="cases.read", values=values)]


@hookimpl
def person_panels(person: Person) -> list[Panel]:
    values = {"insurance": person.insurance, "cases": cases_of_person(person, NAMES)}
    title = _("Jaminan kesehatan")
    return [Panel(title=title, template="pbi_jk/membership.html", permission="cases.read", values=values)]


@hookimpl
def case_transition_allowed(case: Case, transition: Transition) -> str | None:
    """A proposal for somebody who has died or moved away comes back months later."""
    if case.service not in NAMES or transition.key != "send" or case.person.life_status not in ("dead", "moved"):
        return None
    return gettext("Warga ini tercatat sudah meninggal atau pindah. Periksa data warga lebih dulu.")


@hookimpl
def case_changed(case: Case) -> None:
    note_membership(case)
    commit()


@hookimpl
def village_enabled(areas: Sequence[Area]) -> None:
    catch_up(areas)
