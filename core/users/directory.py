"""The accounts of an area, as its pages list and show them. Roles in other areas are never part of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, tuple_

from core.areas.code import AreaCode
from core.areas.models import Area
from core.clock import now, today
from core.database.session import Interval, db
from core.texts import lazy_gettext as _
from core.web.paging import PAGE_SIZE, Page, paged, read_cursor

from .models import Invitation, Membership, SecondFactor, User

STATES = {
    "active": _("aktif"),
    "must_change": _("belum ganti sandi"),
    "invited": _("diundang"),
    "locked": _("terkunci"),
    "two_step": _("masuk dua langkah"),
    "ended": _("diakhiri"),
}


@dataclass(frozen=True)
class AccountFilter:
    search: str = ""
    role: str = ""
    state: str = ""

    @property
    def is_blank(self) -> bool:
        return self == AccountFilter()


@dataclass(frozen=True)
class PostRow:
    """A membership as pages show it."""

    id: UUID
    area: AreaCode
    area_title: str
    role: str
    since: date | None
    until: date | None

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until < today()

    @property
    def is_coming(self) -> bool:
        return not self.is_over and self.since is not None and self.since > today()


@dataclass(frozen=True)
class AccountRow:
    id: UUID
    username: str
    name: str
    last_sign_in_at: datetime | None
    states: tuple[str, ...]
    posts: list[PostRow] = field(default_factory=list)


def accounts_page(area: Interval, wanted: AccountFilter, cursor: str | None) -> Page[AccountRow]:
    """Everybody who has or had a role in the area or below it, by name, from two queries."""
    name = func.lower(User.name)
    query = (
        select(User, name.label("sort_name"), *_flags())
        .where(_belongs(area, wanted.role))
        .order_by(name, User.id)
        .limit(PAGE_SIZE + 1)
    )
    if wanted.search:
        sought = wanted.search.lower()
        query = query.where(or_(func.strpos(name, sought) > 0, func.strpos(func.lower(User.username), sought) > 0))
    if wanted.state in STATES:
        query = query.where(_in_state(wanted.state))
    if after := _after(cursor):
        query = query.where(tuple_(name, User.id) > tuple_(*after))
    page = paged(db.session.execute(query).all(), lambda row: (row.sort_name, row.User.id), cursor)
    posts = posts_of([row.User.id for row in page.rows], area)
    rows = [
        _account_row(row.User, row.locked, row.two_step, row.invited, posts.get(row.User.id, [])) for row in page.rows
    ]
    return Page(rows, page.next, page.is_first)


def _after(cursor: str | None) -> tuple[str, UUID] | None:
    try:
        name, user_id = read_cursor(cursor, 2) or ("", "")
        return (name, UUID(user_id)) if isinstance(name, str) and "\0" not in name else None
    except (ValueError, TypeError, AttributeError):
        return None


def _belongs(area: Interval, role: str) -> ColumnElement[bool]:
    conditions = [Membership.user_id == User.id, Membership.area_id.between(area.id, area.hi)]
    if role:
        conditions += [Membership.role == role, or_(Membership.until.is_(None), Membership.until >= today())]
    return exists().where(*conditions)


def _locked() -> ColumnElement[bool]:
    factor = exists().where(SecondFactor.user_id == User.id, SecondFactor.locked_until > now())
    return or_(func.coalesce(User.locked_until > now(), False), factor)


def _two_step() -> ColumnElement[bool]:
    return exists().where(SecondFactor.user_id == User.id)


def _invited() -> ColumnElement[bool]:
    return exists().where(
        Invitation.user_id == User.id,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now(),
    )


def _flags() -> tuple:
    return _locked().label("locked"), _two_step().label("two_step"), _invited().label("invited")


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "ended":
        return User.ended_at.is_not(None)
    holds = {
        "must_change": User.must_change_password,
        "invited": _invited(),
        "locked": _locked(),
        "two_step": _two_step(),
    }.get(state)
    return User.ended_at.is_(None) if holds is None else User.ended_at.is_(None) & holds


def _account_row(user: User, locked: bool, two_step: bool, invited: bool, posts: list[PostRow]) -> AccountRow:
    return AccountRow(
        user.id, user.username, user.name, user.last_sign_in_at, _states(user, locked, two_step, invited), posts
    )


def _states(user: User, locked: bool, two_step: bool, invited: bool) -> tuple[str, ...]:
    """Who has ended is nothing else; who was invited has no password to change yet."""
    if user.ended_at is not None:
        return ("ended",)
    first = "invited" if invited else "must_change" if user.must_change_password else "active"
    return (first, *(["locked"] if locked else []), *(["two_step"] if two_step else []))


def find_account(area: Interval, user_id: UUID) -> AccountRow | None:
    """One account, from two queries; None for one that never had a role in the area."""
    found = db.session.execute(select(User, *_flags()).where(User.id == user_id, _belongs(area, ""))).one_or_none()
    if found is None:
        return None
    posts = posts_of([user_id], area).get(user_id, [])
    return _account_row(found.User, found.locked, found.two_step, found.invited, posts)


def posts_of(user_ids: Sequence[UUID], area: Interval) -> dict[UUID, list[PostRow]]:
    """The memberships of accounts in an area and below, those that are over last, from one query."""
    if not user_ids:
        return {}
    rows = db.session.execute(
        select(Membership, Area)
        .join(Area, Area.id == Membership.area_id)
        .where(Membership.user_id.in_(user_ids), Membership.area_id.between(area.id, area.hi))
        .order_by(Membership.area_id, Membership.role)
    )
    found: dict[UUID, list[PostRow]] = {}
    for membership, place in rows:
        found.setdefault(membership.user_id, []).append(post_row(membership, place))
    return {user_id: _over_last(posts) for user_id, posts in found.items()}


def post_row(membership: Membership, place: Area) -> PostRow:
    return PostRow(membership.id, place.interval, place.title, membership.role, membership.since, membership.until)


def _over_last(posts: Iterable[PostRow]) -> list[PostRow]:
    return sorted(posts, key=lambda post: post.is_over)


def places_in(area: Interval) -> list[Area]:
    """The area and all that lie in it, as those in which a role can be held."""
    return list(db.session.scalars(select(Area).where(Area.id.between(area.id, area.hi)).order_by(Area.id)))
