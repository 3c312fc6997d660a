"""What the village's own data say of a resident's health cover, once it was seen to be active by a case.

Otherwise they would be taken for uninsured when the next programme is asked for.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import Row, Select, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.aid.received import AidReceived
from core.areas.code import smallest_around
from core.areas.current import CurrentArea
from core.audit import record
from core.database.kept import KeptForTransaction
from core.database.session import commit, db, scope
from core.people.models import Person
from core.plugin_jobs import enqueue_job
from core.plugins.jobs import Job
from core.texts import Text

from .models import Case

ACTIVE = "approved"  # decided outside, and the resident is still to be told

_OF_PEOPLE = select(Person.id, Person.updated_at, Person.insurance).where(
    Person.village_id == bindparam("village_id"), Person.id == any_(bindparam("people", type_=ARRAY(Uuid)))
)
_READ: KeptForTransaction[dict[tuple[int, frozenset[UUID]], Sequence[Row]]] = KeptForTransaction(
    dict, while_unchanged=True
)


def _insurances(village_id: int, people: frozenset[UUID]) -> Sequence[Row]:
    """Read once for all the plugins that a page asks."""
    db.session.flush()
    read, key = _READ.get(), (village_id, people)
    if key not in read:
        read[key] = db.session.execute(_OF_PEOPLE, {"village_id": village_id, "people": list(people)}).all()
    return read[key]


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

    def aid_of(self, area: CurrentArea, people: Collection[UUID], title: Text) -> list[AidReceived]:
        """Who of these residents is covered, as the village's own data say: a membership called ``title``, no money.

        One query for the residents, whichever covers a page asks for, and one for the cases through which they got it,
        where anybody is covered.
        """
        covered = [row for row in _insurances(area.id, frozenset(people)) if row.insurance == self.insurance]
        through = self._cases(area.id, [row.id for row in covered]) if covered else {}
        return [self._received(area, row.id, row.updated_at, through.get(row.id), title) for row in covered]

    def _received(
        self, area: CurrentArea, person_id: UUID, recorded_at: datetime, case: Case | None, title: Text
    ) -> AidReceived:
        # On the day where the desk stands it was seen to be active.
        first_day = case.state_since.astimezone(ZoneInfo(area.timezone)).date() if case else None
        return AidReceived(
            programme=self.services[0].partition(".")[0],
            title=title,
            state="decided",
            source=_("kasus %(ticket)s", ticket=case.ticket) if case else _("data warga"),
            permission="people.read",
            person_id=person_id,
            goods=_("jaminan kesehatan (BPJS)"),
            first_day=first_day,
            recorded_at=case.state_since if case else recorded_at,
            endpoint="cases.show" if case else "people.show",
            values={"id": case.id if case else person_id},
        )

    def _cases(self, village_id: int, people: Collection[UUID]) -> dict[UUID, Case]:
        """The latest case of each that reached the membership."""
        query = select(Case).where(
            Case.village_id == village_id,
            Case.service.in_(self.services),
            Case.person_id.in_(people),
            Case.state.in_((ACTIVE, "done")),
        )
        return {case.person_id: case for case in db.session.scalars(query.order_by(Case.id))}

    def _unnoted(self, query: Select) -> Select:
        of_case = (Person.village_id == Case.village_id) & (Person.id == Case.person_id)
        unnoted = Case.service.in_(self.services), Case.state == ACTIVE, Person.insurance != self.insurance
        return query.join(Person, of_case).where(*unnoted)
