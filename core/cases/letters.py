"""Letters: numbered per village and year, printed once, signed, verified by anyone who holds the paper, revocable."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.clock import now, today
from core.database.session import db
from core.files import FileStore
from core.rules.rulebook import value_on

from .errors import CaseError
from .letter_pdf import LetterContent, render_letter
from .letter_values import in_indonesian
from .locking import hold, lock, touch
from .models import Case, LetterRecord
from .numbering import next_number
from .restricted import seen
from .service import Letter, Service
from .signatory import signatory_name
from .standing import find_state
from .timeline import note_event

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
MAX_LETTER_BYTES = 5 * 1024 * 1024
MAX_SUBJECT = 200


@dataclass(frozen=True)
class LetterRequest:
    """All that a case's letter is made from, gathered by the caller."""

    area: CurrentArea
    case: Case
    service: Service
    letter: Letter
    values: Mapping[str, Any]
    verify_url: str
    """Where the QR code leads; ``{token}`` stands for the letter's token."""


@dataclass(frozen=True)
class Draft:
    """A letter that has no number yet, of a case or of anything else."""

    area: CurrentArea
    letter: Letter
    about: str
    """Whom or what it is about, as the register says it after the letter's title."""
    values: Mapping[str, Any]
    verify_url: str


def reference_of(area: CurrentArea, letter: Letter, number: int, on: date) -> str:
    """The number as it stands on the paper: classification / number / village / month / year."""
    parts = [
        value_on(letter.classification, on),
        f"{number:03d}",
        area.ticket_prefix,
        ROMAN[on.month - 1],
        str(on.year),
    ]
    return "/".join(part for part in parts if part)


def issue_letter(request: LetterRequest, files_dir: Path) -> LetterRecord:
    """Give a case's letter its number, render the PDF and keep both. The caller commits; a rollback gives it back.

    Raises:
        CaseError: the case is not where this letter is due, or has one of the kind that holds already.
        LetterTemplateError: the plugin's template cannot be set.
    """
    case, letter = request.case, request.letter
    hold(case)
    if problem := why_not_now(case, request.service, letter):
        raise CaseError(problem)
    if _valid_letter(case, letter.key):
        raise CaseError(already_made())
    draft = Draft(request.area, letter, case.person.name, request.values, request.verify_url)
    record = make_letter(draft, files_dir, case_id=case.id)
    touch(case)
    note_event(case, "letter_issued", key=letter.key, reference=record.reference)
    return record


def already_made() -> str:
    return _("Surat ini sudah dibuat. Cabut dulu bila isinya salah, lalu buat yang baru.")


def make_letter(draft: Draft, files_dir: Path, **owner: Any) -> LetterRecord:
    """Number a letter, render its PDF and keep both; ``owner`` are the columns that say whose it is.

    Raises:
        LetterTemplateError: the plugin's template cannot be set.
    """
    area, letter, day = draft.area, draft.letter, today(draft.area.timezone)
    number = next_number(area.id, "letter", day.year)
    with in_indonesian():
        title = str(letter.title)
    record = LetterRecord(
        village_id=area.id,
        key=letter.key,
        year=day.year,
        number=number,
        reference=reference_of(area, letter, number, day),
        subject=f"{title} – {draft.about}"[:MAX_SUBJECT],
        token=secrets.token_urlsafe(24),
        data=dict(draft.values),
        issued_on=day,
        issued_by=current_actor.get().user_id,
        valid_until=day + timedelta(days=valid) if (valid := letter.validity(day, area)) else None,
        **owner,
    )
    pdf = render_letter(_content(draft, record, title))
    record.sha256, _size = FileStore(files_dir, area.id).save(BytesIO(pdf), MAX_LETTER_BYTES)
    db.session.add(record)
    return record


def _content(draft: Draft, record: LetterRecord, title: str) -> LetterContent:
    return LetterContent(
        template=draft.letter.template,
        title=title,
        reference=record.reference,
        issued_on=record.issued_on,
        valid_until=record.valid_until,
        area=draft.area,
        signatory=signatory_name(draft.area, draft.letter.signer),
        values=record.data,
        verify_url=draft.verify_url.replace("{token}", record.token),
    )


def why_not_now(case: Case, service: Service, letter: Letter) -> str | None:
    """Why a letter cannot be issued where the case is; None where it can."""
    due = service.letter_states(letter)
    if case.state in due:
        return None
    titles = [str(state.title) for key in due if (state := find_state(service.workflow, key))]
    return _("Surat ini baru dapat dibuat setelah kasus sampai di: %(states)s.", states=", ".join(titles))


def _valid_letter(case: Case, key: str) -> LetterRecord | None:
    return db.session.scalar(
        select(LetterRecord).where(
            LetterRecord.village_id == case.village_id,
            LetterRecord.case_id == case.id,
            LetterRecord.key == key,
            LetterRecord.revoked_at.is_(None),
        )
    )


def find_letter(village_id: int, letter_id: UUID) -> LetterRecord | None:
    return db.session.scalar(
        select(LetterRecord).where(
            LetterRecord.village_id == village_id, LetterRecord.id == letter_id, seen(LetterRecord)
        )
    )


def find_letter_by_token(village_id: int, token: str) -> LetterRecord | None:
    return db.session.scalar(
        select(LetterRecord).where(LetterRecord.village_id == village_id, LetterRecord.token == token)
    )


def sign_letter(case: Case, record: LetterRecord) -> None:
    """The kepala desa has signed the paper: from now on its QR code says that it holds. The caller commits.

    Raises:
        CaseError: signed or revoked before; the letter is another case's; the case is closed.
    """
    hold(case)
    _check_owner(case, record)
    mark_signed(record)
    touch(case)
    note_event(case, "letter_signed", reference=record.reference)


def mark_signed(record: LetterRecord) -> None:
    """Raises: CaseError: signed or revoked before."""
    _lock_letter(record)
    if record.signed_at is not None:
        raise CaseError(_("Surat ini sudah ditandatangani."))
    actor = current_actor.get()
    record.signed_at, record.signed_by, record.signer_name = now(), actor.user_id, actor.name


def revoke_letter(case: Case, record: LetterRecord, reason: str) -> None:
    """The letter no longer holds; its number stays used, its QR code says so. The caller commits.

    Possible on a closed case too: what was handed over by mistake must be stoppable.

    Raises:
        CaseError: no reason; revoked before; the letter is another case's.
    """
    lock(case)
    _check_owner(case, record)
    mark_revoked(record, reason)
    touch(case)
    note_event(case, "letter_revoked", note=record.revoked_reason, reference=record.reference)


def mark_revoked(record: LetterRecord, reason: str) -> None:
    """Raises: CaseError: no reason; revoked before."""
    reason = reason.strip()
    if not reason:
        raise CaseError(_("Tulis alasan pencabutan; ia tercatat di register."))
    _lock_letter(record)
    record.revoked_at, record.revoked_by = now(), current_actor.get().user_id
    record.revoked_reason = reason


def may_revoke(record: LetterRecord, permissions: frozenset[str]) -> bool:
    """A misprint that nobody signed is withdrawn by whoever prints; a signed letter only by who signs."""
    needed = "letters.issue" if record.signed_at is None else "letters.sign"
    return record.revoked_at is None and needed in permissions


def _check_owner(case: Case, record: LetterRecord) -> None:
    if record.case_id != case.id:
        raise CaseError(_("Surat itu bukan milik kasus ini."))


def _lock_letter(record: LetterRecord) -> None:
    """Raises: CaseError: revoked before."""
    db.session.flush()  # a refresh forgets what is not written yet
    db.session.refresh(record, with_for_update=True)
    if record.revoked_at is not None:
        raise CaseError(_("Surat ini sudah dicabut."))


def letter_state(record: LetterRecord, on: date) -> str:
    """revoked, unsigned, expired or valid: what the verification page says."""
    if record.revoked_at is not None:
        return "revoked"
    if record.signed_at is None:
        return "unsigned"
    if record.valid_until is not None and record.valid_until < on:
        return "expired"
    return "valid"
