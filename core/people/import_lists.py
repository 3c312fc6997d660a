"""What the pages of imports show: the list, one import, its findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_

from core.database.session import db
from core.users.models import User
from core.web.paging import PAGE_SIZE, Page, paged, read_cursor

from .models import Import, ImportFinding


@dataclass(frozen=True)
class ImportRow:
    """An import with the name of who brought the file; blank for the command line."""

    item: Import
    who: str


def imports_page(village_id: int, cursor: str | None) -> Page[ImportRow]:
    """The imports of a village, the latest first."""
    query = _with_names().where(Import.village_id == village_id)
    if after := _after(cursor):
        query = query.where(tuple_(Import.created_at, Import.id) < tuple_(*after))
    rows = db.session.execute(query.order_by(Import.created_at.desc(), Import.id.desc()).limit(PAGE_SIZE + 1)).all()
    page = paged(rows, lambda row: (row[0].created_at, row[0].id), cursor)
    return Page([ImportRow(*row) for row in page.rows], page.next, page.is_first)


def _after(cursor: str | None) -> tuple[datetime, UUID] | None:
    try:
        at, import_id = read_cursor(cursor, 2) or ("", "")
        return datetime.fromisoformat(str(at)), UUID(str(import_id))
    except ValueError:
        return None


def find_import(village_id: int, import_id: UUID) -> ImportRow | None:
    row = db.session.execute(_with_names().where(Import.village_id == village_id, Import.id == import_id)).first()
    return ImportRow(*row) if row else None


def _with_names():
    return select(Import, func.coalesce(User.name, "")).outerjoin(User, User.id == Import.created_by)


def findings_page(village_id: int, import_id: UUID, *, errors: bool, cursor: str | None) -> Page[ImportFinding]:
    """The errors of a file, or its warnings, in the order of the rows."""
    query = select(ImportFinding).where(
        ImportFinding.village_id == village_id, ImportFinding.import_id == import_id, ImportFinding.is_error == errors
    )
    if after := _after_row(cursor):
        query = query.where(tuple_(ImportFinding.row_no, ImportFinding.id) > tuple_(*after))
    rows = db.session.scalars(query.order_by(ImportFinding.row_no, ImportFinding.id).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda finding: (finding.row_no, finding.id), cursor)


def _after_row(cursor: str | None) -> tuple[int, UUID] | None:
    try:
        row_no, finding_id = read_cursor(cursor, 2) or ("", "")
        return int(row_no), UUID(str(finding_id))
    except (ValueError, TypeError):
        return None


def all_findings(village_id: int, import_id: UUID) -> Sequence[ImportFinding]:
    """Everything found in a file, the errors first."""
    return db.session.scalars(
        select(ImportFinding)
        .where(ImportFinding.village_id == village_id, ImportFinding.import_id == import_id)
        .order_by(ImportFinding.is_error.desc(), ImportFinding.row_no, ImportFinding.id)
    ).all()
