"""A village's referrals: the list with its filters, the figures beside them, and those of one case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select, tuple_
from sqlalchemy.orm import joinedload

from core.cases.catalogue import find_service
from core.cases.lists import read_keys
from core.cases.models import Case
from core.cases.standing import listed_name
from core.database.session import db
from core.people.models import Person
from core.web.paging import PAGE_SIZE, Page, paged

from .models import Organisation, Referral
from .states import TO_TELL, WITH_RECEIVER

FILTERS = ("open", "overdue", "waiting", "returned", "tell", "draft", "told")


@dataclass(frozen=True)
class ReferralRow:
    referral: Referral
    organisation: str
    person: str
    ticket: str


def referrals_page(village_id: int, today: date, which: str, cursor: str | None) -> Page[ReferralRow]:
    """One page of a filtered list, by due date and so the overdue first; closed ones the latest first."""
    query = (
        select(Referral, Organisation.name, Person.name, Case.ticket, Case.service)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .join(Case, (Case.village_id == Referral.village_id) & (Case.id == Referral.case_id))
        .join(Person, (Person.village_id == Case.village_id) & (Person.id == Case.person_id))
        .where(Referral.village_id == village_id, *_conditions(which, today))
    )
    if which == "told":
        if after := read_keys(cursor, datetime.fromisoformat, UUID):
            query = query.where(tuple_(Referral.told_at, Referral.id) < tuple_(*after))
        query = query.order_by(Referral.told_at.desc(), Referral.id.desc())
    else:
        if after := read_keys(cursor, date.fromisoformat, UUID):
            query = query.where(tuple_(Referral.due_on, Referral.id) > tuple_(*after))
        query = query.order_by(Referral.due_on, Referral.id)
    rows = [
        ReferralRow(referral, organisation, listed_name(name, find_service(service)), ticket)
        for referral, organisation, name, ticket, service in db.session.execute(query.limit(PAGE_SIZE + 1))
    ]
    return paged(rows, lambda row: (row.referral.told_at or row.referral.due_on, row.referral.id), cursor)


def _conditions(which: str, today: date) -> list[ColumnElement[bool]]:
    if which == "told":
        return [Referral.told_at.is_not(None)]
    narrower: dict[str, list[ColumnElement[bool]]] = {
        "open": [],
        "overdue": [Referral.state.in_(WITH_RECEIVER), Referral.due_on < today],
        "waiting": [Referral.state.in_(WITH_RECEIVER)],
        "returned": [Referral.state == "returned"],
        "tell": [Referral.state.in_(TO_TELL)],
        "draft": [Referral.state == "draft"],
    }
    return [Referral.told_at.is_(None), *narrower[which]]


def counts(village_id: int, today: date) -> dict[str, int]:
    """How many referrals each filter but the closed one shows, in one query."""
    wanted = [which for which in FILTERS if which != "told"]
    figures = (func.count().filter(*_conditions(which, today)) for which in wanted)
    row = db.session.execute(
        select(*figures)
        .select_from(Referral)
        .join(Case, (Case.village_id == Referral.village_id) & (Case.id == Referral.case_id))
        .where(Referral.village_id == village_id, Referral.told_at.is_(None))
    ).one()
    return dict(zip(wanted, row, strict=True))


_OF_CASE = (
    select(Referral)
    .where(Referral.village_id == bindparam("village_id"), Referral.case_id == bindparam("case_id"))
    .options(joinedload(Referral.organisation))
    .order_by(Referral.id.desc())
)


def referrals_of(case: Case) -> Sequence[Referral]:
    """The referrals of one case with their organisations, the newest first, from one query."""
    return db.session.scalars(_OF_CASE, {"village_id": case.village_id, "case_id": case.id}).all()
