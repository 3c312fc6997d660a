"""What the pages of imports show: the list, one import, its findings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select, tuple_

from core.cases.lists import read_keys
from core.database.session import db
from core.users.models import User
from core.web.paging import PAGE_SIZE, Page, paged

from .models import Import, ImportFinding


@dataclass(frozen=True)
class ImportRow:
    """An import with the name of who brought the file; blank for the command line."""

    item: Import
    who: str


def imports_page(village_id: int, kinds: Collection[str], about: UUID | None, cursor: str | None) -> Page[ImportRow]:
    """A village's imports of these kinds, the latest first; of one target when ``about`` is given."""
    query = _with_names().where(Import.village_id == village_id, Import.kind.in_(list(kinds)))
    if about is not None:
        query = query.where(Import.about == about)
    if after := read_keys(cursor, datetime.fromisoformat, UUID):
        query = query.where(tuple_(Import.created_at, Import.id) < tuple_(*after))
    rows = db.session.execute(query.order_by(Import.created_at.desc(), Import.id.desc()).limit(PAGE_SIZE + 1)).all()
    page = paged(rows, lambda row: (row[0].created_at, row[0].id), cursor)
    return Page([ImportRow(*row) for row in page.rows], page.next, page.is_first)


def find_import(village_id: int, import_id: UUID) -> ImportRow | None:
    row = db.session.execute(_with_names().where(Import.village_id == village_id, Import.id == import_id)).first()
    return ImportRow(*row) if row else None


def imports_about(village_id: int, kind: str, about: UUID, most: int = 10) -> Sequence[Import]:
    """The last files that were brought into one target, the latest first: for its own page."""
    mine = (Import.village_id == village_id, Import.kind == kind, Import.about == about)
    return db.session.scalars(select(Import).where(*mine).order_by(Import.created_at.desc()).limit(most)).all()


def _with_names():
    return select(Import, func.coalesce(User.name, "")).outerjoin(User, User.id == Import.created_by)


def findings_page(village_id: int, import_id: UUID, *, level: str, cursor: str | None) -> Page[ImportFinding]:
    """The findings of one level, in the order of the rows."""
    query = select(ImportFinding).where(
        ImportFinding.village_id == village_id, ImportFinding.import_id == import_id, ImportFinding.level == level
    )
    if after := read_keys(cursor, int, UUID):
        query = query.where(tuple_(ImportFinding.row_no, ImportFinding.id) > tuple_(*after))
    rows = db.session.scalars(query.order_by(ImportFinding.row_no, ImportFinding.id).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda finding: (finding.row_no, finding.id), cursor)


def all_findings(village_id: int, import_id: UUID) -> Sequence[ImportFinding]:
    """Everything found in a file, the errors first."""
    first = case({"error": 0, "warning": 1}, value=ImportFinding.level, else_=2)
    return db.session.scalars(
        select(ImportFinding)
        .where(ImportFinding.village_id == village_id, ImportFinding.import_id == import_id)
        .order_by(first, ImportFinding.row_no, ImportFinding.id)
    ).all()
