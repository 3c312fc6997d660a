"""The chain: how an entry is written down to be hashed, and how new ones are linked to those before.

Each area has a chain of its own, and area 0 the one of what happens before any area is known. Its entries are numbered
1, 2, 3 … without a gap, and each holds

    hash = SHA-256(canonical form),   prev_hash = the hash of the entry before; 32 zero bytes for the first

The canonical form is a JSON array in UTF-8 without blanks and without ``\\u`` escapes for what UTF-8 can say, of

    1 (the version of this form), area_id, seq, at, user_id, user_name, action, object_type, object_id,
    address, request_id, detail, prev_hash

``at`` is ``2026-11-12T08:05:00.000000+00:00``, always in UTC and with microseconds; ``user_id`` is the UUID with dashes
or null; ``address`` and ``request_id`` are a text or null; ``detail`` is, as a text, the JSON that the column holds;
``prev_hash`` is in hexadecimal. So the chain can be checked by anything that can read the table.

What it proves: whoever changes, removes or inserts an entry must recompute every hash after it. Within the database
nothing contradicts somebody who may do that, nor one who cuts off the end: only a head (area, seq, hash) that was noted
elsewhere does. It proves nothing about deeds that were never recorded, and an entry says what the application said.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from core.areas.code import AreaCode

FORM = 1
GENESIS = bytes(32)

# Advisory locks are numbers that all users of a database share. These lie above all area ids, which others lock.
LOCKS = 1 << 40


@dataclass(frozen=True)
class Draft:
    """A deed that has no place in a chain yet; ``detail`` is JSON."""

    area_id: int
    at: datetime
    user_id: UUID | None
    user_name: str
    action: str
    object_type: str
    object_id: str
    address: str | None
    request_id: str | None
    detail: str


@dataclass(frozen=True)
class Head:
    """The last entry of an area's chain."""

    area_id: int
    seq: int
    hash: bytes

    @property
    def area(self) -> str:
        return code_of(self.area_id)


def code_of(area_id: int) -> str:
    """How people name a chain: the area's code, or 0."""
    return str(AreaCode.from_id(area_id)) or "0"


_INSERT = (
    "INSERT INTO audit_entries (area_id, seq, at, user_id, user_name, action, object_type, object_id, address,"
    " request_id, detail, prev_hash, hash) VALUES (%(area_id)s, %(seq)s, %(at)s, %(user_id)s, %(user_name)s,"
    " %(action)s, %(object_type)s, %(object_id)s, %(address)s, %(request_id)s, %(detail)s::json, %(prev_hash)s,"
    " %(hash)s)"
)

# Numbers are written into it: a message of several statements takes no parameters.
_HOLD = (
    "SET LOCAL puskesos.lo = '{area_id:d}'; SET LOCAL puskesos.hi = '{area_id:d}';"
    "SELECT pg_advisory_xact_lock({lock:d});"
    "SELECT seq, hash FROM audit_entries WHERE area_id = {area_id:d} ORDER BY seq DESC LIMIT 1"
)


def canonical_json(value: object) -> str:
    """The same text for the same value, whatever order its keys came in. What JSON does not know becomes a text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(draft: Draft, seq: int, prev_hash: bytes) -> bytes:
    """The hash of an entry (32 bytes)."""
    form = [
        FORM,
        draft.area_id,
        seq,
        draft.at.astimezone(UTC).isoformat(timespec="microseconds"),
        None if draft.user_id is None else str(draft.user_id),
        draft.user_name,
        draft.action,
        draft.object_type,
        draft.object_id,
        draft.address,
        draft.request_id,
        draft.detail,
        prev_hash.hex(),
    ]
    return hashlib.sha256(json.dumps(form, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def append(connection: Connection, drafts: Iterable[Draft]) -> None:
    """Link entries to the chains of their areas, in the given order, and insert them.

    To be called as the last thing in a transaction: from here to its end, others who write to the same chain wait. That
    wait cannot become a deadlock, since who holds a chain waits for nothing but the chains of higher areas.
    """
    # The driver's own cursor: this happens in nearly every request, and nothing here needs more.
    with closing(connection.connection.cursor()) as cursor:
        for area_id, own in groupby(sorted(drafts, key=attrgetter("area_id")), key=attrgetter("area_id")):
            rows = linked(_hold(cursor, area_id), own)
            cursor.execute(_INSERT, rows[0]) if len(rows) == 1 else cursor.executemany(_INSERT, rows)


def linked(head: Head, drafts: Iterable[Draft]) -> list[dict[str, object]]:
    """The rows that follow a head."""
    rows = []
    prev_hash = head.hash
    for seq, draft in enumerate(drafts, start=head.seq + 1):
        this_hash = digest(draft, seq, prev_hash)
        rows.append({**vars(draft), "seq": seq, "prev_hash": prev_hash, "hash": this_hash})
        prev_hash = this_hash
    return rows


def _hold(cursor: DBAPICursor, area_id: int) -> Head:
    """Keep others off an area's chain until the transaction ends, and read its last entry.

    One message to the server but several statements: what the last one sees is decided when it starts, and so when the
    lock is held. A single statement would see the chain as it was before the wait. The scope becomes the one area:
    there the policies let its entries be written, and for area 0 it is the only way to see them.
    """
    cursor.execute(_HOLD.format(area_id=area_id, lock=LOCKS + area_id))
    while cursor.nextset():
        pass
    row = cursor.fetchone()
    return Head(area_id, *row) if row else Head(area_id, 0, GENESIS)
