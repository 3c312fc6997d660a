"""Numbers and words of messages go after some weeks; kind, state and dates stay for the figures."""

from datetime import timedelta

from sqlalchemy import or_, update

from core.api import Area, Person, db, now, settings_of

from .consents import of_person
from .models import WhatsAppConsent, WhatsAppMessage
from .phone import normalised
from .settings import WhatsAppSettings

IN_USE = ("waiting", "sending")
BLANK = {"phone": None, "text": "", "parameters": [], "reference": "", "wamid": None}


def blank_old(area: Area) -> int:
    """What is older than the setting says and no longer on its way. The caller commits; gives how many."""
    keep = timedelta(days=settings_of(area, WhatsAppSettings).keep_days)
    found = db.session.execute(
        update(WhatsAppMessage)
        .where(
            WhatsAppMessage.village_id == area.id,
            WhatsAppMessage.made_at < now() - keep,
            WhatsAppMessage.state.not_in(IN_USE),
            or_(WhatsAppMessage.phone.is_not(None), WhatsAppMessage.text != ""),
        )
        .values(**BLANK)
    )
    return getattr(found, "rowcount", 0)


def forget_number(person: Person) -> None:
    """Rows that name the number of somebody who is erased, and not the resident: core's rule does not reach them."""
    phones = {number for number in (normalised(person.phone),) if number}
    phones |= set(_agreed(person))
    if not phones:
        return
    for table in (WhatsAppConsent, WhatsAppMessage):
        db.session.execute(
            update(table)
            .where(table.village_id == person.village_id, table.person_id.is_(None), table.phone.in_(phones))
            .values(phone=None)
        )


def _agreed(person: Person) -> list[str]:
    return [consent.phone for consent in of_person(person.village_id, person.id) if consent.phone]
