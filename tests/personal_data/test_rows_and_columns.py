"""Which rows are about a resident, and what of them is erased."""

import pytest
from flask import Flask
from sqlalchemy import Column, Date, Integer, MetaData, String, Table, select
from sqlalchemy.dialects.postgresql import JSONB

from core.areas.current import CurrentArea
from core.cases.catalogue import find_service
from core.database.base import KEPT, PERSONAL
from core.database.session import db
from core.people.models import Household, Person
from core.personal_data.columns import NotErasable, blanks
from core.personal_data.rows import Finder, read_schema
from core.testing import make_case, make_person


def names(person: Person, *, family: bool = False) -> set[str]:
    return {rows.table.name for rows in Finder(read_schema(), person, family=family).rows()}


def test_the_references_lead_from_a_resident_to_all_that_is_about_him(village: CurrentArea) -> None:
    found = names(make_person(village.id))
    assert {"persons", "cases", "case_events", "case_requirements", "documents", "letters", "tasks"} <= found
    assert {"referrals", "referral_events", "referral_documents"} <= found
    assert {"meeting_candidates", "blt_desa_recipients", "blt_desa_payments", "blt_desa_paid_months"} <= found
    assert not {"households", "meetings", "meeting_attendees", "blt_desa_decrees", "imports"} & found


def test_a_family_is_followed_for_what_names_nobody_in_it(village: CurrentArea) -> None:
    assert names(make_person(village.id), family=True) == {"households", "kader_findings", "kader_visits"}
    alone = make_person(village.id)
    alone.household_id = None
    assert names(alone, family=True) == set()


def test_another_members_case_is_not_the_residents(village: CurrentArea) -> None:
    one, other = make_person(village.id, "Enok"), make_person(village.id, "Odah")
    other.household_id = one.household_id
    service = find_service("sktm.letter")
    assert service
    case = make_case(village, service, one)
    make_case(village, service, other)
    [rows] = [rows for rows in Finder(read_schema(), one).rows() if rows.table.name == "cases"]
    assert db.session.scalars(select(rows.table.c.id).where(rows.of_resident)).all() == [case.id]


def test_texts_and_json_go_unless_their_column_says_that_they_stay() -> None:
    table = Table(
        "notes",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("finding", String, nullable=False),
        Column("phone", String),
        Column("answers", JSONB, nullable=False),
        Column("state", String, nullable=False, info=KEPT),
        Column("born_on", Date, info=PERSONAL),
        Column("visited_on", Date),
    )
    assert blanks(table) == {"finding": "–", "phone": None, "answers": {}, "born_on": None}


def test_a_number_that_cannot_be_nothing_is_the_authors_mistake() -> None:
    table = Table("notes", MetaData(), Column("income", Integer, nullable=False, info=PERSONAL))
    with pytest.raises(NotErasable, match="income"):
        blanks(table)


def test_every_column_of_core_can_be_erased(app: Flask) -> None:
    for table in (Person.__table__, Household.__table__):
        assert blanks(table)  # pyright: ignore[reportArgumentType]
