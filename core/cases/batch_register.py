"""The batches of a village, the latest first, and one of them with its cases."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_

from core.database.session import db
from core.texts import Text
from core.texts import lazy_gettext as _
from core.users.colleagues import names_of
from core.web.paging import PAGE_SIZE, Page, paged

from .batch_models import CaseBatch, CaseBatchItem
from .batch_preview import MOST, Action, find_action
from .list_statements import Kind
from .lists import CaseRow, case_rows, find_rows, read_keys
from .models import LetterRecord

RESULTS: Mapping[str, Text] = {
    "waiting": _("menunggu"),
    "done": _("dikerjakan"),
    "left_out": _("dilewati"),
    "undone": _("diurungkan"),
    "kept": _("tidak diurungkan"),
}
STATES: Mapping[str, Text] = {
    "waiting": _("menunggu"),
    "working": _("sedang dikerjakan"),
    "done": _("selesai"),
    "undone": _("diurungkan"),
}


@dataclass(frozen=True)
class BatchRow:
    """A batch in words: what was done, by whom, and how many cases ended how."""

    batch: CaseBatch
    action: Action | None
    who: str
    counts: Mapping[str, int]

    @property
    def label(self) -> str:
        return str(self.action.label) if self.action else self.batch.key

    @property
    def service_title(self) -> str:
        return str(self.action.service.title) if self.action else self.batch.service

    @property
    def cases(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        return self.counts.get("waiting", 0)

    @property
    def state(self) -> Text:
        return STATES.get(self.batch.state, self.batch.state)


@dataclass(frozen=True)
class ItemRow:
    """A case of a batch; ``row`` is None where the case is not to be seen any more."""

    item: CaseBatchItem
    row: CaseRow | None

    @property
    def result(self) -> Text:
        return RESULTS.get(self.item.result, self.item.result)


def batches_page(village_id: int, cursor: str | None) -> Page[BatchRow]:
    """Three queries a page."""
    query = select(CaseBatch).where(CaseBatch.village_id == village_id)
    if after := read_keys(cursor, datetime.fromisoformat, UUID):
        query = query.where(tuple_(CaseBatch.created_at, CaseBatch.id) < tuple_(*after))
    found = db.session.scalars(query.order_by(CaseBatch.created_at.desc(), CaseBatch.id.desc()).limit(PAGE_SIZE + 1))
    page = paged(found.all(), lambda batch: (batch.created_at, batch.id), cursor)
    return Page(_rows(village_id, page.rows), page.next, page.is_first)


def batch_row(batch: CaseBatch) -> BatchRow:
    return _rows(batch.village_id, [batch])[0]


def items_of(batch: CaseBatch) -> list[ItemRow]:
    """In the order of the preview; the cases through the statement of all lists."""
    where = (CaseBatchItem.village_id == batch.village_id, CaseBatchItem.batch_id == batch.id)
    items = db.session.scalars(select(CaseBatchItem).where(*where).order_by(CaseBatchItem.place)).all()
    ids = [item.case_id for item in items]
    seen = case_rows(find_rows(Kind("chosen", by_ids=True), MOST, village=batch.village_id, ids=ids)) if ids else []
    rows = {row.id: row for row in seen}
    return [ItemRow(item, rows.get(item.case_id)) for item in items]


def letters_made(batch: CaseBatch) -> Sequence[LetterRecord]:
    """Those that hold, in the order of the cases."""
    made = (LetterRecord.village_id == CaseBatchItem.village_id) & (LetterRecord.id == CaseBatchItem.letter_id)
    where = (CaseBatchItem.village_id == batch.village_id, CaseBatchItem.batch_id == batch.id)
    query = select(LetterRecord).join(CaseBatchItem, made).where(*where, LetterRecord.revoked_at.is_(None))
    return db.session.scalars(query.order_by(CaseBatchItem.place)).all()


def _rows(village_id: int, batches: Sequence[CaseBatch]) -> list[BatchRow]:
    counts: dict[UUID, Counter[str]] = {batch.id: Counter() for batch in batches}
    counted = (
        select(CaseBatchItem.batch_id, CaseBatchItem.result, func.count())
        .where(CaseBatchItem.village_id == village_id, CaseBatchItem.batch_id.in_(counts))
        .group_by(CaseBatchItem.batch_id, CaseBatchItem.result)
    )
    for batch_id, result, count in db.session.execute(counted):
        counts[batch_id][result] = count
    names = names_of({batch.created_by for batch in batches if batch.created_by})
    return [
        BatchRow(
            batch,
            find_action(f"{batch.kind}:{batch.service}:{batch.key}"),
            names.get(batch.created_by, "") if batch.created_by else "",
            counts[batch.id],
        )
        for batch in batches
    ]
