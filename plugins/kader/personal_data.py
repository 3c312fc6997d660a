"""What core's rule does not reach: what was told of a household as a whole, and may speak of this resident.

A visit and a finding about a household name no resident; their words may tell of anybody's health in it. So they are
in the copy of each member's data, and go with the first member who is erased. A finding that is still to be answered
stands in the way.
"""

from typing import Any

from sqlalchemy import and_, select, update

from core.api import Person, db, drop_files, gettext, long_date

from .models import KaderFinding, KaderVisit
from .words import FINDINGS, PURPOSES


def unfinished(person: Person) -> str | None:
    """A finding about the resident that waits for an answer."""
    query = select(KaderFinding.id).where(
        KaderFinding.village_id == person.village_id,
        KaderFinding.person_id == person.id,
        KaderFinding.state.in_(("new", "seen")),
    )
    if db.session.scalar(query.limit(1)) is None:
        return None
    return gettext("Masih ada temuan kader tentang warga ini yang belum dijawab. Jawab dulu, lalu ulangi.")


def told_of_household(person: Person) -> dict[str, Any] | None:
    if person.household_id is None:
        return None
    visits = db.session.scalars(
        select(KaderVisit).where(_visits(person), KaderVisit.state == "done").order_by(KaderVisit.done_on)
    )
    findings = db.session.scalars(select(KaderFinding).where(_findings(person)).order_by(KaderFinding.found_at))
    told = {
        "kunjungan kader ke keluarga": [
            {
                "hari": long_date(each.done_on) if each.done_on else "–",
                "keperluan": str(PURPOSES.get(each.purpose, each.purpose)),
                "catatan": each.note,
            }
            for each in visits
        ],
        "temuan kader tentang keluarga": [
            {
                "nomor": each.reference,
                "jenis": str(FINDINGS.get(each.kind, each.kind)),
                "keterangan": each.words,
                "titik lokasi": each.position,
                "jawaban": each.answer,
            }
            for each in findings
        ],
    }
    return {title: lines for title, lines in told.items() if lines} or None


def erase_around(person: Person) -> None:
    """In the running transaction, without a commit."""
    if person.household_id is None:
        return
    db.session.execute(update(KaderVisit).where(_visits(person)).values(note="", cancel_reason=""))
    doomed = set(
        db.session.scalars(select(KaderFinding.sha256).where(_findings(person), KaderFinding.sha256.is_not(None)))
    )
    db.session.execute(
        update(KaderFinding)
        .where(_findings(person))
        .values(words="", name="", place="", position="", answer="", sha256=None, media_type="")
    )
    kept = set(
        db.session.scalars(
            select(KaderFinding.sha256).where(
                KaderFinding.village_id == person.village_id, KaderFinding.sha256.in_(doomed)
            )
        )
    )
    drop_files(person.village_id, {each for each in doomed - kept if each})


def _visits(person: Person):
    return and_(KaderVisit.village_id == person.village_id, KaderVisit.household_id == person.household_id)


def _findings(person: Person):
    """About the household alone; one about this resident follows core's rule."""
    return and_(
        KaderFinding.village_id == person.village_id,
        KaderFinding.household_id == person.household_id,
        KaderFinding.person_id.is_(None),
    )
