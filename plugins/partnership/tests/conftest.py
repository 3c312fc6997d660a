"""A village with its partners, and what the tests of the scorecard put into its past."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import Area, Case, Organisation, Referral, ReferralEvent, commit, db, offered
from core.testing import VILLAGE, Clock, SignInAs, at, make_case, make_person
from core.testing.examples import example_answers

from ..models import Partner
from ..scorecard.board import Board, count_board
from ..scorecard.indicators import Indicator
from ..scorecard.months import Month

ROOT = f"/{VILLAGE}/partnership"


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


def wib(day: str) -> datetime:
    """A moment in Cibadak, such as 2026-10-31T23:50."""
    return datetime.fromisoformat(f"{day}+07:00")


@dataclass
class Ledger:
    """Writes rows into the village that is entered; ``partners`` by name."""

    area: Area
    partners: dict[str, Partner] = field(default_factory=dict)

    def organisation(self, name: str, **values: Any) -> Organisation:
        known = {"area_id": 3201000000, "kind": "government", "sector": "puskesmas", **values}
        made = Organisation(name=name, **known)
        db.session.add(made)
        db.session.flush()
        return made

    def partner(self, name: str, *, registered: bool = True, since: str = "2026-01-05T09:00", **values: Any) -> Partner:
        if registered:
            values["organisation_id"] = self.organisation(name).id
        else:
            values["name"] = name
        made = self.add(Partner, created_at=wib(since), **values)
        self.partners[name] = made
        return made

    def add(self, model: Any, **values: Any) -> Any:
        row = model(village_id=self.area.id, **values)
        db.session.add(row)
        db.session.flush()
        return row

    def case(self) -> Case:
        service = next(iter(offered(self.area).values()))
        return make_case(self.area, service, make_person(self.area.id), **example_answers(service.form))

    def referral(self, partner: Partner, case: Case, steps: dict[str, str]) -> Referral:
        """``steps``: moments by kind of event; the state follows from the last one."""
        last = list(steps)[-1]
        decision = last if last in ("done", "refused") else ""
        made = self.add(
            Referral,
            case_id=case.id,
            organisation_id=partner.organisation_id,
            kind="programme",
            ask="Mohon bantuan",
            answer_days=5,
            state=last,
            decision=decision,
            due_on=date(2026, 11, 1),
            sent_at=wib(steps["sent"]),
        )
        for kind, moment in steps.items():
            side = "village" if kind in ("sent", "recalled") else "receiver"
            self.add(ReferralEvent, referral_id=made.id, kind=kind, side=side, by_name="–", at=wib(moment))
        return made

    def month(self, first: str) -> Month:
        return Month(date.fromisoformat(first), self.area.timezone)

    def board(self, first: str = "2026-10-01") -> Board:
        db.session.flush()
        return count_board(self.area, self.month(first))

    def told(self, board: Board, key: str, partner: Partner | None = None) -> tuple[str, str] | None:
        """What is shown of an indicator, and its raw counts; None where it is not there."""
        figures = board.partners[partner.id] if partner else board.village
        if key not in figures:
            return None
        found = Indicator(key, *figures[key])
        return found.shown, found.counts


@pytest.fixture
def ledger(village: Area, clock: Clock) -> Ledger:
    return Ledger(village)


@dataclass
class Desk:
    """The village's staff and its head at their pages."""

    app: Flask
    staff: FlaskClient
    head: FlaskClient

    def do(self, path: str, **data: Any) -> TestResponse:
        return self.staff.post(url(path), data=data)

    def decide(self, path: str, **data: Any) -> TestResponse:
        """A deed of the kepala desa."""
        return self.head.post(url(path), data=data)

    def ask(self, query: str, **values: object) -> Any:
        with at(self.app, VILLAGE):
            return db.session.execute(text(query), values).one()

    def version(self, table: str, id: object) -> int:
        return self.ask(f"SELECT version FROM partnership_{table} WHERE id = :id", id=id).version  # noqa: S608 - ours

    def deeds(self) -> list[str]:
        query = "SELECT action FROM audit_entries WHERE action LIKE 'partnership.%' ORDER BY seq"
        with at(self.app, VILLAGE):
            return [row.action.removeprefix("partnership.") for row in db.session.execute(text(query))]

    def partner(self, name: str = "Yayasan Peduli", organisation: str = "") -> UUID:
        """Of the registry, where ``organisation`` names a new one."""
        with at(self.app, VILLAGE) as area:
            ledger = Ledger(area)
            made = ledger.partner(organisation or name, registered=bool(organisation))
            made_id = made.id
            commit()
            return made_id


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs, clock: Clock) -> Desk:
    return Desk(app, sign_in("village_staff", name="Siti"), sign_in("village_head"))
