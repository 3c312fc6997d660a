"""What the village does with a complaint. Each deed is a line of its history and of the audit. The caller commits."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from core.api import Case, CaseError, Person, db, gettext, long_date, record

from .models import Complaint, Entry
from .rulebook import due_by, reopen_until


@dataclass(frozen=True)
class Hand:
    """Who acts, and the day where the desk stands."""

    by: UUID | None
    today: date


def answer(complaint: Complaint, text: str, outcome: str, hand: Hand) -> None:
    """Tell the reporter something; ``outcome`` (one of ``OUTCOMES``) says that it is the end of it, blank not yet.

    Raises:
        CaseError: it is not open.
    """
    _must_be_open(complaint)
    complaint.first_answer_on = complaint.first_answer_on or hand.today
    if outcome:
        complaint.state, complaint.outcome, complaint.rating = "answered", outcome, ""
        complaint.answered_on, complaint.reopen_until = hand.today, reopen_until(hand.today)
    _note(complaint, "final" if outcome else "answer", hand, text, told=True)
    record("complaints.answered", "complaint", complaint.id, ticket=complaint.ticket, outcome=outcome)


def write_note(complaint: Complaint, text: str, hand: Hand) -> None:
    """Something for the desk, which the reporter never reads."""
    _note(complaint, "note", hand, text)


def extend(complaint: Complaint, until: date, reason: str, hand: Hand) -> None:
    """Move the day of the end; the reporter reads why.

    Raises:
        CaseError: it is not open, or the day is not later than the one before and than today.
    """
    _must_be_open(complaint)
    if until <= max(complaint.due_on, hand.today):
        raise CaseError(
            gettext("Tenggat baru harus sesudah %(day)s.", day=long_date(max(complaint.due_on, hand.today)))
        )
    complaint.due_on, complaint.extended = until, True
    _note(complaint, "extended", hand, reason, told=True).answer_by = until
    record("complaints.extended", "complaint", complaint.id, ticket=complaint.ticket, until=until.isoformat())


def reclassify(complaint: Complaint, sector: str, kind: str, about: str, hand: Hand) -> None:
    """Its kind decides the deadline, counted from the day it was received; one that was extended keeps the later day.

    Raises:
        CaseError: it is not open.
    """
    _must_be_open(complaint)
    due = due_by(complaint.received_on, kind)
    complaint.due_on = max(due, complaint.due_on) if complaint.extended else due
    complaint.sector, complaint.kind, complaint.about = sector, kind, about
    _note(complaint, "reclassified", hand)
    record("complaints.reclassified", "complaint", complaint.id, ticket=complaint.ticket, kind=kind, about=about)


def forward(complaint: Complaint, whom: str, ask: str, until: date | None, hand: Hand) -> Entry:
    """Pass it on to somebody outside, who is never told the reporter of a confidential one: see ``documents.py``.

    Raises:
        CaseError: it is not open.
    """
    _must_be_open(complaint)
    entry = _note(complaint, "forwarded", hand, ask)
    entry.whom, entry.answer_by = whom, until
    record("complaints.forwarded", "complaint", complaint.id, ticket=complaint.ticket, whom=whom)
    return entry


def take_reply(complaint: Complaint, whom: str, text: str, hand: Hand) -> None:
    """What came back from outside, for the desk: the reporter is told in an answer."""
    _note(complaint, "reply", hand, text).whom = whom
    record("complaints.reply_noted", "complaint", complaint.id, ticket=complaint.ticket)


def link(complaint: Complaint, ticket: str, nik: str, hand: Hand) -> None:
    """Tie it to a case by its ticket, or to the resident whose matter it is by the NIK.

    Raises:
        CaseError: there is no such case, or no such resident, in this village.
    """
    if ticket:
        complaint.case_id = _case_with(complaint.village_id, ticket)
    if nik:
        complaint.person_id = _person_with(complaint.village_id, nik)
    _note(complaint, "linked", hand, ticket.upper())
    record("complaints.linked", "complaint", complaint.id, ticket=complaint.ticket)


def merge(complaint: Complaint, into: str, hand: Hand) -> None:
    """It says what another one says already: its reporter then reads the answers to that one.

    Raises:
        CaseError: it is not open; there is no other complaint with that ticket that is the same kind of secret.
    """
    _must_be_open(complaint)
    other = db.session.scalar(
        select(Complaint).where(Complaint.village_id == complaint.village_id, Complaint.ticket == into.strip().upper())
    )
    # Who may read the one must be who may read the other, or an answer would tell of what is hidden.
    if other is None or other.id == complaint.id or other.about != complaint.about:
        raise CaseError(gettext("Tidak ada keluhan lain dengan nomor itu."))
    if other.state == "merged":
        raise CaseError(gettext("Keluhan itu sendiri sudah digabung. Pakai nomor keluhan utamanya."))
    if _has_merged(complaint):
        raise CaseError(gettext("Keluhan lain sudah digabung ke sini. Gabungkan yang itu ke keluhan ini saja."))
    complaint.state, complaint.duplicate_of = "merged", other.id
    _note(complaint, "merged", hand, other.ticket)
    _note(other, "merged", hand, complaint.ticket)
    record("complaints.merged", "complaint", complaint.id, ticket=complaint.ticket, into=other.ticket)


def _has_merged(complaint: Complaint) -> bool:
    query = select(Complaint.id).where(
        Complaint.village_id == complaint.village_id, Complaint.duplicate_of == complaint.id
    )
    return db.session.scalar(query.limit(1)) is not None


def _must_be_open(complaint: Complaint) -> None:
    if complaint.state != "open":
        raise CaseError(gettext("Keluhan ini tidak terbuka lagi. Muat ulang halamannya untuk melihat keadaannya."))


def _note(complaint: Complaint, kind: str, hand: Hand, text: str = "", *, told: bool = False) -> Entry:
    """Every line moves the version: what somebody decides rests on all that was said before."""
    flag_modified(complaint, "state")
    entry = Entry(
        village_id=complaint.village_id, complaint_id=complaint.id, kind=kind, by=hand.by, told=told, text=text
    )
    db.session.add(entry)
    return entry


def _case_with(village_id: int, ticket: str) -> UUID:
    found = db.session.scalar(select(Case.id).where(Case.village_id == village_id, Case.ticket == ticket.upper()))
    if found is None:
        raise CaseError(gettext("Tidak ada kasus dengan tiket itu di desa ini."))
    return found


def _person_with(village_id: int, nik: str) -> UUID:
    found = db.session.scalar(select(Person.id).where(Person.village_id == village_id, Person.nik == nik))
    if found is None:
        raise CaseError(gettext("Tidak ada warga dengan NIK itu di desa ini."))
    return found
