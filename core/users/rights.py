"""Who may do what where: the table of roles and permissions, and the people of an area with their roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import func, select, tuple_

from core.areas.current import CurrentArea
from core.areas.models import Area
from core.areas.modules import usage
from core.clock import today
from core.database.session import Interval, db
from core.platform import platform
from core.texts import lazy_gettext as _
from core.web.paging import Page, paged, read_cursor

from .directory import PostRow, post_row
from .models import Membership, User
from .permissions import CORE_PERMISSIONS, ROLES, Permission

PEOPLE_ON_A_PAGE = 100

# The first part of a permission's name → what it is about.
GROUPS = {
    "area": _("Wilayah"),
    "people": _("Warga dan keluarga"),
    "cases": _("Kasus"),
    "screening": _("Penapisan desa"),
    "meetings": _("Musdes"),
    "documents": _("Berkas warga"),
    "letters": _("Surat"),
    "referrals": _("Rujukan"),
    "organisations": _("Mitra"),
    "modules": _("Modul"),
    "settings": _("Pengaturan modul"),
    "rules": _("Nilai aturan"),
    "audit": _("Jejak audit"),
    "jobs": _("Pekerjaan latar"),
    "users": _("Akun dan peran"),
    "profile": _("Profil desa"),
    "exports": _("Unduhan"),
    "villages": _("Desa"),
}


@dataclass(frozen=True)
class RightsGroup:
    """Permissions that are about one thing."""

    title: str
    permissions: tuple[Permission, ...]


def rights_table(area: CurrentArea) -> list[RightsGroup]:
    """Core's permissions by what they are about, then those of each module that is on in the area or below it."""
    groups: dict[str, list[Permission]] = {}
    for permission in CORE_PERMISSIONS:
        groups.setdefault(permission.name.partition(".")[0], []).append(permission)
    found = [RightsGroup(str(GROUPS[key]), tuple(items)) for key, items in groups.items()]
    return found + list(_of_modules(area))


def _of_modules(area: CurrentArea) -> Iterable[RightsGroup]:
    registry = platform().plugins
    used = usage(area)
    for name, plugin in registry.plugins.items():
        permissions = registry.permissions_of(name)
        if permissions and (name in area.enabled or used[name].villages):
            title = gettext("Modul %(name)s", name=plugin.title)
            yield RightsGroup(title, permissions)


@dataclass(frozen=True)
class PersonRow:
    user_id: UUID
    name: str
    username: str
    post: PostRow


def people_page(area: Interval, cursor: str | None) -> Page[PersonRow]:
    """Who holds a role in the area or below it today, by area, role and name."""
    sort_name = func.lower(User.name)
    key = (Membership.area_id, Membership.role, sort_name, Membership.id)
    query = (
        select(Membership, User, Area, sort_name)
        .join(User, User.id == Membership.user_id)
        .join(Area, Area.id == Membership.area_id)
        .where(
            Membership.area_id.between(area.id, area.hi),
            Membership.role.in_(ROLES),
            Membership.holds_on(today()),
            User.ended_at.is_(None),
        )
        .order_by(*key)
        .limit(PEOPLE_ON_A_PAGE + 1)
    )
    if after := _after(cursor):
        query = query.where(tuple_(*key) > tuple_(*after))
    page = paged(
        db.session.execute(query).all(),
        lambda row: (row[0].area_id, row[0].role, row[3], row[0].id),
        cursor,
        PEOPLE_ON_A_PAGE,
    )
    rows = [
        PersonRow(user.id, user.name, user.username, post_row(held, place)) for held, user, place, _name in page.rows
    ]
    return Page(rows, page.next, page.is_first)


def _after(cursor: str | None) -> tuple[int, str, str, UUID] | None:
    try:
        area_id, role, name, membership_id = read_cursor(cursor, 4) or (0, "", "", "")
        texts = isinstance(role, str) and isinstance(name, str) and "\0" not in role + name
        return (int(area_id), role, name, UUID(membership_id)) if texts else None
    except (ValueError, TypeError, AttributeError):
        return None
