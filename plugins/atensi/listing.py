"""The village's ATENSI cases page by page, and all of them for the sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from core.api import PAGE_SIZE, Case, Page, Person, Text, db, paged, read_keys

from .models import AtensiVisit
from .services import NAMES, SERVICES, cluster_of

SHOWN = ("open", "closed")
_BY_NAME = {service.name: service for service in SERVICES}


@dataclass(frozen=True)
class CaseLine:
    """``name`` in full for the sheet; ``listed`` as the screen says it, of children and victims the initials."""

    id: UUID
    ticket: str
    cluster: Text
    name: str
    listed: str
    state: Text
    urgent: bool
    opened_on: date
    visited_on: date | None
    next_on: date | None


def page_of(village_id: int, shown: str, cluster: str, cursor: str | None) -> Page[CaseLine]:
    """The latest first; two queries, whatever there is. ``cluster`` is the name of a service; blank for all."""
    query = _query(village_id, shown)
    if cluster:
        query = query.where(Case.service == cluster)
    if after := read_keys(cursor, UUID):
        query = query.where(Case.id < after[0])
    rows = db.session.execute(query.order_by(Case.id.desc()).limit(PAGE_SIZE + 1)).all()
    page = paged(rows, lambda row: (row.id,), cursor)
    return Page(list(_lines(page.rows)), page.next, page.is_first)


def all_lines(village_id: int) -> list[CaseLine]:
    """Open and closed, the latest first."""
    return list(_lines(db.session.execute(_query(village_id).order_by(Case.id.desc())).all()))


def _query(village_id: int, shown: str = "") -> Select:
    visits = (
        select(func.max(AtensiVisit.visited_on).label("visited_on"), func.max(AtensiVisit.next_on).label("next_on"))
        .where(AtensiVisit.village_id == Case.village_id, AtensiVisit.case_id == Case.id)
        .lateral()
    )
    query = (
        select(
            *(Case.id, Case.ticket, Case.service, Case.state, Case.priority, Case.opened_at),
            *(Person.name, visits.c.visited_on, visits.c.next_on),
        )
        .join(Person, (Person.village_id == Case.village_id) & (Person.id == Case.person_id))
        .outerjoin(visits, Case.id.is_not(None))
        .where(Case.village_id == village_id, Case.service.in_(NAMES))
    )
    if shown == "closed":
        return query.where(Case.closed_at.is_not(None))
    return query.where(Case.closed_at.is_(None)) if shown else query


def _lines(rows: Sequence[Row]) -> Iterator[CaseLine]:
    for row in rows:
        service = _BY_NAME[row.service]
        titles = {state.key: state.title for state in service.workflow.states}
        yield CaseLine(
            id=row.id,
            ticket=row.ticket,
            cluster=cluster_of(row.service),
            name=row.name,
            listed=service.name_on_lists(row.name),
            state=titles.get(row.state) or row.state,
            urgent=row.priority == "urgent",
            opened_on=row.opened_at.date(),
            visited_on=row.visited_on,
            next_on=row.next_on,
        )
