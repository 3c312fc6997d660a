"""What Meta tells by its webhook: what became of messages, and that somebody wants no more of them.

The address belongs to the number, so to the district. A status is found by its wamid, or by the key that the request
carried, among all villages of the district; then it is written in that village alone. Statuses come late, twice and in
any order: none leads back. https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.api import Area, AreaCode, OwnRows, commit, db, now, scope, today

from .cloud_api import reason_of
from .consents import start_again, stop
from .models import WhatsAppConsent, WhatsAppHookDay, WhatsAppMessage

RANK = {"waiting": 0, "sending": 0, "unclear": 0, "failed": 1, "cancelled": 0, "sent": 1, "delivered": 2, "read": 3}
STOP_WORDS = frozenset({"stop", "berhenti"})
START_WORDS = frozenset({"mulai", "start"})
SIGNATURE = "sha256="


@dataclass(frozen=True)
class Status:
    """One of ``entry[].changes[].value.statuses[]``."""

    wamid: str
    state: str
    at: datetime
    tag: str
    code: int | None


@dataclass(frozen=True)
class Incoming:
    """A word from a number: a text, or a button of a template or of a message."""

    phone: str
    word: str


def is_signed(secret: str | None, body: bytes, header: str | None) -> bool:
    """Whether ``X-Hub-Signature-256`` is the HMAC-SHA256 of the raw body by the app's secret."""
    if not secret or not header or not header.startswith(SIGNATURE) or not header.isascii():
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, header.removeprefix(SIGNATURE).lower())


def take(area: Area, payload: Any) -> int:
    """All that one POST tells, in the scope of the wide ``area``; commits in each village. Gives the unknown ones."""
    unknown = 0
    for value in _values(payload):
        for status in _statuses(value):
            unknown += not _note(area, status)
        for incoming in _messages(value):
            _hear(area, incoming)
    return unknown


def count(district_id: int, timezone: str, what: str, number: int = 1) -> None:
    """Add to the day's ``accepted``, ``refused`` or ``unknown`` of the district, in a scope of its own. Commits."""
    with scope(OwnRows(district_id)):
        day = today(timezone)
        key = uuid5(NAMESPACE_URL, f"whatsapp/{district_id}/{day.isoformat()}")
        row = {"village_id": district_id, "id": key, "day": day, what: number}
        table = WhatsAppHookDay
        statement = insert(table).values(**row)
        changed = {what: getattr(table, what) + number, "updated_at": now()}
        db.session.execute(statement.on_conflict_do_update(index_elements=["village_id", "id"], set_=changed))
        commit()


def counted(district_id: int, since: date) -> Mapping[str, int]:
    """The sums since a day, of the district in whose scope it is asked."""
    rows = db.session.scalars(
        select(WhatsAppHookDay).where(WhatsAppHookDay.village_id == district_id, WhatsAppHookDay.day >= since)
    ).all()
    return {name: sum(getattr(row, name) for row in rows) for name in ("accepted", "refused", "unknown")}


def _note(area: Area, status: Status) -> bool:
    """False: nobody here knows the message."""
    found = _owner(area, status)
    if found is None:
        return False
    village_id, message_id = found
    with scope(AreaCode.from_id(village_id)):
        message = db.session.scalar(
            select(WhatsAppMessage)
            .where(WhatsAppMessage.village_id == village_id, WhatsAppMessage.id == message_id)
            .with_for_update()
        )
        if message is not None:
            apply(message, status)
            commit()
    return True


def _owner(area: Area, status: Status) -> tuple[int, UUID] | None:
    inside = WhatsAppMessage.village_id.between(area.id, area.hi)
    query = select(WhatsAppMessage.village_id, WhatsAppMessage.id).where(inside)
    row = db.session.execute(query.where(WhatsAppMessage.wamid == status.wamid).limit(1)).first()
    if row is None and (key := _key(status.tag)):
        # The answer to the request never came, or comes after this: the key that it carried tells whose it is.
        village_id, message_id = key
        mine = query.where(WhatsAppMessage.village_id == village_id, WhatsAppMessage.id == message_id)
        row = db.session.execute(mine.where(WhatsAppMessage.wamid.is_(None))).first()
    return (row.village_id, row.id) if row else None


def _key(tag: str) -> tuple[int, UUID] | None:
    village, _slash, message = tag.partition("/")
    try:
        return int(village), UUID(message)
    except ValueError:
        return None


def apply(message: WhatsAppMessage, status: Status) -> None:
    """Forward only. A failure counts until it was delivered; one that was delivered after all has not failed."""
    message.wamid = message.wamid or status.wamid
    if status.state == "failed":
        if RANK[message.state] < RANK["delivered"] and message.state != "failed":
            message.state, message.failed_at = "failed", status.at
            message.error_code = status.code
            message.reason = reason_of(status.code) if status.code is not None else "broken"
        return
    message.sent_at = message.sent_at or status.at
    if status.state in ("delivered", "read"):
        message.delivered_at = message.delivered_at or status.at
    if status.state == "read":
        message.read_at = message.read_at or status.at
    if RANK[status.state] > RANK[message.state]:
        message.state, message.reason, message.failed_at = status.state, "", None


def _hear(area: Area, incoming: Incoming) -> None:
    """In each village that knows the number: one number serves them all. What else somebody writes is not kept."""
    word = incoming.word.strip(" .!\"'").casefold()
    if word not in STOP_WORDS | START_WORDS:
        return
    for village_id in _villages_with(area, incoming.phone):
        with scope(AreaCode.from_id(village_id)):
            if word in STOP_WORDS:
                stop(village_id, incoming.phone, how="message", by=None)
            else:
                start_again(village_id, incoming.phone)
            commit()


def _villages_with(area: Area, phone: str) -> list[int]:
    query = select(WhatsAppConsent.village_id).where(
        WhatsAppConsent.village_id.between(area.id, area.hi), WhatsAppConsent.phone == phone
    )
    return sorted(set(db.session.scalars(query)))


# ---- the shapes, of which nothing is believed ----


def _list(holder: Any, key: str) -> list[Any]:
    found = holder.get(key) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def _text(holder: Any, *keys: str) -> str:
    for key in keys:
        holder = holder.get(key) if isinstance(holder, dict) else None
    return holder[:1000].replace("\0", "") if isinstance(holder, str) else ""


def _values(payload: Any) -> Iterator[dict[str, Any]]:
    for entry in _list(payload, "entry"):
        for change in _list(entry, "changes"):
            value = change.get("value") if isinstance(change, dict) else None
            if isinstance(value, dict):
                yield value


def _statuses(value: dict[str, Any]) -> Iterator[Status]:
    for item in _list(value, "statuses"):
        wamid, state = _text(item, "id"), _text(item, "status")
        if not wamid or len(wamid) > 160 or state not in ("sent", "delivered", "read", "failed"):
            continue
        errors = _list(item, "errors")
        code = errors[0].get("code") if errors and isinstance(errors[0], dict) else None
        tag = _text(item, "biz_opaque_callback_data")
        yield Status(wamid, state, _moment(item.get("timestamp")), tag, _whole(code))


def _messages(value: dict[str, Any]) -> Iterator[Incoming]:
    for item in _list(value, "messages"):
        phone = _text(item, "from")
        words = (
            _text(item, "text", "body"),
            _text(item, "button", "payload"),
            _text(item, "button", "text"),
            _text(item, "interactive", "button_reply", "id"),
            _text(item, "interactive", "button_reply", "title"),
        )
        if phone.isascii() and phone.isdigit() and len(phone) <= 15:
            yield from (Incoming(phone, word) for word in words if word)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _moment(value: Any) -> datetime:
    """Seconds since 1970 as text; now where it is none, and nothing of the future."""
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > 11:
        return now()
    return min(datetime.fromtimestamp(int(text), UTC), now())
