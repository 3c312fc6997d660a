"""The timeline: one line for each thing that happened, in words, written with the deed or not at all."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from core.audit import AuditEntry
from core.cases import checklist, letters, progress, tasks
from core.cases.casefile import load_case_file
from core.cases.events import describe, details
from core.cases.locking import events_since
from core.cases.models import Case, CaseEvent
from core.clock import today
from core.database.session import commit, db
from core.database.uuid7 import uuid7
from core.testing import VILLAGE, SignInAs, at


def lines(village, case) -> list[str]:
    """The timeline from the first line on."""
    file = load_case_file(village, case, frozenset())
    return [" ".join(filter(None, (entry.title, entry.event.note))) for entry in reversed(file.timeline)]


def test_everything_that_happens_to_a_case_is_told_in_words(village, desk) -> None:
    case = desk.at(village, "handling")
    checklist.confirm_seen(case, "ktp")
    checklist.take_back(case, "ktp")
    checklist.waive(case, "kk", "hilang")
    progress.save_answers(village, case, desk.service, progress.Edit({"addressee": "SMPN 1"}, "cepat", "urgent"))
    progress.assign(case, uuid7(), "Kokom")
    progress.assign(case, None, "")
    task = tasks.add_task(case, "Kunjungi rumah", today())
    db.session.flush()
    tasks.set_task_done(case, task.id, done=True)
    for key in ("rt_rw_letter", "ktp"):
        checklist.confirm_seen(case, key)
    desk.step(village, case, "recommend", note="")
    desk.step(village, case, "approve", note="")
    letter = desk.issue(village, case)
    letters.sign_letter(case, letter)
    letters.revoke_letter(case, letter, "salah tulis")
    desk.step(village, case, "cancel", note="batal")
    assert lines(village, case) == [
        "Didaftarkan. Datang ke meja.",
        "Mulai penanganan → Penanganan alasannya",
        "KTP diperlihatkan di meja",
        "KTP diminta lagi",
        "Kartu Keluarga (KK) dibebaskan hilang",
        "Isian diubah: Ditujukan kepada, Catatan, Prioritas",
        "Dipegang Kokom Kokom",
        "Dilepas, belum dipegang siapa pun",
        "Tugas baru Kunjungi rumah",
        "Tugas selesai Kunjungi rumah",
        "Surat pengantar RT/RW diperlihatkan di meja",
        "KTP diperlihatkan di meja",
        "Ajukan ke kepala desa → Rekomendasi",
        "Setujui → Disetujui",
        f"Surat {letter.reference} dibuat",
        f"Surat {letter.reference} ditandatangani",
        f"Surat {letter.reference} dicabut salah tulis",
        "Batalkan → Dibatalkan batal",
    ]


def test_each_line_has_its_entry_in_the_audit(village, desk) -> None:
    case_id = desk.save(desk.at(village, "handling"))
    of_case = select(AuditEntry.action).where(AuditEntry.object_id == case_id)
    assert sorted(db.session.scalars(of_case)) == ["cases.moved", "cases.opened"]


def test_a_deed_that_is_given_up_leaves_no_line(app: Flask, areas: None, desk) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.open(area))
    with at(app, VILLAGE) as area:
        case = db.session.query(Case).filter_by(id=case_id).one()
        desk.step(area, case, "handle")
        db.session.flush()
        db.session.rollback()
        assert [event.kind for event in db.session.query(CaseEvent)] == ["opened"]


@pytest.mark.parametrize("statement", ["UPDATE case_events SET note = 'x'", "DELETE FROM case_events"])
def test_a_line_is_written_once_and_never_changed(village, desk, statement: str) -> None:
    desk.open(village)
    commit()
    result = None
    try:
        result = db.session.execute(db.text(statement))
    except ProgrammingError:
        db.session.rollback()
    assert result is None or result.rowcount == 0  # pyright: ignore[reportAttributeAccessIssue] - a cursor result
    assert db.session.query(CaseEvent).filter_by(note="x").count() == 0
    assert db.session.query(CaseEvent).count() == 1


def test_what_came_after_a_page_is_known_by_its_version(village, desk) -> None:
    case = desk.at(village, "handling")
    db.session.flush()
    seen = case.version
    checklist.confirm_seen(case, "ktp")
    tasks.add_task(case, "Telepon", today())
    db.session.flush()
    assert [event.kind for event in events_since(case, seen)] == ["document_seen"]
    assert events_since(case, case.version) == []


def test_outcome_and_day_of_a_step_stand_beside_the_note(village) -> None:
    event = CaseEvent(kind="moved", data={"outcome": "SK 12/2026", "on": "2026-01-05"}, note="Terlampir")
    assert details(event) == "SK 12/2026, 5 Januari 2026"
    assert details(CaseEvent(kind="moved", data={})) == ""


def test_a_line_whose_words_are_gone_still_reads(village, desk) -> None:
    service = desk.service
    moved = CaseEvent(kind="moved", data={"step": "abolished"}, from_state="a", to_state="surveyed", note="")
    assert describe(moved, service) == "surveyed"
    assert describe(moved, None) == "a → surveyed"
    assert describe(CaseEvent(kind="document_given", data={"key": "passport"}, note=""), service) == "passport diunggah"
    assert describe(CaseEvent(kind="blessed", data={}, note=""), service) == "blessed"
    assert describe(CaseEvent(kind="edited", data={"fields": ["income"]}, note=""), service) == "Isian diubah: income"


def test_the_page_names_who_did_it_also_after_the_account_has_ended(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.open(area))
    kokom = sign_in("village_staff", name="Kokom Komariah")
    assert kokom.post(f"/{VILLAGE}/cases/{case_id}/papers/ktp", data={"action": "seen"}).status_code == 302
    with app.app_context():
        db.session.execute(db.text("UPDATE users SET ended_at = now() WHERE name = 'Kokom Komariah'"))
        db.session.commit()
    page = sign_in("village_staff", name="Siti").get(f"/{VILLAGE}/cases/{case_id}").text
    assert "Kokom Komariah" in page.split('id="timeline"')[1]


def test_what_somebody_wrote_is_never_markup(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case = desk.at(area, "handling", reason="<script>alert(1)</script>")
        checklist.waive(case, "ktp", "<img src=x onerror=alert(2)>")
        case_id = desk.save(case)
    page = sign_in("village_staff").get(f"/{VILLAGE}/cases/{case_id}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
