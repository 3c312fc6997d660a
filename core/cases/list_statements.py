"""The statements behind the lists of cases, put together once for each kind of list.

A list is the page that a desk has open all day: building its statement and loading entities took longer than running
it. So a statement asks for columns, and what differs from request to request is a parameter of it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Select,
    String,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core.people.models import Household, Person
from core.referrals.of_case import newest_word

from .models import Case, CaseRequirement, LetterRecord
from .service import Service

_case: FromClause = Case.__table__
_person: FromClause = Person.__table__
_household: FromClause = Household.__table__
_paper: FromClause = CaseRequirement.__table__
_letter: FromClause = LetterRecord.__table__

# False, and so first, for an urgent case. Written as the index has it, which a bound value would not match.
CAN_WAIT = literal_column("(cases.priority <> 'urgent')", Boolean)
FIRST_TO_LAST = (CAN_WAIT, _case.c.due_on, _case.c.id)

_village = bindparam("village", type_=BigInteger)
_user = bindparam("user", type_=Uuid)
_today = bindparam("today", type_=Date)
_is_open = _case.c.closed_at.is_(None)

_WANTED_PAPERS = func.array(
    select(_paper.c.key)
    .where(_paper.c.village_id == _case.c.village_id, _paper.c.case_id == _case.c.id, _paper.c.state == "wanted")
    .scalar_subquery(),
    type_=ARRAY(String),
).label("wanted")

_LETTERS = (
    select(func.jsonb_object_agg(_letter.c.key, _letter.c.signed_at.is_not(None), type_=JSONB))
    .where(_letter.c.village_id == _case.c.village_id, _letter.c.case_id == _case.c.id, _letter.c.revoked_at.is_(None))
    .scalar_subquery()
    .label("letters")
)

_COLUMNS = (
    *(_case.c[name] for name in ("village_id", "id", "ticket", "service", "state", "priority", "due_on")),
    *(_case.c[name] for name in ("opened_at", "state_since", "closed_at", "assigned_to")),
    _person.c.name,
    _person.c.nik,
    _household.c.rt,
    _household.c.rw,
    _WANTED_PAPERS,
    _LETTERS,
)

_HOLDER = and_(_person.c.village_id == _case.c.village_id, _person.c.id == _case.c.person_id)
_HOME = and_(_household.c.village_id == _case.c.village_id, _household.c.id == _case.c.household_id)
_WITH_PERSON = _case.join(_person, _HOLDER).outerjoin(_household, _HOME)


@dataclass(frozen=True)
class Duties:
    """What in the list "todo" depends on what a person may do.

    Attributes:
        decides: services and waiting states whose way forward is this person's, and not just anybody's at the desk.
        answered: what came back for a planned referral to a sector, and the services and states in which the desk has
            to take note of it.
    """

    writes: bool
    signs: bool
    decides: tuple[tuple[str, str], ...]
    answered: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Kind:
    """Which list, by what else it is narrowed, and whether a page goes on after a row.

    ``which`` is one of ``core.cases.lists.FILTERS``, "not_todo" (mine, without what I have to do), "silent" (nobody
    outside has answered in time), "due_by" (due by a day) or "of_person" (all, the latest first) or
    "chosen" (those of ``ids``).
    ``duties`` belong to the lists of what is to do.
    """

    which: str
    by_service: bool = False
    by_services: bool = False
    by_states: bool = False
    by_search: bool = False
    by_person: bool = False
    by_ids: bool = False
    goes_on: bool = False
    duties: Duties | None = None


@lru_cache(maxsize=512)
def page_of(kind: Kind) -> Select:
    """Parameters: village and most, and as the kind says user, today, soon, service, services, states, until, compact,
    pattern, person, ids, after_first, after_due, after_closed, after_id.
    """
    query = select(*_COLUMNS).select_from(_WITH_PERSON).where(*_conditions(kind))
    if kind.which == "closed":
        if kind.goes_on:
            after = tuple_(bindparam("after_closed", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid))
            query = query.where(tuple_(_case.c.closed_at, _case.c.id) < after)
        query = query.order_by(_case.c.closed_at.desc(), _case.c.id.desc())
    elif kind.which == "of_person":
        query = query.order_by(_case.c.id.desc())
    else:
        if kind.goes_on:
            after = tuple_(
                bindparam("after_first", type_=Boolean),
                bindparam("after_due", type_=Date),
                bindparam("after_id", type_=Uuid),
            )
            query = query.where(tuple_(*FIRST_TO_LAST) > after)
        query = query.order_by(*FIRST_TO_LAST)
    return query.limit(bindparam("most"))


@lru_cache(maxsize=512)
def count_of(kind: Kind) -> Select:
    """How many rows all pages have together; parameters as those of :func:`page_of`."""
    return select(func.count()).select_from(_WITH_PERSON).where(*_conditions(kind))


_its_case = _case.alias("its_case")
_shows_case = exists().where(_its_case.c.village_id == _letter.c.village_id, _its_case.c.id == _letter.c.case_id)

FIGURES = select(
    func.count().filter(not_(CAN_WAIT)),
    func.count().filter(_case.c.due_on == _today),
    func.count().filter(_case.c.due_on < _today),
    func.count().filter(_case.c.assigned_to == _user),
    func.count().filter(_case.c.waiting),
    select(func.count())
    .where(_letter.c.village_id == _village, _letter.c.signed_at.is_(None), _letter.c.revoked_at.is_(None))
    .where(or_(_letter.c.case_id.is_(None), _shows_case))
    .scalar_subquery(),
).where(_case.c.village_id == _village, _is_open)
"""Open cases of a village: urgent, due today, overdue, mine, waiting; and its letters without a signature.

Parameters: village, user, today.
"""

SILENT_SERVICES = (
    select(_case.c.service)
    .where(_case.c.village_id == _village, _is_open, _case.c.waiting, _case.c.due_on < _today)
    .distinct()
)
"""The services that have cases in the list "silent". Parameters: village, today."""


def _conditions(kind: Kind) -> list[ColumnElement[bool]]:
    return [_case.c.village_id == _village, *_of_list(kind), *_narrowed(kind)]


def _of_list(kind: Kind) -> tuple[ColumnElement[bool], ...]:
    mine, late, to_do = _case.c.assigned_to == _user, _case.c.due_on < _today, _to_do(kind.duties)
    return {
        "todo": (_is_open, to_do),
        "not_todo": (_is_open, mine, not_(to_do)),
        "mine": (_is_open, mine),
        "urgent": (_is_open, not_(CAN_WAIT)),
        "due": (_is_open, _case.c.due_on.between(_today, bindparam("soon", type_=Date))),
        "overdue": (_is_open, late),
        "waiting": (_is_open, _case.c.waiting),
        "silent": (_is_open, _case.c.waiting, late),
        "due_by": (_is_open, _case.c.due_on <= bindparam("until", type_=Date)),
        "open": (_is_open,),
        "closed": (_case.c.closed_at.is_not(None),),
        "of_person": (),
        "chosen": (),
    }[kind.which]


def _narrowed(kind: Kind) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if kind.by_service:
        conditions.append(_case.c.service == bindparam("service"))
    if kind.by_services:
        conditions.append(_case.c.service == func.any(bindparam("services", type_=ARRAY(String))))
    if kind.by_states:
        conditions.append(_case.c.state == func.any(bindparam("states", type_=ARRAY(String))))
    if kind.by_person:
        conditions.append(_case.c.person_id == bindparam("person", type_=Uuid))
    if kind.by_ids:
        conditions.append(_case.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid))))
    if kind.by_search:  # a ticket, a NIK, or a piece of a name
        conditions.append(
            or_(
                _case.c.ticket.ilike(bindparam("ticket_pattern")),
                _person.c.nik == bindparam("compact"),
                func.lower(_person.c.name).like(bindparam("name_pattern")),
            )
        )
    return conditions


def _to_do(duties: Duties | None) -> ColumnElement[bool]:
    """What waits for a person: their own and nobody's cases, decisions that are theirs, letters to be signed.

    A case that waits for others comes back to whoever holds it when it is late: then somebody has to ask.
    """
    if duties is None:
        return false()
    to_do: list[ColumnElement[bool]] = []
    if duties.writes:
        whose = or_(_case.c.assigned_to == _user, _case.c.assigned_to.is_(None), _case.c.priority == "urgent")
        to_do.append(and_(or_(_case.c.waiting.is_(False), _case.c.due_on < _today), whose))
        to_do.extend(and_(_stands_in(pairs), newest_word(sector) == word) for sector, word, pairs in duties.answered)
    if duties.decides:
        to_do.append(_stands_in(duties.decides))
    if duties.signs:
        to_do.append(_has_unsigned_letter())
    return or_(false(), *to_do)


def _stands_in(pairs: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    """One value however many pairs there are: all modules together have hundreds, and neither the driver nor the
    database keeps a statement of hundreds of values.
    """
    wanted = [f"{service}:{state}" for service, state in pairs]
    return _case.c.service + ":" + _case.c.state == any_(literal(wanted, ARRAY(String)))


def _has_unsigned_letter() -> ColumnElement[bool]:
    return (
        select(_letter.c.id)
        .where(
            _letter.c.village_id == _case.c.village_id,
            _letter.c.case_id == _case.c.id,
            _letter.c.signed_at.is_(None),
            _letter.c.revoked_at.is_(None),
        )
        .exists()
    )


@lru_cache(maxsize=256)
def duties_of(services: tuple[Service, ...], permissions: frozenset[str]) -> Duties:
    writes = "cases.write" in permissions
    return Duties(
        writes=writes,
        signs="letters.sign" in permissions,
        decides=tuple(_decides(services, permissions)),
        answered=_answered(services) if writes else (),
    )


def _decides(services: Sequence[Service], permissions: frozenset[str]) -> list[tuple[str, str]]:
    return [
        (service.name, key)
        for service in services
        for transition in service.workflow.transitions
        if transition.primary and transition.permission != "cases.write" and transition.permission in permissions
        for key in transition.source
        if service.workflow.state(key).kind == "waiting"
    ]


def _answered(services: Sequence[Service]) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    states: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for service in services:
        for step in service.workflow.transitions if service.referral else ():
            if service.referral and step.answered:
                here = [(service.name, key) for key in step.source]
                states[service.referral.to, step.answered].extend(here)
                states[service.referral.to, "returned"].extend(here)
    return tuple((sector, word, tuple(pairs)) for (sector, word), pairs in states.items())
