"""What somebody who complained can see and do with the ticket and its code, and nobody else.

Whatever does not fit, a wrong ticket or a wrong code, is answered alike. No NIK is looked up: where one was written
with a complaint that is not confidential, its last four digits open the status as they do a case's, whether the
village has such a resident or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from core.api import CaseError, db, gettext, record

from .codes import fits
from .models import Complaint, Entry, Reporter
from .rulebook import due_by

UNKNOWN = "–"


@dataclass(frozen=True)
class Status:
    """A complaint as its reporter sees it; ``main`` is the one that it was merged into, else itself."""

    complaint: Complaint
    main: Complaint
    lines: Sequence[Entry]
    may_rate: bool
    may_reopen: bool


def find(village_id: int, ticket: str, secret: str, *, for_change: bool = False) -> Complaint | None:
    """None for a wrong ticket and for a wrong secret alike."""
    query = (
        select(Complaint, Reporter.nik)
        .outerjoin(Reporter, (Reporter.village_id == Complaint.village_id) & (Reporter.id == Complaint.reporter_id))
        .where(Complaint.village_id == village_id, Complaint.ticket == ticket.strip().upper())
    )
    if for_change:
        query = query.with_for_update(of=Complaint)
    row = db.session.execute(query).first()
    found, nik = (row.Complaint, row.nik or "") if row else (None, "")
    by_code = fits(found.ticket if found else UNKNOWN, secret, found.code_hash if found else "")
    last_four = nik[-4:] if found and not found.confidential else ""
    by_nik = len(last_four) == 4 and compare_digest(last_four.encode(), secret.strip().encode())
    return found if by_code or by_nik else None


def status_of(complaint: Complaint, today: date) -> Status:
    """Of a merged one the answers to the main one, and nothing that another reporter has written."""
    main = complaint
    if complaint.duplicate_of is not None:
        main = db.session.get_one(Complaint, (complaint.village_id, complaint.duplicate_of))
    ids = {complaint.id, main.id}
    entries = db.session.scalars(
        select(Entry)
        .where(Entry.village_id == complaint.village_id, Entry.complaint_id.in_(ids), Entry.told)
        .order_by(Entry.at.desc(), Entry.id.desc())
    ).all()
    lines = [line for line in entries if line.complaint_id == complaint.id or line.kind in ("answer", "final")]
    answered = complaint.state == "answered" and not complaint.closed_on(today)
    return Status(complaint, main, lines, may_rate=answered and not complaint.rating, may_reopen=answered)


def rate(complaint: Complaint, rating: str, today: date) -> None:
    """Whether it was solved, in the eyes of who complained; a solved one is closed. The caller commits.

    Raises:
        CaseError: it has no answer, or was rated or closed before.
    """
    if complaint.state != "answered" or complaint.closed_on(today) or complaint.rating:
        raise CaseError(gettext("Keluhan ini tidak menunggu penilaian."))
    complaint.rating = rating
    if rating == "solved":
        complaint.state = "closed"
    _note(complaint, "rated", "")
    record("complaints.rated", "complaint", complaint.id, ticket=complaint.ticket, rating=rating)


def reopen(complaint: Complaint, why: str, today: date) -> None:
    """The answer did not settle it. It is open again, with the time of its kind from today. The caller commits.

    Raises:
        CaseError: it has no answer yet, or the days in which it could be reopened are over.
    """
    if complaint.state != "answered":
        raise CaseError(gettext("Keluhan ini belum dijawab atau sudah ditutup, jadi tidak dapat dibuka lagi."))
    if complaint.closed_on(today):
        raise CaseError(gettext("Waktu untuk membuka lagi keluhan ini sudah lewat. Sampaikan keluhan baru."))
    complaint.state, complaint.outcome = "open", ""
    complaint.due_on, complaint.extended = due_by(today, complaint.kind), False
    complaint.answered_on, complaint.reopen_until = None, None
    complaint.reopened += 1
    _note(complaint, "reopened", why)
    record("complaints.reopened", "complaint", complaint.id, ticket=complaint.ticket)


def _note(complaint: Complaint, kind: str, text: str) -> None:
    flag_modified(complaint, "state")
    db.session.add(
        Entry(village_id=complaint.village_id, complaint_id=complaint.id, kind=kind, by=None, told=True, text=text)
    )
