"""What was read in the running transaction and serves the rest of it: the next request reads anew."""

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from .session import db

Value = TypeVar("Value")


class KeptForTransaction(Generic[Value]):
    """One value for each transaction, made empty when it is first asked for and gone with the transaction's end.

    Args:
        while_unchanged: gone also when the session writes anything. For what is read from rows that the same
            transaction may change.

    Not in ``session.info``: whoever looks there for unfinished work would find some (``core.plugins.guard``).
    """

    def __init__(self, make: Callable[[], Value], *, while_unchanged: bool = False) -> None:
        self._make = make
        self._values: WeakKeyDictionary[Session, Value] = WeakKeyDictionary()
        event.listen(Session, "after_transaction_end", self._drop)
        if while_unchanged:
            event.listen(Session, "after_flush", lambda session, _context: self._values.pop(session, None))
            event.listen(Session, "do_orm_execute", self._drop_before_a_change)

    def get(self) -> Value:
        session = db.session()
        if not session.in_transaction():
            session.begin()  # whose end, whatever it is, ends what is kept
        return self._values.setdefault(session, self._make())

    def forget(self) -> None:
        """Read again: something was changed in this transaction."""
        self._values.pop(db.session(), None)

    def _drop_before_a_change(self, asked: ORMExecuteState) -> None:
        if not asked.is_select:
            self._values.pop(asked.session, None)

    def _drop(self, session: Session, ended: SessionTransaction) -> None:
        if ended.parent is None:
            self._values.pop(session, None)
