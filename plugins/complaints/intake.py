"""Taking a complaint in, at the desk or from the public page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.api import Area, Person, db, keep_file, record

from .codes import hash_of, new_code, new_ticket
from .models import Complaint, Entry, Photo, Reporter
from .rulebook import answer_by, due_by


@dataclass(frozen=True)
class Teller:
    """Who complains, as far as told. ``known``: the desk has seen the KTP, so the NIK may be matched."""

    name: str = ""
    phone: str = ""
    nik: str = ""
    known: bool = False

    @property
    def told(self) -> bool:
        return bool(self.name or self.phone or self.nik)


@dataclass(frozen=True)
class Said:
    """What somebody complains about. ``id`` is drawn with the form, so that one that is sent twice is taken in once."""

    sector: str
    kind: str
    channel: str
    description: str
    about: str = "service"
    place: str = ""
    confidential: bool = False
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Taken:
    """What the reporter is given once: the complaint's ticket and its code."""

    complaint: Complaint
    code: str


class TakenBefore(Exception):
    """The same form was sent before, perhaps a moment ago by the same tap: its code cannot be shown again."""


def receive(
    area: Area,
    said: Said,
    teller: Teller | None,
    today: date,
    *,
    by: UUID | None,
    person_id: UUID | None = None,
    files: Sequence[BinaryIO] = (),
) -> Taken:
    """Keep it with its deadlines, which follow from the day and the kind. The caller commits.

    Args:
        teller: who complains; None for who stays without a name.
        by: the clerk who writes it down; None from the public page.
        person_id: the resident whose matter it is, where the desk knows.

    Raises:
        TakenBefore: the form was sent before.
        FileRefused: a file that is not taken.
    """
    ticket, code = new_ticket(), new_code()
    reporter = _reporter(area, teller) if teller and teller.told else None
    complaint = Complaint(
        village_id=area.id,
        id=said.id,
        reporter_id=reporter.id if reporter else None,
        person_id=person_id,
        ticket=ticket,
        code_hash=hash_of(ticket, code),
        sector=said.sector,
        kind=said.kind,
        about=said.about,
        channel=said.channel,
        confidential=said.confidential and reporter is not None,
        description=said.description,
        place=said.place,
        received_on=today,
        answer_by=answer_by(today),
        due_on=due_by(today, said.kind),
        state="open",
        created_by=by,
    )
    _add(complaint)
    db.session.add(Entry(village_id=area.id, complaint_id=complaint.id, kind="received", by=by, told=True))
    for stream in files:
        kept = keep_file(area, stream)
        db.session.add(
            Photo(village_id=area.id, complaint_id=complaint.id, sha256=kept.sha256, media_type=kept.media_type)
        )
    record("complaints.received", "complaint", complaint.id, ticket=ticket, channel=said.channel)
    return Taken(complaint, code)


def _add(complaint: Complaint) -> None:
    """In a savepoint, since of two that come at once the second finds the first only when it is written."""
    key = (complaint.village_id, complaint.id)
    try:
        with db.session.begin_nested():
            db.session.add(complaint)
            db.session.flush()
    except IntegrityError:
        query = select(Complaint.id).where(Complaint.village_id == key[0], Complaint.id == key[1])
        if db.session.scalar(query) is None:
            raise
        raise TakenBefore from None


def _reporter(area: Area, teller: Teller) -> Reporter:
    person_id = _resident_with(area.id, teller.nik) if teller.known else None
    reporter = Reporter(village_id=area.id, person_id=person_id, name=teller.name, phone=teller.phone, nik=teller.nik)
    db.session.add(reporter)
    db.session.flush()
    return reporter


def _resident_with(village_id: int, nik: str) -> UUID | None:
    if not nik:
        return None
    return db.session.scalar(select(Person.id).where(Person.village_id == village_id, Person.nik == nik))
