"""What the demonstration shows: agreements of some residents, and messages in each of their states."""

from datetime import timedelta

from sqlalchemy import select

from core.api import Area, Person, commit, db, now

from .consents import give, stop
from .models import WhatsAppMessage

PHONES = ("628120000101", "628120000102", "628120000103", "628120000104")

# Days ago, which resident, kind, words, state, reason.
MESSAGES = (
    (12, 0, "case.opened", "permohonan CBD-26-0901 sudah kami catat", "read", ""),
    (8, 0, "case.closed", "permohonan CBD-26-0901 sudah selesai diproses", "delivered", ""),
    (6, 1, "case.opened", "permohonan CBD-26-0902 sudah kami catat", "delivered", ""),
    (3, 1, "case.papers", "permohonan CBD-26-0902 masih menunggu 2 berkas", "sent", ""),
    (2, 2, "case.opened", "permohonan CBD-26-0903 sudah kami catat", "failed", "undeliverable"),
    (1, 2, "queue.booked", "janji datang Anda sudah dicatat", "unclear", "no_answer"),
    (0, 1, "case.changed", "ada perkembangan pada permohonan CBD-26-0902", "waiting", ""),
)


def fill(area: Area, permissions: frozenset[str]) -> None:  # noqa: ARG001 - nothing here asks who acts
    """Nothing where there are messages already."""
    if db.session.scalar(select(WhatsAppMessage.id).where(WhatsAppMessage.village_id == area.id).limit(1)) is not None:
        return
    people = db.session.scalars(
        select(Person)
        .where(Person.village_id == area.id, Person.life_status == "alive", Person.nik.is_not(None))
        .order_by(Person.nik.desc())
        .limit(len(PHONES))
    ).all()
    for person, phone in zip(people, PHONES, strict=False):
        give(area.id, phone, person.id, how="desk", by=None)
    if len(people) == len(PHONES):
        stop(area.id, PHONES[-1], how="message", by=None)
    for told in MESSAGES:
        if told[1] < len(people):
            _message(area, people[told[1]], told)
    commit()


def _message(area: Area, person: Person, told: tuple[int, int, str, str, str, str]) -> None:
    ago, whose, kind, words, state, reason = told
    made = now() - timedelta(days=ago, minutes=20)
    out = state in ("sent", "delivered", "read")
    arrived = state in ("delivered", "read")
    message = WhatsAppMessage(
        village_id=area.id,
        person_id=person.id,
        phone=PHONES[whose],
        kind=kind,
        template=f"puskesos_{kind.replace('.', '_')}",
        parameters=[area.title],
        reference=next((word for word in words.split() if word.startswith("CBD-")), ""),
        text=f"Kabar dari {area.title}: {words} (contoh).",
        state=state,
        reason=reason,
        error_code=131026 if state == "failed" else None,
        attempts=0 if state == "waiting" else 1,
        made_at=made,
        send_at=now() + timedelta(hours=12) if state == "waiting" else made,
        sent_at=made + timedelta(minutes=1) if out else None,
        delivered_at=made + timedelta(minutes=2) if arrived else None,
        read_at=made + timedelta(minutes=9) if state == "read" else None,
        failed_at=made + timedelta(minutes=1) if state == "failed" else None,
    )
    db.session.add(message)
