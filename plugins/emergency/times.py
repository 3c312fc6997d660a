"""The four times of an escort: recorded by one tap, corrected by hand.

Of two phones that record the same time, the first one counts. What a correction replaces stays in the audit.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from core.api import Area, CaseError, db, gettext, record

from .models import Escort, EscortEntry
from .rulebook import follow_up_by
from .words import TIMES

LONGEST = timedelta(days=7)
"""From the call to the handover: what lies further apart is a mistyped day."""


class AlreadyRecorded(Exception):
    """Somebody was first: when, and who it was."""

    def __init__(self, key: str, at: datetime, by: UUID | None) -> None:
        super().__init__(key)
        self.key, self.at, self.by = key, at, by


def moment_of(escort: Escort, key: str) -> datetime | None:
    return getattr(escort, f"{key}_at")


def next_tap(escort: Escort) -> str | None:
    """The first of the times that is not recorded and that comes after those that are; None when all is done."""
    keys = tuple(TIMES)
    last = max(place for place, key in enumerate(keys) if moment_of(escort, key) is not None)
    return keys[last + 1] if escort.running and last + 1 < len(keys) else None


def tap(
    village_id: int, escort_id: UUID, key: str, at: datetime, *, by: UUID | None, facility: str = "", receiver: str = ""
) -> Escort | None:
    """Record that a time is now; None when there is no such escort. The caller commits.

    Args:
        key: of ``TIMES``, but not the call's, which begins the escort.
        facility, receiver: where the patient is and who took over; blank keeps what is known.

    Raises:
        AlreadyRecorded: somebody has recorded it before.
        CaseError: the escort was cancelled, or a later time is recorded already.
    """
    escort = _locked(village_id, escort_id)
    if escort is None:
        return None
    known = moment_of(escort, key)
    if known is not None:
        raise AlreadyRecorded(key, known, _who_recorded(escort, key))
    if not escort.running:
        raise CaseError(gettext("Pendampingan ini tidak berjalan lagi. Buka lagi dulu bila memang berlanjut."))
    _check_order({**times_of(escort), key: at}, at)
    setattr(escort, f"{key}_at", at)
    escort.facility, escort.receiver = facility or escort.facility, receiver or escort.receiver
    if key == "handed_over":
        escort.state = "ended"
    db.session.add(EscortEntry(village_id=village_id, escort_id=escort.id, kind=key, by=by, moment=at))
    record(f"emergency.{key}", "emergency_escort", escort.id, reference=escort.reference)
    return escort


def times_of(escort: Escort) -> dict[str, datetime | None]:
    return {key: moment_of(escort, key) for key in TIMES}


def correct(
    area: Area, escort: Escort, given: Mapping[str, datetime | None], reason: str, at: datetime, *, by: UUID
) -> Sequence[str]:
    """Put other times in the place of those that are recorded, to the minute; the keys of those that changed.

    A handover that is taken out sets the escort running again, one that is put in ends it. The caller holds the row
    and commits.

    Raises:
        CaseError: not in their order, not yet, or too far apart; or the escort was cancelled.
    """
    if escort.state == "cancelled":
        raise CaseError(gettext("Pendampingan ini dibatalkan. Buka lagi dulu."))
    zone = ZoneInfo(area.timezone)
    changed = {key: given.get(key) for key in TIMES if _minute(given.get(key)) != _minute(moment_of(escort, key))}
    _check_order({**times_of(escort), **changed}, at)
    for key, new in changed.items():
        old = moment_of(escort, key)
        setattr(escort, f"{key}_at", new)
        entry = EscortEntry(village_id=escort.village_id, escort_id=escort.id, kind=f"fix_{key}", by=by, text=reason)
        entry.moment, entry.before = new, old
        db.session.add(entry)
        words = {"old": _written(old, zone), "new": _written(new, zone)}
        record(f"emergency.{key}_corrected", "emergency_escort", escort.id, reference=escort.reference, **words)
    if "called" in changed:
        escort.follow_up_by = follow_up_by(escort.called_at.astimezone(zone).date())
    escort.state = "ended" if escort.handed_over_at else "running"
    flag_modified(escort, "state")
    return list(changed)


def _check_order(times: Mapping[str, datetime | None], at: datetime) -> None:
    """Raises: CaseError: says which of them, and what to do."""
    called, known = times["called"], [(key, moment) for key, moment in times.items() if moment is not None]
    if called is None:
        raise CaseError(gettext("Waktu telepon harus ada."))
    for (earlier, first), (later, second) in pairwise(known):
        if _minute(second) < _minute(first):
            raise CaseError(
                gettext(
                    "“%(later)s” tidak boleh sebelum “%(earlier)s”. Perbaiki waktunya.",
                    later=TIMES[later],
                    earlier=TIMES[earlier],
                )
            )
    last = known[-1][1]
    if _minute(last) > _minute(at):
        raise CaseError(gettext("Waktu itu belum tiba. Periksa tanggal dan jamnya."))
    if last - called > LONGEST:
        raise CaseError(gettext("Lebih dari %(n)s hari sejak telepon. Periksa tanggalnya.", n=LONGEST.days))


def _minute(moment: datetime | None) -> Any:
    """Comparable where it is there."""
    return moment.replace(second=0, microsecond=0) if moment else None


def _written(moment: datetime | None, zone: ZoneInfo) -> str:
    """Of the village's own clock, as the audit keeps it."""
    return f"{moment.astimezone(zone):%d-%m-%Y %H.%M}" if moment else "–"


def _locked(village_id: int, escort_id: UUID) -> Escort | None:
    return db.session.scalar(
        select(Escort)
        .where(Escort.village_id == village_id, Escort.id == escort_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _who_recorded(escort: Escort, key: str) -> UUID | None:
    """By a tap; a time that was put in by a correction is whoever's corrected it."""
    return db.session.scalar(
        select(EscortEntry.by)
        .where(
            EscortEntry.village_id == escort.village_id,
            EscortEntry.escort_id == escort.id,
            EscortEntry.moment == moment_of(escort, key),
            EscortEntry.kind.in_((key, f"fix_{key}")),
        )
        .order_by(EscortEntry.id.desc())
        .limit(1)
    )
