"""What the demonstration shows of houses: two proposals, one under repair, one aided before. All made up."""

from base64 import b64decode
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO

from sqlalchemy import select

from core.api import (
    Answer,
    Area,
    Case,
    Household,
    Intake,
    Person,
    commit,
    confirm_seen,
    db,
    open_case,
    take_step,
    today,
)

from .services import repair
from .spending import ExpenseInput, spend
from .works import StageInput, add_stage, note_earlier

STORIES = (
    {"roof": "unfit", "floor": "unfit", "wall": "fit", "condition": "Rangka atap lapuk, bocor di dua kamar (contoh)."},
    {"roof": "fit", "floor": "unknown", "wall": "unfit", "condition": "Dinding bilik lapuk di sisi barat (contoh)."},
)
# One grey dot: a photo of nobody's home.
PHOTO = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
USUAL = {"owner": "yes", "land": "yes", "land_paper": "letter_c", "only_house": "yes", "aided": "no", "size": 36}


def fill(area: Area, permissions: frozenset[str]) -> None:
    """Nothing where a house is being proposed already."""
    there = select(Case.id).where(Case.village_id == area.id, Case.service == repair.name)
    if db.session.scalar(there.limit(1)) is not None:
        return
    of_household = (Household.village_id == Person.village_id) & (Household.id == Person.household_id)
    heads = db.session.scalars(
        select(Person)
        .join(Household, of_household)
        .where(
            Person.village_id == area.id,
            Person.family_role == "head",
            Person.life_status == "alive",
            Household.decile <= 2,
        )
        .order_by(Household.kk_number.desc())
        .limit(len(STORIES) + 2)
    ).all()
    for number, (person, story) in enumerate(zip(heads, STORIES, strict=False)):
        intake = Intake("visit", {**USUAL, **story}, reporter_phone="081200000000", privacy_notice_given=True)
        case = open_case(area, repair, person, intake)
        if number == 0:
            for requirement in repair.requirements:
                confirm_seen(case, requirement.key)
            take_step(area, case, repair, "handle", permissions, Answer())
    _houses(area, heads[len(STORIES) :], today(area.timezone))
    commit()


def _houses(area: Area, heads: Sequence[Person], day: date) -> None:
    """One at 30 percent with its receipts, and one that was finished two years ago."""
    for person in heads[:1]:
        work = note_earlier(person, "APBD Kabupaten (contoh)", day - timedelta(days=40), None, 0)
        for percent, ago in ((0, 39), (30, 12)):
            add_stage(area, work, StageInput(percent, day - timedelta(days=ago), "(contoh)", BytesIO(PHOTO)), None)
        for kind, amount, what, paid_to in (
            ("material", 6_300_000, "Rangka atap dan genteng", "TB Contoh Jaya"),
            ("material", 2_450_000, "Semen, pasir, dan bata", "TB Contoh Jaya"),
            ("wages", 900_000, "Upah tukang sembilan hari", "Pokmas (contoh)"),
        ):
            spend(area, work, ExpenseInput(kind, day - timedelta(days=15), amount, what, paid_to), None)
    for person in heads[1:2]:
        finished = day - timedelta(days=730)
        note_earlier(person, "Baznas (contoh)", finished - timedelta(days=60), finished, 15_000_000)
