"""What the village's own data say of the cover, once it was seen to be active."""

from collections.abc import Sequence

from sqlalchemy import select

from core.api import Area, Case, Person, commit, db, record, scope

from .services import NAMES

ACTIVE = "approved"  # the resident is still to be told


def note_membership(case: Case) -> None:
    """The resident of a case that reached the active membership is on record as covered. The caller commits."""
    if case.service in NAMES and case.state == ACTIVE and case.person.insurance != "regional":
        case.person.insurance = "regional"
        record("uhc.membership_noted", "person", case.person_id, ticket=case.ticket)


def catch_up(areas: Sequence[Area]) -> None:
    """For what became active in these villages while the module was off there, and nobody told it."""
    for area in areas:
        with scope(area):
            of_case = (Person.village_id == Case.village_id) & (Person.id == Case.person_id)
            query = select(Case).join(Person, of_case).where(Case.village_id == area.id, Case.service.in_(NAMES))
            for case in db.session.scalars(query.where(Case.state == ACTIVE, Person.insurance != "regional")).all():
                note_membership(case)
            commit()
