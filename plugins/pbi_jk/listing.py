"""The call list page by page: who is to be called, who wants what, whose case is where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager

from core.api import PAGE_SIZE, Case, Household, Page, Person, Text, db, paged, read_keys
from core.api import lazy_gettext as _

from .calls import AGAIN, WANTING
from .models import Line

SHOWN: Mapping[str, Text] = {
    "call": _("Perlu dihubungi"),
    "wants": _("Perlu kasus"),
    "cases": _("Punya kasus"),
    "unsure": _("Belum cocok"),
    "done": _("Tanpa kasus"),
}
_NAME = func.lower(Line.name)
_RANK = case((Line.result == "in_care", 0), else_=1)
MOST_CHOSEN = 100


@dataclass(frozen=True)
class Filter:
    """What of the list is shown: ``mine`` is a colleague's id."""

    show: str = "call"
    search: str = ""
    mine: UUID | None = None


def standing(show: str, today: date) -> ColumnElement[bool]:
    """The condition of one of ``SHOWN``; everybody on the list is in exactly one of them."""
    sure, free = and_(Line.person_id.is_not(None), ~Line.doubtful), Line.case_id.is_(None)
    due = or_(Line.result.in_(AGAIN), and_(Line.result.not_in(WANTING), Line.next_call <= today))
    if show == "cases":
        return Line.case_id.is_not(None)
    if show == "unsure":
        return and_(free, ~sure, Line.result.in_(AGAIN))
    if show == "wants":
        return and_(free, sure, Line.result.in_(WANTING))
    if show == "call":
        return and_(free, sure, due)
    return and_(
        free, Line.result.not_in((*AGAIN, *WANTING)), or_(~sure, Line.next_call.is_(None), Line.next_call > today)
    )


def counts_of(village_id: int, today: date, mine: UUID | None = None) -> dict[str, int]:
    """How many are where, in one query."""
    columns = [func.count().filter(standing(show, today)).label(show) for show in SHOWN]
    query = select(*columns).where(Line.village_id == village_id, *([Line.assigned_to == mine] if mine else []))
    return dict(db.session.execute(query).one()._mapping)


def page_of(village_id: int, wanted: Filter, cursor: str | None, today: date) -> Page[Line]:
    """Urgent ones first, then by name; one query, with resident, household and case."""
    query = lines(village_id, wanted, today).add_columns(_RANK, _NAME)
    if after := read_keys(cursor, int, str, UUID):
        query = query.where(tuple_(_RANK, _NAME, Line.id) > tuple_(*after))
    found = db.session.execute(query.order_by(_RANK, _NAME, Line.id).limit(PAGE_SIZE + 1)).all()
    page = paged(found, lambda row: (row[1], row[2], row[0].id), cursor)
    return Page([row[0] for row in page.rows], page.next, page.is_first)


def all_lines(village_id: int, wanted: Filter, today: date) -> Sequence[Line]:
    """As :func:`page_of`, everybody; ``show`` "all" is the whole list."""
    return db.session.scalars(lines(village_id, wanted, today).order_by(_RANK, _NAME, Line.id)).all()


def find_line(village_id: int, line_id: UUID) -> Line | None:
    return db.session.scalar(_with_resident(village_id).where(Line.id == line_id))


def chosen_lines(village_id: int, line_ids: Sequence[UUID]) -> Sequence[Line]:
    """Those with a case, by name."""
    query = _with_resident(village_id).where(Line.id.in_(line_ids), Line.case_id.is_not(None))
    return db.session.scalars(query.order_by(_NAME, Line.id)).all()


def lines(village_id: int, wanted: Filter, today: date) -> Select[Line]:
    query = _with_resident(village_id)
    if wanted.show != "all":
        query = query.where(standing(wanted.show, today))
    if wanted.mine:
        query = query.where(Line.assigned_to == wanted.mine)
    return query.where(*[_NAME.contains(word.lower(), autoescape=True) for word in wanted.search.split()])


def _with_resident(village_id: int) -> Select[Line]:
    of_person = (Person.village_id == Line.village_id) & (Person.id == Line.person_id)
    of_household = (Household.village_id == Person.village_id) & (Household.id == Person.household_id)
    of_case = (Case.village_id == Line.village_id) & (Case.id == Line.case_id)
    return (
        select(Line)
        .outerjoin(Person, of_person)
        .outerjoin(Household, of_household)
        .outerjoin(Case, of_case)
        .where(Line.village_id == village_id)
        .options(contains_eager(Line.person).contains_eager(Person.household), contains_eager(Line.case))
    )
