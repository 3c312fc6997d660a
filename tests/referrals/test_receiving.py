"""The receiving side, as its officers use it: accept, return, process, answer with evidence, in every state."""

from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from core.areas.models import Area
from core.audit import AuditEntry
from core.cases.models import Document
from core.clock import now
from core.database.session import commit, current_scope, db
from core.referrals.addressing import Address, NotAddressed
from core.referrals.answering import Reply, take_step
from core.referrals.models import Referral, ReferralDocument
from core.referrals.states import STEPS, steps_from
from core.testing import VILLAGE, SignInAs, at

from .conftest import (
    ANSWER,
    DISTRICT,
    NAME,
    NIK,
    PDF,
    PHONE,
    WAYS,
    Organisations,
    SendTo,
    SignInOfficer,
    answer,
    bring_to,
    inbox_url,
    state_of,
    tell,
    village_url,
)

RECEIVER = [key for key, step in STEPS.items() if step.side == "receiver"]


def audit_of(app: Flask, action: str) -> list[AuditEntry]:
    with at(app, VILLAGE) as area:
        found = select(AuditEntry).where(AuditEntry.area_id == area.id, AuditEntry.action == action)
        return list(db.session.scalars(found))


def test_a_referral_goes_from_the_desk_to_the_hospital_and_back_to_the_resident(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    officer, staff = sign_in_officer(organisations.hospital), sign_in("village_staff")
    assert NAME in officer.get("/32.01/inbox").text
    page = officer.get(inbox_url(referral)).text
    assert PHONE in page
    assert "Mohon aktifkan kembali PBI-JK." in page
    bring_to(app, officer, referral, "processing")
    evidence = (BytesIO(PDF), "kartu.pdf")
    assert answer(app, officer, referral, "finish", note="Aktif per hari ini.", evidence=evidence).status_code == 302
    page = staff.get(village_url(referral)).text
    assert "Aktif per hari ini." in page
    assert "Bukti dari RSUD Leuwiliang" in page
    assert tell(app, staff, referral).status_code == 302
    assert state_of(app, referral)[0] == "told"
    for client, url in ((officer, inbox_url(referral)), (staff, village_url(referral))):
        page = client.get(url).text
        for line in ("Dikirim", "Diterima", "Mulai diproses", "Dijawab: selesai", "Warga sudah diberi tahu"):
            assert line in page


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("key", RECEIVER)
def test_each_step_is_possible_from_its_states_and_from_no_other(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer, state: str, key: str
) -> None:
    referral = send_to(organisations.hospital)
    officer = sign_in_officer(organisations.hospital)
    bring_to(app, officer, referral, state)
    response = answer(app, officer, referral, key, **ANSWER)
    if key in {step.key for step in steps_from(state, "receiver")}:
        assert response.status_code == 302
        assert state_of(app, referral)[0] == STEPS[key].target
    else:
        assert response.status_code == 422
        assert "tidak mungkin lagi" in response.text
        assert state_of(app, referral)[0] == state


@pytest.mark.parametrize("key", ["send", "recall", "tell", "burn"])
def test_the_steps_of_the_village_are_not_the_organisations(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer, key: str
) -> None:
    referral = send_to(organisations.hospital)
    assert answer(app, sign_in_officer(organisations.hospital), referral, key, **ANSWER).status_code == 422
    assert state_of(app, referral)[0] == "sent"


# ---- two at once ----


def test_whoever_accepts_second_is_told_what_has_happened(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    version = state_of(app, referral)[1]
    first, second = (sign_in_officer(organisations.hospital, name=name) for name in ("Bidan Euis", "Bidan Tati"))
    url = inbox_url(referral, "steps", "accept")
    assert first.post(url, data={"version": version}).status_code == 302
    late = second.post(url, data={"version": version})
    assert late.status_code == 409
    assert "sudah berubah sejak halaman dibuka" in late.text
    assert "Bidan Euis" in late.text


def test_an_answer_to_what_the_village_has_taken_back_is_not_kept(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    officer, staff = sign_in_officer(organisations.hospital), sign_in("village_staff")
    bring_to(app, officer, referral, "accepted")
    version = state_of(app, referral)[1]
    taken_back = staff.post(village_url(referral, "recall"), data={"version": version, "note": "Salah alamat"})
    assert taken_back.status_code == 302
    late = officer.post(inbox_url(referral, "steps", "finish"), data={"version": version, **ANSWER})
    assert late.status_code == 409
    assert PHONE not in late.text
    assert state_of(app, referral)[0] == "returned"


def test_the_village_cannot_take_back_what_was_answered_meanwhile(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    officer, staff = sign_in_officer(organisations.hospital), sign_in("village_staff")
    bring_to(app, officer, referral, "accepted")
    version = state_of(app, referral)[1]
    answer(app, officer, referral, "finish", **ANSWER)
    late = staff.post(village_url(referral, "recall"), data={"version": version, "note": "Salah alamat"})
    assert late.status_code == 409
    assert state_of(app, referral)[0] == "done"


def test_a_request_without_a_version_changes_nothing(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    officer = sign_in_officer(organisations.hospital)
    for version in ("", "abc", "-1", "99999999999999999999"):
        assert officer.post(inbox_url(referral, "steps", "accept"), data={"version": version}).status_code == 409
    assert state_of(app, referral)[0] == "sent"


# ---- what an answer needs ----


@pytest.mark.parametrize(
    ("key", "data", "message"),
    [
        ("return", {}, "Tulis jawabannya"),
        ("refuse", {"note": "   "}, "Tulis jawabannya"),
        ("finish", {"reference": "12/2026"}, "Tulis jawabannya"),
        ("finish", {"note": "Sudah aktif."}, "Sertakan buktinya"),
        ("finish", {"note": "x" * 2001, "reference": "12"}, "2000"),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(
    app: Flask,
    organisations: Organisations,
    send_to: SendTo,
    sign_in_officer: SignInOfficer,
    key: str,
    data: dict[str, str],
    message: str,
) -> None:
    referral = send_to(organisations.hospital)
    officer = sign_in_officer(organisations.hospital)
    bring_to(app, officer, referral, "accepted")
    response = answer(app, officer, referral, key, **data)
    assert response.status_code == 422
    assert message in response.text
    assert data.get("note", "").strip() in response.text
    assert state_of(app, referral)[0] == "accepted"


def test_evidence_of_another_type_is_refused_and_the_answer_with_it(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    officer = sign_in_officer(organisations.hospital)
    bring_to(app, officer, referral, "accepted")
    program = (BytesIO(b"MZ\x90\x00 not a picture at all"), "kartu.pdf")
    response = answer(app, officer, referral, "finish", note="Sudah aktif.", evidence=program)
    assert response.status_code == 422
    assert "Jenis berkas ini tidak diterima" in response.text
    assert state_of(app, referral)[0] == "accepted"


def test_the_evidence_lies_with_the_residents_papers_in_their_village(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    officer = sign_in_officer(organisations.hospital)
    bring_to(app, officer, referral, "accepted")
    answer(app, officer, referral, "finish", note="Sudah aktif.", evidence=(BytesIO(PDF), "kartu.pdf"))
    with at(app, VILLAGE) as area:
        evidence = select(Document).where(Document.village_id == area.id, Document.kind == "referral_answer")
        document_id = db.session.scalars(evidence).one().id
    with sign_in("village_staff").get(f"/{VILLAGE}/documents/{document_id}") as opened:
        assert opened.data == PDF


def test_a_suspended_village_takes_no_answer(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    with at(app, VILLAGE) as area:
        db.session.get_one(Area, area.id).suspended_at = now()
        commit()
    response = answer(app, sign_in_officer(organisations.hospital), referral, "accept")
    assert response.status_code == 422
    assert "ditangguhkan" in response.text


# ---- the NIK and the papers ----


def test_the_whole_nik_is_shown_once_asked_for_and_each_showing_is_recorded(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital, nik="full")
    officer = sign_in_officer(organisations.hospital)
    assert NIK not in officer.get(inbox_url(referral)).text
    for times in (1, 2):
        shown = officer.post(inbox_url(referral, "nik"))
        assert shown.status_code == 200
        assert NIK in shown.text
        assert len(audit_of(app, "people.nik_shown")) == times
    assert NIK not in officer.get(inbox_url(referral)).text
    for client, url in ((officer, inbox_url(referral)), (sign_in("village_staff"), village_url(referral))):
        assert client.get(url).text.count("NIK lengkap dibuka") == 2


@pytest.mark.parametrize("nik", ["", "masked"])
def test_a_nik_that_the_village_did_not_give_is_not_shown(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer, nik: str
) -> None:
    referral = send_to(organisations.hospital, nik=nik)
    refused = sign_in_officer(organisations.hospital).post(inbox_url(referral, "nik"))
    assert refused.status_code == 422
    assert NIK not in refused.text
    assert audit_of(app, "people.nik_shown") == []


@pytest.mark.parametrize("state", ["returned", "done", "refused"])
def test_out_of_its_hands_the_organisation_sees_the_history_and_no_data_of_the_resident(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer, state: str
) -> None:
    referral = send_to(organisations.hospital, nik="full", note="Rumah cat biru.")
    officer = sign_in_officer(organisations.hospital)
    paper = first_paper(app, referral)
    with officer.get(inbox_url(referral, "papers", str(paper))) as opened:
        assert opened.status_code == 200
    bring_to(app, officer, referral, state)
    page = officer.get(inbox_url(referral))
    assert page.status_code == 200
    assert "Diterima" in page.text or state == "returned"
    for secret in (PHONE, "3201 •••• •••• 0042", "Rumah cat biru.", "KTP"):
        assert secret not in page.text
    assert officer.post(inbox_url(referral, "nik")).status_code == 422
    assert officer.get(inbox_url(referral, "papers", str(paper))).status_code == 404


def first_paper(app: Flask, referral_id: UUID) -> UUID:
    with at(app, VILLAGE) as area:
        papers = select(ReferralDocument.id).where(
            ReferralDocument.village_id == area.id, ReferralDocument.referral_id == referral_id
        )
        return db.session.scalars(papers).one()


def test_each_look_at_a_paper_is_recorded(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    url = inbox_url(referral, "papers", str(first_paper(app, referral)))
    with sign_in_officer(organisations.hospital).get(url) as opened:
        assert opened.data == PDF
        assert opened.headers["Cache-Control"] == "no-store"
    entry = audit_of(app, "documents.opened")[0]
    assert entry.user_name == "Bidan Euis"
    assert entry.detail["referral"] == str(referral)


def test_that_the_page_was_opened_stands_in_the_audit_of_the_village(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    sign_in_officer(organisations.hospital).get(inbox_url(referral))
    assert [entry.object_id for entry in audit_of(app, "referrals.opened")] == [str(referral)]


def test_text_of_the_village_never_becomes_markup(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital, ask="<script>alert(1)</script>\n<b>tebal</b>")
    page = sign_in_officer(organisations.hospital).get(inbox_url(referral)).text
    assert "<script>alert" not in page
    assert "&lt;b&gt;tebal&lt;/b&gt;" in page


# ---- the domain function itself ----


def test_after_a_step_the_officer_is_back_in_the_scope_of_their_own_area(
    app: Flask, organisations: Organisations, send_to: SendTo
) -> None:
    referral = send_to(organisations.hospital)
    version = state_of(app, referral)[1]
    with at(app, VILLAGE) as village:
        code, village_id = village.interval, village.id
    with at(app, DISTRICT) as district:
        address = Address(district, frozenset({organisations.hospital}), code, referral)
        take_step(address, "accept", version, Reply(), app.extensions["puskesos"].config.files_dir)
        assert current_scope.get() == (district.id, district.hi)
        changed = db.session.execute(
            update(Referral).where(Referral.village_id == village_id).values(note="dari kabupaten")
        )
        assert changed.rowcount == 0  # pyright: ignore[reportAttributeAccessIssue]


def test_a_failed_step_leaves_the_officer_in_their_own_scope_as_well(
    app: Flask, organisations: Organisations, send_to: SendTo
) -> None:
    referral = send_to(organisations.hospital)
    with at(app, VILLAGE) as village:
        code = village.interval
    with at(app, DISTRICT) as district:
        address = Address(district, frozenset({organisations.school}), code, referral)
        with pytest.raises(NotAddressed):
            take_step(address, "accept", 1, Reply(), app.extensions["puskesos"].config.files_dir)
        assert current_scope.get() == (district.id, district.hi)
