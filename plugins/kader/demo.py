"""What the demonstration shows: a field worker with her RT and a group, visits, findings, papers seen at home."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, select, tuple_

from core.api import Area, Case, Household, Person, colleagues, commit, db, missing_papers, now, today

from . import assignments, findings, prechecks, visits
from .assignments import Task
from .models import KaderAssignment
from .rulebook import answer_by
from .territory import Place, places_of

# Days ago, kind, words, urgent.
FOUND = (
    (1, "sick", "Batuk lama, belum berobat (contoh).", True),
    (6, "elderly", "Tinggal sendiri, anaknya merantau (contoh).", False),
    (20, "house", "Atap dapur rusak (contoh).", False),
)


def fill(area: Area, permissions: frozenset[str]) -> None:  # noqa: ARG001 - nothing here asks who acts
    """Nothing where there are assignments already, or nobody works."""
    there = select(KaderAssignment.id).where(KaderAssignment.village_id == area.id).limit(1)
    team, places = colleagues(area.interval), list(places_of(area.id))
    if db.session.scalar(there) is not None or not team or not places:
        return
    worker, day = team[0], today(area.timezone)
    since, own = day - timedelta(days=120), _places_with_cases(area)[:2] or places[:2]
    families = _families(area, own)
    assignments.assign(area, worker.id, Task("posyandu", since, own), by=None)
    [group] = assignments.assign(area, worker.id, Task("dasawisma", since, group_name="Dasawisma Melati"), by=None)
    for household in families[6:9]:
        assignments.add_household(group, household)
    for number, household in enumerate(families[:6]):
        _visit(area, household, number, worker.id)
    for number, (ago, kind, words, urgent) in enumerate(FOUND):
        _find(
            area,
            families[number],
            worker.id,
            ago,
            findings.Report(kind, words, urgent=urgent, id=_id(area, "f", number)),
        )
    stranger = findings.Report(
        "papers",
        "Baru pindah, belum ada KTP (contoh).",
        name="Pak Ujang",
        place="Saung dekat pasar",
        id=_id(area, "f", 9),
    )
    findings.report(area, stranger, None, None, by=worker.id)
    _check(area, own, worker.id, worker.name)
    commit()


def _id(area: Area, what: str, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"kader/{area.code}/{what}/{number}")


def _places_with_cases(area: Area) -> list[Place]:
    """Where families with open cases live, most first."""
    rows = db.session.execute(
        select(Household.rw, Household.rt)
        .join(Case, (Case.village_id == Household.village_id) & (Case.household_id == Household.id))
        .where(Case.village_id == area.id, Case.closed_at.is_(None), Household.rt != "", Household.rw != "")
        .group_by(Household.rw, Household.rt)
        .order_by(func.count().desc(), Household.rw, Household.rt)
    )
    return [Place(rw, rt) for rw, rt in rows]


def _families(area: Area, places: list[Place]) -> list[Household]:
    """In the order of their numbers; of the second place those that come behind."""
    return list(
        db.session.scalars(
            select(Household)
            .where(Household.village_id == area.id, tuple_(Household.rw, Household.rt).in_(places))
            .order_by(Household.rw, Household.rt, Household.kk_number)
            .limit(9)
        )
    )


def _visit(area: Area, household: Household, number: int, worker: UUID) -> None:
    """Half are done, the others planned: one of them overdue, one today."""
    day = today(area.timezone)
    if number % 2:
        visits.plan(area, household, worker, "routine", day + timedelta(days=number - 3), by=worker)
    else:
        done_on = day - timedelta(days=5 * number + 2)
        told = visits.Done("elderly", done_on, "Keadaan baik (contoh).", id=_id(area, "v", number))
        visits.note_done(area, household, told, by=worker)


def _find(area: Area, household: Household, worker: UUID, ago: int, told: findings.Report) -> None:
    person = db.session.scalar(
        select(Person)
        .where(Person.village_id == area.id, Person.household_id == household.id, Person.life_status == "alive")
        .order_by(Person.family_role != "head", Person.birth_date)
        .limit(1)
    )
    found = findings.report(area, told, person, household, by=worker)
    found.found_at = now() - timedelta(days=ago)
    found.answer_by = answer_by(today(area.timezone) - timedelta(days=ago), urgent=told.urgent)
    if ago > 3:
        findings.see(found, by=worker)
    if ago > 10:
        findings.answer(found, "Masuk usulan perbaikan rumah lewat musdes tahun depan (contoh).", by=worker)
        found.answered_at = found.found_at + timedelta(days=2)


def _check(area: Area, places: list[Place], worker: UUID, name: str) -> None:
    """Of the first open case there that lacks papers: one was seen."""
    cases = db.session.scalars(
        select(Case)
        .join(Household, (Household.village_id == Case.village_id) & (Household.id == Case.household_id))
        .where(
            Case.village_id == area.id,
            Case.closed_at.is_(None),
            tuple_(Household.rw, Household.rt).in_(places),
        )
        .order_by(Case.ticket)
        .limit(40)
    ).all()
    for case in cases:
        papers = missing_papers([case])[case.id]
        if len(papers) > 1:
            look = prechecks.Look(
                [papers[0].key],
                "KK masih di rumah orang tua (contoh).",
                today(area.timezone) + timedelta(days=2),
                _id(area, "p", 0),
            )
            prechecks.check(area, case, look, by=worker, name=name)
            return
