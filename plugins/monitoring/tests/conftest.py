"""Made-up cases of a village, written as rows: their days and states are the point."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from core.api import Area, Case, Organisation, Person, Referral, commit, db
from core.testing import VILLAGE, at, make_person

ZONE = ZoneInfo("Asia/Jakarta")
_numbers = iter(range(1, 100_000))

MakeCase = Callable[..., Case]


def moment(day: str, hour: int = 9, minute: int = 0, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), zone) + timedelta(hours=hour, minutes=minute)


def add_case(area: Area, person: Person, opened: str | datetime, closed: str | datetime = "", **values: Any) -> Case:
    """An SKTM that went its way on these days, unless ``values`` say otherwise. The caller commits."""
    number = next(_numbers)
    opened_at = moment(opened) if isinstance(opened, str) else opened
    closed_at = moment(closed) if isinstance(closed, str) and closed else closed or None
    defaults = {
        "ticket": f"CBD-26-{number:06d}",
        "service": "sktm.letter",
        "state": "done" if closed_at else "handling",
        "person_id": person.id,
        "household_id": person.household_id,
        "channel": "desk",
        "due_on": date(2027, 1, 1),
        "opened_at": opened_at,
        "state_since": closed_at or opened_at,
        "closed_at": closed_at,
    }
    made = Case(village_id=area.id, **{**defaults, **values})
    db.session.add(made)
    db.session.flush()
    return made


def refer(case: Case, sent: str, **values: Any) -> Referral:
    organisation = Organisation(
        area_id=case.village_id // 10**6 * 10**6, name=f"Puskesmas {next(_numbers)}", kind="government", sector="health"
    )
    db.session.add(organisation)
    db.session.flush()
    defaults = {
        "case_id": case.id,
        "organisation_id": organisation.id,
        "kind": "program",
        "ask": "Mohon diperiksa",
        "answer_days": 7,
        "state": "sent",
        "due_on": date(2027, 1, 1),
        "sent_at": moment(sent),
    }
    made = Referral(village_id=case.village_id, **{**defaults, **values})
    db.session.add(made)
    db.session.flush()
    return made


def fill_october(app: Flask, code: str = VILLAGE, *, received: int = 12, solved: int = 10, referred: int = 2) -> None:
    """Cases of October 2026, the first of them solved, and the first of these after a referral."""
    with at(app, code) as area:
        person = make_person(area.id)
        for number in range(received):
            done = number < solved
            case = add_case(area, person, "2026-10-05", "2026-10-08" if done else "")
            if number < referred:
                refer(case, "2026-10-06", state="told", back_at=moment("2026-10-07"))
        commit()


@pytest.fixture
def october(app: Flask, areas: None, clock: Any) -> None:
    fill_october(app)
