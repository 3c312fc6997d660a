"""What stands on core's pages: figures of the village, a case's decree and months, a resident's years with BLT."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, or_, select

from core.api import Case, Person, db

from .models import Decree, PaidMonth, Recipient
from .objections import recipient_of
from .payments import Line, line_of


@dataclass(frozen=True)
class Year:
    """A resident's family in one year: how many months were paid, by which case."""

    year: int
    paid: int
    case_id: UUID


def place_of(case: Case) -> Line | None:
    """The case's place on a decree with its months; None where it has none."""
    recipient = recipient_of(case)
    return line_of(recipient) if recipient else None


# For core's pages, put together once: building a statement takes longer than running it.
_PAID_MONTHS = (
    select(func.count())
    .where(
        PaidMonth.village_id == Recipient.village_id,
        PaidMonth.recipient_id == Recipient.id,
        PaidMonth.reversed.is_(False),
    )
    .correlate(Recipient)
    .scalar_subquery()
)
_YEARS = (
    select(Decree.year, _PAID_MONTHS, Recipient.case_id)
    .join(Decree, (Decree.village_id == Recipient.village_id) & (Decree.id == Recipient.decree_id))
    .join(Case, (Case.village_id == Recipient.village_id) & (Case.id == Recipient.case_id))
    .where(
        Recipient.village_id == bindparam("village_id"),
        Recipient.state != "void",
        # Without a household the second is never true.
        or_(
            Case.person_id == bindparam("person_id"),
            Recipient.household_id == bindparam("household_id", type_=Uuid),
        ),
    )
    .order_by(Decree.year.desc(), Recipient.id.desc())
)


def years_of(person: Person) -> list[Year]:
    """Years in which the resident's family was on a decree, the latest first."""
    values = {"village_id": person.village_id, "person_id": person.id, "household_id": person.household_id}
    rows = db.session.execute(_YEARS, values)
    return [Year(*row) for row in rows]
