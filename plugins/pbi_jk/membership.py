"""What the village's own data say of a membership, once it was seen to be active.

Otherwise the resident would be taken for uninsured when the next programme is asked for.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.api import Area, Case, Person, commit, db, record, scope, smallest_around

from .services import NAMES

ACTIVE = "approved"  # Kemensos decided, and the resident is still to be told


def note_membership(case: Case) -> None:
    """The resident of a case that reached the active membership is on record as a member. The caller commits."""
    if case.service in NAMES and case.state == ACTIVE and case.person.insurance != "pbi":
        case.person.insurance = "pbi"
        record("pbi_jk.membership_noted", "person", case.person_id, ticket=case.ticket)


def catch_up(areas: Sequence[Area]) -> None:
    """For what became active in these villages while the module was off there, and nobody told it."""
    unnoted = _unnoted(areas)
    for area in areas:
        if area.id in unnoted:
            with scope(area):
                for case_id in unnoted[area.id]:
                    note_membership(db.session.get_one(Case, (area.id, case_id)))
                commit()


def _unnoted(areas: Sequence[Area]) -> Mapping[int, list[UUID]]:
    """By village, from one query however many there are."""
    around = smallest_around([area.interval for area in areas])
    of_case = (Person.village_id == Case.village_id) & (Person.id == Case.person_id)
    query = select(Case.village_id, Case.id).join(Person, of_case)
    query = query.where(Case.village_id.between(around.id, around.hi), Case.service.in_(NAMES), Case.state == ACTIVE)
    found: defaultdict[int, list[UUID]] = defaultdict(list)
    with scope(around):
        for village_id, case_id in db.session.execute(query.where(Person.insurance != "pbi")):
            found[village_id].append(case_id)
    return found
