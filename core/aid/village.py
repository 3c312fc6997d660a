"""The aid of all families of a village, for figures: who gets it is not told."""

from collections.abc import Iterator

from core.areas.current import CurrentArea
from core.database.session import db
from core.platform import platform

from .gathering import gather_aid
from .received import AidReceived
from .sheet import families_at_once, households_of


def aid_of_village(area: CurrentArea) -> Iterator[AidReceived]:
    """Each thing once that somebody of the village ``area`` gets, got or is to get.

    What only those may see who see a restricted service's cases (``Service.restricted_to``) is left out. A query for
    what was told and one or two of each module, for every two hundred residents: for a job, not for a page.
    """
    permissions = frozenset(platform().permissions.permissions) - platform().plugins.restricting
    for people in families_at_once(area.id):
        yield from gather_aid(area, {person.id for person in people}, households_of(people), permissions).found
        db.session.expunge_all()
