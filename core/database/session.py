"""The session, and the scope that every transaction of it carries.

The scope is the interval of villages that the database shows. It lives in a context variable and is written into each
transaction by one ``SET LOCAL``. Outside of any scope no village's rows can be seen at all.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any, Protocol

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction, object_session

from .base import Base


class SessionHeld(Exception):
    """A plugin that is only asked for something tried to end the work of the page that asks it."""


class AnnouncingSession(FlaskSession):
    """A session that does, after each commit, what waits for it (see :func:`after_commit`).

    Attributes:
        held: a plugin is being asked, and the page goes on with this session afterwards: it cannot be committed,
            closed or emptied meanwhile.
        keeps_work: held while the page has something to keep; then it cannot be rolled back either.
        driver: the driver's connection while a transaction runs on it.
    """

    held = False
    keeps_work = False
    driver: Any = None

    def commit(self) -> None:
        self._refuse_while(self.held)
        super().commit()
        # Not in SQLAlchemy's own event of this name: there the session refuses SQL.
        for _transaction, action in self.info.pop("after_commit", []):
            action()

    def rollback(self) -> None:
        self._refuse_while(self.keeps_work)
        super().rollback()

    def close(self) -> None:
        self._refuse_while(self.held)
        self.info.pop("after_commit", None)
        super().close()

    def expunge_all(self) -> None:
        self._refuse_while(self.held)
        super().expunge_all()

    def _refuse_while(self, held: bool) -> None:
        if held:
            raise SessionHeld("whoever is asked by a page may not end the page's transaction or leave its scope")


@event.listens_for(Session, "after_begin")
def _note_driver(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if isinstance(session, AnnouncingSession):
        session.driver = connection.connection.driver_connection


@event.listens_for(Session, "after_transaction_end")
def _forget_driver(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None and isinstance(session, AnnouncingSession):
        session.driver = None


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": AnnouncingSession})


Bounds = tuple[int, int]


class Interval(Protocol):
    """Anything with the bounds of an area: an ``Area`` row or an ``AreaCode``."""

    @property
    def id(self) -> int: ...
    @property
    def hi(self) -> int: ...


@dataclass(frozen=True)
class OwnRows:
    """What an area has for itself, without what lies in it.

    A district's scope holds all its villages, and so nothing can be written there; in this one it keeps rows under its
    own number, such as its exports, and sees none of a village.
    """

    id: int

    @property
    def hi(self) -> int:
        """Its own number again: nothing lies in it."""
        return self.id


current_scope: ContextVar[Bounds | None] = ContextVar("current_scope", default=None)

ALL_CASES = frozenset({"*"})
"""The command line's and the worker's keys, unless somebody asked for the work: no case is locked to them."""

current_keys: ContextVar[frozenset[str]] = ContextVar("current_keys", default=ALL_CASES)
"""What opens restricted cases (``Service.restricted_to``): names of permissions, and "user:<id>". A request starts with
none, and a transaction that nobody told of any has none."""

_KEY = re.compile(r"[a-z0-9_.:*-]+")


def carry_scope(engine: Engine) -> None:
    """Make every transaction on ``engine`` start in the current scope."""
    event.listen(engine, "begin", _set_scope)


def _set_scope(connection: Connection) -> None:
    bounds = current_scope.get()
    if bounds is not None:
        connection.exec_driver_sql(scope_statement(bounds))


def scope_statement(bounds: Bounds) -> str:
    """What a transaction begins with: the scope, and the keys to restricted cases."""
    # Literals, not bind parameters: Citus forwards a literal SET LOCAL to its workers.
    lo, hi = f"SET LOCAL puskesos.lo = '{bounds[0]:d}'", f"SET LOCAL puskesos.hi = '{bounds[1]:d}'"
    return f"{lo}; {hi}; {_keys_statement()}"


def _keys_statement() -> str:
    keys = sorted(current_keys.get())
    if not all(_KEY.fullmatch(key) for key in keys):
        raise ValueError(f"not the keys of cases: {keys}")
    return f"SET LOCAL puskesos.keys = '{{{','.join(keys)}}}'"


@contextmanager
def seeing(keys: Iterable[str]) -> Iterator[None]:
    """Work with somebody's keys to restricted cases, from the next scope on."""
    token = current_keys.set(frozenset(keys))
    try:
        yield
    finally:
        current_keys.reset(token)


@contextmanager
def all_cases_open() -> Iterator[None]:
    """For a deed that has to reach restricted cases too, whoever does it: erasing a resident, an organisation's answer.

    What is read inside must not be shown.
    """
    token = current_keys.set(ALL_CASES)
    _tell_keys()
    try:
        yield
    finally:
        current_keys.reset(token)
        _tell_keys()


@contextmanager
def restricted_cases_left_out() -> Iterator[None]:
    """For figures that many people read: they are the same whoever has them made, and tell of no restricted case."""
    token = current_keys.set(frozenset())
    _tell_keys()
    try:
        yield
    finally:
        current_keys.reset(token)
        _tell_keys()


def _tell_keys() -> None:
    """To the transaction that is running; one that begins later is told by itself. One that failed takes nothing."""
    session = db.session()
    driver = getattr(session, "driver", None)
    running = driver is not None and driver.info.transaction_status is TransactionStatus.INTRANS
    if running and current_scope.get() is not None:
        session.connection().exec_driver_sql(_keys_statement())


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


def enter_scope(area: Interval) -> Token[Bounds | None]:
    """As :func:`scope` for a request, whose beginning and end lie in two functions."""
    db.session.remove()
    return current_scope.set((area.id, area.hi))


def narrow_scope(area: Interval) -> None:
    """Enter a scope for the rest of a request, in the transaction that is running if nothing stands against it.

    What a request has asked before it knows its area, it asked without a scope and kept as plain values.
    """
    session = db.session()
    if current_scope.get() is not None or session.identity_map or session.new or not session.in_transaction():
        enter_scope(area)
        return
    current_scope.set((area.id, area.hi))
    _set_scope(session.connection())


def leave_scope(token: Token[Bounds | None]) -> None:
    db.session.remove()
    current_scope.reset(token)


@contextmanager
def objects_kept() -> Iterator[None]:
    """Around a call that may enter another scope, and so end the session: what was read before it can be read after.

    For whoever goes on with these rows in the scope in which they were read, such as a page that tells of an event.
    """
    before = db.session()
    held = list(before.identity_map.values())
    try:
        yield
    finally:
        if db.session() is not before:
            db.session.add_all([one for one in held if object_session(one) is None])


def after_commit(action: Callable[[], None]) -> None:
    """Run ``action`` once, when the running transaction has been committed; never when it was rolled back.

    A savepoint that is rolled back takes along what was asked for inside it, and nothing else.
    """
    session = db.session()
    session.info.setdefault("after_commit", []).append((innermost_transaction(session), action))


def innermost_transaction(session: Session) -> SessionTransaction | None:
    """The savepoint in which the session works, else its transaction; None before the first statement."""
    return session.get_nested_transaction() or session.get_transaction()


def lies_in(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    """Whether a transaction is ``outer`` or a savepoint somewhere inside it."""
    while transaction is not None and transaction is not outer:
        transaction = transaction.parent
    return transaction is outer


@event.listens_for(Session, "after_soft_rollback")
def _forget_rolled_back(session: Session, rolled_back: SessionTransaction) -> None:
    waiting = session.info.get("after_commit", [])
    waiting[:] = [item for item in waiting if not lies_in(item[0], rolled_back)]


def commit() -> None:
    """Commit, then run what waits for it."""
    db.session.commit()
