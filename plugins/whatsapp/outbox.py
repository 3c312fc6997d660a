"""Messages on their way out: made when something happened, sent once, tried again where that is safe.

A message is claimed in a transaction of its own before the request leaves. Whoever finds it claimed later knows that
the process died in between, and that it may have gone out: it is shown as unclear and never sent again by itself. The
webhook settles it when Meta tells what became of it, since each request carries the message's own key.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from core.api import Area, Job, Settings, commit, db, enqueue_job, find_areas, now, record, settings_of
from core.api import lazy_gettext as _

from . import cloud_api
from .consents import allowed_phone
from .models import WhatsAppMessage
from .quiet_hours import first_moment
from .settings import WhatsAppSettings, is_ready, template_of

BACK_OFF = (1, 5, 25, 120, 360, 720, 1440)
"""Minutes after the first, second, … attempt; Meta's own Retry-After counts where it is longer."""

LONGEST_SEND = timedelta(minutes=2)
"""A claim that is older belongs to a process that is gone: a job ends after a minute."""

_NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")


def queue(
    area: Area,
    kind: str,
    *,
    text: str,
    values: Sequence[str],
    person_id: UUID | None = None,
    case_id: UUID | None = None,
    phone: str | None = None,
    reference: str = "",
    by: UUID | None = None,
) -> WhatsAppMessage | None:
    """Have a message sent to who agreed to it, once the running transaction is committed. The caller commits.

    Args:
        phone: E.164 without the plus; None: the number that the resident agreed to last.
        values: of the template of ``kind``, in its order.

    None where the district has no number, nobody agreed, or the words hold a NIK.
    """
    settings = settings_of(area, WhatsAppSettings)
    if not is_ready(settings) or any(_NIK.search(part) for part in (text, reference, *values)):
        return None
    allowed = allowed_phone(area.id, person_id, phone)
    if allowed is None:
        return None
    moment = now()
    message = WhatsAppMessage(
        village_id=area.id,
        kind=kind[:80],
        template=template_of(settings, kind),
        language=settings.language,
        parameters=list(values),
        text=text,
        person_id=person_id,
        case_id=case_id,
        phone=allowed,
        reference=reference[:80],
        made_at=moment,
        made_by=by,
        send_at=_awake(area, settings),
    )
    db.session.add(message)
    db.session.flush()
    _later(area, message)
    return message


def deliver(area: Area, message_id: str) -> None:
    """The job: send one message, or put it off; it commits for itself and may be done again at any time."""
    message = _locked(area, message_id)
    if message is None:
        return
    if message.state == "sending":
        _look_again(area, message)
    elif message.state == "waiting":
        _deliver(area, message)
    commit()


def _look_again(area: Area, message: WhatsAppMessage) -> None:
    """Another process may be at it this very minute; if it has died, nobody knows how far it got."""
    settled = (message.claimed_at or now()) + LONGEST_SEND
    if settled > now():
        enqueue_job(area, SEND, at=settled, message_id=str(message.id))
    else:
        _give_up(message, "unclear", "died")


def _deliver(area: Area, message: WhatsAppMessage) -> None:
    settings = settings_of(area, WhatsAppSettings)
    if not is_ready(settings):
        return _give_up(message, "failed", "not_set")
    if message.phone is None or allowed_phone(area.id, message.person_id, message.phone) is None:
        return _give_up(message, "cancelled", "no_consent")
    awake = _awake(area, settings)
    if awake > now():
        return _put_off(area, message, awake - now())
    if _claimed_lately(area.id) >= settings.per_minute:
        return _put_off(area, message, timedelta(minutes=1))
    message.state, message.claimed_at = "sending", now()
    message.attempts += 1
    request = cloud_api.Template(
        to=message.phone,
        name=message.template,
        language=message.language,
        parameters=message.parameters,
        tag=f"{message.village_id}/{message.id}",
    )
    message_id = str(message.id)
    commit()  # from here on it may have gone out
    outcome = cloud_api.send(settings, request)
    claimed = _locked(area, message_id)
    if claimed is not None:
        _note(area, settings, claimed, outcome)
    return None


def _note(area: Area, settings: Settings, message: WhatsAppMessage, outcome: cloud_api.Outcome) -> None:
    """The webhook may have been faster than the answer: what it told stays."""
    message.wamid = outcome.wamid or message.wamid
    if message.state != "sending":
        return
    message.error_code, message.trace = outcome.code, outcome.trace
    if outcome.kind == "accepted":
        message.state, message.sent_at, message.reason = "sent", now(), ""
    elif outcome.kind == "retry" and message.attempts < settings.attempts:
        minutes = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
        message.state, message.reason = "waiting", outcome.reason
        _put_off(area, message, max(timedelta(minutes=minutes), timedelta(seconds=outcome.wait or 0)))
    else:
        _give_up(message, "unclear" if outcome.kind == "unclear" else "failed", outcome.reason)


def _give_up(message: WhatsAppMessage, state: str, reason: str) -> None:
    message.state, message.reason = state, reason
    if state == "failed":
        message.failed_at = now()


def _put_off(area: Area, message: WhatsAppMessage, by: timedelta) -> None:
    settings = settings_of(area, WhatsAppSettings)
    message.send_at = first_moment(now() + by, area.timezone, settings.quiet_from, settings.quiet_to)
    _later(area, message)


def _later(area: Area, message: WhatsAppMessage) -> None:
    at = message.send_at if message.send_at > now() else None
    enqueue_job(area, SEND, at=at, message_id=str(message.id))


def _awake(area: Area, settings: Settings) -> datetime:
    return first_moment(now(), area.timezone, settings.quiet_from, settings.quiet_to)


def _claimed_lately(village_id: int) -> int:
    since = now() - timedelta(minutes=1)
    query = select(func.count()).where(WhatsAppMessage.village_id == village_id, WhatsAppMessage.claimed_at > since)
    return db.session.scalar(query) or 0


def _locked(area: Area, message_id: str) -> WhatsAppMessage | None:
    return db.session.scalar(
        select(WhatsAppMessage)
        .where(WhatsAppMessage.village_id == area.id, WhatsAppMessage.id == UUID(message_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def resend(area: Area, message: WhatsAppMessage, *, by: UUID | None) -> WhatsAppMessage | None:
    """A new message of the same words; the old one counts as seen to. None where it may not go out. Caller commits."""
    again = queue(
        area,
        message.kind,
        text=message.text,
        values=message.parameters,
        person_id=message.person_id,
        case_id=message.case_id,
        phone=message.phone,
        reference=message.reference,
        by=by,
    )
    if again is None:
        return None
    message.handled_at = now()
    record("whatsapp.resent", "whatsapp_message", message.id, kind=message.kind)
    return again


def send_waiting(village_id: int) -> dict[str, int]:
    """All that is due in a village, now: for the terminal, where no worker runs. Gives the numbers by state."""
    (area,) = find_areas([village_id])
    settle_dead(village_id)
    due = db.session.scalars(
        select(WhatsAppMessage.id)
        .where(
            WhatsAppMessage.village_id == village_id,
            WhatsAppMessage.state == "waiting",
            WhatsAppMessage.send_at <= now(),
        )
        .order_by(WhatsAppMessage.send_at, WhatsAppMessage.id)
    ).all()
    for message_id in due:
        deliver(area, str(message_id))
    query = select(WhatsAppMessage.state, func.count()).where(
        WhatsAppMessage.village_id == village_id, WhatsAppMessage.id.in_(due)
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(WhatsAppMessage.state))}


def settle_dead(village_id: int) -> int:
    """What was claimed by a process that is gone becomes unclear. Commits; gives how many."""
    lost = db.session.scalars(
        select(WhatsAppMessage)
        .where(
            WhatsAppMessage.village_id == village_id,
            WhatsAppMessage.state == "sending",
            WhatsAppMessage.claimed_at < now() - LONGEST_SEND,
        )
        .with_for_update()
    ).all()
    for message in lost:
        _give_up(message, "unclear", "died")
    commit()
    return len(lost)


SEND = Job("whatsapp.send", _("Mengirim pesan WhatsApp"), deliver, seconds=60)
