"""What a district sees of its villages: a page of them, and one of them in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, column, func, or_, select, true, values

from core.areas.code import Level
from core.areas.current import CurrentArea
from core.areas.models import Area
from core.areas.modules import origins
from core.audit import AuditEntry
from core.cases.models import Case
from core.cases.oversight import villages_page
from core.clock import today as today_here
from core.database.session import db
from core.enablement import Origin
from core.people.models import Person
from core.users.colleagues import WORKING_ROLES
from core.users.models import Membership, User
from core.web.paging import Page


@dataclass(frozen=True)
class VillageLine:
    """A village in the list. ``last`` is when somebody last did something there that is recorded."""

    area: Area
    kecamatan: str
    open: int
    overdue: int
    staff: int
    last: datetime | None


def village_lines(
    area: CurrentArea, today: date, *, search: str, suspended: bool, cursor: str | None
) -> Page[VillageLine]:
    """One page of an area's villages by name, in five queries however many there are."""
    page = villages_page(area, today, search=search, suspended=suspended, cursor=cursor)
    ids = [row.area.id for row in page.rows]
    staff, last = _staff_counts(ids), _last_deeds(ids)
    names = _names({row.area.parent_id for row in page.rows if row.area.parent_id})
    lines = [
        VillageLine(
            row.area,
            names.get(row.area.parent_id or 0, ""),
            row.open,
            row.overdue,
            staff.get(row.area.id, 0),
            last.get(row.area.id),
        )
        for row in page.rows
    ]
    return Page(lines, page.next, page.is_first)


def _staff_counts(village_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Membership.area_id, func.count(Membership.user_id.distinct()))
        .join(User, User.id == Membership.user_id)
        .where(Membership.area_id.in_(village_ids), *_at_work())
        .group_by(Membership.area_id)
    )
    return {area_id: count for area_id, count in rows}  # noqa: C416 - typed rows


def _at_work():
    return (
        Membership.role.in_(WORKING_ROLES),
        or_(Membership.until.is_(None), Membership.until >= today_here()),
        User.ended_at.is_(None),
    )


def _last_deeds(village_ids: Sequence[int]) -> dict[int, datetime]:
    """One look into the index of each village: a village's audit may have a million entries."""
    if not village_ids:
        return {}
    asked = values(column("id", BigInteger), name="asked").data([(village_id,) for village_id in village_ids])
    last = (
        select(AuditEntry.at)
        .where(AuditEntry.area_id == asked.c.id)
        .order_by(AuditEntry.at.desc(), AuditEntry.seq.desc())
        .limit(1)
        .lateral()
    )
    return {row.id: row.at for row in db.session.execute(select(asked.c.id, last.c.at).join(last, true()))}


def _names(area_ids: set[int]) -> dict[int, str]:
    rows = db.session.scalars(select(Area).where(Area.id.in_(area_ids)))
    return {row.id: row.title for row in rows}


def count_villages(area: CurrentArea) -> tuple[int, int]:
    """How many villages an area has, and how many of them are suspended."""
    row = db.session.execute(
        select(func.count(), func.count(Area.suspended_at)).where(
            Area.id.between(area.id, area.hi), Area.level == Level.VILLAGE
        )
    ).one()
    return row[0], row[1]


@dataclass(frozen=True)
class StaffRow:
    """Somebody who works in a village, with the role and its last day."""

    id: UUID
    username: str
    name: str
    role: str
    until: date | None
    must_change_password: bool


@dataclass(frozen=True)
class VillageFacts:
    """All that a village's page of the district shows."""

    created_at: datetime
    suspended_at: datetime | None
    suspended_because: str
    modules: dict[str, Origin]
    staff: list[StaffRow]
    last: datetime | None
    persons: int
    open: int
    overdue: int
    cases: int


def village_facts(village: CurrentArea, today: date) -> VillageFacts:
    """To be asked in a scope that holds the village."""
    created_at, suspended_at = db.session.execute(
        select(Area.created_at, Area.suspended_at).where(Area.id == village.id)
    ).one()
    counts = db.session.execute(
        select(
            func.count().filter(Case.closed_at.is_(None)),
            func.count().filter(Case.closed_at.is_(None), Case.due_on < today),
            func.count(),
        ).where(Case.village_id == village.id)
    ).one()
    return VillageFacts(
        created_at,
        suspended_at,
        _why_suspended(village) if suspended_at else "",
        origins(village.interval),
        _staff(village.id),
        _last_deeds([village.id]).get(village.id),
        db.session.scalar(select(func.count()).where(Person.village_id == village.id)) or 0,
        *counts,
    )


def _staff(village_id: int) -> list[StaffRow]:
    rows = db.session.execute(
        select(User.id, User.username, User.name, Membership.role, Membership.until, User.must_change_password)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.area_id == village_id, *_at_work())
        .order_by(Membership.role, func.lower(User.name))
    )
    return [StaffRow(*row) for row in rows]


def _why_suspended(village: CurrentArea) -> str:
    reason = db.session.scalar(
        select(AuditEntry.detail["reason"].as_string())
        .where(AuditEntry.area_id == village.id, AuditEntry.action == "tenants.suspended")
        .order_by(AuditEntry.at.desc())
        .limit(1)
    )
    return reason or ""
