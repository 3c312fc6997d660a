"""A desk at which SKTM cases are opened and brought to any state, through the functions that the pages call."""

from dataclasses import dataclass

import pytest
from flask import Flask

from core.areas.current import CurrentArea
from core.cases import letters, progress
from core.cases.catalogue import find_service
from core.cases.intake import Intake, open_case
from core.cases.letter_values import letter_values
from core.cases.models import Case, LetterRecord
from core.cases.service import Service
from core.database.session import commit, db
from core.people.models import Person
from core.people.search import family_of
from core.platform import platform
from core.testing import make_person, settle_papers

ANSWERS = {
    "purpose": "school",
    "addressee": "SDN Cibadak 01",
    "reason": "Buruh harian, tiga anak.",
    "witness_1": "Ujang",
    "witness_2": "Oom",
}
VERIFY = "http://localhost/32.01.15.2008/verify/{token}"

# The steps that lead to each state, the letter between them.
WAYS = {
    "registered": "",
    "handling": "handle",
    "recommended": "handle recommend",
    "approved": "handle recommend approve",
    "issued": "handle recommend approve issue",
    "signed": "handle recommend approve issue sign",
    "done": "handle recommend approve issue sign finish",
    "refused": "handle recommend refuse",
    "cancelled": "cancel",
}


@dataclass
class Desk:
    """Everything here happens in the scope of the village that the caller has entered; the caller commits."""

    @property
    def service(self) -> Service:
        service = find_service("sktm.letter")
        assert service
        return service

    def open(self, area: CurrentArea, person: Person | None = None, **answers: str) -> Case:
        person = person or make_person(area.id)
        return open_case(area, self.service, person, Intake("desk", {**ANSWERS, **answers}, privacy_notice_given=True))

    def at(self, area: CurrentArea, state: str, person: Person | None = None, **answers: str) -> Case:
        """A case in a state; "issued" and "signed" are approved with a letter."""
        case = self.open(area, person, **answers)
        for deed in WAYS[state].split():
            if deed == "recommend":
                settle_papers(case, self.service)
            if deed == "issue":
                self.issue(area, case)
            elif deed == "sign":
                letters.sign_letter(case, self.letter(case))
            else:
                self.step(area, case, deed)
        db.session.flush()
        return case

    def step(self, area: CurrentArea, case: Case, key: str, note: str = "alasannya") -> None:
        rights = platform().permissions.of_role("village_head")
        progress.take_step(area, case, self.service, key, rights, progress.Answer(note))

    def issue(self, area: CurrentArea, case: Case) -> LetterRecord:
        service = self.service
        values = letter_values(service, case, family_of(case.person))
        request = letters.LetterRequest(area, case, service, service.letters[0], values, VERIFY)
        record = letters.issue_letter(request, platform().config.files_dir)
        db.session.flush()
        return record

    def letter(self, case: Case) -> LetterRecord:
        """The letter of the case that holds."""
        return next(letter for letter in progress.letters_of(case) if letter.revoked_at is None)

    def save(self, case: Case) -> str:
        """Commit, and the case's id for a page's address."""
        case_id = str(case.id)
        commit()
        return case_id


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk()


@pytest.fixture
def answers() -> dict[str, str]:
    """Right answers to the SKTM form."""
    return dict(ANSWERS)
