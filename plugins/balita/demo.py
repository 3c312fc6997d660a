"""What the demonstration shows: a dozen children with months of measurements, food, one referral. All made up."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from core.api import Answer, Area, Case, Intake, Person, commit, confirm_seen, db, open_case, take_step, today

from .measurements import Handed, hand_out
from .models import Measurement
from .rulebook import rule_on
from .services import referral
from .standards import table
from .values import written

CHILDREN, MONTHS = 12, 5
# Of each child: the z-score of weight and of length at the first visit, and what a month adds to that of the weight.
SHAPES = (
    (-0.4, -0.6, 0.0),
    (0.3, 0.2, 0.05),
    (-1.1, -1.4, 0.0),
    (-1.6, -1.2, -0.2),
    (0.8, 0.4, 0.0),
    (-2.3, -2.4, 0.0),
    (-0.9, -2.2, 0.05),
    (1.4, 0.3, 0.05),
    (-0.2, -0.1, -0.35),
    (0.0, 0.5, 0.0),
    (-3.1, -2.9, 0.05),
    (-0.7, -0.9, 0.1),
)
NOT_YET = (1, 7, 9)  # who has not been to the Posyandu this month
FED = (5, 10)
REFERRED = 10
KADER = "Kader Posyandu Melati (contoh)"


def fill(area: Area, permissions: frozenset[str]) -> None:
    """What is not there yet: an interrupted demonstration is taken up again."""
    day = today(area.timezone)
    children = _children(area, day)
    if db.session.scalar(select(Measurement.id).where(Measurement.village_id == area.id).limit(1)) is None:
        _measure_all(children, day)
    referred = select(Case.id).where(Case.village_id == area.id, Case.service == referral.name).limit(1)
    if len(children) > REFERRED and db.session.scalar(referred) is None:
        _refer(area, permissions, children[REFERRED])
    commit()


def _measure_all(children: Sequence[Person], day: date) -> None:
    for number, child in enumerate(children):
        visits = [day - timedelta(days=30 * back + number % 5) for back in reversed(range(MONTHS))]
        for place, visit in enumerate(visits[:-1] if number in NOT_YET else visits):
            if visit >= child.birth_date:
                db.session.add(_measured(child, visit, number, place))
        db.session.flush()
        if number in FED:
            hand_out(child, Handed(day, "Biskuit balita", 14, "Ibu (contoh)", KADER), day, by=None)


def _children(area: Area, day: date) -> list[Person]:
    """Of all ages."""
    found = list(
        db.session.scalars(
            select(Person)
            .where(
                Person.village_id == area.id,
                Person.life_status == "alive",
                Person.birth_date > day - timedelta(days=rule_on(day).age_days),
                Person.birth_date < day - timedelta(days=150),
            )
            .order_by(Person.birth_date, Person.name, Person.nik)
        )
    )
    return found[:: max(1, len(found) // CHILDREN)][:CHILDREN]


def _measured(child: Person, visit: date, number: int, place: int) -> Measurement:
    weight_z, length_z, monthly = SHAPES[number]
    age = (visit - child.birth_date).days
    kilograms = table("wfa", child.sex)[age].value_at(weight_z + monthly * place)
    centimetres = table("lhfa", child.sex)[age].value_at(length_z)
    return Measurement(
        village_id=child.village_id,
        person_id=child.id,
        measured_on=visit,
        weight_g=round(kilograms * 10) * 100,
        height_mm=round(centimetres * 10),
        position="lying" if age < rule_on(visit).lying_days else "standing",
        vitamin_a="red" if visit.month in (2, 8) else "",
        measured_by=KADER,
    )


def _refer(area: Area, permissions: frozenset[str], child: Person) -> None:
    last = db.session.scalars(
        select(Measurement)
        .where(Measurement.village_id == area.id, Measurement.person_id == child.id)
        .order_by(Measurement.measured_on.desc())
        .limit(1)
    ).one()
    answers = {
        "reasons": ["low"],
        "measured_on": last.measured_on.isoformat(),
        "figures": f"berat {written(last.weight_g, 1000)} kg, tinggi {written(last.height_mm, 10)} cm",
        "companion": "Ibu dan kader (contoh)",
    }
    case = open_case(area, referral, child, Intake("desk", answers, privacy_notice_given=True))
    for requirement in referral.requirements:
        confirm_seen(case, requirement.key)
    take_step(area, case, referral, "handle", permissions, Answer())
