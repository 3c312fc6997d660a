"""Whose decile moved, and what a family's was over time: what files said, and by which gates it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select
from sqlalchemy.orm import contains_eager

from core.api import PAGE_SIZE, DecileGate, Household, Page, Person, Text, db, paged, read_keys
from core.api import lazy_gettext as _

from .models import DecileMove

SHOWN: Mapping[str, Text] = {
    "all": _("Semua yang berubah"),
    "down": _("Desil turun"),
    "up": _("Desil naik"),
    "new": _("Baru terdata"),
}
_OF_HOUSEHOLD = (DecileMove.village_id == Household.village_id) & (DecileMove.household_id == Household.id)


@dataclass(frozen=True)
class Moved:
    """A family whose decile is another one. ``head`` is None for a household without people."""

    move: DecileMove
    head: Person | None
    came_in: Sequence[DecileGate]
    went_out: Sequence[DecileGate]


def moved_page(village_id: int, show: str, cursor: str | None, gates: Sequence[DecileGate]) -> Page[Moved]:
    """Families whose decile a file has moved, the latest first; two queries."""
    query = _moved(village_id, show)
    if after := read_keys(cursor, UUID):
        query = query.where(DecileMove.id < after[0])
    rows = db.session.scalars(query.limit(PAGE_SIZE + 1)).all()
    page = paged(rows, lambda row: (row.id,), cursor)
    return Page(with_heads(village_id, page.rows, gates), page.next, page.is_first)


def all_moved(village_id: int, show: str, gates: Sequence[DecileGate]) -> list[Moved]:
    """For a sheet: as :func:`moved_page`, without pages."""
    return with_heads(village_id, db.session.scalars(_moved(village_id, show)).all(), gates)


def _moved(village_id: int, show: str) -> Select[DecileMove]:
    return (
        select(DecileMove)
        .join(Household, _OF_HOUSEHOLD)
        .where(DecileMove.village_id == village_id, DecileMove.moved, *_shown(show))
        .options(contains_eager(DecileMove.household))
        .order_by(DecileMove.id.desc())
    )


def _shown(show: str) -> Sequence[ColumnElement[bool]]:
    return {
        "down": [DecileMove.new_decile < DecileMove.old_decile],
        "up": [DecileMove.new_decile > DecileMove.old_decile],
        "new": [DecileMove.old_decile.is_(None)],
    }.get(show, [])


def with_heads(village_id: int, moves: Sequence[DecileMove], gates: Sequence[DecileGate]) -> list[Moved]:
    heads = heads_of(village_id, [move.household_id for move in moves])
    return [Moved(move, heads.get(move.household_id), *crossed(move, gates)) for move in moves]


def crossed(move: DecileMove, gates: Sequence[DecileGate]) -> tuple[list[DecileGate], list[DecileGate]]:
    """The gates by which a family came in, and went out."""
    if move.new_decile is None:
        return [], []
    ways = [(gate, gate.crossed(move.old_decile, move.new_decile)) for gate in gates]
    return [gate for gate, way in ways if way > 0], [gate for gate, way in ways if way < 0]


def heads_of(village_id: int, household_ids: Sequence[UUID]) -> dict[UUID, Person]:
    """Who stands for each family: the head, else the eldest who lives."""
    if not household_ids:
        return {}
    people = db.session.scalars(
        select(Person)
        .where(Person.village_id == village_id, Person.household_id.in_(household_ids), Person.life_status == "alive")
        .order_by(Person.family_role != "head", Person.birth_date, Person.id)
    )
    found: dict[UUID, Person] = {}
    for person in people:
        if person.household_id:
            found.setdefault(person.household_id, person)
    return found


_HISTORY = (
    select(DecileMove)
    .where(DecileMove.village_id == bindparam("village_id"), DecileMove.household_id == bindparam("household_id"))
    .order_by(DecileMove.id.desc())
    .limit(bindparam("most", type_=Integer))
)


def history_of(village_id: int, household_id: UUID, *, limit: int = 12) -> Sequence[DecileMove]:
    """What files have said of a family's decile, the latest first."""
    values = {"village_id": village_id, "household_id": household_id, "most": limit}
    return db.session.scalars(_HISTORY, values).all()


def spread(village_id: int) -> dict[int | None, int]:
    """How many families have each official decile; None: not known."""
    counted = db.session.execute(
        select(Household.decile, func.count()).where(Household.village_id == village_id).group_by(Household.decile)
    )
    return {row[0]: row[1] for row in counted}
