"""A family of a decree asks for its data, and is erased from what the plugin keeps."""

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from core.api import Case, IssuedLetter, MeetingCandidate, Person, commit, db
from core.testing import VILLAGE, at, erase, personal_data
from plugins.blt_desa.models import Payment, Recipient

from .conftest import Musdes

NAME, OTHER = "Enok Sumarni", "Cucu Cahyati"


@pytest.fixture
def paid(closed: Musdes) -> Musdes:
    """Minutes and decree are there, and the first family was paid for January."""
    closed.issue("minutes")
    closed.decree()
    assert closed.pay(NAME, [1], handed_by="Kokom").status_code == 302
    return closed


def resident(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def test_the_copy_has_the_rows_and_the_lines_of_the_letters(app: Flask, paid: Musdes) -> None:
    with at(app, VILLAGE) as area:
        everything = personal_data(area, resident(NAME))
    held = everything["Modul"]["BLT Dana Desa"]
    assert [len(held[table]) for table in ("recipients", "payments", "paid months")] == [1, 1, 1]
    assert len(everything["Musdes"]) == 1
    assert held["payments"][0]["received by"] == NAME
    assert [line["name"] for line in everything["Surat musdes"]] == [NAME, NAME]
    assert OTHER not in str(everything)


def test_the_letters_lose_the_residents_line_and_keep_the_others(app: Flask, paid: Musdes) -> None:
    with at(app, VILLAGE) as area:
        person = resident(NAME)
        db.session.execute(update(Case).where(Case.person_id == person.id).values(closed_at=text("now()")))
        erase(area, person.id, version=person.version)
        commit()
        letters = db.session.scalars(select(IssuedLetter).where(IssuedLetter.object_id.is_not(None))).all()
        assert len(letters) == 2
        for letter in letters:
            assert NAME not in str(letter.data)
        [decree] = [letter for letter in letters if letter.key == "decree"]
        assert [family["name"] for family in decree.data["accepted"]] == ["–", OTHER]
        assert decree.data["accepted"][0]["amount"] == decree.data["accepted"][1]["amount"]
    for page in (f"/{VILLAGE}/blt_desa/", f"/{VILLAGE}/meetings/{paid.id}"):
        answer = paid.head.get(page)
        assert answer.status_code == 200
        assert NAME not in answer.text


def test_what_was_decided_and_paid_stays(app: Flask, paid: Musdes) -> None:
    with at(app, VILLAGE) as area:
        person = resident(NAME)
        db.session.execute(update(Case).where(Case.person_id == person.id).values(closed_at=text("now()")))
        erase(area, person.id, version=person.version)
        commit()
        payment = db.session.scalars(select(Payment)).one()
        assert (payment.amount, payment.handed_by, payment.received_by) == (300_000, "Kokom", "–")
        assert sorted(db.session.scalars(select(Recipient.state))) == ["active", "active"]
        assert sorted(db.session.scalars(select(MeetingCandidate.decision))) == [
            "accepted",
            "accepted",
            "not_chosen",
            "reserve",
        ]
        assert resident(OTHER).nik
