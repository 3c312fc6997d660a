"""A district with the people of two of its villages, and one who holds the trainings."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.api import AreaCode, OwnRows, commit, db, scope, today, working_in
from core.testing import DISTRICT, SIBLING, VILLAGE, SignInAs
from plugins.training import participants, sessions
from plugins.training.models import TrainingParticipant, TrainingSession
from plugins.training.sessions import SessionInput

WIDE = f"/{DISTRICT}/training"
DAY = date(2026, 11, 12)
DISTRICT_ID = AreaCode.parse(DISTRICT).id


def data(day: date = DAY, **values: object) -> SessionInput:
    usual = {
        "title": "Dasar pelayanan",
        "services": ["sktm.letter"],
        "day": day,
        "starts": time(9),
        "ends": time(15),
        "place": "Aula Dinsos",
        "trainer": "Bu Rina",
        "seats": 40,
        "valid_months": 24,
    }
    return SessionInput(**{**usual, **values})  # pyright: ignore[reportArgumentType]


def as_form(day: date = DAY, **values: object) -> dict[str, object]:
    """As a browser sends it."""
    given = data(day, **values)
    return {
        **vars(given),
        "day": given.day.isoformat(),
        "starts": f"{given.starts:%H:%M}",
        "ends": f"{given.ends:%H:%M}",
        "version": 0,
    }


@dataclass
class Office:
    """The Dinas Sosial, and the desks of two villages."""

    app: Flask
    officer: FlaskClient
    clerk: FlaskClient
    neighbour: FlaskClient

    def session_with(self, results: dict[str, str], *, held: bool = False, day: date = DAY, **values: object) -> UUID:
        """A session to which everybody of both villages is invited, with results by village code."""
        with self.app.app_context():
            workers = working_in(AreaCode.parse(DISTRICT))
            with scope(OwnRows(DISTRICT_ID)):
                session = sessions.plan(DISTRICT_ID, data(day, **values), by=None)
                participants.invite(session, workers, {AreaCode.parse(code).id: code for code in (VILLAGE, SIBLING)})
                marks = {AreaCode.parse(code).id: result for code, result in results.items()}
                people = participants.participants_of(session)
                participants.mark(session, {one.id: marks.get(one.of_village, "absent") for one in people})
                if held:
                    participants.close(session, today())
                commit()
                return session.id

    def people(self, session_id: UUID) -> list[TrainingParticipant]:
        with self.app.app_context(), scope(OwnRows(DISTRICT_ID)):
            found = participants.participants_of(self.session(session_id))
            return list(found)

    def session(self, session_id: UUID) -> TrainingSession:
        """In a scope of its own."""
        with self.app.app_context(), scope(OwnRows(DISTRICT_ID)):
            return db.session.scalars(select(TrainingSession).where(TrainingSession.id == session_id)).one()


@pytest.fixture
def office(app: Flask, areas: None, clock: object, sign_in: SignInAs) -> Office:
    clerk = sign_in("village_staff", name="Wiwin")
    return Office(app, sign_in("district_officer", DISTRICT), clerk, sign_in("village_staff", SIBLING, name="Dadang"))


TOMORROW = DAY + timedelta(days=1)
