"""Many cases at once: looked at first, done one by one, told case by case, taken back while nothing else happened."""

import html
import re
from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.audit.models import AuditEntry
from core.cases.batch_models import CaseBatch, CaseBatchItem
from core.cases.models import Case, CaseEvent, LetterRecord, Task
from core.cases.tasks import add_task
from core.clock import today
from core.database.session import commit, db
from core.jobs import run_waiting
from core.referrals.drafting import ReferralInput, create_draft
from core.referrals.organisations import find_addressee
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_person
from tests.cases.conftest import Desk
from tests.web.test_query_counts import counted

CASES = f"/{VILLAGE}/cases"
HANDLE, RECOMMEND, CANCEL, LETTER = (
    "step:sktm.letter:handle",
    "step:sktm.letter:recommend",
    "step:sktm.letter:cancel",
    "letter:sktm.letter:statement",
)


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def make(app: Flask, *states: str) -> list[str]:
    """Cases of SKTM in these states, of Warga 0, Warga 1…"""
    desk, made = Desk(), []
    with at(app, VILLAGE) as area:
        for number, state in enumerate(states):
            made.append(desk.at(area, state, make_person(area.id, f"Warga {number}", nik=None)).id)
        commit()
    return [str(case_id) for case_id in made]


def look(client: FlaskClient, ids: Sequence[str], do: str = "") -> str:
    answer = client.get(f"{CASES}/batch", query_string={"case": list(ids), "do": do})
    assert answer.status_code == 200
    return answer.text


def ticked(page: str) -> list[str]:
    """What the preview's form sends."""
    return re.findall(r'name="case" value="([0-9a-f-]{36}:\d+)"', page)


def do(client: FlaskClient, ids: Sequence[str], action: str, **answer: str) -> TestResponse:
    page = look(client, ids, action)
    return client.post(f"{CASES}/batch", data={"case": ticked(page), "do": action, **answer})


def states(app: Flask, ids: Sequence[str]) -> list[str]:
    with at(app, VILLAGE) as area:
        return [db.session.get_one(Case, (area.id, UUID(case_id))).state for case_id in ids]


def results(app: Flask) -> list[str]:
    with at(app, VILLAGE):
        return list(db.session.scalars(select(CaseBatchItem.result).order_by(CaseBatchItem.place)))


def undo(client: FlaskClient, address: str, reason: str = "Salah pilih") -> TestResponse:
    return client.post(f"{address}/undo", data={"reason": reason})


def test_the_list_offers_boxes_to_who_works_on_cases(app: Flask, staff: FlaskClient, sign_in: SignInAs) -> None:
    make(app, "registered")
    assert 'type="checkbox" name="case"' in staff.get(CASES).text
    assert 'name="case"' not in sign_in("auditor", "32.01").get(CASES).text
    assert sign_in("auditor", "32.01").get(f"{CASES}/batch").status_code == 403


def test_the_preview_says_for_each_case_what_will_happen_or_why_not(app: Flask, staff: FlaskClient) -> None:
    ids = make(app, "registered", "handling", "recommended")
    page = words(look(staff, ids))
    assert "3 kasus dipilih" in page
    assert "1 dari 3 kasus" in page
    page = words(look(staff, ids, RECOMMEND))
    assert "Tidak satu pun" in page
    assert "Warga 1" in page
    assert "Belum ada:" in page  # its papers
    assert "Langkah ini tidak mungkin dari keadaan kasus sekarang." in page
    page = words(look(staff, ids, HANDLE))
    assert "1 dari 3 kasus Warga Sekarang Sesudahnya Warga 0" in page


def test_nothing_chosen_and_nonsense_are_told(app: Flask, staff: FlaskClient) -> None:
    ids = make(app, "registered")
    assert "Belum ada kasus yang dipilih" in look(staff, [])
    assert "Belum ada kasus yang dipilih" in look(staff, ["x", str(UUID(int=7))], "step:none:none")
    assert staff.post(f"{CASES}/batch", data={"case": [f"{ids[0]}:1"], "do": "letter:sktm.letter:x"}).status_code == 422
    assert staff.post(f"{CASES}/batch", data={"do": HANDLE}).status_code == 422
    assert states(app, ids) == ["registered"]


def test_a_step_is_taken_in_each_case_and_taken_back(app: Flask, staff: FlaskClient) -> None:
    ids = make(app, "registered", "registered", "handling")
    answer = do(staff, ids, HANDLE)
    assert answer.status_code == 302
    assert states(app, ids) == ["handling"] * 3
    page = words(staff.get(answer.location).text)
    assert "2 kasus dikerjakan, 0 dilewati." in page
    assert "Mulai" in words(staff.get(f"{CASES}/batches").text)
    assert undo(staff, answer.location, " ").status_code == 422
    assert undo(staff, answer.location).status_code == 302
    assert states(app, ids) == ["registered", "registered", "handling"]
    assert results(app) == ["undone", "undone"]
    assert "Diurungkan" in words(staff.get(answer.location).text)
    assert undo(staff, answer.location).status_code == 422  # once is enough
    assert "Diurungkan: " in words(staff.get(f"{CASES}/{ids[0]}").text)
    with at(app, VILLAGE):
        said = set(db.session.scalars(select(AuditEntry.action)))
        assert {"cases.batch_started", "cases.batch_done", "cases.step_undone", "cases.batch_undone"} <= said
        assert db.session.scalar(select(CaseBatch.answer)) == {}


def test_what_a_step_asks_for_is_asked_once_for_all(app: Flask, staff: FlaskClient) -> None:
    ids = make(app, "registered", "registered")
    refused = do(staff, ids, CANCEL)
    assert refused.status_code == 422
    assert len(ticked(refused.text)) == 2
    assert states(app, ids) == ["registered"] * 2
    answer = do(staff, ids, CANCEL, note="Pindah program")
    assert states(app, ids) == ["cancelled"] * 2
    with at(app, VILLAGE):
        notes = db.session.scalars(select(CaseEvent.note).where(CaseEvent.kind == "moved")).all()
        assert notes == ["Pindah program"] * 2
        assert all(db.session.scalars(select(Case.closed_at)))
    undo(staff, answer.location)
    with at(app, VILLAGE):
        assert db.session.scalars(select(Case.closed_at)).all() == [None, None]


def test_what_others_changed_since_the_preview_is_left_out_and_told(app: Flask, staff: FlaskClient) -> None:
    ids = make(app, "registered", "registered")
    seen = ticked(look(staff, ids, HANDLE))
    do(staff, ids[:1], CANCEL, note="Batal")
    answer = staff.post(f"{CASES}/batch", data={"case": seen, "do": HANDLE})
    assert states(app, ids) == ["cancelled", "handling"]
    page = words(staff.get(answer.location).text)
    assert "1 kasus dikerjakan, 1 dilewati." in page
    assert "Orang lain sudah mengubah kasus ini sejak pratinjau." in page


def test_what_has_changed_again_stays_as_it_is(app: Flask, staff: FlaskClient) -> None:
    """The case itself, or anything that refers to it: a row that some module made about it."""
    ids = make(app, "registered", "registered", "registered")
    answer = do(staff, ids, HANDLE)
    do(staff, ids[:1], CANCEL, note="Batal")
    with at(app, VILLAGE) as area:
        organisation = find_addressee(area.interval, "kecamatan")
        assert organisation
        case = db.session.get_one(Case, (area.id, UUID(ids[1])))
        create_draft(area, case, ReferralInput(organisation, "membership", "Mohon dibantu."))
        commit()
    undo(staff, answer.location)
    assert states(app, ids) == ["cancelled", "handling", "registered"]
    with at(app, VILLAGE):
        items = db.session.scalars(select(CaseBatchItem).where(CaseBatchItem.result != "done"))
        found = {str(item.case_id): item.result for item in items}
    assert found == dict(zip(ids, ("kept", "kept", "undone"), strict=True))
    assert "kasusnya sudah berubah lagi" in staff.get(answer.location).text


def test_each_step_is_for_whom_it_is_for(app: Flask, staff: FlaskClient, sign_in: SignInAs) -> None:
    """The kepala desa's decision is offered to nobody else, taken for nobody else, and taken back by nobody else."""
    ids = make(app, "recommended")
    approve = "step:sktm.letter:approve"
    assert approve not in look(staff, ids)
    assert "bukan bagian dari peran Anda" in look(staff, ids, approve)
    with at(app, VILLAGE) as area:
        version = db.session.get_one(Case, (area.id, UUID(ids[0]))).version
    forced = staff.post(f"{CASES}/batch", data={"case": [f"{ids[0]}:{version}"], "do": approve})
    assert states(app, ids) == ["recommended"]
    assert "bukan bagian dari peran Anda" in staff.get(forced.location).text
    head = sign_in("village_head")
    answer = do(head, ids, approve)
    assert states(app, ids) == ["approved"]
    assert "Urungkan" not in words(staff.get(answer.location).text)
    assert undo(staff, answer.location).status_code == 422
    assert states(app, ids) == ["approved"]
    assert undo(head, answer.location).status_code == 302
    assert states(app, ids) == ["recommended"]


def test_letters_are_made_and_revoked_and_keep_their_numbers(app: Flask, staff: FlaskClient) -> None:
    ids = make(app, "approved", "approved", "handling", "issued")
    page = words(look(staff, ids, LETTER))
    assert "Surat ini baru dapat dibuat setelah kasus sampai di" in page
    assert "Surat ini sudah dibuat." in page
    answer = do(staff, ids, LETTER)
    with at(app, VILLAGE):
        numbers = db.session.scalars(select(LetterRecord.number).order_by(LetterRecord.number)).all()
        assert numbers == [1, 2, 3]
    with staff.get(f"{answer.location}/letters.pdf") as printed:
        assert len(PdfReader(BytesIO(printed.data)).pages) == 2
    undo(staff, answer.location)
    with at(app, VILLAGE):
        letters = db.session.scalars(select(LetterRecord).order_by(LetterRecord.number)).all()
        assert [(letter.number, letter.revoked_reason) for letter in letters] == [
            (1, ""),
            (2, "Salah pilih"),
            (3, "Salah pilih"),
        ]
    assert staff.get(f"{answer.location}/letters.pdf").status_code == 404


def test_tasks_that_the_step_made_go_with_it_and_others_stay(app: Flask, staff: FlaskClient) -> None:
    ids = make(app, "registered")
    answer = do(staff, ids, HANDLE)
    with at(app, VILLAGE) as area:
        add_task(db.session.get_one(Case, (area.id, UUID(ids[0]))), "Telepon RT", today())
        commit()
    undo(staff, answer.location)
    with at(app, VILLAGE):
        assert db.session.scalars(select(Task.title)).all() == ["Telepon RT"]
    assert states(app, ids) == ["registered"]


def test_many_are_done_by_a_job_that_shows_how_far_it_is(app: Flask, staff: FlaskClient) -> None:
    ids = make(app, *["registered"] * 12)
    answer = do(staff, ids, HANDLE)
    assert "0 dari 12" in words(staff.get(answer.location).text)
    assert undo(staff, answer.location).status_code == 422
    run_waiting(app)
    assert states(app, ids) == ["handling"] * 12
    assert "12 kasus dikerjakan" in words(staff.get(answer.location).text)


def test_an_interrupted_batch_goes_on_where_it_stopped(
    app: Flask, staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make(app, *["registered"] * 12)
    address = do(staff, ids, HANDLE).location
    with monkeypatch.context() as broken:
        broken.setattr("core.cases.batches.standing_before", lambda _case: 1 / 0)
        run_waiting(app)
    assert states(app, ids) == ["registered"] * 12
    assert "Lanjutkan bila terhenti" in staff.get(address).text
    assert staff.post(f"{address}/resume").status_code == 302
    run_waiting(app)
    assert states(app, ids) == ["handling"] * 12


def test_another_villages_cases_and_batches_are_nobodys(app: Flask, staff: FlaskClient, sign_in: SignInAs) -> None:
    ids = make(app, "registered")
    address = do(staff, ids, HANDLE).location.rpartition("/")[2]
    foreign = sign_in("village_staff", SIBLING)
    assert "Warga 0" not in foreign.get(f"/{SIBLING}/cases/batch", query_string={"case": ids}).text
    for path, method in ((address, "GET"), (f"{address}/undo", "POST"), (f"{address}/resume", "POST")):
        assert foreign.open(f"/{SIBLING}/cases/batches/{path}", method=method).status_code == 404
    posted = foreign.post(f"/{SIBLING}/cases/batch", data={"case": [f"{ids[0]}:2"], "do": CANCEL, "note": "x"})
    assert posted.status_code == 422
    assert states(app, ids) == ["handling"]


def test_a_preview_takes_as_many_statements_for_ten_cases_as_for_two(app: Flask, staff: FlaskClient) -> None:
    ids = make(app, *["handling"] * 10)
    counts = []
    for some in (ids[:2], ids):
        with counted(app) as statements:
            look(staff, some, RECOMMEND)
        counts.append(len(statements))
    assert counts[0] == counts[1]
