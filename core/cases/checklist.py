"""The papers that a case needs: wanted, given, waived; given once, used again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, exists, or_, select

from core.actor import current_actor
from core.clock import now
from core.database.session import db
from core.files import FileStore

from .catalogue import find_service
from .errors import CaseError
from .locking import hold, touch
from .models import Case, CaseRequirement, Document
from .restricted import seen
from .service import Requirement, Service
from .timeline import note_event


@dataclass(frozen=True)
class ChecklistItem:
    """A requirement as the service declares it, with what the case has of it."""

    requirement: Requirement
    row: CaseRequirement
    document: Document | None
    from_case: str | None
    """The ticket of the earlier case that the document was given for."""

    @property
    def settled(self) -> bool:
        return self.row.state in ("given", "waived")


def start_checklist(case: Case, service: Service) -> None:
    """A row for each declared requirement; papers that the family gave before are taken over where still good."""
    reusable = _reusable(case, service)
    for requirement in service.requirements:
        document = reusable.get(requirement.key)
        db.session.add(
            CaseRequirement(
                village_id=case.village_id,
                case_id=case.id,
                key=requirement.key,
                state="given" if document else "wanted",
                document_id=document.id if document else None,
                changed_by=current_actor.get().user_id,
            )
        )


def _reusable(case: Case, service: Service) -> dict[str, Document]:
    """The newest good paper of each kind."""
    return {document.kind: document for document in _files(case) if _is_good_for(case, service, document)}


def files_at_hand(case: Case, service: Service) -> dict[str, Document]:
    """For each kind of paper the file that it can be ticked with: one given for this case, else for an earlier one."""
    files = _files(case)
    own = {document.kind: document for document in files if document.case_id == case.id}
    return {**{d.kind: d for d in files if _is_good_for(case, service, d)}, **own}


_FILES = (
    select(
        Document,
        select(CaseRequirement.id)
        .where(CaseRequirement.village_id == Document.village_id, CaseRequirement.document_id == Document.id)
        .exists()
        .label("in_use"),
    )
    .where(
        Document.village_id == bindparam("village_id"),
        or_(Document.person_id == bindparam("person_id"), Document.household_id == bindparam("household_id")),
        seen(Document),
    )
    .order_by(Document.uploaded_at, Document.id)
)


def _files(case: Case) -> list[Document]:
    """The files of a case's resident and household, the newest last, in one query.

    One that was taken back, wherever it was given, was a mistake; it is offered to its own case only.
    """
    owners = {"village_id": case.village_id, "person_id": case.person_id, "household_id": case.household_id}
    rows = db.session.execute(_FILES, owners)
    return [document for document, in_use in rows if in_use or document.case_id == case.id]


def _is_good_for(case: Case, service: Service, document: Document) -> bool:
    """A paper that the service asks for, of this person or (a KK) this household, and young enough."""
    asked = next((r for r in service.requirements if r.key == document.kind), None)
    if asked is None or asked.reusable_days is None or document.uploaded_at <= now() - timedelta(asked.reusable_days):
        return False
    return document.person_id == case.person_id or (asked.owner == "household" and case.household_id is not None)


_PAPERS = (
    select(CaseRequirement, Document, Case.ticket)
    .outerjoin(
        Document,
        (Document.village_id == CaseRequirement.village_id) & (Document.id == CaseRequirement.document_id),
    )
    .outerjoin(Case, (Case.village_id == Document.village_id) & (Case.id == Document.case_id))
    .where(CaseRequirement.village_id == bindparam("village_id"), CaseRequirement.case_id == bindparam("case_id"))
    .order_by(CaseRequirement.id)
)


def checklist(case: Case, service: Service | None) -> list[ChecklistItem]:
    """What was asked for when the case was opened, in the order of the service, from one query.

    What a later version of the plugin asks for is asked of new cases only; what it asks for no more stands last.
    """
    rows = db.session.execute(_PAPERS, {"village_id": case.village_id, "case_id": case.id}).all()
    declared = {requirement.key: requirement for requirement in (service.requirements if service else ())}
    places = list(declared)
    rows = sorted(rows, key=lambda row: places.index(row[0].key) if row[0].key in declared else len(places))
    return [
        ChecklistItem(
            declared.get(row.key) or Requirement(row.key, row.key, mandatory=False),
            row,
            document,
            ticket if document and document.case_id != case.id else None,
        )
        for row, document, ticket in rows
    ]


def checklists(cases: Sequence[Case]) -> dict[UUID, list[ChecklistItem]]:
    """What was asked for of many cases, by the case's id, without the files: one query."""
    found: dict[UUID, list[ChecklistItem]] = {case.id: [] for case in cases}
    services = {case.id: find_service(case.service) for case in cases}
    rows = select(CaseRequirement).where(
        CaseRequirement.village_id.in_({case.village_id for case in cases}), CaseRequirement.case_id.in_(found)
    )
    for row in db.session.scalars(rows):
        service = services[row.case_id]
        declared = {requirement.key: requirement for requirement in (service.requirements if service else ())}
        requirement = declared.get(row.key) or Requirement(row.key, row.key, mandatory=False)
        found[row.case_id].append(ChecklistItem(requirement, row, None, None))
    return found


def missing(items: Sequence[ChecklistItem]) -> list[Requirement]:
    """What is mandatory and neither given nor waived."""
    return [item.requirement for item in items if item.requirement.mandatory and not item.settled]


def give_document(case: Case, key: str, *, stream: BinaryIO, filename: str, files_dir: Path) -> Document:
    """Keep an uploaded paper and tick its requirement off. The caller commits.

    Raises:
        FileRefused: empty, too large or not a photo or PDF.
        CaseError: the case does not ask for it, or is closed.
    """
    row = _held_row(case, key)
    stored = FileStore(files_dir, case.village_id).save_document(stream)
    document = Document(
        village_id=case.village_id,
        person_id=case.person_id,
        household_id=case.household_id,
        case_id=case.id,
        kind=key,
        filename=filename[:200],
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        uploaded_by=current_actor.get().user_id,
    )
    db.session.add(document)
    db.session.flush()
    _settle(case, row, "given", document_id=document.id)
    note_event(case, "document_given", key=key, document=str(document.id))
    return document


def confirm_seen(case: Case, key: str) -> None:
    """The clerk saw the paper itself at the desk; no copy is kept. Raises: CaseError."""
    _settle(case, _held_row(case, key), "given")
    note_event(case, "document_seen", key=key)


def waive(case: Case, key: str, reason: str) -> None:
    """Go without a paper, for a reason that stays on record.

    Raises:
        CaseError: no reason; the case does not ask for it, or is closed.
    """
    reason = reason.strip()
    if not reason:
        raise CaseError(_("Tulis alasannya: mengapa berkas ini boleh tidak ada."))
    _settle(case, _held_row(case, key), "waived", note=reason)
    note_event(case, "document_waived", note=reason, key=key)


def take_back(case: Case, key: str) -> None:
    """Undo: the paper is wanted again. A file stays with the case and can be ticked again. Raises: CaseError."""
    row = _held_row(case, key)
    if row.state == "wanted":
        return
    document = {"document": str(row.document_id)} if row.document_id else {}
    _settle(case, row, "wanted")
    note_event(case, "document_taken_back", key=key, **document)


def use_again(case: Case, service: Service, key: str) -> None:
    """Tick a paper with the file that the page offered for it. Raises: CaseError."""
    row = _held_row(case, key)
    document = files_at_hand(case, service).get(key)
    if document is None:
        raise CaseError(_("Tidak ada berkas lama untuk persyaratan ini. Unggah yang baru."))
    _settle(case, row, "given", document_id=document.id)
    note_event(case, "document_reused", key=key, document=str(document.id))


def find_document(village_id: int, document_id: UUID) -> Document | None:
    """One of a case that may be seen, or that such a case uses again."""
    used = exists().where(
        CaseRequirement.village_id == Document.village_id,
        CaseRequirement.document_id == Document.id,
        CaseRequirement.case_id == Case.id,
        Case.village_id == Document.village_id,
    )
    return db.session.scalar(
        select(Document).where(Document.village_id == village_id, Document.id == document_id, or_(seen(Document), used))
    )


def _held_row(case: Case, key: str) -> CaseRequirement:
    hold(case)
    row = db.session.scalar(
        select(CaseRequirement)
        .where(
            CaseRequirement.village_id == case.village_id,
            CaseRequirement.case_id == case.id,
            CaseRequirement.key == key,
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise CaseError(_("Kasus ini tidak meminta berkas itu."))
    return row


def _settle(case: Case, row: CaseRequirement, state: str, *, document_id: UUID | None = None, note: str = "") -> None:
    row.state, row.document_id, row.note = state, document_id, note
    row.changed_by, row.changed_at = current_actor.get().user_id, now()
    touch(case)
