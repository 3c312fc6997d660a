"""Who has a signed SKTM of this village need not bring it when another service asks for one."""

import pytest
from sqlalchemy import select, text, update

from core.api import (
    IssuedLetter,
    Person,
    Requirement,
    Service,
    ServiceForm,
    ServiceStandard,
    commit,
    db,
    village_decision,
)
from core.testing import VILLAGE, at, make_case, make_person

from .conftest import Desk


def service_that_asks_for(*papers: Requirement) -> Service:
    return Service(
        name="sktm.example",
        title="Keringanan biaya",
        form=ServiceForm,
        workflow=village_decision(time_days=1, letter=None),
        standard=ServiceStandard(time_days=1, product="Keringanan"),
        requirements=papers,
    )


SKTM = Requirement("sktm_letter", "SKTM", mandatory=False)
PAPERS = text("SELECT key, state FROM case_requirements WHERE case_id = :case")


def papers_of_next_case(desk: Desk, *papers: Requirement, of_somebody_else: bool = False) -> dict[str, str]:
    """What is given and what is wanted of a further case of the resident whose letter there is."""
    with at(desk.app, VILLAGE) as area:
        person = db.session.scalars(select(Person)).one()
        if of_somebody_else:
            person = make_person(area.id, "Odah Saodah")
        case = make_case(area, service_that_asks_for(*papers), person)
        case_id = case.id
        commit()
    with at(desk.app, VILLAGE):
        return dict(db.session.execute(PAPERS, {"case": case_id}).all())


@pytest.fixture
def signed(desk: Desk) -> str:
    case = desk.open_case("Enok Sumarni")
    desk.approve(case)
    desk.issue(case)
    desk.sign(case)
    return case


def test_a_letter_of_ones_own_is_confirmed_when_another_service_asks_for_it(desk: Desk, signed: str) -> None:
    assert papers_of_next_case(desk, SKTM, Requirement.KK) == {"sktm_letter": "given", "kk": "wanted"}


def test_a_service_that_does_not_ask_for_it_is_left_alone(desk: Desk, signed: str) -> None:
    assert papers_of_next_case(desk, Requirement.KK) == {"kk": "wanted"}


def test_another_residents_letter_counts_for_nobody_else(desk: Desk, signed: str) -> None:
    assert papers_of_next_case(desk, SKTM, of_somebody_else=True) == {"sktm_letter": "wanted"}


def test_a_letter_that_nobody_signed_yet_does_not_count(desk: Desk) -> None:
    case = desk.open_case("Enok Sumarni")
    desk.approve(case)
    desk.issue(case)
    assert papers_of_next_case(desk, SKTM) == {"sktm_letter": "wanted"}


@pytest.mark.parametrize("column", ["revoked_at", "valid_until"])
def test_nor_one_that_does_not_hold_any_more(desk: Desk, signed: str, column: str) -> None:
    with at(desk.app, VILLAGE):
        db.session.execute(update(IssuedLetter).values({column: text("now() - interval '2 days'")}))
        commit()
    assert papers_of_next_case(desk, SKTM) == {"sktm_letter": "wanted"}
