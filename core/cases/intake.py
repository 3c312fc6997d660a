"""Opening a case: who, what, through which channel, and who reports it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.clock import today
from core.database.session import after_commit, db
from core.people.models import Person
from core.platform import platform
from core.rules.rulebook import value_on
from core.texts import lazy_gettext as _

from .checklist import start_checklist
from .deadlines import promised
from .errors import CaseError
from .judging import rule_version
from .models import Case
from .numbering import next_number
from .restricted import is_open_to_me, readers_of
from .service import Service
from .timeline import note_event

CHANNELS = {
    "desk": _("Datang ke meja"),
    "phone": _("WhatsApp atau telepon"),
    "visit": _("Kunjungan rumah"),
    "field_worker": _("Lewat PSM atau kader"),
}
PRIORITIES = {"normal": _("Biasa"), "urgent": _("Mendesak")}


@dataclass(frozen=True)
class Intake:
    """What the clerk notes when somebody comes with a wish. The reporter may be another than the subject."""

    channel: str
    answers: Mapping[str, Any]
    priority: str = "normal"
    reporter_name: str = ""
    reporter_relation: str = ""
    reporter_phone: str = ""
    note: str = ""
    privacy_notice_given: bool = False
    assigned_to: UUID | None = field(default=None)


def open_case(area: CurrentArea, service: Service, person: Person, intake: Intake) -> Case:
    """Take a case in: ticket, due date, checklist, first line of the timeline. The caller commits.

    The due date is what the service standard promises, in working days from today where the desk stands; today itself
    when the clerk or the answers say that it is urgent.

    Raises:
        CaseError: the service is restricted, and who asks may not see its cases.
    """
    if not is_open_to_me(service):
        raise CaseError(only_who_may())
    day = today(area.timezone)
    start = service.workflow.state(service.workflow.start)
    priority = "urgent" if service.urgent(intake.answers) else intake.priority
    number = next_number(area.id, "case", day.year)
    case = Case(
        village_id=area.id,
        ticket=f"{area.ticket_prefix or area.code[-4:]}-{day:%y}-{number:04d}",
        service=service.name,
        state=start.key,
        waiting=start.kind == "waiting",
        person_id=person.id,
        household_id=person.household_id,
        channel=intake.channel,
        priority=priority,
        reporter_name=intake.reporter_name,
        reporter_relation=intake.reporter_relation,
        reporter_phone=intake.reporter_phone,
        privacy_notice_given=intake.privacy_notice_given,
        note=intake.note,
        data=dict(intake.answers),
        rule_version=rule_version(service, day),
        readers=readers_of(service),
        due_on=promised(day, value_on(service.standard.time_days, day), urgent=priority == "urgent"),
        assigned_to=intake.assigned_to or current_actor.get().user_id,
        opened_by=current_actor.get().user_id,
    )
    db.session.add(case)
    db.session.flush()
    start_checklist(case, service)
    note_event(case, "opened", to_state=case.state, channel=intake.channel)
    announce("case_opened", case, area)
    return case


def only_who_may() -> str:
    """What somebody is told who may not see the cases of a restricted service."""
    return gettext("Kasus layanan ini hanya dikerjakan petugas yang berwenang atasnya. Antarkan warga kepadanya.")


def open_case_of(person: Person, service: Service) -> Case | None:
    """The case that this resident has going already for the same service: perhaps what is about to be opened twice."""
    return db.session.scalar(
        select(Case)
        .where(
            Case.village_id == person.village_id,
            Case.person_id == person.id,
            Case.service == service.name,
            Case.closed_at.is_(None),
        )
        .order_by(Case.opened_at.desc())
        .limit(1)
    )


def announce(event: str, case: Case, area: CurrentArea) -> None:
    """Tell the village's plugins once the deed is committed."""
    hooks = platform().hooks_for(area.enabled)

    def tell() -> None:
        hooks.emit(event, case=case)

    after_commit(tell)
