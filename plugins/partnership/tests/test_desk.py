"""The village's side: partners, agreements, barriers, proposals, and the monthly meeting with its locked minutes."""

import re
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from core.api import commit, db, figures_of, find_areas, report_of
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at
from core.testing.reading import words

from ..commands import scorecard
from ..models import Partner, PartnerBarrier
from .conftest import Desk, Ledger, url, wib

MEETING = {"month": "2026-11-01", "held_on": "2026-11-12", "starts_at": "09:00", "place": "Balai desa"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def id_in(location: str | None) -> UUID:
    return UUID((location or "").rpartition("/")[2])


def test_a_partner_is_one_of_the_registry_or_has_a_name_of_the_village_s_own(desk: Desk, app: Flask) -> None:
    with at(app, VILLAGE) as area:
        organisation = str(Ledger(area).organisation("Puskesmas Ciampea", phone="0251-1234567").id)
        commit()
    form = desk.staff.get(url("partners/new")).text
    assert "Puskesmas Ciampea" in form
    first = desk.do("partners/new", organisation_id=organisation, kind="community", name="lain", area_served="RW 01–05")
    assert first.status_code == 302
    row = desk.ask("SELECT * FROM partnership_partners")
    assert (str(row.organisation_id), row.name) == (organisation, None)
    page = desk.staff.get(first.location).text
    assert "0251-1234567" in page  # the registry's
    assert "Pemerintah" in page
    assert "Puskesmas Ciampea" not in desk.staff.get(url("partners/new")).text
    desk.do("partners/new", name="TP PKK", kind="community")
    twice = desk.do("partners/new", name="TP PKK", kind="community", note="tetap ada")
    assert twice.status_code == 422
    assert "sudah ada dalam daftar" in twice.text
    assert "tetap ada" in twice.text
    assert desk.do("partners/new", kind="community").status_code == 422
    assert desk.do("partners/new", name="X", kind="gold").status_code == 422
    assert "Puskesmas Ciampea" in desk.staff.get(f"/{VILLAGE}/search?q=ciampea").text
    assert desk.deeds() == ["partner_added", "partner_added"]


def test_a_partner_ends_and_goes_on_and_an_old_page_is_told(desk: Desk) -> None:
    id = desk.partner()
    form = {"name": "Yayasan Baru", "kind": "non_government"}
    assert desk.do(f"partners/{id}/edit", version=1, **form).status_code == 302
    stale = desk.do(f"partners/{id}/edit", version=1, name="Yayasan Lama", kind="community")
    assert stale.status_code == 409
    assert "Yayasan Lama" in stale.text
    assert "Yayasan Baru" in stale.text
    assert desk.do(f"partners/{id}/end", version=1).status_code == 409
    assert desk.do(f"partners/{id}/end", version=2).status_code == 302
    assert "Yayasan Baru" not in desk.staff.get(url()).text
    assert "Yayasan Baru" in desk.staff.get(url() + "?show=ended").text
    assert desk.do(f"partners/{id}/resume", version=3).status_code == 302
    assert desk.deeds() == ["partner_changed", "partner_ended", "partner_resumed"]


def test_an_agreement_is_written_signed_shown_and_ended(desk: Desk) -> None:
    partner = desk.partner()
    form = f"partners/{partner}/agreements/new"
    assert desk.do(form, title="Rujukan", signed_on="2026-11-01").status_code == 422  # who signed?
    signed = {"signed_on": "2026-11-01", "our_signer": "Pak Kades", "their_signer": "Ketua"}
    backwards = desk.do(form, title="Rujukan", valid_until="2026-10-01", **signed)
    assert "tidak dapat berakhir sebelum ditandatangani" in backwards.text
    assert desk.do(form, title="Rujukan", file=(BytesIO(b"MZ"), "a.exe")).status_code == 422
    assert (
        desk.do(form, title="Rujukan", file=(BytesIO(PDF), "mou.pdf"), valid_until="2026-12-31", **signed).status_code
        == 302
    )
    row = desk.ask("SELECT * FROM partnership_agreements")
    assert (row.state, row.media_type) == ("signed", "application/pdf")
    with desk.staff.get(url("agreements", row.id, "file")) as answer:
        assert answer.data == PDF
    assert "segera berakhir" in desk.staff.get(url("partners", partner)).text
    home = desk.staff.get(f"/{VILLAGE}/").text
    assert "perjanjian segera berakhir" in home
    later = {"title": "Rujukan", "valid_until": "2028-12-31", "our_role": "Merujuk", **signed}
    assert desk.do(f"agreements/{row.id}", version=1, **later).status_code == 302
    assert desk.do(f"agreements/{row.id}", version=1, **later).status_code == 409
    assert "segera berakhir" not in desk.staff.get(url("partners", partner)).text
    assert desk.ask("SELECT sha256 FROM partnership_agreements").sha256 == row.sha256
    end = {"ended_on": "2026-11-12", "ended_why": "Mitra pindah"}
    assert desk.do(f"agreements/{row.id}/end", version=2, **end).status_code == 302
    assert desk.do(f"agreements/{row.id}", version=3, **later).status_code == 422
    assert desk.do(f"agreements/{row.id}/end", version=3, **end).status_code == 422
    assert desk.deeds() == ["agreement_added", "agreement_changed", "agreement_ended"]


def test_contributions_are_counted_in_their_unit_and_a_mistake_is_taken_out(desk: Desk) -> None:
    partner = desk.partner()
    form = f"partners/{partner}/contributions"
    assert desk.do(form, kind="money", amount="1500000", given_on="2026-11-02").status_code == 302
    for wrong in ({"amount": "banyak"}, {"amount": "0"}, {"given_on": "2026-11-13"}, {"given_on": "0001-01-01"}):
        answer = desk.do(form, **{"kind": "surveys", "amount": "3", "given_on": "2026-11-02", "note": "tetap", **wrong})
        assert answer.status_code == 422
        assert "tetap" in answer.text
    assert "Rp1.500.000" in desk.staff.get(url("partners", partner)).text
    id = desk.ask("SELECT id FROM partnership_contributions").id
    assert desk.do(f"contributions/{id}/remove").status_code == 302
    assert desk.do(f"contributions/{id}/remove").status_code == 404
    assert desk.deeds() == ["contribution_added", "contribution_removed"]


def test_a_barrier_is_opened_resolved_with_what_and_opened_again(desk: Desk) -> None:
    partner = desk.partner()
    told = {"kind": "papers", "text": "Syarat berbeda", "partner_id": str(partner), "source": "citizen"}
    assert desk.do("barriers/new", opened_on="2026-11-13", **told).status_code == 422
    assert (
        desk.do("barriers/new", opened_on="2026-11-01", **{**told, "partner_id": str(UUID(int=9))}).status_code == 422
    )
    id = id_in(desk.do("barriers/new", opened_on="2026-11-01", **told).location)
    page = desk.staff.get(url("barriers", id)).text
    assert "11 hari" in page
    assert "Warga" in page
    assert "Syarat berbeda" in desk.staff.get(url("barriers")).text
    resolved = {"resolved_on": "2026-11-12", "resolution": "Daftar ditempel"}
    assert desk.do(f"barriers/{id}/resolve", version=1, **{**resolved, "resolved_on": "2026-10-01"}).status_code == 422
    assert desk.do(f"barriers/{id}/resolve", version=1, **resolved).status_code == 302
    assert desk.do(f"barriers/{id}/resolve", version=1, **resolved).status_code == 409
    assert "Syarat berbeda" not in desk.staff.get(url("barriers")).text
    assert "Syarat berbeda" in desk.staff.get(url("barriers") + "?show=resolved").text
    assert desk.do(f"barriers/{id}/reopen", version=1).status_code == 409
    assert desk.do(f"barriers/{id}/reopen", version=2).status_code == 302
    edit = {**told, "opened_on": "2026-11-02", "owner": "Siti", "version": 3}
    assert desk.do(f"barriers/{id}/edit", **edit).status_code == 302
    assert desk.deeds() == ["barrier_opened", "barrier_resolved", "barrier_reopened", "barrier_changed"]


def test_a_proposal_is_decided_with_its_reason(desk: Desk) -> None:
    partner = desk.partner()
    desk.do("proposals/new", text="Posyandu lansia", partner_id=str(partner), made_on="2026-11-02")
    desk.do("proposals/new", text="Buka hari Sabtu", partner_id="", made_on="2026-11-02")
    page = desk.staff.get(url("proposals")).text
    assert "Yayasan Peduli" in page
    assert "Warga" in page
    id = desk.ask("SELECT id FROM partnership_proposals WHERE partner_id IS NOT NULL").id
    decided = {"decision": "adopted", "decided_on": "2026-11-10", "reason": "Mulai Desember"}
    assert desk.do(f"proposals/{id}/decide", version=1, **{**decided, "decided_on": "2026-11-01"}).status_code == 422
    assert desk.do(f"proposals/{id}/decide", version=1, **decided).status_code == 302
    assert desk.do(f"proposals/{id}/decide", version=1, **decided).status_code == 409
    assert "Mulai Desember" in desk.staff.get(url("proposals") + "?show=decided").text


def meeting(desk: Desk, partners: list[UUID], **more: Any) -> UUID:
    answer = desk.do("meetings/new", **{**MEETING, "invited": [str(id) for id in partners], **more})
    assert answer.status_code == 302, answer.text
    return id_in(answer.location)


def test_the_agenda_fills_itself_from_what_is_open(desk: Desk, app: Flask) -> None:
    partner = desk.partner(organisation="RSUD Leuwiliang")
    with at(app, VILLAGE) as area:
        ledger = Ledger(area)
        found = db.session.get(Partner, (area.id, partner))
        assert found
        ledger.referral(found, ledger.case(), {"sent": "2026-10-01T08:00"})  # due on 1 November
        commit()
    desk.do("barriers/new", kind="network", text="Sinyal putus", opened_on="2026-11-01", source="clerk", partner_id="")
    id = meeting(desk, [partner])
    page = desk.staff.get(url("meetings", id)).text
    assert "Rujukan belum dijawab: RSUD Leuwiliang" in page
    assert "1 rujukan lewat tenggat" in page
    assert "Sinyal putus (terbuka 11 hari)" in page
    version = desk.version("meetings", id)
    assert desk.do(f"meetings/{id}/points", version=version, title="Jadwal Posyandu").status_code == 302
    assert desk.do(f"meetings/{id}/points", version=version, title="Terlambat").status_code == 409
    # Filled again: what was resolved meanwhile goes, own points and what was written about stay.
    barrier = desk.ask("SELECT id FROM partnership_barriers").id
    desk.do(f"barriers/{barrier}/resolve", version=1, resolved_on="2026-11-12", resolution="Ganti kartu")
    desk.do(f"meetings/{id}/fill", version=desk.version("meetings", id))
    page = desk.staff.get(url("meetings", id)).text
    assert "Sinyal putus" not in page
    assert "Jadwal Posyandu" in page
    assert "RSUD Leuwiliang" in page
    twice = desk.do("meetings/new", **MEETING)
    assert twice.status_code == 422
    assert "sudah punya pertemuan" in twice.text


def test_minutes_are_written_closed_locked_and_reopened_with_a_trace(desk: Desk) -> None:
    first, second = desk.partner("PKK"), desk.partner("Karang Taruna")
    id = meeting(desk, [first, second])
    desk.do(f"meetings/{id}/points", version=desk.version("meetings", id), title="Jadwal Posyandu")
    point = desk.ask("SELECT id FROM partnership_points").id
    guests = {
        row.partner_id: row.id
        for row in (
            desk.ask("SELECT * FROM partnership_invitations WHERE partner_id = :p", p=p) for p in (first, second)
        )
    }
    form = f"meetings/{id}/minutes"
    said = {f"outcome-{point}": "Tiap Rabu.", f"present-{guests[first]}": "yes", f"who-{guests[first]}": "Bu Yayah"}
    assert desk.do(form, version=1, **said).status_code == 409
    assert "Tiap Rabu." in desk.do(form, version=1, **said).text
    too_long = desk.do(form, version=desk.version("meetings", id), **{f"outcome-{point}": "x" * 1501})
    assert too_long.status_code == 422
    assert desk.do(f"meetings/{id}/close", version=desk.version("meetings", id)).status_code == 403
    empty = desk.decide(f"meetings/{id}/close", version=desk.version("meetings", id))
    assert empty.status_code == 422
    assert "Catat dulu siapa yang hadir" in empty.text
    assert desk.do(form, version=desk.version("meetings", id), **said).status_code == 302
    action = {"text": "Tempel jadwal", "owner": "Siti", "partner_id": str(first), "due_on": "2026-11-20"}
    assert desk.do(f"meetings/{id}/actions", version=desk.version("meetings", id), **action).status_code == 302
    assert desk.decide(f"meetings/{id}/close", version=desk.version("meetings", id)).status_code == 302
    present = desk.ask(
        "SELECT count(*) FILTER (WHERE present) AS yes, count(present) AS n FROM partnership_invitations"
    )
    assert (present.yes, present.n) == (1, 2)  # who was not seen was not there
    version = desk.version("meetings", id)
    for deed, data in ((form, said), (f"meetings/{id}/points", {"title": "Lagi"}), (f"meetings/{id}/actions", action)):
        locked = desk.do(deed, version=version, **data)
        assert locked.status_code == 422
        assert "Notulen sudah ditutup" in locked.text
    assert desk.do(f"meetings/{id}/edit", version=version, **MEETING).status_code == 422
    assert desk.do(f"meetings/{id}/fill", version=version).status_code == 422
    # What was agreed is done afterwards all the same.
    todo = desk.ask("SELECT id FROM partnership_actions").id
    assert desk.do(f"actions/{todo}/done", version=1, done_on="2026-11-12").status_code == 302
    assert desk.do(f"actions/{todo}/done", version=1, done_on="").status_code == 409
    told = words(desk.staff.get(url("meetings", id, "minutes.pdf")))
    for part in ("Tiap Rabu.", "Bu Yayah", "Tempel jadwal", "1 dari 2 yang diundang", "tidak hadir"):
        assert part in told
    assert "Belum ditutup" not in told
    assert desk.do(f"meetings/{id}/reopen", version=version, reason="Salah").status_code == 403
    assert desk.decide(f"meetings/{id}/reopen", version=version, reason="").status_code == 422
    assert desk.decide(f"meetings/{id}/reopen", version=version, reason="Nama wakil salah").status_code == 302
    assert desk.ask("SELECT detail FROM audit_entries WHERE action = 'partnership.meeting_reopened'").detail == {
        "reason": "Nama wakil salah"
    }
    assert desk.do(form, version=desk.version("meetings", id), **said).status_code == 302


def test_the_invitation_is_a_letter_for_each_and_says_subjects_only(desk: Desk) -> None:
    desk.do("barriers/new", kind="papers", text="Rahasia dapur", opened_on="2026-11-01", source="clerk", partner_id="")
    id = meeting(desk, [desk.partner("PKK"), desk.partner("Karang Taruna")])
    told = words(desk.staff.get(url("meetings", id, "invitation.pdf")))
    for part in ("PKK", "Karang Taruna", "Balai desa", "Kamis, 12 November 2026", "Hambatan"):
        assert part in told
    assert "Rahasia dapur" not in told
    assert "Berkas" not in told
    desk.do(f"meetings/{id}/edit", version=desk.version("meetings", id), **MEETING)
    assert desk.staff.get(url("meetings", id, "invitation.pdf")).status_code == 404


def test_the_report_tells_counts_and_what_to_talk_about(ledger: Ledger) -> None:
    partner, case = ledger.partner("RSUD"), ledger.case()
    for number in range(5):
        steps = {"sent": "2026-10-05T08:00"} | ({"done": "2026-10-09T08:00"} if number else {})
        ledger.referral(partner, case, steps)
    ledger.add(PartnerBarrier, kind="network", text="Sinyal", opened_on=wib("2026-10-31T00:00").date())
    (area,) = find_areas([ledger.area.id])
    figures = figures_of(report_of(area, ledger.month("2026-10-01").first))
    assert figures["partnership.answered"].shown == "80,0 %"
    assert figures["partnership.barriers_open"].amount == 1
    assert figures["partnership.meetings"].amount == 0


def test_the_scorecard_is_a_page_a_sheet_and_a_command(desk: Desk, app: Flask, sign_in: SignInAs) -> None:
    partner = desk.partner(organisation="RSUD Leuwiliang")
    page = desk.staff.get(url("scorecard"))
    assert page.status_code == 200
    assert "RSUD Leuwiliang" in page.text
    assert "Dihitung sekarang" in page.text
    assert desk.staff.get(url("scorecard") + "?month=9999-99").status_code == 200
    own = desk.staff.get(url("partners", partner, "scorecard") + "?month=2026-10").text
    assert "Rapor Oktober 2026" in own
    sheet = desk.staff.get(url("scorecard.xlsx") + "?month=2026-10")
    assert sheet.data[:2] == b"PK"
    assert desk.deeds()[-1] == "scorecard_downloaded"
    runner = CliRunner()
    with app.app_context():
        told = runner.invoke(scorecard, [VILLAGE, "--month", "2026-10"])
        assert runner.invoke(scorecard, [VILLAGE, "--month", "10"]).exit_code == 2
    assert told.exit_code == 0, told.output
    assert re.search(r"Rujukan dijawab +– +0/0", told.output)
    assert "RSUD Leuwiliang" in told.output


def test_the_desk_fills_in_a_review_once_a_year(desk: Desk) -> None:
    partner = desk.partner()
    form = desk.staff.get(url("partners", partner, "review")).text
    names = sorted(set(re.findall(r'name="(answer_[a-z_]+)"', form)))
    assert len(names) == 11
    answers = dict.fromkeys(names, "4")
    missing = desk.do(f"partners/{partner}/review", version=0, comment="tetap", **{**answers, names[0]: "6"})
    assert missing.status_code == 422
    assert "tetap" in missing.text
    assert desk.do(f"partners/{partner}/review", version=0, comment="Baik", **answers).status_code == 302
    assert desk.do(f"partners/{partner}/review", version=0, **answers).status_code == 409
    assert desk.do(f"partners/{partner}/review", version=1, **{**answers, names[0]: "1"}).status_code == 302
    assert desk.ask("SELECT count(*) AS n FROM partnership_reviews").n == 1
    assert "2,5 dari 5" in desk.staff.get(url("partners", partner, "scorecard")).text  # barriers: 1 and 4
    assert desk.deeds() == ["review_filled", "review_changed"]


def test_another_village_s_rows_lead_nowhere(desk: Desk, app: Flask, sign_in: SignInAs) -> None:
    partner = desk.partner()
    id = meeting(desk, [partner])
    elsewhere = sign_in("village_staff", SIBLING)
    root = f"/{SIBLING}/partnership"
    for path in (
        f"partners/{partner}",
        f"meetings/{id}",
        f"meetings/{id}/minutes.pdf",
        f"partners/{partner}/scorecard",
    ):
        assert elsewhere.get(f"{root}/{path}").status_code == 404
    assert elsewhere.post(f"{root}/partners/{partner}/contributions", data={}).status_code == 404
    assert elsewhere.get(url()).status_code == 404
    assert sign_in("village_staff", FOREIGN).get(url("partners", partner)).status_code == 404
    new = {"kind": "papers", "text": "Milik tetangga", "partner_id": str(partner), "opened_on": "2026-11-01"}
    assert elsewhere.post(f"{root}/barriers/new", data={**new, "source": "clerk"}).status_code == 422
    with at(app, VILLAGE):
        assert db.session.scalar(text("SELECT count(*) FROM partnership_barriers")) == 0


@pytest.mark.parametrize(("role", "area"), [("field_worker", VILLAGE), ("auditor", "32.01")])
def test_who_reads_does_not_write(desk: Desk, sign_in: SignInAs, role: str, area: str) -> None:
    partner, reader = desk.partner(), sign_in(role, area)
    assert reader.get(url()).status_code == 200
    assert reader.get(url("partners", partner)).status_code == 200
    assert reader.get(url("partners/new")).status_code == 403
    assert reader.post(url("partners", partner, "contributions")).status_code == 403
