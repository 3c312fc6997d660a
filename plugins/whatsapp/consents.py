"""Who may be written to: agreed by number, stopped at once, and nothing without it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from core.api import PAGE_SIZE, Page, Person, Stale, db, now, paged, read_keys, record

from .models import WhatsAppConsent, WhatsAppMessage

_OF_PERSON = (
    select(WhatsAppConsent)
    .where(WhatsAppConsent.village_id == bindparam("village_id"), WhatsAppConsent.person_id == bindparam("person_id"))
    .order_by(WhatsAppConsent.given_at.desc(), WhatsAppConsent.id.desc())
)


def of_person(village_id: int, person_id: UUID) -> Sequence[WhatsAppConsent]:
    """The latest first, in one query."""
    return db.session.scalars(_OF_PERSON, {"village_id": village_id, "person_id": person_id}).all()


def changes(consents: Sequence[WhatsAppConsent]) -> int:
    """What a page has seen: any change of any of them makes it another number."""
    return sum(consent.version for consent in consents)


def find(village_id: int, consent_id: UUID) -> WhatsAppConsent | None:
    return db.session.get(WhatsAppConsent, (village_id, consent_id))


def of_phone(village_id: int, phone: str, person_id: UUID | None) -> WhatsAppConsent | None:
    same = WhatsAppConsent.person_id == person_id if person_id else WhatsAppConsent.person_id.is_(None)
    return db.session.scalar(
        select(WhatsAppConsent).where(WhatsAppConsent.village_id == village_id, WhatsAppConsent.phone == phone, same)
    )


def give(village_id: int, phone: str, person_id: UUID | None, *, how: str, by: UUID | None) -> WhatsAppConsent:
    """Write down that somebody agreed, or agreed again after a stop. The caller commits.

    Args:
        phone: E.164 without the plus.
        how: desk, form or message.

    Raises:
        Stale: the same was written down at this very moment by somebody else.
    """
    consent = of_phone(village_id, phone, person_id)
    if consent is not None and consent.holds:
        return consent
    if consent is None:
        consent = WhatsAppConsent(village_id=village_id, phone=phone, person_id=person_id)
        db.session.add(consent)
    consent.how, consent.given_at, consent.given_by = how, now(), by
    consent.stopped_at, consent.stopped_how, consent.stopped_by = None, "", None
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Stale from error
    record("whatsapp.agreed", "whatsapp_consent", consent.id, how=how)
    return consent


def stop(village_id: int, phone: str, *, how: str, by: UUID | None) -> int:
    """Nothing goes to this number any more, whosever it is here; what waits is cancelled. The caller commits.

    Returns how many agreements ended.
    """
    ended = db.session.scalars(
        select(WhatsAppConsent)
        .where(
            WhatsAppConsent.village_id == village_id,
            WhatsAppConsent.phone == phone,
            WhatsAppConsent.stopped_at.is_(None),
        )
        .with_for_update()
    ).all()
    for consent in ended:
        consent.stopped_at, consent.stopped_how, consent.stopped_by = now(), how, by
    waiting = db.session.execute(
        update(WhatsAppMessage)
        .where(
            WhatsAppMessage.village_id == village_id,
            WhatsAppMessage.phone == phone,
            WhatsAppMessage.state == "waiting",
        )
        .values(state="cancelled", reason="stopped", version=WhatsAppMessage.version + 1)
    )
    if ended:
        record("whatsapp.stopped", "whatsapp_consent", ended[0].id, how=how, waiting=getattr(waiting, "rowcount", 0))
    return len(ended)


def start_again(village_id: int, phone: str) -> int:
    """The resident wrote that messages may come again: the agreements that ended hold again. The caller commits."""
    stopped = db.session.scalars(
        select(WhatsAppConsent)
        .where(
            WhatsAppConsent.village_id == village_id,
            WhatsAppConsent.phone == phone,
            WhatsAppConsent.stopped_at.is_not(None),
        )
        .with_for_update()
    ).all()
    for consent in stopped:
        consent.how, consent.given_at, consent.given_by = "message", now(), None
        consent.stopped_at, consent.stopped_how, consent.stopped_by = None, "", None
        record("whatsapp.agreed", "whatsapp_consent", consent.id, how="message")
    return len(stopped)


def allowed_phone(village_id: int, person_id: UUID | None, phone: str | None) -> str | None:
    """The number to which a message about somebody may go, in one query; None: to none.

    Args:
        person_id: whom it is about; None for somebody who only left a number.
        phone: the number that it is meant for; None: the one that this resident agreed to last.
    """
    query = select(WhatsAppConsent.phone).where(
        WhatsAppConsent.village_id == village_id,
        WhatsAppConsent.stopped_at.is_(None),
        WhatsAppConsent.phone.is_not(None),
    )
    if phone is None and person_id is None:
        return None
    if phone is not None:
        query = query.where(WhatsAppConsent.phone == phone)
    if person_id is not None:
        query = query.where(WhatsAppConsent.person_id == person_id)
    return db.session.scalar(query.order_by(WhatsAppConsent.given_at.desc(), WhatsAppConsent.id.desc()).limit(1))


def page_of(village_id: int, show: str, cursor: str | None) -> Page[WhatsAppConsent]:
    """One page, the last given first; ``show`` is "on", "stopped" or "all"."""
    query: Select[WhatsAppConsent] = (
        select(WhatsAppConsent)
        .outerjoin(
            Person, and_(Person.village_id == WhatsAppConsent.village_id, Person.id == WhatsAppConsent.person_id)
        )
        .where(WhatsAppConsent.village_id == village_id, WhatsAppConsent.phone.is_not(None))
        .options(contains_eager(WhatsAppConsent.person))
    )
    if show != "all":
        ended = WhatsAppConsent.stopped_at
        query = query.where(ended.is_(None) if show == "on" else ended.is_not(None))
    after = read_keys(cursor, datetime.fromisoformat, UUID)
    if after:
        query = query.where(tuple_(WhatsAppConsent.given_at, WhatsAppConsent.id) < after)
    query = query.order_by(WhatsAppConsent.given_at.desc(), WhatsAppConsent.id.desc())
    rows = db.session.scalars(query.limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.given_at, row.id), cursor)
