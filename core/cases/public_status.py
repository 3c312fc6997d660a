"""How far a case is, for whoever knows its ticket and the last four digits of the resident's NIK."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.database.session import db
from core.people.models import ERASED, Person

from .catalogue import find_service
from .checklist import checklist, missing
from .models import Case
from .standing import bar_of, deadline_of, state_of, waits_outside


@dataclass(frozen=True)
class PublicStatus:
    """Nothing of this names a person. ``deadline``: what ``due_on`` is called where it is the resident's to keep."""

    ticket: str
    service: str
    state: str
    waits_for: str
    steps: list[tuple[str, str]]
    wanted: list[str]
    since: datetime
    due_on: date | None
    deadline: str = ""


def find_status(village_id: int, ticket: str, digits: str) -> PublicStatus | None:
    """None for a wrong ticket and for wrong digits alike. A resident without NIK gives the day and month of birth."""
    row = db.session.execute(
        select(Case, Person.nik, Person.birth_date)
        .join(Person, (Person.village_id == Case.village_id) & (Person.id == Case.person_id))
        .where(Case.village_id == village_id, Case.ticket == ticket.upper(), Person.life_status != ERASED)
    ).first()
    if row is None:
        return None
    secret = row.nik[-4:] if row.nik else f"{row.birth_date:%d%m}"
    if not hmac.compare_digest(secret.encode(), digits.encode()):
        return None
    return _status(row.Case)


def _status(case: Case) -> PublicStatus:
    """Also of a case whose plugin is gone: the resident is told to ask, not that the ticket is wrong."""
    service = find_service(case.service)
    state = state_of(case, service)
    return PublicStatus(
        ticket=case.ticket,
        service=str(service.title) if service else _("Layanan desa"),
        state=str(state.title) if state else _("Sedang diproses, tanyakan ke petugas puskesos"),
        waits_for=str(state.waits_for or "") if state else "",
        steps=bar_of(case, service),
        wanted=[str(requirement.title) for requirement in missing(checklist(case, service))] if service else [],
        since=case.state_since,
        due_on=None if case.closed_at or waits_outside(case, service) else case.due_on,
        deadline=str(deadline_of(case, service) or ""),
    )
