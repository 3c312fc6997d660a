"""What a page has not committed yet survives the plugins that are asked while it is built.

A plugin that breaks the transaction makes a rollback necessary: PostgreSQL refuses every further query. But the page
may have something to keep, such as the record that somebody looked at a NIK. Then a savepoint precedes each plugin.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core.database.session import db
from core.plugins.dispatch import WorkLost

WROTE = "wrote"


class LeftBroken(Exception):
    """A plugin that only has to show something left the transaction in a state in which the page cannot go on."""


@event.listens_for(Session, "after_flush")
def _note_work(session: Session, _context: object) -> None:
    session.info[WROTE] = True


@event.listens_for(Session, "after_transaction_end")
def _forget_work(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(WROTE, None)


@contextmanager
def guarded() -> Iterator[None]:
    """Around one plugin that shows something. What it wrote and did not commit is gone afterwards.

    Raises:
        LeftBroken: it caught a database error, or wrote something.
        WorkLost: it ended the transaction in which the page has something to keep.
    """
    session = db.session()
    if _has_work(session):
        with _behind_a_savepoint(session):
            yield
            _check(session)
        return
    try:
        yield
        _check(session)
        if _has_work(session):
            raise LeftBroken("it wrote without committing")
    except Exception:
        session.rollback()
        raise


def _has_work(session: Session) -> bool:
    """Besides what was written: ``info`` holds what waits for the commit, entries of the audit and events."""
    return any(session.info.values()) or bool(session.new or session.dirty or session.deleted)


@contextmanager
def _behind_a_savepoint(session: Session) -> Iterator[None]:
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        if session.get_nested_transaction() is not savepoint:
            raise WorkLost("a plugin committed or rolled back what the page was about to keep")
        savepoint.rollback()


def _check(session: Session) -> None:
    """Costs no query."""
    if not session.in_transaction():
        return
    if not session.is_active:
        raise LeftBroken("it caught the error of a failed flush")
    driver = session.connection().connection.driver_connection
    if driver is not None and driver.info.transaction_status == TransactionStatus.INERROR:
        raise LeftBroken("it caught the error of a failed statement, which does not heal the transaction")
