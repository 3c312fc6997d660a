"""What the television shows: numbers and counters, and never a name."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Row, select

from core.api import Area, db, settings_of

from .models import QueueCounter, QueueService, QueueTicket
from .settings import QueueSettings


@dataclass(frozen=True)
class Called:
    """A number at a counter; ``serving``: the person is there already."""

    number: str
    counter: str
    serving: bool
    calls: int
    at: datetime


@dataclass(frozen=True)
class Board:
    """``called``: the last called first. ``waiting``: of each service its prefix, name and how many wait."""

    called: Sequence[Called]
    waiting: Sequence[tuple[str, str, int]]
    skipped: Sequence[str]

    @property
    def tag(self) -> str:
        """Changes when, and only when, the board shows something else."""
        return hashlib.sha256(repr((self.called, self.waiting, self.skipped)).encode()).hexdigest()[:20]


def board_of(area: Area, day: date) -> Board:
    """Three queries."""
    services = db.session.execute(
        select(QueueService.id, QueueService.prefix, QueueService.name)
        .where(QueueService.village_id == area.id, QueueService.active)
        .order_by(QueueService.position, QueueService.prefix)
    ).all()
    prefixes = {row.id: row.prefix for row in services}
    counters = dict(
        db.session.execute(
            select(QueueCounter.id, QueueCounter.name).where(QueueCounter.village_id == area.id)
        ).tuples()
    )
    rows = db.session.execute(
        select(
            QueueTicket.service_id,
            QueueTicket.waits_for_id,
            QueueTicket.number,
            QueueTicket.state,
            QueueTicket.counter_id,
            QueueTicket.calls,
            QueueTicket.last_called_at,
        ).where(
            QueueTicket.village_id == area.id,
            QueueTicket.day == day,
            QueueTicket.state.in_(("waiting", "called", "serving", "skipped")),
        )
    ).all()
    called = [
        Called(_number(prefixes, row), counters.get(row.counter_id, ""), row.state == "serving", row.calls, called_at)
        for row in rows
        if row.state in ("called", "serving") and (called_at := row.last_called_at)
    ]
    waits = [row.waits_for_id for row in rows if row.state == "waiting"]
    return Board(
        called=sorted(called, key=lambda each: each.at, reverse=True),
        waiting=[(row.prefix, row.name, waits.count(row.id)) for row in services],
        skipped=sorted(_number(prefixes, row) for row in rows if row.state == "skipped"),
    )


def _number(prefixes: Mapping[UUID, str], row: Row) -> str:
    return f"{prefixes.get(row.service_id, '?')}-{row.number:03d}"


def may_see(area: Area, key: str) -> bool:
    """Whether somebody who is not signed in may see the board: anybody, unless the village has set a key."""
    wanted = settings_of(area, QueueSettings).board_key
    return not wanted or hmac.compare_digest(wanted.encode(), key.encode())
