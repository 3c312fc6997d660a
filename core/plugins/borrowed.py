"""Which thread holds which connections of the pool, so that one which a plugin forgot to give back is found at once.

A forgotten connection keeps its transaction open, with all its locks, and after ten of them the pool is empty.
"""

import threading
from typing import Any
from weakref import ReferenceType, ref

from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_Held = tuple[int, "ReferenceType[PoolProxiedConnection]"]
_held: dict[ConnectionPoolEntry, _Held] = {}


def note_connections(engine: Engine) -> None:
    event.listen(engine, "checkout", _taken)
    event.listen(engine, "checkin", _given_back)


def _taken(_driver: object, entry: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
    _held[entry] = threading.get_ident(), ref(proxy)


def _given_back(_driver: object, entry: ConnectionPoolEntry) -> None:
    _held.pop(entry, None)


def held_here() -> frozenset[ConnectionPoolEntry]:
    """What this thread holds."""
    here = threading.get_ident()
    return frozenset(entry for entry, (thread, _proxy) in list(_held.items()) if thread == here)


def drivers_of(thread: int) -> list[Any]:
    """The driver's connections that a thread holds at the moment."""
    proxies = [proxy() for holder, proxy in list(_held.values()) if holder == thread]
    return [proxy.driver_connection for proxy in proxies if proxy is not None]


def close(driver: Any) -> None:
    """Close a connection without another word to the database, which rolls back what was not committed on it."""
    for _thread, held in list(_held.values()):
        proxy = held()
        if proxy is not None and proxy.driver_connection is driver:
            proxy.invalidate()


def take_back(before: frozenset[ConnectionPoolEntry], own: Any) -> int:
    """Close what this thread has taken since ``before`` and still holds; answers with how many those were.

    Args:
        own: the driver's connection of the page's session, which stays.
    """
    forgotten = 0
    for entry in held_here() - before:
        proxy = _held[entry][1]()
        if proxy is not None and proxy.driver_connection is not own:
            proxy.invalidate()
            forgotten += 1
    return forgotten
