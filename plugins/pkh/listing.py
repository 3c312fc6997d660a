"""The village's KPM page by page, each with what it counts for, may expect, owes, and should be changed of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from core.api import PAGE_SIZE, Page, Person, Text, db, paged, read_keys

from .checks import Line, checks_in, lines_in, unchecked
from .components import COMPONENTS, SHORT
from .families import Update, claims_in, members_of, people_of, updates_due
from .models import KpmFamily, Member
from .payment import Expected, expected
from .rulebook import Month, Stage, stage_of

SHOWN = ("active", "unchecked", "left")
_NAME = func.lower(Person.name)


@dataclass(frozen=True)
class Row:
    """A family with what a stage says of it; ``expected`` and ``lines`` are empty where no rule speaks of the day."""

    family: KpmFamily
    members: Sequence[Member]
    expected: Expected | None
    lines: Sequence[Line]
    updates: Sequence[Update]

    @property
    def tally(self) -> list[tuple[Text, int]]:
        """How many have each component in this stage, in the words of a narrow column."""
        held = Counter(line.claim.component for line in self.expected.counted) if self.expected else Counter()
        return [(SHORT[component], held[component]) for component in COMPONENTS if held[component]]

    @property
    def due(self) -> int:
        """Months of members that are to be verified yet."""
        return sum(cell.status == "due" for line in self.lines for cell in line.cells)

    @property
    def unmet(self) -> int:
        """Members who did not keep to their commitment in this stage."""
        return sum(line.verdict is False for line in self.lines)


def page_of(village_id: int, show: str, search: str, cursor: str | None, today: date) -> Page[Row]:
    """One page by the name of the pengurus, in five queries however long it is."""
    query = _query(village_id).where(*_shown(show, today), *_named(search))
    if after := read_keys(cursor, str, UUID):
        query = query.where(tuple_(_NAME, KpmFamily.id) > tuple_(*after))
    found = db.session.execute(query.add_columns(_NAME).order_by(_NAME, KpmFamily.id).limit(PAGE_SIZE + 1)).all()
    page = paged(found, lambda row: (row[1], row[0].id), cursor)
    return Page(rows_of(village_id, [row[0] for row in page.rows], today), page.next, page.is_first)


def families_named(village_id: int, words: str, limit: int = 10) -> Sequence[KpmFamily]:
    """Those on the list, and those that left it, by a piece of their pengurus' name."""
    query = _query(village_id).where(*_named(words)).order_by(KpmFamily.state, _NAME, KpmFamily.id)
    return db.session.scalars(query.limit(limit)).all()


def all_rows(village_id: int, today: date) -> list[Row]:
    """Every family on the list, by the name of the pengurus."""
    query = _query(village_id).where(*_shown("active", today)).order_by(_NAME, KpmFamily.id)
    return rows_of(village_id, db.session.scalars(query).all(), today)


def _query(village_id: int):
    return (
        select(KpmFamily)
        .join(Person, (Person.village_id == KpmFamily.village_id) & (Person.id == KpmFamily.payee_id))
        .where(KpmFamily.village_id == village_id)
        .options(contains_eager(KpmFamily.payee), joinedload(KpmFamily.household))
    )


def _shown(show: str, today: date) -> list:
    if show == "left":
        return [KpmFamily.state == "left"]
    if show == "unchecked":
        owing = exists().where(
            Member.village_id == KpmFamily.village_id, Member.family_id == KpmFamily.id, unchecked(Month.before(today))
        )
        return [KpmFamily.state == "active", owing]
    return [KpmFamily.state == "active"]


def _named(search: str) -> list:
    return [_NAME.contains(word.lower(), autoescape=True) for word in search.split()]


def rows_of(village_id: int, families: Sequence[KpmFamily], today: date, stage: Stage | None = None) -> list[Row]:
    """As on the day ``today``, for its stage unless another is given: three queries."""
    stage = stage or stage_of(today)
    members = members_of(village_id, [family.id for family in families])
    people = people_of(families)
    checks = {}
    if stage:
        checks = checks_in(village_id, [m.id for own in members.values() for m in own], stage.year)
    rows = []
    for family in families:
        own = members[family.id]
        rows.append(
            Row(
                family,
                own,
                expected(claims_in(own, stage), stage) if stage and family.active else None,
                lines_in(own, stage, checks, today) if stage else [],
                updates_due(people[family.id], own, today) if family.active else [],
            )
        )
    return rows
