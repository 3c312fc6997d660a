"""A list of deactivated members: kept as a draft, applied as a whole, undone. The caller commits."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, exists, select

from core.api import (
    PAGE_SIZE,
    AreaCode,
    Case,
    CaseError,
    FileError,
    Page,
    Person,
    current_row,
    db,
    gettext,
    now,
    paged,
    read_keys,
    record,
    same_name,
)

from .list_files import COLUMNS, DryRun, dry_run, missing_columns, read_file
from .models import Call, Line, MemberList
from .services import reactivation

WRONG_NIK = "wrong_nik"
GONE = {"dead": "died", "moved": "moved"}


def find_list(village_id: int, list_id: UUID) -> MemberList | None:
    return db.session.scalar(select(MemberList).where(MemberList.village_id == village_id, MemberList.id == list_id))


def current_list(village_id: int, list_id: UUID, version: int) -> MemberList:
    """As the clerk's page showed it, locked for a change.

    Raises:
        Stale: somebody else has changed it since.
        CaseError: it is not there any more.
    """
    found = current_row(MemberList, village_id, list_id, version)
    if found is None:
        raise CaseError(gettext("Daftar ini tidak ada lagi."))
    return found


def lists_page(village_id: int, cursor: str | None) -> Page[MemberList]:
    """The latest first."""
    query = select(MemberList).where(MemberList.village_id == village_id)
    if after := read_keys(cursor, UUID):
        query = query.where(MemberList.id < after[0])
    rows = db.session.scalars(query.order_by(MemberList.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.id,), cursor)


def keep_draft(
    area: AreaCode, path: Path, filename: str, by: UUID | None, columns: Mapping[str, str] | None = None
) -> MemberList:
    """Keep a file to be looked through; nobody is on a list by that.

    Its columns are those that are given, else those of the last file with the same headers, else what their names say.

    Raises:
        FileError: the file cannot be used.
    """
    raw, guess = read_file(path)
    chosen = dict(columns) if columns else {**guess, **_remembered(area.id, raw["headers"])}
    if unknown := [header for header in chosen.values() if header not in raw["headers"]]:
        raise FileError(
            gettext("Kolom wajib tidak ditemukan: %(columns)s.", columns=", ".join(unknown)),
            gettext("Judul kolom di berkas ini: %(columns)s.", columns=", ".join(raw["headers"])),
        )
    draft = MemberList(
        village_id=area.id, filename=filename[:120], raw=raw, columns=chosen, total=len(raw["rows"]), created_by=by
    )
    db.session.add(draft)
    db.session.flush()
    record("pbi_jk.list_received", "pbi_jk_list", draft.id, rows=draft.total)
    return draft


def _remembered(village_id: int, headers: list[str]) -> dict[str, str]:
    """What was chosen for the last file whose chosen headers are all in this one."""
    query = (
        select(MemberList.columns)
        .where(MemberList.village_id == village_id, MemberList.state != "draft")
        .order_by(MemberList.id.desc())
        .limit(20)
    )
    return next(
        (columns for columns in db.session.scalars(query) if columns and set(columns.values()) <= set(headers)), {}
    )


def choose_columns(draft: MemberList, columns: Mapping[str, str]) -> None:
    """Raises: CaseError: not a draft any more, NIK or name is missing, or one header stands for two columns."""
    _must_be(draft, "draft")
    chosen = {key: header for key, header in columns.items() if key in COLUMNS and header}
    if missing := missing_columns(chosen):
        raise CaseError(gettext("Pilih dulu kolom untuk: %(columns)s.", columns=", ".join(map(str, missing))))
    if len(set(chosen.values())) < len(chosen):
        raise CaseError(gettext("Satu kolom berkas dipilih dua kali. Periksa pilihannya."))
    draft.columns = chosen


def apply(area: AreaCode, draft: MemberList, today: date) -> DryRun:
    """Put all rows that can be read on the call list.

    Raises:
        CaseError: not a draft any more, or nothing to put there.
    """
    _must_be(draft, "draft")
    found = dry_run(draft, today, str(area))
    if not found.members:
        raise CaseError(gettext("Tidak ada baris yang dapat masuk. Periksa kolom dan temuan di bawah."))
    going = _open_cases(area.id)
    for member in found.members:
        person = member.person
        db.session.add(
            Line(
                village_id=area.id,
                list_id=draft.id,
                person_id=person.id if person else None,
                case_id=going.get(person.id) if person and not member.doubtful else None,
                row_no=member.row_no,
                nik=member.nik,
                name=member.name,
                card_number=member.card_number,
                inactive_since=member.inactive_since,
                address=member.address,
                doubtful=member.doubtful,
                # What the village knows already need not be asked on the phone.
                result=GONE.get(person.life_status, "") if person and not member.doubtful else "",
            )
        )
    draft.state, draft.raw, draft.applied_at, draft.added = "applied", None, now(), len(found.members)
    record("pbi_jk.list_applied", "pbi_jk_list", draft.id, members=len(found.members), skipped=found.skipped)
    return found


def _open_cases(village_id: int) -> dict[UUID, UUID]:
    """Whoever asked for a reactivation by themselves, by resident."""
    query = select(Case.person_id, Case.id).where(
        Case.village_id == village_id, Case.service == reactivation.name, Case.closed_at.is_(None)
    )
    return {row.person_id: row.id for row in db.session.execute(query)}


def drop_draft(draft: MemberList) -> None:
    """Raises: CaseError: not a draft any more."""
    _must_be(draft, "draft")
    record("pbi_jk.list_dropped", "pbi_jk_list", draft.id, rows=draft.total)
    db.session.delete(draft)


def undo(applied: MemberList) -> int:
    """Take a list back; how many people went. Whoever was called or has a case stays: that was work, and is known.

    Raises:
        CaseError: not applied.
    """
    _must_be(applied, "applied")
    used = exists().where(Call.village_id == Line.village_id, Call.line_id == Line.id)
    gone = db.session.execute(
        delete(Line)
        .where(
            Line.village_id == applied.village_id,
            Line.list_id == applied.id,
            Line.case_id.is_(None),
            Line.batch_id.is_(None),
            ~used,
        )
        .execution_options(synchronize_session=False)
    )
    count = gone.rowcount  # pyright: ignore[reportAttributeAccessIssue] - a DELETE has one
    applied.state, applied.added = "undone", applied.added - count
    record("pbi_jk.list_undone", "pbi_jk_list", applied.id, members=count, kept=applied.added)
    return count


def match_again(village_id: int) -> int:
    """Look for those who were not found; how many are residents by now."""
    query = (
        select(Line, Person)
        .join(Person, (Person.village_id == Line.village_id) & (Person.nik == Line.nik))
        .where(Line.village_id == village_id, Line.person_id.is_(None), Line.result != WRONG_NIK)
    )
    rows = db.session.execute(query).all()
    for line, person in rows:
        line.person_id, line.doubtful = person.id, not same_name(line.name, person.name)
    if rows:
        record("pbi_jk.matched_again", "pbi_jk_list", "", members=len(rows))
    return len(rows)


def _must_be(found: MemberList, state: str) -> None:
    if found.state != state:
        raise CaseError(gettext("Daftar ini sudah diterapkan, dibatalkan, atau diurungkan."))
