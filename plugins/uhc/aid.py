"""Who is covered by UHC, as the village's own data say: a membership, and no money."""

from collections.abc import Collection
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.api import AidReceived, Area, Case, Person, db, gettext
from core.api import lazy_gettext as _

from .services import NAMES

ACTIVE = ("approved", "done")
COVER = "regional"  # of ``Person.insurance``


def aid_of(area: Area, people: Collection[UUID]) -> list[AidReceived]:
    """One query for the residents, and one for the cases through which they got it, where anybody is covered."""
    covered = db.session.execute(
        select(Person.id, Person.updated_at).where(
            Person.village_id == area.id, Person.id.in_(people), Person.insurance == COVER
        )
    ).all()
    if not covered:
        return []
    through = _cases(area.id, [row.id for row in covered])
    return [
        AidReceived(
            programme="uhc",
            title=_("UHC"),
            state="decided",
            source=gettext("kasus %(ticket)s", ticket=case.ticket)
            if (case := through.get(row.id))
            else gettext("data warga"),
            permission="people.read",
            person_id=row.id,
            goods=_("jaminan kesehatan (BPJS)"),
            first_day=_day_of(area, case) if case else None,
            recorded_at=case.state_since if case else row.updated_at,
            endpoint="cases.show" if case else "people.show",
            values={"id": case.id if case else row.id},
        )
        for row in covered
    ]


def _day_of(area: Area, case: Case) -> date:
    """The day where the desk stands, on which it was seen to be active."""
    return case.state_since.astimezone(ZoneInfo(area.timezone)).date()


def _cases(village_id: int, people: Collection[UUID]) -> dict[UUID, Case]:
    """The latest case of each that reached the membership."""
    query = select(Case).where(
        Case.village_id == village_id,
        Case.service.in_(NAMES),
        Case.person_id.in_(people),
        Case.state.in_(ACTIVE),
    )
    return {case.person_id: case for case in db.session.scalars(query.order_by(Case.id))}
