"""Whether a case of a restricted service shows to somebody without its permission, on any page of core's or its own.

Everything of the village that such a role can open is looked at before there are such cases and once there are: it must
answer the same, so that no figure and no gap betrays one. Where something has to be told (the audit goes on, a district
counts), no word of theirs may be.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Table

from core.cases.lists import FILTERS
from core.cases.models import Case, Document, LetterRecord
from core.cases.service import Service
from core.cases.tasks import put_task
from core.clock import now, today
from core.database.session import commit, db
from core.people.models import Person
from core.referrals.lists import FILTERS as REFERRALS
from core.referrals.models import Organisation, Referral
from core.testing.comparing import Shown, Visit, shown, time_stands_still
from core.testing.made_up import Family, fill_own_tables
from core.testing.pages import core_pages, pages_of, urls_with
from core.testing.residents import make_case, make_person
from core.testing.standings import Standing, standings
from core.testing.subject import Subject
from core.testing.villages import VILLAGE, at

WORD = "qzrahasiadibatasi"
CLOSED = {403, 404}


def restricted_faults(subject: Subject) -> list[str]:
    """Nothing for a plugin without restricted services."""
    faults: list[str] = []
    for permission in sorted({service.restricted_to for service in subject.services if service.restricted_to}):
        services = [service for service in subject.services if service.restricted_to == permission]
        faults += _faults(subject, services, standings(subject.app, permission, holds=False))
    return faults


def _faults(subject: Subject, services: list[Service], others: list[Standing]) -> list[str]:
    with at(subject.app, VILLAGE) as area:
        person = make_person(area.id, "Warga Biasa")
        person_id = person.id
        commit()
    visits = [visit for role, place in others for visit in _visits(subject, role, place, person_id)]
    with time_stands_still():
        before, again = shown(visits), shown(visits)
        family = _make_cases(subject, services, person_id)
        after = shown(visits)
    return [
        *_betrayed(before, again, after),
        *(f"GET {name} shows {word}" for name in after for word in family.found_in(after[name])),
        *(fault for role, place in others for fault in _opened(subject, role, place, family)),
    ]


def _betrayed(before: Shown, again: Shown, after: Shown) -> Iterator[str]:
    """The audit tells that something was done, and a district counts its villages' work: these are asked for words."""
    for name in before:
        is_compared = name.startswith(f"/{VILLAGE}/") and "/audit" not in name
        if is_compared and before[name] == again[name] != after[name]:
            yield f"GET {name} is another page once there is a restricted case"


# ---- what is made ----


def _make_cases(subject: Subject, services: list[Service], person_id: UUID) -> Family:
    """A case of each service with all that hangs on one, and the plugin's own rows about it; each with the word."""
    family = Family(VILLAGE, words=[WORD])
    with at(subject.app, VILLAGE) as area:
        person = db.session.get_one(Person, (area.id, person_id))
        for service in services:
            case = make_case(area, service, person, **subject.answers(service))
            case.note, case.reporter_name = WORD, WORD
            db.session.flush()
            family.words.append(case.ticket)
            for row in (case, *_hanging_on(case)):
                db.session.add(row)
                db.session.flush()
                family.add(type(row).__tablename__, row.id)
        commit()
        ids = {"persons": [person_id], "cases": family.ids["cases"]}
        made = Family(VILLAGE, ids={**ids, "households": [person.household_id] if person.household_id else []})
        about = [table for table in subject.tables if _is_about_cases(table, subject.tables)]
        fill_own_tables(subject, area.id, made, WORD, about)
        for table in about:
            for row_id in made.ids.get(table.name, []):
                family.add(table.name, row_id)
        commit()
    return family


def _hanging_on(case: Case) -> Iterator[Document | LetterRecord | Referral]:
    """A paper, a letter that waits for its signature, a task that is due, and a referral."""
    day, service = today(), case.service
    put_task(case, WORD, day - timedelta(days=1))
    yield Document(
        village_id=case.village_id,
        person_id=case.person_id,
        household_id=case.household_id,
        case_id=case.id,
        kind="kk",
        filename=WORD,
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
    )
    number = 900 + int(case.ticket[-4:])
    yield LetterRecord(
        village_id=case.village_id,
        case_id=case.id,
        key="letter",
        year=day.year,
        number=number,
        reference=f"460/{number}",
        subject=f"{service} – {WORD}",
        token=f"{WORD}{number}",
        sha256="0" * 64,
        issued_on=day,
    )
    organisation = Organisation(name=f"Panti {number}", kind="government", sector="ngo", area_id=case.village_id)
    db.session.add(organisation)
    db.session.flush()
    yield Referral(
        village_id=case.village_id,
        case_id=case.id,
        organisation_id=organisation.id,
        number=f"R-{number}",
        kind="programme",
        ask=WORD,
        shared={"name": WORD, "kind": "programme"},
        answer_days=3,
        state="sent",
        due_on=day - timedelta(days=1),
        sent_at=now(),
    )


def _is_about_cases(table: Table, own: list[Table]) -> bool:
    """Its rows belong to a case, or to a row that does."""
    targets = {
        element.target_fullname.partition(".")[0] for key in table.foreign_key_constraints for element in key.elements
    }
    return "cases" in targets or any(
        other.name in targets and _is_about_cases(other, own) for other in own if other is not table
    )


# ---- what is looked at ----


def _visits(subject: Subject, role: str, place: str, person: UUID) -> Iterator[Visit]:
    client = subject.client(role, place)
    for url in (*_village_pages(person), *(_wide_pages(place) if place != VILLAGE else ()), *_own_pages(subject)):
        yield client, url, f"{url} as {role}"


def _village_pages(person: UUID) -> Iterator[str]:
    yield from core_pages(VILLAGE, person, ())
    yield from (f"/{VILLAGE}/cases?which={which}" for which in FILTERS)
    yield from (f"/{VILLAGE}/referrals?which={which}" for which in REFERRALS)
    for path in ("letters?which=unsigned", "letters/print", "audit", "audit.xlsx", "exports"):
        yield f"/{VILLAGE}/{path}"
    yield f"/{VILLAGE}/search?q={WORD[:9]}"
    yield f"/{VILLAGE}/cases?which=open&q={WORD[:9]}"
    yield f"/{VILLAGE}/people/{person}/erase"


def _wide_pages(place: str) -> Iterator[str]:
    yield from (f"/{place}/{path}" for path in ("", "audit", "audit.xlsx", "villages", "inbox"))


def _own_pages(subject: Subject) -> Iterator[str]:
    yield from (page.url for page in pages_of(subject) if page.method == "GET" and not page.has_ids)


def _opened(subject: Subject, role: str, place: str, family: Family) -> Iterator[str]:
    """By its address each of the rows is not there, or is nothing for this role."""
    client = subject.client(role, place)
    by_id = {"cases": ("cases/{}", "cases/{}/receipt", "cases/{}/edit"), "documents": ("documents/{}",)}
    by_id |= {"letters": ("letters/{}.pdf",), "referrals": ("referrals/{}", "referrals/{}/edit")}
    for table, paths in by_id.items():
        for row_id in family.ids[table]:
            yield from _answered(client, (f"/{VILLAGE}/{path.format(row_id)}" for path in paths), role)
    for page in pages_of(subject):
        if page.method == "GET" and page.has_ids:
            yield from _answered(client, urls_with(subject, page, family.ids), role)


def _answered(client: FlaskClient, urls: Iterator[str], role: str) -> Iterator[str]:
    for url in urls:
        with client.get(url) as answer:
            if answer.status_code not in CLOSED:
                yield f"GET {url} as {role} answers {answer.status_code}"
