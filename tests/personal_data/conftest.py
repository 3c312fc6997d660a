"""A resident about whom the village holds something everywhere, and whose words all say so."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text as sql
from sqlalchemy import update

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.cases import letters, progress
from core.cases.catalogue import find_service
from core.cases.checklist import give_document
from core.cases.letter_values import letter_values
from core.cases.locking import find_case
from core.cases.models import Document, LetterRecord
from core.cases.tasks import add_task
from core.clock import today
from core.database.session import commit, db
from core.files import FileStore
from core.imports.models import Import, ImportFinding
from core.people.models import Household, ImportChange
from core.people.search import family_of
from core.platform import platform
from core.referrals import sending
from core.referrals.drafting import ReferralInput, create_draft
from core.referrals.models import Organisation, Referral
from core.referrals.organisations import OrganisationInput, register
from core.testing import VILLAGE, at, make_case, make_person, settle_papers

NAME, NIK = "Enok Rohaeti", "3201155507915577"
SECRET = "rahasia-enok"
"""In every text that says something about her."""
ANSWERS = {"purpose": "school", "addressee": SECRET, "reason": SECRET, "witness_1": "Ujang", "witness_2": "Oom"}
STEPS = ("handle", "recommend", "approve", "issue", "sign", "finish")


@dataclass(frozen=True)
class Resident:
    id: UUID
    case_id: UUID
    paper: Path
    letter: Path


@pytest.fixture
def resident(app: Flask, areas: None) -> Resident:
    """Her case is done, her letter signed, her referral answered."""
    return make_resident(app)


def make_resident(app: Flask, *, done: bool = True, code: str = VILLAGE) -> Resident:
    with app.app_context():
        organisation_id = register(
            AreaCode.parse(code[:5]).id, OrganisationInput("RSUD Leuwiliang", "government", "hospital", "0251-800001")
        ).id
        db.session.commit()
    with at(app, code) as area:
        made = _make(area, organisation_id, done=done)
        commit()
        return made


def _make(area: CurrentArea, organisation_id: UUID, *, done: bool) -> Resident:
    person = make_person(area.id, NAME, nik=NIK, phone=SECRET, mother_name=SECRET, extra={"blood_type": SECRET})
    db.session.get_one(Household, (area.id, person.household_id)).address = SECRET
    service = find_service("sktm.letter")
    assert service
    files_dir = platform().config.files_dir
    case = make_case(area, service, person, **ANSWERS)
    case.note = case.reporter_name = SECRET
    document = give_document(
        case, "ktp", stream=BytesIO(b"%PDF-1.7 " + SECRET.encode()), filename=f"{SECRET}.pdf", files_dir=files_dir
    )
    settle_papers(case, service)
    add_task(case, SECRET, today(area.timezone))
    _refer(area, case.id, organisation_id, document)
    _leave_traces_of_an_import(area, person.id)
    letter_file = Path()
    for key in STEPS if done else STEPS[:1]:
        if key == "issue":
            values = letter_values(service, case, family_of(person))
            request = letters.LetterRequest(area, case, service, service.letters[0], values, "http://x/{token}")
            letter_file = stored(area.id, letters.issue_letter(request, files_dir))
        elif key == "sign":
            letters.sign_letter(case, progress.letters_of(case)[0])
        else:
            rights = platform().permissions.of_role("village_head")
            progress.take_step(area, case, service, key, rights, progress.Answer(SECRET))
        db.session.flush()
    return Resident(person.id, case.id, stored(area.id, document), letter_file)


def stored(village_id: int, row: Document | LetterRecord) -> Path:
    return FileStore(platform().config.files_dir, village_id).path(row.sha256)


def _refer(area: CurrentArea, case_id: UUID, organisation_id: UUID, document: Document) -> None:
    case = find_case(area.id, case_id)
    assert case
    wanted = ReferralInput(
        db.session.get_one(Organisation, organisation_id),
        kind="membership",
        ask=SECRET,
        fields=("age", "phone"),
        documents=(document.id,),
    )
    referral = create_draft(area, case, wanted)
    sending.send(area, referral, case)
    db.session.execute(update(Referral).where(Referral.id == referral.id).values(state="told", outcome=SECRET))
    db.session.expire(referral)


def _leave_traces_of_an_import(area: CurrentArea, person_id: UUID) -> None:
    kept = [{"endpoint": "people.show", "id": str(person_id), "name": NAME, "reason": "used"}]
    brought = Import(
        village_id=area.id,
        kind="people.residents",
        filename="warga.csv",
        state="undone",
        summary={"undo": {"kept": kept}},
    )
    db.session.add(brought)
    db.session.flush()
    common = {"village_id": area.id, "import_id": brought.id}
    db.session.add(ImportChange(**common, table="persons", row_id=person_id, before={"name": SECRET}, version_after=1))
    said = {"column": "nama", "value": NAME, "message": "-", "fix": "-"}
    db.session.add(ImportFinding(**common, row_no=2, level="warning", **said))
    db.session.flush()


Held = Callable[[str], list[str]]


@pytest.fixture
def held(app: Flask) -> Held:
    """``held(text)``: the tables of the village in which a row still has the text; the audit is one of them."""

    def look(text: str, code: str = VILLAGE) -> list[str]:

        tables = (
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND "
            "column_name IN ('village_id', 'area_id') ORDER BY 1"
        )
        with at(app, code):
            names = db.session.scalars(sql(tables)).all()
            query = "SELECT count(*) FROM {} t WHERE t::text LIKE :text"
            return [n for n in names if db.session.scalar(sql(query.format(n)), {"text": f"%{text}%"})]

    return look
