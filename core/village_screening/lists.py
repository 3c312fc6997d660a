"""What a finished run found, to be read: counts by service, and the residents of one of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select, tuple_
from sqlalchemy.orm import contains_eager

from core.cases.models import Case
from core.cases.service import Service
from core.database.session import db
from core.people.models import Person
from core.web.paging import PAGE_SIZE, Page, paged, read_cursor

from .models import ScreeningFinding, ScreeningRun

BATCH = 500
VERDICTS = ("met", "unknown", "unmet", "asked")


@dataclass(frozen=True)
class ServiceCounts:
    """Of one service: to how many it applies, to how many it may, to how many not, and how many asked already.

    ``failed``: its criteria could not be worked out, and there are no figures.
    """

    service: Service
    met: int
    unknown: int
    unmet: int
    asked: int
    failed: bool


@dataclass(frozen=True)
class FoundRow:
    """A resident to be told of a service."""

    finding: ScreeningFinding
    person: Person


def counts_of(run: ScreeningRun, services: Mapping[str, Service]) -> list[ServiceCounts]:
    """Of the services that have criteria and are offered today, those first for which somebody was found."""
    judged, failed = run.counts.get("services", {}), run.counts.get("failed", ())
    rows = [
        ServiceCounts(service, **{key: judged.get(name, {}).get(key, 0) for key in VERDICTS}, failed=name in failed)
        for name, service in services.items()
        if name in judged or name in failed
    ]
    return sorted(rows, key=lambda row: (row.failed, -row.met, -row.unknown))


def findings_page(run: ScreeningRun, service: Service, *, sure: bool, cursor: str | None) -> Page[FoundRow]:
    """Those whom a service suits (``sure``), or may suit, by RW and RT; who has asked since the run is left out."""
    after = _after(cursor)
    query = _found(run, service, sure=sure)
    if after:
        query = query.where(tuple_(*_ORDER) > tuple_(*after))
    rows = db.session.execute(query.limit(PAGE_SIZE + 1)).all()
    page = paged(rows, lambda row: _key(row[0]), cursor)
    return Page([FoundRow(*row) for row in page.rows], page.next, page.is_first)


def all_findings(run: ScreeningRun, service: Service, *, sure: bool) -> Iterator[FoundRow]:
    """All pages, a few hundred rows in memory at a time."""
    for row in db.session.execute(_found(run, service, sure=sure).execution_options(yield_per=BATCH)):
        yield FoundRow(*row)


_ORDER = (
    ScreeningFinding.open_questions,
    ScreeningFinding.rw,
    ScreeningFinding.rt,
    ScreeningFinding.id,
)


def _key(finding: ScreeningFinding) -> tuple[object, ...]:
    return finding.open_questions, finding.rw, finding.rt, finding.id


def _found(run: ScreeningRun, service: Service, *, sure: bool):
    questions = ScreeningFinding.open_questions
    return (
        select(ScreeningFinding, Person)
        .join(Person, and_(Person.village_id == ScreeningFinding.village_id, Person.id == ScreeningFinding.person_id))
        .outerjoin(Person.household)
        .options(contains_eager(Person.household))
        .where(
            ScreeningFinding.village_id == run.village_id,
            ScreeningFinding.run_id == run.id,
            ScreeningFinding.service == service.name,
            questions == 0 if sure else questions > 0,
            Person.life_status == "alive",
            ~_asked_meanwhile(service),
        )
        .order_by(*_ORDER)
    )


def _asked_meanwhile(service: Service) -> ColumnElement[bool]:
    whose = Case.household_id == Person.household_id if service.subject == "household" else Case.person_id == Person.id
    return exists().where(
        Case.village_id == Person.village_id, whose, Case.service == service.name, Case.closed_at.is_(None)
    )


def _after(cursor: str | None) -> tuple[int, str, str, UUID] | None:
    """A damaged cursor starts at the first page."""
    try:
        questions, rw, rt, finding_id = read_cursor(cursor, 4) or ("", "", "", "")
        return int(questions), str(rw), str(rt), UUID(str(finding_id))
    except ValueError:
        return None
