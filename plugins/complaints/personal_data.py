"""What core's rule does not reach: a NIK that a stranger typed and nobody has matched, and files in the store."""

from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from core.api import Case, Person, db, drop_files, gettext, long_date

from .models import Complaint, Photo, Reporter


def told_with_nik(person: Person) -> dict[str, Any] | None:
    """Complaints sent with the resident's NIK: that it was used, and when. Who used it is not known, so no more."""
    if not person.nik:
        return None
    rows = db.session.execute(
        select(Complaint.ticket, Complaint.received_on)
        .join(Reporter, and_(Reporter.village_id == Complaint.village_id, Reporter.id == Complaint.reporter_id))
        .where(Reporter.village_id == person.village_id, Reporter.nik == person.nik, Reporter.person_id.is_(None))
        .order_by(Complaint.received_on, Complaint.id)
    ).all()
    lines = [{"nomor": row.ticket, "diterima": long_date(row.received_on)} for row in rows]
    return {"keluhan dari halaman desa yang memakai NIK ini": lines} if lines else None


def unfinished(person: Person) -> str | None:
    """Open complaints about the resident's matter, or his or her own."""
    tickets = db.session.scalars(
        select(Complaint.ticket)
        .where(Complaint.village_id == person.village_id, Complaint.state == "open", Complaint.id.in_(_about(person)))
        .order_by(Complaint.ticket)
    ).all()
    if not tickets:
        return None
    return gettext("Masih ada keluhan terbuka: %(tickets)s. Jawab dahulu, lalu ulangi.", tickets=", ".join(tickets))


def erase_around(person: Person) -> None:
    """The typed NIK with name and number, and the files, of which the rows go as well."""
    if person.nik:
        db.session.execute(
            update(Reporter)
            .where(Reporter.village_id == person.village_id, Reporter.nik == person.nik)
            .values(name="", phone="", nik="")
        )
    mine = and_(Photo.village_id == person.village_id, Photo.complaint_id.in_(_about(person)))
    doomed = db.session.execute(select(Photo.id, Photo.sha256).where(mine)).all()
    if not doomed:
        return
    ids, hashes = [row.id for row in doomed], {row.sha256 for row in doomed}
    kept = set(
        db.session.scalars(
            select(Photo.sha256).where(
                Photo.village_id == person.village_id, Photo.sha256.in_(hashes), Photo.id.not_in(ids)
            )
        )
    )
    db.session.execute(delete(Photo).where(Photo.village_id == person.village_id, Photo.id.in_(ids)))
    drop_files(person.village_id, hashes - kept)


def _about(person: Person):
    """By the rule of ``docs/personal-data.md``: the resident named, else that of the case, else who complains."""
    cases = select(Case.id).where(Case.village_id == person.village_id, Case.person_id == person.id)
    reporters = select(Reporter.id).where(Reporter.village_id == person.village_id, Reporter.person_id == person.id)
    nobody = and_(Complaint.person_id.is_(None), Complaint.case_id.is_(None))
    return select(Complaint.id).where(
        Complaint.village_id == person.village_id,
        or_(
            Complaint.person_id == person.id,
            and_(Complaint.person_id.is_(None), Complaint.case_id.in_(cases)),
            and_(nobody, Complaint.reporter_id.in_(reporters)),
        ),
    )
