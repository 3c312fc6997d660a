"""One step or letter for many cases: each in a transaction of its own, by the same function as the single one.

A case that others have changed since the preview is left out and told, never overwritten. The states of a batch:
``waiting`` (for its job) → ``working`` → ``done`` → perhaps ``undone`` (``core.cases.batch_undo``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.audit import record
from core.clock import now
from core.database.session import commit, db
from core.database.uuid7 import uuid7
from core.jobs import enqueue, job
from core.people.search import family_of
from core.platform import platform
from core.plugins.dispatch import DecisionFailed
from core.referrals.of_case import untold
from core.web.urls import verify_address

from .batch_models import CaseBatch, CaseBatchItem
from .batch_preview import Action, find_action
from .errors import CaseError, StaleCase
from .letter_pdf import LetterTemplateError
from .letter_values import letter_values
from .letters import LetterRequest, issue_letter
from .locking import current_case
from .models import Case
from .progress import Answer, take_step
from .tasks import tasks_of

APPLY = "cases.apply_batch"
FEW = 10
"""Up to so many cases are done while the clerk waits; letters take longer, so of them half as many."""

MAX_REASON = 400


def start_batch(
    area: CurrentArea, action: Action, chosen: Sequence[tuple[UUID, int]], answer: Answer, permissions: frozenset[str]
) -> CaseBatch:
    """Write down what is to be done, for cases as somebody saw them: pairs of id and version. The caller commits.

    Raises:
        CaseError: no case was chosen.
    """
    if not chosen:
        raise CaseError(_("Tidak ada kasus yang dapat dikerjakan. Pilih kasusnya lagi."))
    batch = CaseBatch(
        village_id=area.id,
        kind=action.kind,
        service=action.service.name,
        key=action.key,
        answer={**_as_json(answer), "permissions": sorted(permissions)},
        created_by=current_actor.get().user_id,
    )
    db.session.add(batch)
    db.session.flush()
    for place, (case_id, version) in enumerate(chosen):
        item = CaseBatchItem(village_id=area.id, batch_id=batch.id, case_id=case_id, place=place, version_seen=version)
        db.session.add(item)
    record("cases.batch_started", "case_batch", batch.id, cases=len(chosen))
    return batch


def is_small(batch_kind: str, cases: int) -> bool:
    return cases <= (FEW if batch_kind == "step" else FEW // 2)


def enqueue_batch(area: CurrentArea, batch_id: UUID) -> None:
    enqueue(APPLY, area, batch_id=str(batch_id))


def find_batch(village_id: int, batch_id: UUID) -> CaseBatch | None:
    return db.session.scalar(select(CaseBatch).where(CaseBatch.village_id == village_id, CaseBatch.id == batch_id))


def _tell_failure(area: CurrentArea, _error: Exception, batch_id: str) -> None:
    """What was done stays; the rest can be gone on with from the batch's page."""
    _change(area.id, UUID(batch_id), state="working")
    commit()


@job(APPLY, on_failure=_tell_failure)
def apply_batch(area: CurrentArea, batch_id: str) -> None:
    """Do what is still to be done of a batch. Commits case by case; begun again, it goes on where it stopped."""
    key = UUID(batch_id)
    batch = find_batch(area.id, key)
    if batch is None or batch.state not in ("waiting", "working"):
        return
    action, given = find_action(f"{batch.kind}:{batch.service}:{batch.key}"), dict(batch.answer)
    _change(area.id, key, state="working")
    waiting = (CaseBatchItem.village_id == area.id, CaseBatchItem.batch_id == key, CaseBatchItem.result == "waiting")
    items = db.session.scalars(select(CaseBatchItem.id).where(*waiting).order_by(CaseBatchItem.place)).all()
    commit()
    permissions = frozenset(given.pop("permissions", ()))
    for item_id in items:
        _apply(area, item_id, action, _answer(given), permissions)
    _change(area.id, key, state="done", finished_at=now(), answer={})
    record("cases.batch_done", "case_batch", key)
    commit()


def _apply(
    area: CurrentArea, item_id: UUID, action: Action | None, answer: Answer, permissions: frozenset[str]
) -> None:
    item = _locked(area.id, item_id)
    if item is None:
        return
    try:
        if action is None:
            raise CaseError(_("Modul layanan ini tidak terpasang, jadi langkahnya tidak diketahui."))
        case = current_case(area.id, item.case_id, item.version_seen)
        if case.service != action.service.name:
            raise CaseError(_("Layanan lain."))
        deed = _take if action.kind == "step" else _issue
        deed(area, case, action, answer, permissions, item)
    except StaleCase:
        _leave_out(area.id, item_id, _("Orang lain sudah mengubah kasus ini sejak pratinjau. Periksa, lalu ulangi."))
        return
    except CaseError as problem:
        _leave_out(area.id, item_id, str(problem))
        return
    except DecisionFailed as failed:
        plugin = platform().plugins.plugins[failed.plugin].title
        _leave_out(area.id, item_id, _("Modul %(name)s tidak dapat memeriksa langkah ini.", name=plugin))
        return
    except LetterTemplateError:
        _leave_out(area.id, item_id, _("Surat ini tidak dapat dicetak. Laporkan ke admin kabupaten."))
        return
    db.session.flush()
    item.result, item.version_after, item.done_at = "done", case.version, now()
    item.before = {**item.before, "mark": str(uuid7())}
    commit()


Deed = Callable[[CurrentArea, Case, Action, Answer, frozenset[str], CaseBatchItem], None]


def _take(  # noqa: PLR0917 - one case with all that makes the deed
    area: CurrentArea, case: Case, action: Action, answer: Answer, permissions: frozenset[str], item: CaseBatchItem
) -> None:
    before = standing_before(case)
    tasks = {task.id for task in tasks_of(case)}
    tells = bool(answer.how and untold(case))
    take_step(area, case, action.service, action.key, permissions, answer)
    db.session.flush()
    made = [str(task.id) for task in tasks_of(case) if task.id not in tasks]
    item.before = {**before, "tasks": made, "tells": tells}


def _issue(
    area: CurrentArea,
    case: Case,
    action: Action,
    _nothing: Answer,
    permissions: frozenset[str],
    item: CaseBatchItem,
) -> None:
    if "letters.issue" not in permissions:
        raise CaseError(_("Membuat surat bukan bagian dari peran Anda."))
    service = action.service
    values = letter_values(service, case, family_of(case.person))
    request = LetterRequest(area, case, service, service.letter(action.key), values, verify_address(area))
    letter = issue_letter(request, platform().config.files_dir)
    db.session.flush()
    item.letter_id = letter.id


def standing_before(case: Case) -> dict[str, Any]:
    """What a step changes of a case, as JSON."""
    return {
        "state": case.state,
        "waiting": case.waiting,
        "due_on": case.due_on.isoformat(),
        "state_since": case.state_since.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
    }


def _locked(village_id: int, item_id: UUID) -> CaseBatchItem | None:
    """None where another process is at it, or has done it."""
    return db.session.scalar(
        select(CaseBatchItem)
        .where(CaseBatchItem.village_id == village_id, CaseBatchItem.id == item_id, CaseBatchItem.result == "waiting")
        .with_for_update(skip_locked=True)
    )


def _leave_out(village_id: int, item_id: UUID, reason: str) -> None:
    db.session.rollback()
    item = _locked(village_id, item_id)
    if item is not None:
        item.result, item.reason = "left_out", reason[:MAX_REASON]
    commit()


def _change(village_id: int, batch_id: UUID, **values: Any) -> None:
    db.session.execute(
        update(CaseBatch).where(CaseBatch.village_id == village_id, CaseBatch.id == batch_id).values(**values)
    )


def _as_json(answer: Answer) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(answer).items()}


def _answer(given: Mapping[str, Any]) -> Answer:
    days = {name: date.fromisoformat(given[name]) for name in ("on", "deadline") if given.get(name)}
    return Answer(**{**given, **dict.fromkeys(("on", "deadline")), **days})
