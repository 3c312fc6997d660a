"""Writing measurements and supplementary food down, correcting and removing them. The caller commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select

from core.api import CaseError, Person, Stale, current_row, db, find_person, gettext, record

from .models import Measurement, Ration
from .plausibility import Child, Problem, problems
from .rulebook import rule_on
from .values import Values


class Refused(CaseError):
    """What was measured cannot be kept like this; ``found`` says why, and which figure it is about."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(" ".join(map(str, found)))
        self.found = found


class Impossible(Refused):
    """It cannot be."""


class Doubtful(Refused):
    """It is probably mistaken, and nobody has said that it was looked at again."""


@dataclass(frozen=True)
class Handed:
    """Supplementary food for one child."""

    given_on: date
    food: str
    portions: int
    received_by: str
    given_by: str


def is_child(person: Person, on: date) -> bool:
    """Whether WHO's standards for under-fives speak of a resident on a day."""
    return 0 <= (on - person.birth_date).days <= rule_on(on).age_days


def find_child(village_id: int, person_id: UUID, today: date) -> Person | None:
    """A resident with the household who is under five, or was measured; None for everybody else."""
    person = find_person(village_id, person_id)
    if person is None or person.erased:
        return None
    mine = (Measurement.village_id == village_id, Measurement.person_id == person.id)
    known = is_child(person, today) or db.session.scalar(select(Measurement.id).where(*mine).limit(1)) is not None
    return person if known else None


def measurements_of(person: Person) -> list[Measurement]:
    """In the order of time."""
    return list(
        db.session.scalars(
            select(Measurement)
            .where(Measurement.village_id == person.village_id, Measurement.person_id == person.id)
            .order_by(Measurement.measured_on)
        )
    )


def find_measurement(village_id: int, measurement_id: UUID) -> Measurement | None:
    return db.session.scalar(
        select(Measurement).where(Measurement.village_id == village_id, Measurement.id == measurement_id)
    )


def rations_of(person: Person) -> list[Ration]:
    """The latest first."""
    return list(
        db.session.scalars(
            select(Ration)
            .where(Ration.village_id == person.village_id, Ration.person_id == person.id)
            .order_by(Ration.given_on.desc(), Ration.id.desc())
        )
    )


# ---- measurements ----


def measure(person: Person, values: Values, today: date, *, by: UUID | None, looked_at: bool = False) -> Measurement:
    """Write a measurement down.

    Raises:
        CaseError: there is one of that day already.
        Impossible: it cannot be.
        Doubtful: it is probably mistaken, and not ``looked_at``.
    """
    wait_for_turn(person.village_id, [person.id])
    there = measurements_of(person)
    _refuse(person, values, there, today, looked_at=looked_at)
    made = Measurement(
        village_id=person.village_id,
        person_id=person.id,
        looked_at=looked_at,
        created_by=by,
        **asdict(values),
    )
    db.session.add(made)
    db.session.flush()
    record("balita.measured", "balita_child", person.id, day=values.measured_on.isoformat())
    return made


def correct(
    measurement_id: UUID, person: Person, values: Values, today: date, *, version: int, looked_at: bool = False
) -> Measurement:
    """Write down what it should have been.

    Raises:
        Stale: somebody else has changed or removed it since.
        CaseError, Impossible, Doubtful: as :func:`measure`.
    """
    wait_for_turn(person.village_id, [person.id])
    there = measurements_of(person)
    found = _current(person, measurement_id, version)
    _refuse(person, values, [each for each in there if each.id != found.id], today, looked_at=looked_at)
    for field, value in asdict(values).items():
        setattr(found, field, value)
    found.looked_at = looked_at
    db.session.flush()
    record("balita.corrected", "balita_child", person.id, day=values.measured_on.isoformat())
    return found


def remove(measurement_id: UUID, person: Person, *, version: int) -> None:
    """Raises: Stale: somebody else has changed or removed it since."""
    found = _current(person, measurement_id, version)
    day = found.measured_on.isoformat()
    db.session.delete(found)
    record("balita.removed", "balita_child", person.id, day=day)


def _current(person: Person, measurement_id: UUID, version: int) -> Measurement:
    found = current_row(Measurement, person.village_id, measurement_id, version)
    if found is None or found.person_id != person.id:
        raise Stale
    return found


def wait_for_turn(village_id: int, person_ids: Sequence[UUID]) -> None:
    """One at a time for a child: two phones at the same Posyandu would each see the day still free."""
    theirs = (Person.village_id == village_id, Person.id.in_(person_ids))
    db.session.execute(select(Person.id).where(*theirs).order_by(Person.id).with_for_update())


def _refuse(person: Person, values: Values, others: Sequence[Measurement], today: date, *, looked_at: bool) -> None:
    if any(each.measured_on == values.measured_on for each in others):
        raise CaseError(gettext("Anak ini sudah punya hasil ukur pada tanggal itu. Ubah hasil ukur yang ada."))
    child = Child(person.sex, person.birth_date)
    found = problems(values, child, [each.reading for each in others], today)
    if wrong := [problem for problem in found if problem.is_error]:
        raise Impossible(wrong)
    if found and not looked_at:
        raise Doubtful(found)


# ---- supplementary food ----


def hand_out(person: Person, handed: Handed, today: date, *, by: UUID | None) -> Ration:
    """Raises: CaseError: the day has not come, or is before the birth."""
    if not person.birth_date <= handed.given_on <= today:
        raise CaseError(gettext("Tanggal PMT belum tiba, atau sebelum anak lahir."))
    made = Ration(village_id=person.village_id, person_id=person.id, created_by=by, **asdict(handed))
    db.session.add(made)
    db.session.flush()
    record("balita.food_given", "balita_child", person.id, day=handed.given_on.isoformat(), portions=handed.portions)
    return made


def take_back(person: Person, ration_id: UUID) -> bool:
    """Remove what was written down by mistake; False when it is not there any more."""
    mine = (Ration.village_id == person.village_id, Ration.person_id == person.id, Ration.id == ration_id)
    day = db.session.scalar(delete(Ration).where(*mine).returning(Ration.given_on))
    if day is None:
        return False
    record("balita.food_removed", "balita_child", person.id, day=day.isoformat())
    return True
