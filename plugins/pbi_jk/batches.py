"""One letter of the village to the Dinas Sosial about many cases. The caller commits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core.api import (
    Area,
    CaseError,
    IssuedLetter,
    Letter,
    Person,
    current_row,
    db,
    find_village_letter,
    gettext,
    in_indonesian,
    issue_village_letter,
    letters_about,
    long_date,
    record,
    revoke_village_letter,
)
from core.api import lazy_gettext as _

from .listing import chosen_lines
from .models import Batch, Line
from .rulebook import rules

PLUGIN, GONE = "pbi_jk", "–"
COLLECTIVE = Letter(
    "collective",
    _("Surat Pengantar Usulan Reaktivasi PBI-JK"),
    "pbi_jk/collective.typ",
    classification=rules.value("classification"),
)
PROPOSABLE = ("registered", "handling", "sent")


def find_batch(village_id: int, batch_id: UUID) -> Batch | None:
    return db.session.scalar(select(Batch).where(Batch.village_id == village_id, Batch.id == batch_id))


def current_batch(village_id: int, batch_id: UUID, version: int) -> Batch:
    """Raises: Stale: somebody else has changed it since. CaseError: it is not there any more."""
    found = current_row(Batch, village_id, batch_id, version)
    if found is None:
        raise CaseError(gettext("Surat kolektif ini tidak ada lagi."))
    return found


def lines_of(batch: Batch) -> Sequence[Line]:
    ids = select(Line.id).where(Line.village_id == batch.village_id, Line.batch_id == batch.id)
    return chosen_lines(batch.village_id, db.session.scalars(ids).all())


def letters_of(batch: Batch) -> Sequence[IssuedLetter]:
    """Revoked ones too, the latest first."""
    return letters_about(batch.village_id, PLUGIN, batch.id)


def find_letter(village_id: int, letter_id: UUID) -> IssuedLetter | None:
    return find_village_letter(village_id, PLUGIN, letter_id)


def make_batch(area: Area, line_ids: Sequence[UUID], by: UUID | None) -> Batch:
    """Number and print one letter about the cases of these people.

    Raises:
        CaseError: nobody with a case was chosen, or a case is decided already or in another letter.
    """
    lines = chosen_lines(area.id, line_ids)
    if not lines:
        raise CaseError(gettext("Pilih dulu sedikitnya satu orang yang sudah punya kasus."))
    for line in lines:
        if line.case is None or line.case.state not in PROPOSABLE:
            raise CaseError(gettext("%(name)s: kasusnya sudah diputus atau ditutup.", name=line.name))
        if line.batch_id is not None:
            raise CaseError(gettext("%(name)s sudah ada di surat kolektif lain. Cabut dulu surat itu.", name=line.name))
    batch = Batch(village_id=area.id, created_by=by)
    db.session.add(batch)
    db.session.flush()
    for line in lines:
        line.batch_id = batch.id
    with in_indonesian():
        about = gettext("%(n)s warga", n=len(lines))
        values = {"lines": [_told(number, line) for number, line in enumerate(lines, start=1)]}
    issue_village_letter(area, COLLECTIVE, batch.id, about=about, values=values)
    record("pbi_jk.batch_made", "pbi_jk_batch", batch.id, members=len(lines))
    return batch


def _told(number: int, line: Line) -> dict[str, str]:
    return {
        "person": str(line.person_id),
        "no": str(number),
        "name": line.person.name if line.person else line.name,
        "nik": line.nik,
        "card": line.card_number or GONE,
        "since": long_date(line.inactive_since) if line.inactive_since else GONE,
        "ticket": line.case.ticket if line.case else GONE,
    }


def revoke(batch: Batch, letter: IssuedLetter, reason: str) -> None:
    """The letter no longer holds, and its people can be put into another.

    Raises:
        CaseError: no reason, or revoked before.
    """
    revoke_village_letter(letter, reason)
    db.session.execute(
        update(Line)
        .where(Line.village_id == batch.village_id, Line.batch_id == batch.id)
        .values(batch_id=None, version=Line.version + 1)
        .execution_options(synchronize_session=False)
    )
    record("pbi_jk.batch_revoked", "pbi_jk_batch", batch.id, reference=letter.reference)


# ---- what the letters keep of a resident ----


def told_in_letters(person: Person) -> dict[str, Any] | None:
    """The resident's lines in collective letters, by the letter's number."""
    lines = [
        {"surat": letter.reference, "tanggal": long_date(letter.issued_on), "kasus": line["ticket"]}
        for letter in _letters_that_name(person)
        for line in letter.data["lines"]
        if line["person"] == str(person.id)
    ]
    return {"Surat kolektif PBI-JK": lines} if lines else None


def erase_in_letters(person: Person) -> None:
    """The PDF stays as it was signed; what is kept beside it is blanked."""
    for letter in _letters_that_name(person):
        lines = [_without(line) if line["person"] == str(person.id) else line for line in letter.data["lines"]]
        letter.data = {**letter.data, "lines": lines}


def _without(line: dict[str, str]) -> dict[str, str]:
    return {**line, "person": "", "name": GONE, "nik": GONE, "card": GONE, "since": GONE, "ticket": GONE}


def _letters_that_name(person: Person) -> Sequence[IssuedLetter]:
    named = {"lines": [{"person": str(person.id)}]}
    query = select(IssuedLetter).where(IssuedLetter.village_id == person.village_id, IssuedLetter.plugin == PLUGIN)
    return db.session.scalars(query.where(IssuedLetter.data.contains(named))).all()
