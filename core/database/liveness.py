"""A connection that the server has closed is left before a request meets it, without asking the server."""

import select
from typing import Any

from psycopg import Connection, OperationalError
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError


def leave_closed_connections(engine: Engine) -> None:
    """In place of ``pool_pre_ping``, which asks the server each time a connection is taken from the pool.

    A server that stops, or ends a session, says so on its connection; a quiet one has nothing to read. What a network
    swallows without a word shows neither here nor to a ping, which would wait for its answer.
    """
    event.listen(engine, "checkout", _refuse_closed)


def _refuse_closed(connection: Connection, _record: Any, _proxy: Any) -> None:
    poll = select.poll()
    try:
        poll.register(connection.fileno(), select.POLLIN)
    except OperationalError as error:  # closed on our side
        raise InvalidatePoolError from error
    if poll.poll(0):
        raise InvalidatePoolError
