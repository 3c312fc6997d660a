"""What was read in the running transaction and serves the rest of it: the next request reads anew."""

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from .session import db

Value = TypeVar("Value")


class KeptForTransaction(Generic[Value]):
    """One value for each transaction, made empty when it is first asked for and gone with the transaction's end.

    Not in ``session.info``: whoever looks there for unfinished work would find some (``core.plugins.guard``).
    """

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._values: WeakKeyDictionary[Session, Value] = WeakKeyDictionary()
        event.listen(Session, "after_transaction_end", self._drop)

    def get(self) -> Value:
        session = db.session()
        if not session.in_transaction():
            session.begin()  # whose end, whatever it is, ends what is kept
        return self._values.setdefault(session, self._make())

    def forget(self) -> None:
        """Read again: something was changed in this transaction."""
        self._values.pop(db.session(), None)

    def _drop(self, session: Session, ended: SessionTransaction) -> None:
        if ended.parent is None:
            self._values.pop(session, None)
