"""Whether the parts that a plugin adds to core's pages, and what it does at events, work at all."""

from core.database.session import commit
from core.testing.pages import ROLES_AT_WORK, core_pages
from core.testing.residents import make_case, make_person
from core.testing.subject import Subject
from core.testing.villages import VILLAGE, at


def failing_parts(subject: Subject) -> list[str]:
    before = subject.failures
    with at(subject.app, VILLAGE) as area:
        person = make_person(area.id)
        cases = [make_case(area, service, person, **subject.answers(service)) for service in subject.services]
        urls = core_pages(VILLAGE, person.id, [case.id for case in cases])
        commit()
    faults: list[str] = []
    for role in ROLES_AT_WORK:
        for url in urls:
            with subject.client(role).get(url) as answer:
                if answer.status_code != 200:
                    faults.append(f"GET {url}: {answer.status_code}")
    if subject.failures != before:
        faults.append("one of its hooks failed; the log says which")
    return faults
