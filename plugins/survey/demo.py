"""What the demonstration shows: surveys to assign, for today, to countersign, and one that is done. All made up."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.api import Area, Colleague, Household, Person, colleagues, commit, db, today

from .changes import on_record
from .checks import check
from .drafting import members_of
from .kinship import bears_name_of, family_names
from .listing import before
from .models import HomeSurvey
from .outcome import judge
from .questionnaire import CURRENT
from .surveys import Worker, ask, assign, finalise, find, sign
from .typed import Answers

HOMES = 5
POOR: dict[str, Any] = {
    "found": "yes",
    "kinship": "no",
    "respondent": "Kepala keluarga (contoh)",
    "respondent_is": "head",
    "location": "-6.562900, 106.712300 ±15 m",
    "shelter": "yes",
    "head_works": "yes",
    "food_worry": "yes",
    "clothing": "no",
    "tenure": "own",
    "floor_area": "24",
    "floor": "cement",
    "floor_state": "fair",
    "wall": "bamboo",
    "wall_state": "poor",
    "roof": "tile",
    "roof_state": "fair",
    "toilet": "public",
    "water": "open_well",
    "lighting": "meter",
    "power": "450",
    "cooking": "wood",
    "food": "900.000",
    "spending": "1.300.000",
    "meals": "2",
    "meat": "1",
    "clothes": "1",
    "clinic": "no",
    "head_work": "farm_labour",
    "head_income": "1.000.000",
    "income": "1.200.000",
    "assets": ["tv"],
    "savings": "0",
    "aid": ["none"],
    "remark": "Atap dapur bocor (contoh).",
}
BETTER = {
    "floor_area": "60",
    "floor": "ceramic",
    "wall": "plastered",
    "toilet": "own",
    "water": "piped",
    "power": "1300",
    "cooking": "gas",
    "meals": "3",
    "meat": "2",
    "clothes": "2",
    "clothing": "yes",
    "clinic": "yes",
    "head_work": "trader",
    "head_income": "3.000.000",
    "income": "3.500.000",
    "savings": "2.000.000",
}


def fill(area: Area) -> None:
    """Where there is no survey yet."""
    if db.session.scalar(select(HomeSurvey.id).where(HomeSurvey.village_id == area.id).limit(1)) is not None:
        return
    day, team = today(area.timezone), colleagues(area.interval)
    heads = [head for head in _heads(area.id) if not _kin(team, head)]
    if len(heads) < HOMES or len(team) < 2:
        return
    surveyor, second = (Worker(one.id, one.name) for one in team[:2])
    ask(area, heads[0], "Usulan Sembako (contoh)", None)
    for head in heads[1:3]:
        assign(ask(area, head, "Usulan PKH (contoh)", None), surveyor, day, day)
    _filled(area, heads[3], surveyor, day - timedelta(days=1), POOR)
    sign(_filled(area, heads[4], surveyor, day - timedelta(days=9), {**POOR, **BETTER}), second)
    commit()


def _kin(team: Sequence[Colleague], head: Person) -> bool:
    names = family_names(head)
    return any(bears_name_of(one.name, names) for one in team)


def _heads(village_id: int) -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .join(Household, (Household.village_id == Person.village_id) & (Household.id == Person.household_id))
        .where(
            Person.village_id == village_id,
            Person.family_role == "head",
            Person.life_status == "alive",
            Household.decile <= 5,
        )
        .order_by(Household.kk_number.desc())
        .limit(HOMES * 3)
        .options(joinedload(Person.household))
    ).all()


def _filled(area: Area, head: Person, surveyor: Worker, day: date, answers: dict[str, Any]) -> HomeSurvey:
    made = ask(area, head, "Survei berkala (contoh)", None)
    made.surveyor_id, made.planned_on, made.saved_at = surveyor.id, day, made.asked_at
    made.answers = {**made.answers, **answers, "visited_on": day.isoformat()}
    for member in members_of(made):
        if member.person:
            member.answers = on_record(member.person)
    db.session.flush()
    found = find(area.id, made.id) or made
    members = members_of(found)
    judged = judge(found, members, before(found), found.household, day)
    finalise(
        found, judged, check(CURRENT, Answers(CURRENT.questions, found.answers), members, photos=1, day=day), surveyor
    )
    return found
