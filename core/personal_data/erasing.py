"""Erasing a resident: the rows stay, so that counts, registers and money add up, and nobody can tell whose they were.

A case, a letter's number and a payment are records of the village that it must be able to account for (UU 43/2009 and
25/2009, Permendagri 20/2018); whom they were about is not needed for it any more. See docs/personal-data.md.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, FromClause, and_, case, delete, exists, false, func, select, update

from core.areas.current import CurrentArea
from core.audit import record
from core.cases.errors import CaseError
from core.cases.models import Case, CaseEvent, CaseRequirement, Document, LetterRecord
from core.database.session import after_commit, db
from core.files import FileStore
from core.meetings.personal import erase_in_letters
from core.people.models import ERASED, Person
from core.people.registry import Gone, person_for_change
from core.platform import platform
from core.referrals.models import Referral, ReferralDocument
from core.referrals.states import WITH_RECEIVER

from .columns import blanks
from .leftovers import erase_leftovers
from .rows import HOUSEHOLDS, Finder, Rows, Schema, read_schema

HOOK = "personal_data_erase"
ERASED_NAME = "Data dihapus"


class MayNotBeErased(Exception):
    """Why this resident stays for now; the message says what to do first."""


class ErasureFailed(Exception):
    """A plugin or the database did not do what an erasure needs: nothing of it may be kept."""


@dataclass(frozen=True)
class Erased:
    """How many rows were touched in each table, and how many files go with the commit."""

    rows: dict[str, int]
    files: int


def erase(area: CurrentArea, person_id: UUID, *, version: int) -> Erased:
    """Erase a resident as the page with ``version`` showed him or her. The caller commits; then the files go as well.

    Raises:
        StaleRow: somebody has changed the resident since.
        Gone: not there, or erased already.
        MayNotBeErased: an open case or referral, a plugin's objection, data of a plugin that is not loaded.
        Exception: whatever a plugin's hook raised. Then nothing may be committed.
    """
    person = person_for_change(area.id, person_id, version)
    if person.erased:
        raise Gone(f"persons {person_id}")
    schema = read_schema()
    rows = list(Finder(schema, person).rows())
    if problem := obstacle(person) or _unloaded(schema, rows):
        raise MayNotBeErased(problem)
    _ask_plugins(person)
    erase_in_letters(person)
    files = _erase_files(area, rows)
    touched = Counter(
        {found.table.name: _erase_rows(found) for found in rows if found.table.name != Person.__tablename__}
    )
    touched += _erase_family(schema, person)
    erase_leftovers(person)
    _erase_person(person)
    record("people.erased", "person", person_id, rows=dict(sorted(touched.items())), files=len(files))
    after_commit(lambda: _unlink(files))
    db.session.expire_all()
    return Erased(dict(touched), len(files))


def obstacle(person: Person) -> str | None:
    """What of the village's work with the resident is not finished, in words; None when nothing stands in the way."""
    mine = and_(Case.village_id == person.village_id, Case.person_id == person.id)
    tickets = db.session.scalars(select(Case.ticket).where(mine, Case.closed_at.is_(None)).order_by(Case.ticket)).all()
    if tickets:
        return _("Masih ada kasus terbuka: %(tickets)s. Tutup dahulu, lalu ulangi.", tickets=", ".join(tickets))
    numbers = db.session.scalars(
        select(Referral.number)
        .join(Case, and_(Case.village_id == Referral.village_id, Case.id == Referral.case_id))
        .where(mine, Referral.state.in_(WITH_RECEIVER))
        .order_by(Referral.number)
    ).all()
    if numbers:
        return _(
            "Masih ada rujukan yang belum dijawab: %(numbers)s. Tunggu jawabannya atau tarik kembali, lalu ulangi.",
            numbers=", ".join(str(number) for number in numbers),
        )
    return None


def _unloaded(schema: Schema, rows: list[Rows]) -> str | None:
    """What an absent plugin keeps cannot be erased by a rule that only its models know."""
    held = [
        found.table.name
        for found in rows
        if found.table.name in schema.unloaded and db.session.scalar(select(exists().where(found.of_resident)))
    ]
    if not held:
        return None
    return _(
        "Modul yang menyimpan data warga ini sedang tidak terpasang atau rusak (%(tables)s). Pasang kembali modulnya, "
        "lalu ulangi.",
        tables=", ".join(held),
    )


def _ask_plugins(person: Person) -> None:
    """Every loaded plugin, also where it is switched off: what it keeps is there all the same."""
    transaction = db.session().get_transaction()
    try:
        objections = platform().plugins.hooks_of_all().fulfil(HOOK, person=person)
    except CaseError as objection:
        raise MayNotBeErased(str(objection)) from objection
    for _plugin, reason in objections:
        raise MayNotBeErased(reason)
    db.session.flush()
    if db.session().get_transaction() is not transaction:
        raise ErasureFailed(f"a plugin ended the transaction in {HOOK}; what it wrote cannot be taken back")


def _erase_rows(found: Rows) -> int:
    """Blank the rows of one table, and cut them off from the family: its address would tell whose they are.

    Raises:
        ErasureFailed: the database left some as they were.
    """
    table, where = found.table, _changeable(found)
    values: dict[str, Any] = {**blanks(table), **_special(table.name)}
    values |= {
        key.elements[-1].parent.name: None
        for key in table.foreign_key_constraints
        if key.referred_table.name == HOUSEHOLDS and key.elements[-1].parent.nullable
    }
    if not values:
        return 0
    # When a row was changed by somebody's work is part of what stays.
    values = {**{column.name: column for column in table.columns if column.onupdate is not None}, **values}
    if "version" in table.columns and table.name != CaseEvent.__tablename__:
        values["version"] = table.c.version + 1
    wanted = db.session.scalar(select(func.count()).select_from(table).where(where)) or 0
    changed = db.session.execute(
        update(table).where(where).values(values).returning(table.c.id),
        execution_options={"synchronize_session": False},
    ).all()
    if len(changed) != wanted:
        raise ErasureFailed(f"{table.name}: {wanted - len(changed)} rows could not be changed")
    return wanted


def _changeable(found: Rows) -> ColumnElement[bool]:
    """Who holds a case is an officer: the note of that line names no resident."""
    if found.table is CaseEvent.__table__:
        return and_(found.of_resident, CaseEvent.kind != "assigned")
    return found.of_resident


def _special(table: str) -> dict[str, Any]:
    """A letter's subject is "what – about whom", of which the register keeps the first part.

    Of what a partner was sent the kind is left, for its list of what it has answered.
    """
    if table == LetterRecord.__tablename__:
        return {"subject": func.split_part(LetterRecord.subject, " – ", 1)}
    if table == Referral.__tablename__:
        left = func.jsonb_build_object("name", ERASED_NAME, "kind", Referral.shared["kind"])
        return {"shared": case((Referral.shared.has_key("kind"), left), else_=func.jsonb_build_object())}
    return {}


def _erase_family(schema: Schema, person: Person) -> Counter[str]:
    """With its last member a family goes too, and what is kept about it and nobody in particular."""
    if person.household_id is None or db.session.scalar(_others(person)):
        return Counter()
    return Counter({found.table.name: _erase_rows(found) for found in Finder(schema, person, family=True).rows()})


def _others(person: Person):
    return select(
        exists().where(
            Person.village_id == person.village_id, Person.household_id == person.household_id, Person.id != person.id
        )
    )


def _erase_person(person: Person) -> None:
    """Sex and year of birth are left: what is counted by them stays right, and without a place they point to nobody."""
    columns = Person.__table__.c
    values = {
        **blanks(columns.id.table),
        "name": ERASED_NAME,
        "name_key": "",
        "birth_date": date(person.birth_date.year, 1, 1),
        "life_status": ERASED,
        "household_id": None,
        "import_id": None,
        "version": columns.version + 1,
    }
    where = and_(columns.village_id == person.village_id, columns.id == person.id)
    db.session.execute(update(Person.__table__).where(where).values(values))  # pyright: ignore[reportArgumentType]


# ---- files ----


def _erase_files(area: CurrentArea, rows: list[Rows]) -> list[Path]:
    """Take uploaded papers and the letters' PDFs out of the tables. Returns the files that nothing needs any more.

    A family's paper that another member's case was given stays: it is that member's as well. What a plugin keeps beside
    its rows (``core.plugin_files``) goes with the rows' hashes.
    """
    about = {found.table.name: found.of_resident for found in rows}
    doomed = and_(about[Document.__tablename__], ~_in_use_by_others(about))
    ids = select(Document.id).where(doomed)
    hashes = set(db.session.scalars(select(Document.sha256).where(doomed)))
    hashes |= set(db.session.scalars(select(LetterRecord.sha256).where(about[LetterRecord.__tablename__])))
    in_village = CaseRequirement.village_id == area.id
    db.session.execute(
        update(CaseRequirement).where(in_village, CaseRequirement.document_id.in_(ids)).values(document_id=None),
        execution_options={"synchronize_session": False},
    )
    unlinked = (ReferralDocument.village_id == area.id, ReferralDocument.document_id.in_(ids))
    for statement in (delete(ReferralDocument).where(*unlinked), delete(Document).where(doomed)):
        db.session.execute(statement, execution_options={"synchronize_session": False})
    of_plugins = [found for found in rows if found.plugin and "sha256" in found.table.columns]
    for found in of_plugins:
        hashes |= _hashes(found.table, found.of_resident)
    still_needed = _hashes(Document.__table__, and_(Document.village_id == area.id, Document.sha256.in_(hashes)))
    for found in of_plugins:
        here, others = found.table.c.village_id == area.id, ~func.coalesce(found.of_resident, false())
        still_needed |= _hashes(found.table, and_(here, others, found.table.c.sha256.in_(hashes)))
    store = FileStore(platform().config.files_dir, area.id)
    return [store.path(sha256) for sha256 in sorted(hashes - still_needed)]


def _hashes(table: FromClause, where: ColumnElement[bool]) -> set[str]:
    """What names a file: 64 hexadecimal figures, and nothing else that a column may hold."""
    sha256 = table.c.sha256
    return set(db.session.scalars(select(sha256).where(where, sha256.regexp_match("^[0-9a-f]{64}$"))))


def _in_use_by_others(about: dict[str, ColumnElement[bool]]) -> ColumnElement[bool]:
    own = select(Case.id).where(about[Case.__tablename__])
    return (
        select(CaseRequirement.id)
        .where(
            CaseRequirement.village_id == Document.village_id,
            CaseRequirement.document_id == Document.id,
            CaseRequirement.case_id.not_in(own),
        )
        .exists()
    )


def _unlink(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
