"""Taking an emergency call: few words, at once, whatever the hour, and once however often its form is sent."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.api import Area, db, record

from .models import Escort, EscortEntry
from .rulebook import follow_up_by


@dataclass(frozen=True)
class Call:
    """What the caller says. ``id`` is drawn with the form; ``minutes_ago`` is for who writes it down afterwards."""

    place: str
    condition: str = ""
    caller_name: str = ""
    caller_phone: str = ""
    patient_name: str = ""
    jkn: str = "unknown"
    transport: str = ""
    escort_name: str = ""
    minutes_ago: int = 0
    id: UUID = field(default_factory=uuid4)


class TakenBefore(Exception):
    """The same form was sent before, perhaps because its answer was lost on the way."""


def take_call(area: Area, call: Call, at: datetime, *, by: UUID | None) -> Escort:
    """Begin an escort at the moment ``at``, less the minutes that have passed. The caller commits.

    Raises:
        TakenBefore: the form was sent before.
    """
    called_at = at - timedelta(minutes=call.minutes_ago)
    escort = Escort(
        village_id=area.id,
        id=call.id,
        patient_name=call.patient_name,
        caller_name=call.caller_name,
        caller_phone=call.caller_phone,
        place=call.place,
        condition=call.condition,
        jkn=call.jkn,
        transport=call.transport,
        escort_name=call.escort_name,
        called_at=called_at,
        follow_up_by=follow_up_by(called_at.astimezone(ZoneInfo(area.timezone)).date()),
        created_by=by,
    )
    settle_follow_up(escort)
    _add(escort)
    db.session.add(EscortEntry(village_id=area.id, escort_id=escort.id, kind="called", by=by, moment=called_at))
    record("emergency.called", "emergency_escort", escort.id, reference=escort.reference)
    return escort


def settle_follow_up(escort: Escort) -> None:
    """Whose cover is active needs no case; whose turns out not to be needs one after all."""
    settled_otherwise = escort.follow_up == "case" or (
        escort.follow_up == "none" and escort.follow_up_why not in ("", "active")
    )
    if not settled_otherwise:
        active = escort.jkn == "active"
        escort.follow_up, escort.follow_up_why = ("none", "active") if active else ("pending", "")


def _add(escort: Escort) -> None:
    """In a savepoint, since of two that come at once the second finds the first only when it is written."""
    key = (escort.village_id, escort.id)
    try:
        with db.session.begin_nested():
            db.session.add(escort)
            db.session.flush()
    except IntegrityError:
        if db.session.scalar(select(Escort.id).where(Escort.village_id == key[0], Escort.id == key[1])) is None:
            raise
        raise TakenBefore from None
