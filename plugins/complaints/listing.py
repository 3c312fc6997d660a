"""The village's complaints page by page, what waits, and the complaints of one resident or case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, String, all_, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from core.api import PAGE_SIZE, Page, Person, db, paged, read_keys

from .access import hidden_from, visible_to
from .models import Complaint, Entry, Photo, Reporter, is_late, nearest_due

SHOWN = ("open", "late", "answered", "closed", "all")


@dataclass(frozen=True)
class Figures:
    """What waits in a village: open, of those late, and of those without a first answer."""

    open: int
    late: int
    unanswered: int


def find(village_id: int, complaint_id: UUID) -> Complaint | None:
    return db.session.scalar(select(Complaint).where(Complaint.village_id == village_id, Complaint.id == complaint_id))


def entries_of(complaint: Complaint) -> Sequence[Entry]:
    """The latest first."""
    return db.session.scalars(
        select(Entry)
        .where(Entry.village_id == complaint.village_id, Entry.complaint_id == complaint.id)
        .order_by(Entry.at.desc(), Entry.id.desc())
    ).all()


def photos_of(complaint: Complaint) -> Sequence[Photo]:
    return db.session.scalars(
        select(Photo)
        .where(Photo.village_id == complaint.village_id, Photo.complaint_id == complaint.id)
        .order_by(Photo.id)
    ).all()


def find_photo(village_id: int, photo_id: UUID) -> tuple[Photo, Complaint] | None:
    row = db.session.execute(
        select(Photo, Complaint)
        .join(Complaint, and_(Complaint.village_id == Photo.village_id, Complaint.id == Photo.complaint_id))
        .where(Photo.village_id == village_id, Photo.id == photo_id)
    ).first()
    return (row[0], row[1]) if row else None


def merged_into(complaint: Complaint) -> Sequence[Complaint]:
    """The complaints that say the same."""
    return db.session.scalars(
        select(Complaint)
        .where(Complaint.village_id == complaint.village_id, Complaint.duplicate_of == complaint.id)
        .order_by(Complaint.received_on, Complaint.id)
    ).all()


def similar_to(complaint: Complaint, limit: int = 3) -> Sequence[Complaint]:
    """Open ones of the same sector and about the same, which may say the same: the latest first."""
    return db.session.scalars(
        select(Complaint)
        .where(
            Complaint.village_id == complaint.village_id,
            Complaint.id != complaint.id,
            Complaint.state == "open",
            Complaint.sector == complaint.sector,
            Complaint.about == complaint.about,
        )
        .order_by(Complaint.received_on.desc(), Complaint.id)
        .limit(limit)
    ).all()


def page_of(
    village_id: int, show: str, sector: str, *, cursor: str | None, today: date, permissions: Collection[str]
) -> Page[Complaint]:
    """One page: of what is open the first due first, else the last received first.

    Args:
        show: one of ``SHOWN``.
        sector: only of this one; blank for all.
    """
    query = _query(village_id, permissions).where(*_shown(show, today))
    if sector:
        query = query.where(Complaint.sector == sector)
    after = read_keys(cursor, date.fromisoformat, UUID)
    soonest_first = show in ("open", "late")
    column = nearest_due() if soonest_first else Complaint.received_on
    key = tuple_(column, Complaint.id)
    if after:
        query = query.where(key > after if soonest_first else key < after)
    order = (column, Complaint.id) if soonest_first else (column.desc(), Complaint.id.desc())
    rows = db.session.scalars(query.order_by(*order).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.next_due() if soonest_first else row.received_on, row.id), cursor)


def received_in(village_id: int, year: int, permissions: Collection[str]) -> Sequence[Complaint]:
    """The register of a year, in the order in which they came."""
    return db.session.scalars(
        _query(village_id, permissions)
        .where(Complaint.received_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Complaint.received_on, Complaint.id)
    ).all()


def figures(village_id: int, today: date, permissions: Collection[str]) -> Figures:
    query = select(
        func.count(),
        func.count().filter(is_late(today)),
        func.count().filter(Complaint.first_answer_on.is_(None)),
    ).where(Complaint.village_id == village_id, Complaint.state == "open", visible_to(permissions))
    return Figures(*db.session.execute(query).one())


def most_pressing(village_id: int, permissions: Collection[str], limit: int = 5) -> Sequence[Complaint]:
    """Open ones, the first due first: for the village's first page."""
    return db.session.scalars(
        _query(village_id, permissions)
        .where(Complaint.state == "open")
        .order_by(nearest_due(), Complaint.id)
        .limit(limit)
    ).all()


# For core's pages, put together once: building a statement takes longer than running it.
_LATEST = (
    select(Complaint)
    .where(
        Complaint.village_id == bindparam("village_id"),
        Complaint.about != all_(bindparam("hidden", type_=ARRAY(String))),
    )
    .order_by(Complaint.received_on.desc(), Complaint.id)
    .limit(bindparam("most", type_=Integer))
)
_OF_CASE = _LATEST.where(Complaint.case_id == bindparam("case_id"))
_OF_PERSON = _LATEST.outerjoin(
    Reporter, and_(Reporter.village_id == Complaint.village_id, Reporter.id == Complaint.reporter_id)
).where(
    or_(
        Complaint.person_id == bindparam("person_id"),
        and_(Reporter.person_id == bindparam("person_id"), ~Complaint.confidential),
    )
)


def of_person(person: Person, permissions: Collection[str], limit: int = 10) -> Sequence[Complaint]:
    """Whose matter it is, and what he or she has said without asking for confidence; the latest first."""
    whose = {"village_id": person.village_id, "person_id": person.id}
    return db.session.scalars(_OF_PERSON, {**whose, "most": limit, "hidden": list(hidden_from(permissions))}).all()


def of_case(village_id: int, case_id: UUID, permissions: Collection[str], limit: int = 10) -> Sequence[Complaint]:
    values = {"village_id": village_id, "case_id": case_id, "most": limit, "hidden": list(hidden_from(permissions))}
    return db.session.scalars(_OF_CASE, values).all()


def _query(village_id: int, permissions: Collection[str]) -> Select[Complaint]:
    return select(Complaint).where(Complaint.village_id == village_id, visible_to(permissions))


def _shown(show: str, today: date) -> list[ColumnElement[bool]]:
    closed = or_(
        Complaint.state.in_(("closed", "merged")),
        and_(Complaint.state == "answered", Complaint.reopen_until < today),
    )
    return {
        "open": [Complaint.state == "open"],
        "late": [is_late(today)],
        "answered": [Complaint.state == "answered", Complaint.reopen_until >= today],
        "closed": [closed],
    }.get(show, [])
