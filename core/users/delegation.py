"""Who may give which role to whom: a pure rule over posts, the pairs of a role and the area in which it is held.

The roles stand in one order. Somebody whose role manages accounts gives and takes, in the area where they hold it and
everywhere below, the roles that stand below their own. A district admin also gives that very role, else a district
would depend on one person.

    district_admin                   gives every role, its own included
    auditor, district_officer
    kecamatan_supervisor
    village_head, partner_officer    a village head gives village_staff and field_worker
    village_staff
    field_worker

Partners stand as high as a village head, since whom an organisation sends is the district's to say. Kecamatan
supervisors, officers and auditors watch and manage nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.areas.code import AreaCode

from .permissions import MANAGERS, ROLES

RANK = {
    "district_admin": 6,
    "auditor": 5,
    "district_officer": 5,
    "kecamatan_supervisor": 4,
    "village_head": 3,
    "partner_officer": 3,
    "village_staff": 2,
    "field_worker": 1,
}

# A role that an uninstalled version left behind is nobody's to give.
_UNKNOWN = max(RANK.values()) + 1

SHARED = "district_admin"
"""The one role whose holders make others of their kind."""


@dataclass(frozen=True)
class Post:
    """A role in an area."""

    area: AreaCode
    role: str


def manages(actor: Iterable[Post], area: AreaCode) -> bool:
    """Whether any post of the actor manages the accounts of this area."""
    return any(post.role in MANAGERS and post.area.covers(area) for post in actor)


def may_give(actor: Iterable[Post], wanted: Post) -> bool:
    """Whether the actor may give this post to somebody, and take it away."""
    return any(
        post.role in MANAGERS and post.area.covers(wanted.area) and _below(wanted.role, post.role) for post in actor
    )


def _below(role: str, own: str) -> bool:
    return role == own == SHARED or RANK.get(role, _UNKNOWN) < RANK[own]


def givable(actor: Iterable[Post], area: AreaCode) -> tuple[str, ...]:
    """The roles that the actor may give in this area or below it, as ``ROLES`` orders them.

    Whether a role is held at a level so high is for the account to say (``core.users.accounts.grant``).
    """
    posts = tuple(actor)
    return tuple(role for role in ROLES if may_give(posts, Post(area, role)))


def may_change(actor: Iterable[Post], held: Iterable[Post]) -> bool:
    """Whether the actor may change an account as a whole: reset, end, move it, or end its sessions.

    Only if every post of the account is one that the actor might give. Who also belongs elsewhere, or higher, is not
    the actor's to change; the post inside may still be taken (:func:`may_give`).
    """
    posts, all_held = tuple(actor), tuple(held)
    return bool(all_held) and all(may_give(posts, post) for post in all_held)
