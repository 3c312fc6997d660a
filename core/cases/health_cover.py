"""What the village's own data say of a resident's health cover, once it was seen to be active by a case.

Otherwise they would be taken for uninsured when the next programme is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from core.areas.code import smallest_around
from core.areas.current import CurrentArea
from core.audit import record
from core.database.session import commit, db, scope
from core.people.models import Person
from core.plugin_jobs import enqueue_job
from core.plugins.jobs import Job

from .models import Case

ACTIVE = "approved"  # decided outside, and the resident is still to be told


@dataclass(frozen=True)
class HealthCover:
    """The cover that a plugin's services end in, for the resident's own record.

    Attributes:
        services: names of the services.
        insurance: as ``Person.insurance`` has it, such as "pbi".
        deed: what the audit notes, one of the manifest's ``deeds``; its text is given the case's ``ticket``.
    """

    services: tuple[str, ...]
    insurance: str
    deed: str

    def note(self, case: Case) -> None:
        """Put on record what became active by this case, if anything did. The caller commits."""
        if case.service in self.services and case.state == ACTIVE and case.person.insurance != self.insurance:
            case.person.insurance = self.insurance
            record(self.deed, "person", case.person_id, ticket=case.ticket)

    def note_missed(self, area: CurrentArea) -> None:
        """As ``note``, for what became active in a village while the plugin was off there: a job's ``run``."""
        for case in db.session.scalars(self._unnoted(select(Case)).where(Case.village_id == area.id)):
            self.note(case)
        commit()

    def catch_up(self, areas: Sequence[CurrentArea], job: Job) -> None:
        """A job for each of these villages that has something to note: a district may have hundreds."""
        around = smallest_around([area.interval for area in areas])
        with scope(around):
            query = self._unnoted(select(Case.village_id)).where(Case.village_id.between(around.id, around.hi))
            behind = set(db.session.scalars(query.distinct()))
        for area in areas:
            if area.id in behind:
                with scope(area):
                    enqueue_job(area, job)
                    commit()

    def _unnoted(self, query: Select) -> Select:
        of_case = (Person.village_id == Case.village_id) & (Person.id == Case.person_id)
        unnoted = Case.service.in_(self.services), Case.state == ACTIVE, Person.insurance != self.insurance
        return query.join(Person, of_case).where(*unnoted)
