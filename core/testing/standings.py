"""Who may open a page: roles, each with an area around the village of the tests in which it may be held."""

from flask import Flask

from core.areas.code import Level
from core.testing.villages import VILLAGE
from core.users.permissions import PUBLIC, ROLES, SIGNED_IN

PLACES = {Level.VILLAGE: VILLAGE, Level.KECAMATAN: VILLAGE[:8], Level.DISTRICT: VILLAGE[:5]}

Standing = tuple[str, str]
"""A role and the code of an area."""


def place_of(role: str) -> str:
    """Raises: LookupError: no role of this name."""
    if role not in ROLES:
        raise LookupError(f"no role is called {role!r}; there are {', '.join(ROLES)}")
    return PLACES[ROLES[role].level]


def standings(app: Flask, permission: str, *, holds: bool, wide: bool = False) -> list[Standing]:
    """From the village up; of a page for wide areas only those that can be held in a district."""
    table = app.extensions["puskesos"].permissions
    roles = sorted(ROLES.values(), key=lambda role: role.level, reverse=True)
    anybody = permission in (PUBLIC, SIGNED_IN)
    if wide:
        roles = [role for role in roles if role.level == Level.DISTRICT]
    return [(r.key, PLACES[r.level]) for r in roles if (anybody or permission in table.of_role(r.key)) is holds]


def standing_with(app: Flask, permission: str, *, wide: bool = False) -> Standing | None:
    """A village's own roles first; None when nobody holds the permission."""
    return next(iter(standings(app, permission, holds=True, wide=wide)), None)


def standing_without(app: Flask, permission: str, *, wide: bool = False) -> Standing | None:
    """None when everybody may."""
    if permission in (PUBLIC, SIGNED_IN):
        return None
    return next(iter(standings(app, permission, holds=False, wide=wide)), None)
