"""What is done about an escort besides its times: mended, given to a resident, cancelled, opened again."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm.attributes import flag_modified

from core.api import Area, CaseError, Person, db, gettext, record

from .calls import settle_follow_up
from .models import Escort, EscortEntry

EDITED = (
    "place",
    "condition",
    "patient_name",
    "caller_name",
    "caller_phone",
    "jkn",
    "transport",
    "escort_name",
    "facility",
    "receiver",
)


def edit(escort: Escort, given: Mapping[str, str], *, by: UUID | None) -> None:
    """Other words in the place of those that were typed in haste; the audit names the fields, not what they say."""
    changed = [name for name in EDITED if name in given and getattr(escort, name) != given[name]]
    if not changed:
        return
    for name in changed:
        setattr(escort, name, given[name])
    settle_follow_up(escort)
    note(escort, "edited", by)
    record("emergency.edited", "emergency_escort", escort.id, reference=escort.reference, fields=changed)


def attach(escort: Escort, person: Person, *, by: UUID | None) -> None:
    """Who the patient is, once somebody knows.

    Raises:
        CaseError: a case about another resident follows already, or the resident's data were erased.
    """
    if escort.case_id is not None and escort.person_id != person.id:
        raise CaseError(gettext("Kasus susulan sudah dibuka untuk warga lain. Batalkan kasus itu lebih dulu."))
    if person.erased:
        raise CaseError(gettext("Data warga itu sudah dihapus."))
    if escort.person_id == person.id:
        return
    escort.person_id = person.id
    note(escort, "attached", by)
    record("emergency.attached", "emergency_escort", escort.id, reference=escort.reference, person=str(person.id))


def cancel(escort: Escort, reason: str, *, by: UUID | None) -> None:
    """A false alarm, a call that was written down twice, somebody who went alone.

    Raises:
        CaseError: it is not running.
    """
    if not escort.running:
        raise CaseError(gettext("Pendampingan ini tidak berjalan lagi, jadi tidak dapat dibatalkan."))
    escort.state, escort.cancel_reason = "cancelled", reason
    note(escort, "cancelled", by, reason)
    record("emergency.cancelled", "emergency_escort", escort.id, reference=escort.reference)


def reopen(area: Area, escort: Escort, reason: str, *, by: UUID | None) -> None:
    """It goes on after all: a handover that was recorded too early is taken out, and stays in the audit.

    Raises:
        CaseError: it is running.
    """
    if escort.running:
        raise CaseError(gettext("Pendampingan ini masih berjalan."))
    before = escort.handed_over_at
    escort.state, escort.cancel_reason, escort.handed_over_at = "running", "", None
    entry = note(escort, "reopened", by, reason)
    entry.before = before
    old = f"{before.astimezone(ZoneInfo(area.timezone)):%d-%m-%Y %H.%M}" if before else "–"
    record("emergency.reopened", "emergency_escort", escort.id, reference=escort.reference, old=old)


def note(escort: Escort, kind: str, by: UUID | None, text: str = "") -> EscortEntry:
    """A line of its history. Each moves the version, so that nobody decides on what has changed since."""
    flag_modified(escort, "state")
    entry = EscortEntry(village_id=escort.village_id, escort_id=escort.id, kind=kind, by=by, text=text)
    db.session.add(entry)
    return entry
