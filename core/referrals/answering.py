"""The receiving side's steps: accept, return, process, and answer with evidence."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask_babel import gettext as _

from core.actor import current_actor
from core.cases.locking import lock
from core.cases.models import Document
from core.clock import now
from core.database.session import commit, db
from core.files import FileStore, StoredFile

from .addressing import Address, Opened, in_village
from .errors import ReferralError, StaleReferral
from .history import note_step
from .models import ReferralDocument
from .planned import follows_plan
from .sending import due_to_tell
from .states import STEPS, WITH_RECEIVER, ReferralStep

EVIDENCE = "referral_answer"
"""Kind of the document that an answer brings; no service asks for one of this kind."""


@dataclass(frozen=True)
class Reply:
    """What an officer gives with a step. ``reference``: where the result can be checked, such as a letter's number."""

    note: str = ""
    reference: str = ""
    evidence: BinaryIO | None = None
    filename: str = ""


def take_step(address: Address, key: str, version: int, reply: Reply, files_dir: Path) -> None:
    """Accept, return, process or answer.

    Raises:
        NotAddressed: not theirs.
        StaleReferral: somebody else, or the village, was faster.
        ReferralError: not from this state, or reason, answer or evidence is missing.
        FileRefused: the evidence is too large, empty or of another type.
    """
    _step_of(key)
    with in_village(address, for_update=True) as opened:
        if opened.referral.version != version:
            raise StaleReferral(opened.referral.id, version)
        answer(opened, key, reply, files_dir)
        commit()


def answer(opened: Opened, key: str, reply: Reply, files_dir: Path | None = None) -> None:
    """The same of a referral that is open and locked already, in the name of whoever acts. The caller commits.

    Args:
        key: accept, process, finish, refuse or return.
        files_dir: needed where the reply brings a file.

    Raises:
        ReferralError: not from this state, or reason, answer or evidence is missing.
        FileRefused: the evidence is too large, empty or of another type.
    """
    step = _step_of(key)
    _check(opened, step, reply)
    details = _keep_evidence(opened, step, reply, files_dir)
    _arrive(opened, step, reply)
    note_step(opened.referral, opened.case, step.target, "receiver", note=reply.note.strip(), **details)


def _step_of(key: str) -> ReferralStep:
    step = STEPS.get(key)
    if step is None or step.side != "receiver":
        raise ReferralError(_("Langkah itu tidak ada."))
    return step


def _check(opened: Opened, step: ReferralStep, reply: Reply) -> None:
    if opened.area.suspended:
        raise ReferralError(_("Desa ini sedang ditangguhkan. Hubungi admin kabupaten."))
    if opened.referral.state not in step.source:
        raise ReferralError(_("Langkah itu tidak mungkin lagi dari keadaan rujukan sekarang."))
    if step.needs_note and not reply.note.strip():
        raise ReferralError(_("Tulis jawabannya: warga dan desa perlu tahu apa yang diputuskan dan mengapa."), "note")
    if step.needs_evidence and reply.evidence is None and not reply.reference.strip():
        text = _("Sertakan buktinya: unggah berkas, atau tulis nomor surat atau kartu yang dapat dicek.")
        raise ReferralError(text, "reference")


def _keep_evidence(opened: Opened, step: ReferralStep, reply: Reply, files_dir: Path | None) -> dict[str, str]:
    """The file as a document of the resident, in the files of their village; what the history says of it."""
    if not step.needs_evidence:
        return {}
    details: dict[str, str] = {"reference": reply.reference.strip()} if reply.reference.strip() else {}
    if reply.evidence is not None and files_dir is not None:
        stored = FileStore(files_dir, opened.area.id).save_document(reply.evidence)
        details["document"] = str(_document(opened, stored, reply.filename).id)
    return details


def _document(opened: Opened, stored: StoredFile, filename: str) -> Document:
    case, referral = opened.case, opened.referral
    document = Document(
        village_id=case.village_id,
        person_id=case.person_id,
        household_id=case.household_id,
        case_id=case.id,
        kind=EVIDENCE,
        filename=filename[:200],
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        uploaded_by=current_actor.get().user_id,
    )
    db.session.add(document)
    db.session.flush()
    title = _("Bukti dari %(name)s", name=referral.organisation.name)[:120]
    db.session.add(
        ReferralDocument(
            village_id=case.village_id,
            referral_id=referral.id,
            document_id=document.id,
            side="receiver",
            title=title,
        )
    )
    return document


def _arrive(opened: Opened, step: ReferralStep, reply: Reply) -> None:
    referral = opened.referral
    referral.state = step.target
    if step.key == "accept":
        referral.accepted_at = now()
    if step.target not in WITH_RECEIVER:
        referral.back_at, referral.due_on = now(), due_to_tell(opened.area)
        # The desk has something to do again, however long it meant to wait.
        if follows_plan(referral, opened.case):
            lock(opened.case)
            opened.case.due_on = min(opened.case.due_on, referral.due_on)
    if step.key in ("finish", "refuse"):
        referral.decision, referral.outcome = step.target, reply.note.strip()
