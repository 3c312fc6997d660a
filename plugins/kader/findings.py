"""Findings: reported in the field, read at the desk, answered with a case or a reason that the field worker sees."""

from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from core.api import Area, Case, CaseError, Household, Person, db, gettext, keep_photo, now, record

from .models import KaderFinding
from .rulebook import answer_by
from .sent_once import add_once


@dataclass(frozen=True)
class Report:
    """What is told. ``id`` is drawn with the form; who is no resident is told by ``name`` and ``place``."""

    kind: str
    words: str = ""
    urgent: bool = False
    name: str = ""
    place: str = ""
    position: str = ""
    photo: BinaryIO | None = None
    id: UUID = field(default_factory=uuid4)


def report(area: Area, told: Report, person: Person | None, household: Household | None, *, by: UUID) -> KaderFinding:
    """Keep a finding, once however often it is sent. The caller commits.

    Raises:
        SentBefore: its form was taken before.
        FileRefused: the photo is none.
    """
    found_at = now()
    finding = KaderFinding(
        village_id=area.id,
        id=told.id,
        user_id=by,
        kind=told.kind,
        person_id=person.id if person else None,
        household_id=household.id if household else None,
        name="" if person or household else told.name,
        place="" if person or household else told.place,
        words=told.words,
        urgent=told.urgent,
        position=told.position,
        found_at=found_at,
        answer_by=answer_by(found_at.astimezone(ZoneInfo(area.timezone)).date(), urgent=told.urgent),
    )
    add_once(finding)
    if told.photo:
        photo = keep_photo(area, told.photo)
        finding.sha256, finding.media_type = photo.sha256, photo.media_type
    record("kader.finding_reported", "kader_finding", finding.id, reference=finding.reference)
    return finding


def see(finding: KaderFinding, *, by: UUID) -> None:
    """The desk has read it. The caller holds the row and commits; one that is past that stays."""
    if finding.state == "new":
        finding.state, finding.handled_by = "seen", by
        record("kader.finding_seen", "kader_finding", finding.id, reference=finding.reference)


def answer(finding: KaderFinding, words: str, *, by: UUID) -> None:
    """No case, for a reason that the field worker reads. The caller holds the row and commits.

    Raises:
        CaseError: it is answered already.
    """
    _must_wait(finding)
    finding.state, finding.answer, finding.handled_by, finding.answered_at = "answered", words, by, now()
    record("kader.finding_answered", "kader_finding", finding.id, reference=finding.reference)


def attach(finding: KaderFinding, person: Person) -> None:
    """Say which resident it is about. The caller holds the row and commits.

    Raises:
        CaseError: it is answered already, or the resident's data are erased.
    """
    _must_wait(finding)
    if person.erased:
        raise CaseError(gettext("Data warga ini sudah dihapus."))
    finding.person_id, finding.household_id = person.id, person.household_id
    record("kader.finding_attached", "kader_finding", finding.id, reference=finding.reference)


def tie(finding: KaderFinding, case: Case, *, by: UUID | None) -> None:
    """The case that was opened for it is its answer. The caller holds the row and commits.

    Raises:
        CaseError: it is answered already.
    """
    _must_wait(finding)
    finding.state, finding.case_id, finding.answered_at = "case", case.id, now()
    finding.handled_by = by or finding.handled_by
    record("kader.finding_case", "kader_finding", finding.id, reference=finding.reference, ticket=case.ticket)


def tie_new_case(case: Case) -> KaderFinding | None:
    """A case that came through a field worker answers the one finding that waits about its resident.

    None where there is no such finding, or several of which only the desk can tell which. The caller commits.
    """
    if case.channel != "field_worker":
        return None
    waiting = db.session.scalars(
        select(KaderFinding)
        .where(
            KaderFinding.village_id == case.village_id,
            KaderFinding.person_id == case.person_id,
            KaderFinding.state.in_(("new", "seen")),
        )
        .with_for_update()
    ).all()
    if len(waiting) != 1:
        return None
    tie(waiting[0], case, by=case.opened_by)
    return waiting[0]


def cases_for(finding: KaderFinding, limit: int = 10) -> list[Case]:
    """What could be its case: of the resident or household, open or opened since; the latest first."""
    whose = []
    if finding.person_id:
        whose.append(Case.person_id == finding.person_id)
    if finding.household_id:
        whose.append(Case.household_id == finding.household_id)
    if not whose:
        return []
    recent = or_(Case.closed_at.is_(None), Case.opened_at >= finding.found_at)
    query = select(Case).where(Case.village_id == finding.village_id, or_(*whose), recent)
    return list(db.session.scalars(query.order_by(Case.opened_at.desc(), Case.id).limit(limit)))


def _must_wait(finding: KaderFinding) -> None:
    if not finding.waits:
        raise CaseError(gettext("Temuan ini sudah dijawab."))
