"""The session, and the scope that every transaction of it carries.

The scope is the interval of villages that the database shows. It lives in a context variable and is written into each
transaction by one ``SET LOCAL``. Outside of any scope no village's rows can be seen at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from .base import Base

db = SQLAlchemy(metadata=Base.metadata)


class Interval(Protocol):
    """Anything with the bounds of an area: an ``Area`` row or an ``AreaCode``."""

    @property
    def id(self) -> int: ...
    @property
    def hi(self) -> int: ...


current_scope: ContextVar[tuple[int, int] | None] = ContextVar("current_scope", default=None)


def carry_scope(engine: Engine) -> None:
    """Make every transaction on ``engine`` start in the current scope."""
    event.listen(engine, "begin", _set_scope)


def _set_scope(connection: Connection) -> None:
    bounds = current_scope.get()
    if bounds is not None:
        # Literals, not bind parameters: Citus forwards a literal SET LOCAL to its workers.
        connection.exec_driver_sql(f"SET LOCAL puskesos.lo = '{bounds[0]:d}'; SET LOCAL puskesos.hi = '{bounds[1]:d}'")


@contextmanager
def scope(area: Interval) -> Iterator[None]:
    """Work inside ``area`` and nowhere else.

    A fresh session on the way in and out: rows of one scope must not be served from the identity map of another.
    """
    token = enter_scope(area)
    try:
        yield
    finally:
        leave_scope(token)


def enter_scope(area: Interval):  # noqa: ANN201 - contextvars.Token of a private type
    """As :func:`scope` for a request, whose beginning and end lie in two functions."""
    db.session.remove()
    return current_scope.set((area.id, area.hi))


def leave_scope(token) -> None:  # noqa: ANN001
    db.session.remove()
    current_scope.reset(token)


def after_commit(action: Callable[[], None]) -> None:
    """Run ``action`` once, when the running transaction has been committed; never when it was rolled back."""
    session = db.session()
    session.info.setdefault("after_commit", []).append(action)


@event.listens_for(Session, "after_commit")
def _run_after_commit(session: Session) -> None:
    # The session refuses SQL inside this event, so the actions run when it is free again: see run_committed().
    session.info["committed"] = session.info.pop("after_commit", [])


@event.listens_for(Session, "after_rollback")
def _forget_after_rollback(session: Session) -> None:
    session.info.pop("after_commit", None)


def commit() -> None:
    """Commit, then run what waits for it."""
    session = db.session()
    session.commit()
    for action in session.info.pop("committed", []):
        action()
