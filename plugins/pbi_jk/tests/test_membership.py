"""A membership that became active is on the village's record, also where the module was off when it did."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, text

from core.api import Case, Person, db
from core.testing import VILLAGE, Clock, at, run_waiting
from core.testing.villages import switch, switch_off
from plugins.pbi_jk.membership import CATCH_UP, cover

from .conftest import Desk

NOTED = text("SELECT count(*) FROM audit_entries WHERE action = 'pbi_jk.membership_noted'")


def insurance(desk: Desk) -> str:
    with at(desk.app, VILLAGE):
        return db.session.scalars(select(Person)).one().insurance


def noted(desk: Desk) -> int:
    with at(desk.app, VILLAGE):
        return db.session.scalar(NOTED) or 0


@pytest.fixture
def sent(desk: Desk) -> str:
    case = desk.open_case(insurance="none", decile=2)
    desk.send(case)
    return case


def test_the_resident_is_a_member_once_it_was_seen_to_be_active(desk: Desk, sent: str) -> None:
    assert (insurance(desk), noted(desk)) == ("none", 0)
    desk.activate(sent)
    assert (insurance(desk), noted(desk)) == ("pbi", 1)


def test_cover_of_the_early_morning_began_on_the_villages_day(desk: Desk, sent: str, clock: Clock) -> None:
    """At one in the night in Cibadak it is yesterday at Greenwich."""
    clock.move(hours=-9)
    with at(desk.app, VILLAGE) as area:
        found = db.session.get_one(Case, (area.id, UUID(sent)))
        found.state, found.state_since, found.person.insurance = "approved", clock.moment, "pbi"
        assert [aid.first_day for aid in cover.aid_of(area, [found.person_id], "PBI-JK")] == [date(2026, 11, 12)]


def test_what_became_active_while_the_module_was_off_is_caught_up_with(desk: Desk, sent: str) -> None:
    switch_off(desk.app, "pbi_jk")
    desk.activate(sent)
    assert (insurance(desk), noted(desk)) == ("none", 0)
    switch(desk.app, "pbi_jk", on=True)
    with at(desk.app, VILLAGE) as area:
        cover.catch_up([area], CATCH_UP)
        cover.catch_up([area], CATCH_UP)
    assert noted(desk) == 0
    run_waiting(desk.app)
    assert (insurance(desk), noted(desk)) == ("pbi", 1)


def test_a_rejected_case_says_nothing_about_the_membership(desk: Desk, sent: str) -> None:
    desk.take(sent, "reject", on="2026-11-03", outcome="Ditolak", note="Desil 7")
    assert insurance(desk) == "none"
