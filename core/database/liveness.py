"""Connections that may have died while nobody used them."""

from time import monotonic
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

IDLE_SECONDS = 1.0
"""A busy page would pay for a question to the server each time; one that was answered a moment ago need not ask."""


def check_idle_connections(engine: Engine) -> None:
    """Ask whether the server is still there before a connection is used that nobody has used for a while.

    As SQLAlchemy's ``pool_pre_ping``, which asks each time: a dead one is replaced, and nobody notices.
    """

    def note_idle(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["idle_since"] = monotonic()

    def ask(connection: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
        if monotonic() - entry.info.get("idle_since", monotonic()) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    event.listen(engine, "checkin", note_idle)
    event.listen(engine, "checkout", ask)
