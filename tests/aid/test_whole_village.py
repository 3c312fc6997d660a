"""The aid of all families of a village, for figures."""

from datetime import date

from flask import Flask

from core.aid.models import ToldAid
from core.aid.village import aid_of_village
from core.areas.current import CurrentArea
from core.database.session import commit, db
from core.testing import SIBLING, at, make_person


def tell_of(village_id: int, title: str) -> None:
    person = make_person(village_id)
    db.session.add(
        ToldAid(
            village_id=village_id,
            person_id=person.id,
            programme="pkh",
            title=title,
            state="received",
            source="family",
            first_day=date(2026, 10, 1),
        )
    )
    commit()


def test_each_thing_comes_once_and_nothing_of_another_village(village: CurrentArea, app: Flask) -> None:
    for title in ("PKH satu", "PKH dua"):
        tell_of(village.id, title)
    with at(app, SIBLING) as sibling:
        tell_of(sibling.id, "PKH tetangga")
    with at(app, village.code) as area:
        assert sorted(aid.title for aid in aid_of_village(area)) == ["PKH dua", "PKH satu"]
