"""The village's children under five with what their last measurements say: two queries, whatever is shown of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from sqlalchemy import func, select

from core.api import PAGE_SIZE, Household, Page, Person, Text, db, paged, read_keys
from core.api import lazy_gettext as _

from .growth import Growth, Reading, judge, times_not_risen
from .models import Measurement
from .rulebook import rule_on

SHOWN: dict[str, Text] = {
    "all": _("Semua"),
    "due": _("Belum diukur bulan ini"),
    "refer": _("Perlu dirujuk ke Puskesmas"),
    "low": _("Di bawah −2 SD"),
    "not_rising": _("Berat tidak naik"),
}
KEPT_READINGS = 4  # the last ones: enough for a weight that did not rise twice, with one visit without weighing


@dataclass(frozen=True)
class Toddler:
    """A child under five; ``readings`` are the last ones up to the day of the list, in the order of time."""

    id: UUID
    name: str
    sex: str
    birth_date: date
    nik: str | None
    rt: str
    rw: str
    readings: Sequence[Reading]
    on: date

    @cached_property
    def growth(self) -> Growth | None:
        """Of the last measurement."""
        return judge(self.sex, self.birth_date, self.readings[-1]) if self.readings else None

    @cached_property
    def not_risen(self) -> int:
        """How often in a row the weight did not rise."""
        return times_not_risen(self.readings, self.birth_date)

    @property
    def months(self) -> int:
        return int((self.on - self.birth_date).days / 30.4375)

    @property
    def is_due(self) -> bool:
        """Not measured in the month of the list."""
        last = self.readings[-1].measured_on if self.readings else None
        return last is None or (last.year, last.month) != (self.on.year, self.on.month)

    @property
    def is_low(self) -> bool:
        return self.growth is not None and bool(self.growth.below(rule_on(self.on).refer_below))

    @property
    def is_not_rising(self) -> bool:
        return self.not_risen > 0

    @property
    def is_to_refer(self) -> bool:
        """What the rule names as a reason to see the Puskesmas."""
        return self.is_low or self.not_risen >= rule_on(self.on).not_rising

    def shows(self, what: str) -> bool:
        return {
            "due": self.is_due,
            "refer": self.is_to_refer,
            "low": self.is_low,
            "not_rising": self.is_not_rising,
        }.get(what, True)


def children_on(village_id: int, on: date, *, once_measured: bool = False) -> list[Toddler]:
    """Everybody alive who is under five on a day, by name; two queries.

    Args:
        once_measured: nobody, from one query, while none of them was ever measured.
    """
    first = on - timedelta(days=rule_on(on).age_days)
    readings = _last_readings(village_id, first, on)
    if once_measured and not readings:
        return []
    rows = db.session.execute(
        select(Person.id, Person.name, Person.sex, Person.birth_date, Person.nik, Household.rt, Household.rw)
        .outerjoin(Household, (Household.village_id == Person.village_id) & (Household.id == Person.household_id))
        .where(
            Person.village_id == village_id,
            Person.life_status == "alive",
            Person.birth_date.between(first, on),
        )
        .order_by(func.lower(Person.name), Person.id)
    )
    return [
        Toddler(id, name, sex, born, nik, rt or "", rw or "", readings.get(id, ()), on)
        for id, name, sex, born, nik, rt, rw in rows
    ]


def _last_readings(village_id: int, first: date, on: date) -> Mapping[UUID, Sequence[Reading]]:
    """By child, in the order of time. On its own: joined to the children it is ranked anew for each of them where the
    database has no statistics yet, which took seconds.
    """
    place = func.row_number().over(partition_by=Measurement.person_id, order_by=Measurement.measured_on.desc())
    ranked = (
        select(
            Measurement.person_id,
            Measurement.measured_on,
            Measurement.weight_g,
            Measurement.height_mm,
            Measurement.position,
            place.label("place"),
        )
        .where(Measurement.village_id == village_id, Measurement.measured_on.between(first, on))
        .subquery()
    )
    found: dict[UUID, list[Reading]] = defaultdict(list)
    query = select(ranked).where(ranked.c.place <= KEPT_READINGS).order_by(ranked.c.measured_on)
    for person_id, day, weight, height, position, _place in db.session.execute(query):
        found[person_id].append(Reading(day, weight, height, position))
    return found


def page_of(children: Sequence[Toddler], show: str, search: str, cursor: str | None) -> Page[Toddler]:
    """One page of those that are shown; they are in the order of (name, id), by which the cursor goes."""
    words = search.casefold().split()
    wanted = [each for each in children if each.shows(show) and all(word in each.name.casefold() for word in words)]
    if after := read_keys(cursor, str, UUID):
        # The place of the row itself, not of its name: the database's alphabet differs from Python's.
        ids = [each.id for each in children]
        start = ids.index(after[1]) + 1 if after[1] in ids else 0
        later = set(ids[start:])
        wanted = [each for each in wanted if each.id in later]
    return paged(wanted[: PAGE_SIZE + 1], lambda each: (each.name, each.id), cursor)
