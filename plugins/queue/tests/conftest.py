"""A village with two services, a counter and opening hours on every day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from core.api import Area, commit, db
from core.testing import VILLAGE, Clock, SignInAs, at
from plugins.queue.models import QueueCounter, QueueService

ROOT = f"/{VILLAGE}/queue"
WEEK = '{"0": ["08:00-14:00"], "1": ["08:00-14:00"], "2": ["08:00-14:00"], "3": ["08:00-14:00"], "4": ["08:00-14:00"]}'
LETTERS, COMPLAINTS, COUNTER = (UUID(int=number) for number in (1, 2, 3))


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


def furnish(area: Area, **letters: Any) -> None:
    """Two services, of which only A takes bookings, one counter, and hours from Monday to Friday."""
    values = {"slot_minutes": 60, "slot_capacity": 2, "walk_in_percent": 50, "minutes": 10, **letters}
    db.session.add(QueueService(village_id=area.id, id=LETTERS, name="Surat", prefix="A", bring="KTP\nKK", **values))
    db.session.add(
        QueueService(
            village_id=area.id,
            id=COMPLAINTS,
            name="Keluhan",
            prefix="B",
            minutes=20,
            accepts_bookings=False,
            position=1,
        )
    )
    db.session.add(QueueCounter(village_id=area.id, id=COUNTER, name="Loket 1"))
    db.session.execute(
        text("INSERT INTO village_profiles (village_id, id, hours) VALUES (:village, :id, CAST(:hours AS jsonb))"),
        {"village": area.id, "id": uuid4(), "hours": WEEK},
    )
    commit()


def local(area: Area, day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(area.timezone))


@pytest.fixture
def queue(village: Area) -> Area:
    furnish(village)
    return village


@dataclass
class DeskSite:
    app: Flask
    stranger: FlaskClient
    clerk: FlaskClient
    kader: FlaskClient
    clock: Clock

    def row(self, query: str, **values: object) -> Any:
        with at(self.app, VILLAGE):
            return db.session.execute(text(query), values).one()

    def rows(self, query: str) -> Sequence[Any]:
        with at(self.app, VILLAGE):
            return [tuple(row) for row in db.session.execute(text(query))]


@pytest.fixture
def site(app: Flask, areas: None, sign_in: SignInAs, clock: Clock) -> DeskSite:
    """Thursday, 12 November 2026, 10.00: the desk is open."""
    with at(app, VILLAGE) as area:
        furnish(area)
    return DeskSite(app, app.test_client(), sign_in("village_staff"), sign_in("field_worker"), clock)
