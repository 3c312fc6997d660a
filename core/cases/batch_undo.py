"""Taking a batch back, case by case, for as long as nothing else has happened to the case.

A step is taken back to where the case was, with a line in its timeline; a letter is revoked and keeps its number. What
a module did because of the step is not taken back: it is told that the case has changed, and that is all.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.audit import record
from core.clock import now
from core.database.session import commit, db
from core.personal_data.rows import read_schema

from .batch_models import CaseBatch, CaseBatchItem
from .batch_preview import Action, find_action
from .batches import find_batch
from .errors import CaseError
from .intake import announce
from .letters import find_letter, may_revoke, revoke_letter
from .locking import lock
from .models import Case, CaseEvent, Task
from .timeline import note_event

# What a deed itself writes, or what only tells of it.
_OWN = frozenset({CaseEvent.__tablename__, CaseBatchItem.__tablename__, Task.__tablename__, "letters"})


def undo_batch(area: CurrentArea, batch_id: UUID, permissions: frozenset[str], reason: str) -> None:
    """Commits case by case. What cannot be taken back any more stays done, with the reason beside it.

    Raises:
        CaseError: not done yet, undone already, or not this role's.
    """
    batch = find_batch(area.id, batch_id)
    if batch is None or batch.state != "done":
        raise CaseError(_("Pekerjaan ini belum selesai, atau sudah diurungkan."))
    action = find_action(f"{batch.kind}:{batch.service}:{batch.key}")
    if action is None:
        raise CaseError(_("Modul layanan ini tidak terpasang, jadi langkahnya tidak diketahui."))
    if not may_undo(batch, action, permissions):
        raise CaseError(_("Langkah itu bukan bagian dari peran Anda."))
    items = _done(area.id, batch_id)
    touched = _touched_since(area.id, items)
    ids = [item.id for item in items]
    for item_id in ids:
        _undo(area, item_id, action, permissions, reason, touched)
    batch = find_batch(area.id, batch_id)
    if batch is not None:
        batch.state, batch.undone_at, batch.undone_by = "undone", now(), current_actor.get().user_id
    record("cases.batch_undone", "case_batch", batch_id)
    commit()


def may_undo(batch: CaseBatch, action: Action | None, permissions: frozenset[str]) -> bool:
    """Whoever may do it may take it back; a letter that was signed meanwhile only who signs."""
    if action is None or batch.state != "done":
        return False
    needed = action.transition.permission if action.kind == "step" else "letters.issue"
    return needed in permissions


def _done(village_id: int, batch_id: UUID) -> Sequence[CaseBatchItem]:
    query = select(CaseBatchItem).where(CaseBatchItem.village_id == village_id, CaseBatchItem.batch_id == batch_id)
    return db.session.scalars(query.where(CaseBatchItem.result == "done").order_by(CaseBatchItem.place)).all()


def _touched_since(village_id: int, items: Iterable[CaseBatchItem]) -> Mapping[UUID, str]:
    """The cases to which a row of any table refers that was made after the deed, with the table's name.

    Ids are made in the order of time (``uuid7``): so a referral, or a module's row, tells that it came later.
    """
    marks = {item.case_id: UUID(item.before["mark"]) for item in items if "mark" in item.before}
    if not marks:
        return {}
    schema, found = read_schema(), dict[UUID, str]()
    for name, table in schema.tables.items():
        columns = [column for column, target in schema.references(table) if target == Case.__tablename__]
        for column in columns if name not in _OWN else ():
            rows = select(column, table.c.id).where(
                table.c.village_id == village_id, column.in_(marks), table.c.id > min(marks.values())
            )
            for case_id, row_id in db.session.execute(rows):
                if row_id > marks[case_id]:
                    found[case_id] = name
    return found


def _undo(  # noqa: PLR0917 - one case with all that decides
    area: CurrentArea,
    item_id: UUID,
    action: Action,
    permissions: frozenset[str],
    reason: str,
    touched: Mapping[UUID, str],
) -> None:
    item = db.session.scalar(
        select(CaseBatchItem)
        .where(CaseBatchItem.village_id == area.id, CaseBatchItem.id == item_id, CaseBatchItem.result == "done")
        .with_for_update(skip_locked=True)
    )
    if item is None:
        return
    try:
        case = db.session.get_one(Case, (area.id, item.case_id))
        lock(case)
        if case.version != item.version_after or case.id in touched:
            raise CaseError(_("Sesudah itu kasusnya sudah berubah lagi, jadi tidak diurungkan."))
        if action.kind == "letter":
            _revoke(case, item, permissions, reason)
        else:
            _step_back(area, case, item, action, reason)
    except CaseError as problem:
        db.session.rollback()
        kept = db.session.get_one(CaseBatchItem, (area.id, item_id))
        kept.result, kept.reason = "kept", str(problem)
        commit()
        return
    item.result = "undone"
    commit()


def _revoke(case: Case, item: CaseBatchItem, permissions: frozenset[str], reason: str) -> None:
    letter = find_letter(case.village_id, item.letter_id) if item.letter_id else None
    if letter is None:
        raise CaseError(_("Suratnya tidak ada lagi."))
    if not may_revoke(letter, permissions):
        raise CaseError(_("Surat ini sudah dicabut, atau sudah ditandatangani."))
    revoke_letter(case, letter, reason)


def _step_back(area: CurrentArea, case: Case, item: CaseBatchItem, action: Action, reason: str) -> None:
    before = item.before
    if before.get("tells"):
        raise CaseError(_("Rujukannya sudah ditutup karena warga diberi tahu, jadi tidak diurungkan."))
    made = [UUID(task) for task in before.get("tasks", ())]
    mine = (Task.village_id == case.village_id, Task.id.in_(made))
    if made and db.session.scalar(select(Task.id).where(*mine, Task.done_at.is_not(None)).limit(1)):
        raise CaseError(_("Tugas dari langkah itu sudah dikerjakan, jadi tidak diurungkan."))
    db.session.execute(delete(Task).where(*mine))
    came_from = case.state
    case.state, case.waiting = before["state"], before["waiting"]
    case.due_on = date.fromisoformat(before["due_on"])
    case.state_since = datetime.fromisoformat(before["state_since"])
    case.closed_at = datetime.fromisoformat(before["closed_at"]) if before["closed_at"] else None
    note_event(case, "step_undone", note=reason, from_state=came_from, to_state=case.state, step=action.key)
    announce("case_closed" if case.closed_at else "case_changed", case, area)
