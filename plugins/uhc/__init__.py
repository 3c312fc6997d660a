"""UHC: health cover at the district's expense (PBPU Pemda). The village proposes, the district enrols with BPJS."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from core.api import (
    AidReceived,
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

from .demo import fill
from .membership import CATCH_UP, cover
from .rulebook import rules
from .services import BEFORE_SENDING, NAMES, enrolment
from .settings import OfficeSettings

plugin = Plugin(
    name="uhc",
    title=_("UHC"),
    summary=_("BPJS dari kabupaten (PBPU Pemda): pendaftaran, jalur mendesak bagi pasien di rumah sakit, sampai aktif"),
    version="1.0.0",
    api="1",
    personal_data=("health", "identity"),
    settings=OfficeSettings,
    deeds={"uhc.membership_noted": _("mencatat kepesertaan UHC dari kasus %(ticket)s")},
)


@hookimpl
def services() -> list[Service]:
    return [enrolment]


@hookimpl
def jobs() -> list[Job]:
    return [CATCH_UP]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    """What nobody outside has moved for too long, papers that patients still owe, and who is to be asked again."""
    today = area_today()
    silent = silent_cases(area.id, NAMES, today)
    tasks = follow_ups_due(area.id, NAMES, today + timedelta(days=rules.value("look_ahead_days").on(today)))
    if not silent and not tasks:
        return None
    values = {"silent": silent, "tasks": tasks, "office": settings_of(area, OfficeSettings)}
    return [Panel(title=_("UHC"), template="uhc/attention.html", permission="cases.read", values=values)]


@hookimpl
def case_panels(case: Case) -> list[Panel] | None:
    """That the urgent path is open, or what still goes with it once the proposal is out."""
    if case.service != enrolment.name or not case.urgent or case.closed_at is not None:
        return None
    sent = case.state not in BEFORE_SENDING
    values = {"sent": sent, "days": rules.value("papers_days").on(area_today()), "card": case.data.get("card_number")}
    return [Panel(title=_("Jalur mendesak"), template="uhc/urgent.html", permission="cases.read", values=values)]


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    cases = cases_of_person(person, NAMES)
    if not cases:
        return None
    return [Panel(title=_("UHC"), template="uhc/cases.html", permission="cases.read", values={"cases": cases})]


@hookimpl
def case_transition_allowed(case: Case, transition: Transition) -> str | None:
    """Active without a number is a rumour: the patient needs it at the counter."""
    if case.service != enrolment.name or transition.key != "approve" or case.data.get("card_number"):
        return None
    return gettext("Isi dulu nomor kartu BPJS lewat “Ubah” pada Isian: tanpa nomor, kepesertaan belum terbukti aktif.")


@hookimpl
def case_changed(case: Case) -> None:
    cover.note(case)
    commit()


@hookimpl
def village_enabled(areas: Sequence[Area]) -> None:
    cover.catch_up(areas, CATCH_UP)


@hookimpl
def aid_received(area: Area, people: Collection[UUID]) -> list[AidReceived]:
    return cover.aid_of(area, people, _("UHC"))


@hookimpl
def demo_filled(area: Area, permissions: frozenset[str]) -> None:
    fill(area, permissions)
