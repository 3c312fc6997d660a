"""What the demonstration shows: one case in four clusters each, with a plan and a visit. All made up."""

from datetime import date, timedelta

from sqlalchemy import select

from core.api import Answer, Area, Case, Intake, Person, commit, confirm_seen, db, open_case, take_step, today

from .plans import add_support, add_visit
from .services import SERVICES

COMMON = {"safe": "yes", "companion": "Kader (contoh)"}
CASES = {
    "child": ({"parents": "relatives", "situation": "Diasuh nenek, perlu perlengkapan sekolah."}, ["living", "care"]),
    "elderly": (
        {"lives": "alone", "daily": "help", "situation": "Sendiri, perlu dibantu."},
        ["living", "care"],
    ),
    "aid": ({"aid": "wheelchair", "situation": "Sulit berjalan, perlu kursi roda."}, ["access"]),
    "emergency": ({"event": "natural", "situation": "Rumah rusak tertimpa pohon."}, ["assistance"]),
}


def fill(area: Area, permissions: frozenset[str]) -> None:
    """What is not there yet: an interrupted demonstration is taken up again."""
    day = today(area.timezone)
    for service in SERVICES:
        key = service.name.partition(".")[2]
        there = select(Case.id).where(Case.village_id == area.id, Case.service == service.name).limit(1)
        if key not in CASES or db.session.scalar(there) is not None:
            continue
        answers, supports = CASES[key]
        more = {"happened_on": (day - timedelta(days=2)).isoformat()} if key == "emergency" else {}
        person = _resident(area, key, day.year)
        if person is None:
            continue
        given = {**COMMON, **answers, **more, "supports": supports}
        case = open_case(area, service, person, Intake("desk", given, privacy_notice_given=True))
        for paper in service.requirements:
            confirm_seen(case, paper.key)
        if key != "emergency":
            take_step(area, case, service, "handle", permissions, Answer())
        if key == "elderly":
            plan = {"kind": "living", "detail": "Paket kebutuhan dasar", "provider": "Sentra (contoh)"}
            add_support(case, {**plan, "state": "planned", "state_on": day})
            seen = {"visited_on": day, "visitor": "Kader (contoh)", "condition": "Sehat, perlu ditemani kontrol."}
            add_visit(case, {**seen, "next_on": day + timedelta(days=30)}, case.opened_by or case.id)
    commit()


def _resident(area: Area, key: str, year: int) -> Person | None:
    """Somebody of a fitting age: the one whose NIK comes last, whom no other programme's demonstration takes first."""
    born = {"child": (year - 15, year - 7), "elderly": (0, year - 65), "aid": (0, year - 62), "emergency": (1970, 1995)}
    first, last = born[key]
    ages = (Person.birth_date >= date(first or 1900, 1, 1), Person.birth_date < date(last, 1, 1))
    taken = select(Case.id).where(Case.village_id == area.id, Case.person_id == Person.id).exists()
    return db.session.scalar(
        select(Person)
        .where(Person.village_id == area.id, Person.life_status == "alive", *ages, ~taken)
        .order_by(Person.nik.desc())
        .limit(1)
    )
