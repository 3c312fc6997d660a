"""Messages to the external system: one for each step of a referral to the Dinas Sosial, sent by a job, with retries."""

from datetime import datetime, timedelta
from uuid import UUID

import httpx
from sqlalchemy import select

from core.api import Area, Job, Referral, Settings, commit, db, enqueue_job, find_areas, now, record, settings_of
from core.api import lazy_gettext as _

from .addresses import AddressRefused, Unresolved, target_of
from .messages import as_bytes, message
from .models import SlrtDelivery
from .settings import SlrtSettings
from .signing import DELIVERY, SIGNATURE, TIMESTAMP, sign

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12))
"""Between one attempt and the next; after the last of them it has failed, until somebody has it done again."""

SECONDS = 10.0
"""For the connection, and for each piece of the answer."""

LATER = (408, 425, 429)
"""Statuses by which a system says that the same message may be taken another time; as do those from 500 on."""


def note_change(referral: Referral) -> None:
    """The event: a referral to the Dinas Sosial took a step. Nothing where the district has no external system."""
    area = next(iter(find_areas([referral.village_id])), None)
    if area is None or referral.organisation.sector != "dinsos" or referral.sent_at is None:
        return
    settings = settings_of(area, SlrtSettings)
    if not settings.url or not settings.key:
        return
    kept = {"village_id": referral.village_id, "referral_id": referral.id, "case_id": referral.case_id}
    delivery = SlrtDelivery(**kept, event=referral.state, at=now())
    db.session.add(delivery)
    db.session.flush()
    enqueue_job(area, deliver_job, delivery_id=str(delivery.id))
    commit()


def deliver(area: Area, delivery_id: str) -> None:
    """One attempt. Commits. One that has arrived already is left alone, so that a job that is repeated sends nothing.

    Between reading and writing down what became of it no transaction is open: the other system may be slow.
    """
    found = db.session.execute(
        select(SlrtDelivery, Referral)
        .join(Referral, (Referral.village_id == SlrtDelivery.village_id) & (Referral.id == SlrtDelivery.referral_id))
        .where(SlrtDelivery.village_id == area.id, SlrtDelivery.id == UUID(delivery_id), SlrtDelivery.state != "sent")
    ).first()
    if found is None:
        commit()
        return
    delivery, referral = found
    settings = settings_of(area, SlrtSettings)
    body = as_bytes(message(area, referral, delivery.id, delivery.event, delivery.at))
    commit()
    status, problem = post(settings, delivery_id, body, now())
    _write_down(area, UUID(delivery_id), status, problem)


def post(settings: Settings, delivery_id: str, body: bytes, moment: datetime) -> tuple[int | None, str]:
    """The status that came back, and a code of ``words.PROBLEMS``: "" when the message was taken."""
    if not settings.url or not settings.key:
        return None, "not_set"
    timestamp = str(int(moment.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Puskesos",
        DELIVERY: delivery_id,
        TIMESTAMP: timestamp,
        SIGNATURE: sign(settings.key, timestamp, body),
    }
    try:
        target = target_of(settings.url)
        headers["Host"] = target.host
        # trust_env: a proxy of the environment would look the name up again. Of the answer only its status is read.
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST", target.url, content=body, headers=headers, extensions={"sni_hostname": target.name}
            ) as answer,
        ):
            return answer.status_code, _problem_of(answer)
    except AddressRefused:
        return None, "refused_address"
    except httpx.TimeoutException:
        return None, "timeout"
    except (Unresolved, httpx.HTTPError, httpx.InvalidURL):
        return None, "unreachable"


def _problem_of(answer: httpx.Response) -> str:
    if answer.is_success:
        return ""
    return "redirect" if answer.is_redirect else "answer"


def _write_down(area: Area, delivery_id: UUID, status: int | None, problem: str) -> None:
    delivery = db.session.scalar(
        select(SlrtDelivery).where(SlrtDelivery.village_id == area.id, SlrtDelivery.id == delivery_id).with_for_update()
    )
    if delivery is None or delivery.state == "sent":
        commit()
        return
    delivery.attempts += 1
    delivery.status, delivery.problem, delivery.next_at = status, problem, None
    if not problem:
        delivery.state, delivery.done_at = "sent", now()
    elif _is_final(status, problem) or delivery.attempts > len(WAITS):
        delivery.state = "failed"
        record("slrt.delivery_failed", "slrt_delivery", delivery.id, event=delivery.event)
    else:
        delivery.next_at = now() + WAITS[delivery.attempts - 1]
        enqueue_job(area, deliver_job, at=delivery.next_at, delivery_id=str(delivery.id))
    commit()


def _is_final(status: int | None, problem: str) -> bool:
    """Whether the same message would be refused again."""
    if status is not None:
        return status < 500 and status not in LATER
    return problem in ("refused_address", "not_set")


def redo(area: Area, delivery_id: UUID) -> SlrtDelivery | None:
    """Have a failed one sent again, from the first attempt. In the village's scope; the caller commits."""
    delivery = db.session.scalar(
        select(SlrtDelivery)
        .where(SlrtDelivery.village_id == area.id, SlrtDelivery.id == delivery_id, SlrtDelivery.state == "failed")
        .with_for_update()
    )
    if delivery is not None:
        delivery.state, delivery.attempts, delivery.next_at = "waiting", 0, None
        enqueue_job(area, deliver_job, delivery_id=str(delivery.id))
        record("slrt.delivery_redone", "slrt_delivery", delivery.id, event=delivery.event)
    return delivery


deliver_job = Job(name="slrt.deliver", title=_("Pemberitahuan rujukan ke sistem luar"), run=deliver, seconds=120)
