"""Adding entries. They wait beside the session and are linked and written as the last thing before its commit.

An entry written at once would have to hold its area's chain until the commit, and with it every other request of the
village; so it is kept if and only if the deed itself is, and nobody waits longer than a commit takes.
"""

from dataclasses import dataclass

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core.actor import current_actor
from core.clock import now
from core.database.session import current_scope, db, innermost_transaction, lies_in

from .chain import Draft, append, canonical_json

NO_AREA = 0
_WAITING = "audit"


@dataclass(frozen=True)
class _Waiting:
    """``transaction`` is the innermost one at the time: a rolled-back savepoint takes its entries along."""

    transaction: SessionTransaction | None
    draft: Draft


def record(action: str, object_type: str = "", object_id: object = "", **detail: object) -> None:
    """Add an entry to the running transaction: it is kept if and only if the deed itself is.

    Args:
        action: ``<group>.<what was done>``, such as ``cases.opened``; ``core.audit.wording`` says it in words.
        object_type: what it was done to: ``case``, ``person``, ``user`` …
        detail: what a reader needs besides; JSON, and never a NIK or a password.
    """
    actor = current_actor.get()
    bounds = current_scope.get()
    session = db.session()
    if not session.in_transaction():
        session.begin()  # so that its end, whatever it is, ends the wait of this entry as well
    draft = Draft(
        area_id=bounds[0] if bounds else NO_AREA,
        at=now(),
        user_id=actor.user_id,
        user_name=actor.name,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        address=actor.address,
        request_id=actor.request_id,
        detail=canonical_json(detail),
    )
    session.info.setdefault(_WAITING, []).append(_Waiting(innermost_transaction(session), draft))


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if not session.info.get(_WAITING) or session.in_nested_transaction():
        return
    session.flush()  # row locks and refusals come first: the chain is held for as short as possible
    append(session.connection(), [item.draft for item in session.info.pop(_WAITING)])


@event.listens_for(Session, "after_soft_rollback")
def _forget_rolled_back(session: Session, rolled_back: SessionTransaction) -> None:
    waiting = session.info.get(_WAITING, [])
    waiting[:] = [item for item in waiting if not lies_in(item.transaction, rolled_back)]


@event.listens_for(Session, "after_transaction_end")
def _forget_ended(session: Session, ended: SessionTransaction) -> None:
    """A session that is closed without a commit tells of no rollback."""
    if ended.parent is None:
        session.info.pop(_WAITING, None)
