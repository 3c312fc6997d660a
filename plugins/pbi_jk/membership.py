"""What the village's own data say of a membership, once it was seen to be active.

Otherwise the resident would be taken for uninsured when the next programme is asked for.
"""

from collections.abc import Sequence

from sqlalchemy import Select, select

from core.api import Area, Case, Job, Person, commit, db, enqueue_job, record, scope, smallest_around
from core.api import lazy_gettext as _

from .services import NAMES

ACTIVE = "approved"  # Kemensos decided, and the resident is still to be told


def note_membership(case: Case) -> None:
    """The resident of a case that reached the active membership is on record as a member. The caller commits."""
    if case.service in NAMES and case.state == ACTIVE and case.person.insurance != "pbi":
        case.person.insurance = "pbi"
        record("pbi_jk.membership_noted", "person", case.person_id, ticket=case.ticket)


def note_what_was_missed(area: Area) -> None:
    """What became active in a village while the module was off there, and nobody told it."""
    for case in db.session.scalars(_unnoted(select(Case)).where(Case.village_id == area.id)):
        note_membership(case)
    commit()


CATCH_UP = Job("pbi_jk.catch_up", _("Mencatat kepesertaan PBI-JK yang terlewat"), note_what_was_missed)


def catch_up(areas: Sequence[Area]) -> None:
    """A job for each of these villages that has something to note: a district may have hundreds."""
    around = smallest_around([area.interval for area in areas])
    with scope(around):
        query = _unnoted(select(Case.village_id)).where(Case.village_id.between(around.id, around.hi)).distinct()
        behind = set(db.session.scalars(query))
    for area in areas:
        if area.id in behind:
            with scope(area):
                enqueue_job(area, CATCH_UP)
                commit()


def _unnoted(query: Select) -> Select:
    of_case = (Person.village_id == Case.village_id) & (Person.id == Case.person_id)
    return query.join(Person, of_case).where(Case.service.in_(NAMES), Case.state == ACTIVE, Person.insurance != "pbi")
