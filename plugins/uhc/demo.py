"""What the demonstration shows of UHC: a patient in hospital, two enrolments that can wait. All made up."""

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

from .rulebook import rules
from .services import enrolment

STORIES = (
    {"care": "inpatient", "facility": "RSUD Leuwiliang", "cover": "none", "escort": "PSM Desa (contoh)"},
    {"care": "none", "facility": "", "cover": "stopped", "escort": ""},
    {"care": "outpatient", "facility": "Puskesmas Ciampea", "cover": "unknown", "escort": ""},
)


def fill(area: Area, permissions: frozenset[str]) -> None:
    """Nothing where somebody is being enrolled already."""
    there = select(Case.id).where(Case.village_id == area.id, Case.service == enrolment.name)
    if db.session.scalar(there.limit(1)) is not None:
        return
    day = today(area.timezone)
    of_household = (Household.village_id == Person.village_id) & (Household.id == Person.household_id)
    people = db.session.scalars(
        select(Person)
        .join(Household, of_household)
        .where(
            Person.village_id == area.id,
            Person.life_status == "alive",
            Person.nik.is_not(None),
            Household.decile <= rules.value("decile_max").on(day),
        )
        .order_by(Person.nik.desc())
        .limit(60)
    )
    grown = [person for person in people if person.age(day) >= 18]
    for number, (person, story) in enumerate(zip(grown, STORIES, strict=False)):
        person.insurance = "none"
        admitted = day.isoformat() if number == 0 else None
        answers = {**story, "admitted_on": admitted, "card_number": ""}
        intake = Intake("phone", answers, reporter_phone="081200000000", privacy_notice_given=True)
        case = open_case(area, enrolment, person, intake)
        if number < 2:
            confirm_seen(case, "ktp")
            confirm_seen(case, "kk")
            take_step(area, case, enrolment, "handle", permissions, Answer())
    commit()
