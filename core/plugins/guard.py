"""What a page has done and not committed yet survives the plugins that are asked on the way, whatever they do.

A plugin that breaks the transaction makes a rollback necessary: PostgreSQL refuses every further query. But the page
may have something to keep, such as the record that somebody looked at a NIK. Then a savepoint precedes each plugin.
While a plugin is asked, the page's session cannot be committed or closed, and a statement that would move the scope is
refused before it reaches the database. None of this costs a query on a page whose plugins behave.
"""

import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from core.database.session import AnnouncingSession, Bounds, current_scope, db, lies_in, objects_kept, scope_statement
from core.plugins.borrowed import close, held_here, note_connections, take_back
from core.plugins.dispatch import WorkLost
from core.plugins.health import Ask, Guards, OnStuck
from core.plugins.watch import DECISION_SECONDS, DISPLAY_SECONDS, TooSlow, in_time, is_active

Answer = TypeVar("Answer")

WROTE = "wrote"

# A statement that changes rows or tables, whatever stands before the verb.
WRITES = re.compile(
    r"^\s*(insert|update|delete|merge|truncate|copy|create|drop|alter|call|do)\b|\b(insert\s+into|delete\s+from)\b",
    re.IGNORECASE,
)

asking: "ContextVar[_Page | None]" = ContextVar("asking", default=None)
"""The page by which a plugin is being asked, in this thread."""


class LeftBroken(Exception):
    """A plugin that was only asked for something left behind what the page cannot go on with."""


class ScopeRefused(Exception):
    """A plugin that was only asked for something tried to see another area's rows."""


@event.listens_for(Session, "after_flush")
def _note_work(session: Session, _context: object) -> None:
    session.info[WROTE] = True


@event.listens_for(Session, "after_transaction_end")
def _forget_work(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(WROTE, None)


def guard_engine(engine: Engine) -> None:
    """Notice on ``engine`` what plugins do to connections and to the scope."""
    note_connections(engine)
    event.listen(engine, "before_cursor_execute", _look_at)


def _look_at(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    """Of a statement of a plugin that a page asks.

    Raises:
        ScopeRefused: it would move the scope; a setting whose name is a parameter and a reset count as well.
    """
    page = asking.get()
    if page is None:
        return
    if WRITES.search(statement):
        page.wrote = True
    text = statement.lower().lstrip()
    moves = "puskesos." in text or "set_config" in text or text.startswith(("set ", "reset ", "discard "))
    if moves and not _begins_a_transaction(statement) and not text.startswith("set local statement_timeout"):
        raise ScopeRefused("whoever is asked by a page may not move its scope")


def _begins_a_transaction(statement: str) -> bool:
    bounds = current_scope.get()
    return bounds is not None and statement == scope_statement(bounds)


def for_a_page(ask: Ask[Answer], on_stuck: OnStuck) -> Answer:
    """Ask one plugin for something to show. What it wrote is gone afterwards.

    Raises:
        LeftBroken: it caught a database error, wrote something, or left a scope or connection of its own.
        TooSlow: it took longer than a page can wait.
        WorkLost: it ended the transaction in which the page has something to keep.
        Exception: what the plugin raised.
    """
    session = _session()
    page = _Page(session, keeps_work=_has_work(session))
    savepoint = page.session.begin_nested() if page.keeps_work else None
    try:
        answer = page.ask(ask, DISPLAY_SECONDS, on_stuck)
        if session.get_nested_transaction() is not savepoint:
            raise LeftBroken("it left a savepoint open")
    except Exception:
        _undo(session, savepoint)
        raise
    if savepoint is not None:
        _undo(session, savepoint)
    return answer


def for_a_decision(ask: Ask[Answer], on_stuck: OnStuck) -> Answer:
    """Ask one plugin for its objection, in the transaction in which the deed will be done; that goes on untouched.

    Raises:
        LeftBroken: it wrote something, or left the transaction, the scope or a connection otherwise than it was.
        TooSlow: it took too long.
        Exception: what the plugin raised.
    """
    session = _session()
    session.flush()  # what waits would otherwise look like the plugin's
    transaction, innermost = session.get_transaction(), session.get_nested_transaction()
    answer = _Page(session, keeps_work=True).ask(ask, DECISION_SECONDS, on_stuck)
    if (session.get_transaction(), session.get_nested_transaction()) != (transaction, innermost):
        raise LeftBroken("it left the transaction otherwise than it was")
    return answer


def for_a_duty(do: Ask[Answer], on_stuck: OnStuck) -> Answer:
    """Have one plugin write into the running transaction; who calls looks whether it is still that one.

    Raises:
        TooSlow: it took too long, and the transaction is rolled back.
        Exception: what the plugin raised.
    """
    return _or_rolled_back(do, DECISION_SECONDS, on_stuck)


def for_an_event(tell: Ask[Answer], seconds: float, on_stuck: OnStuck) -> Answer:
    """Tell one plugin of something; the scope is afterwards what it was, and no connection is forgotten.

    It may have entered a scope and so ended the session: the rows of whoever tells it can be read afterwards as before.

    Raises:
        TooSlow: it took longer than ``seconds``; what it has not committed is gone.
        Exception: what the plugin raised.
    """
    bounds, connections = current_scope.get(), held_here()
    with objects_kept():
        try:
            return _or_rolled_back(tell, seconds, on_stuck)
        finally:
            current_scope.set(bounds)
            take_back(connections, _session().driver)


def _or_rolled_back(do: Ask[Answer], seconds: float, on_stuck: OnStuck) -> Answer:
    """The session and its rows go on; a connection does not that is in the middle of a statement."""
    try:
        return in_time(lambda: _as_a_failure(do), seconds, on_stuck)
    except TooSlow:
        session = _session()
        if is_active(session.driver):
            close(session.driver)
        session.rollback()
        raise


def for_its_own_page(answer: Ask[Answer], seconds: float, on_stuck: OnStuck) -> Answer:
    """Have one plugin answer a request for a page of its own; its time runs from :func:`core.plugins.watch.start_clock`
    on.

    Raises:
        TooSlow: it took longer than ``seconds``; its connections are closed, and what it has not committed is gone.
        LeftBroken: it wanted to end the process.
        Exception: what the plugin raised.
    """
    bounds, connections = current_scope.get(), held_here()
    try:
        return in_time(lambda: _as_a_failure(answer), seconds, on_stuck, clock_runs=False)
    except TooSlow:
        take_back(connections, None)
        db.session.remove()
        current_scope.set(bounds)
        raise


def _session() -> AnnouncingSession:
    session = db.session()
    assert isinstance(session, AnnouncingSession)  # noqa: S101 - as it is made (core.database.session)
    return session


def _as_a_failure(ask: Ask[Answer]) -> Answer:
    """A plugin that wants to end the process has failed, and no more than that."""
    try:
        return ask()
    except SystemExit as error:
        raise LeftBroken("it wanted to end the process") from error


@dataclass
class _Page:
    """What is held against what a plugin leaves."""

    session: AnnouncingSession
    keeps_work: bool
    wrote: bool = False
    bounds: Bounds | None = field(default_factory=current_scope.get)
    connections: frozenset[Any] = field(default_factory=held_here)

    def ask(self, ask: Ask[Answer], seconds: float, on_stuck: OnStuck) -> Answer:
        before = self.session.held, self.session.keeps_work
        self.session.held, self.session.keeps_work = True, self.keeps_work
        token = asking.set(self)
        try:
            answer = in_time(lambda: _as_a_failure(ask), seconds, on_stuck)
        finally:
            asking.reset(token)
            self.session.held, self.session.keeps_work = before
            problem = self._put_right()
        if problem:
            raise LeftBroken(problem)
        _check(self.session)
        return answer

    def _put_right(self) -> str:
        """Restore what is not the plugin's to change; answers with what that was."""
        problem = ""
        if current_scope.get() != self.bounds:
            current_scope.set(self.bounds)
            problem = "it replaced the scope"
        if db.session() is not self.session:
            db.session.registry.set(self.session)
            problem = "it replaced the session"
        if take_back(self.connections, self.session.driver):
            problem = "it forgot to give a connection back"
        if self.wrote or self.session.new or self.session.dirty or self.session.deleted:
            problem = "it wrote while it was only asked"
        return problem


def _has_work(session: Session) -> bool:
    """Besides what was written: ``info`` holds what waits for the commit, entries of the audit and events."""
    return any(session.info.values()) or bool(session.new or session.dirty or session.deleted)


def _undo(session: AnnouncingSession, savepoint: SessionTransaction | None) -> None:
    """Raises: WorkLost: the savepoint is gone, or the connection in the middle of something that cannot be ended."""
    if is_active(session.driver):
        session.invalidate()
        if savepoint is not None:
            raise WorkLost("a plugin was cut off in the middle of a statement")
        return
    if savepoint is None:
        session.rollback()
        return
    innermost = session.get_nested_transaction()
    if innermost is None or not lies_in(innermost, savepoint):
        raise WorkLost("a plugin committed or rolled back what the page was about to keep")
    savepoint.rollback()  # and with it what the plugin left open inside


def _check(session: AnnouncingSession) -> None:
    """Costs no query."""
    if not session.in_transaction():
        return
    if not session.is_active:
        raise LeftBroken("it caught the error of a failed flush")
    if session.driver is not None and session.driver.info.transaction_status == TransactionStatus.INERROR:
        raise LeftBroken("it caught the error of a failed statement, which does not heal the transaction")


GUARDS = Guards(for_a_page, for_a_decision, for_a_duty, for_an_event, for_its_own_page, in_time)
