"""Letters of a village that belong to no case but to something of a plugin, such as a decree with a list of families.

They stand in the same register, are checked by the same QR code, signed and revoked alike. Where one is shown, and what
its signature sets in motion, is the plugin's: a view ``<plugin>.letter`` that takes the letter's ``id`` is where the
register leads.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.areas.current import CurrentArea
from core.audit import record as audit
from core.database.session import db
from core.platform import platform
from core.web.urls import verify_address

from .errors import CaseError
from .letter_values import settings_in_words
from .letters import Draft, already_made, make_letter, mark_revoked, mark_signed
from .models import LetterRecord
from .service import Letter


def issue_village_letter(
    area: CurrentArea, letter: Letter, object_id: UUID, *, about: str, values: Mapping[str, Any]
) -> LetterRecord:
    """Give a letter its number, render the PDF and keep both. The caller commits; a rollback gives the number back.

    The letter's template says whose it is: "blt_desa/decree.typ" is of the plugin ``blt_desa``. Hold the row of
    ``object_id`` locked, so that two clerks do not print at once.

    Args:
        object_id: what the letter is about, a row of the plugin's own.
        about: that in words, as the register says it after the letter's title.
        values: what reaches the template as ``data.values``: texts, and lists and mappings of texts. The plugin's
            settings are added to them as ``settings``.

    Raises:
        CaseError: there is one of the kind that holds already.
        LetterTemplateError: the template cannot be set.
    """
    plugin = letter.template.partition("/")[0]
    if any(found.key == letter.key and found.revoked_at is None for found in letters_about(area.id, plugin, object_id)):
        raise CaseError(already_made())
    values = {**values, "settings": settings_in_words(area.interval, plugin)}
    draft = Draft(area, letter, about, values, verify_address(area))
    made = make_letter(draft, platform().config.files_dir, plugin=plugin, object_id=object_id)
    db.session.flush()
    audit("letters.issued", "letter", made.id, reference=made.reference)
    return made


def sign_village_letter(letter: LetterRecord) -> None:
    """As :func:`core.cases.letters.sign_letter`. The caller commits.

    Raises:
        CaseError: signed or revoked before.
    """
    _check_free(letter)
    mark_signed(letter)
    audit("letters.signed", "letter", letter.id, reference=letter.reference)


def revoke_village_letter(letter: LetterRecord, reason: str) -> None:
    """As :func:`core.cases.letters.revoke_letter`. The caller commits, and asks ``may_revoke`` before.

    Raises:
        CaseError: no reason; revoked before.
    """
    _check_free(letter)
    mark_revoked(letter, reason)
    audit("letters.revoked", "letter", letter.id, reference=letter.reference)


def _check_free(letter: LetterRecord) -> None:
    if letter.case_id is not None:
        raise ValueError(f"letter {letter.reference} is a case's: its timeline would miss it")


def letters_about(village_id: int, plugin: str, object_id: UUID) -> Sequence[LetterRecord]:
    """All letters of something of a plugin's, revoked ones too, the latest first."""
    return letters_about_all(village_id, plugin, [object_id])


def letters_about_all(village_id: int, plugin: str, object_ids: Iterable[UUID]) -> Sequence[LetterRecord]:
    """As :func:`letters_about`, of several objects in one query."""
    return db.session.scalars(
        select(LetterRecord)
        .where(
            LetterRecord.village_id == village_id,
            LetterRecord.plugin == plugin,
            LetterRecord.object_id.in_(list(object_ids)),
        )
        .order_by(LetterRecord.year.desc(), LetterRecord.number.desc())
    ).all()


def find_village_letter(village_id: int, plugin: str, letter_id: UUID) -> LetterRecord | None:
    """A letter of a plugin's; None for another's, and for a case's."""
    return db.session.scalar(
        select(LetterRecord).where(
            LetterRecord.village_id == village_id, LetterRecord.plugin == plugin, LetterRecord.id == letter_id
        )
    )
