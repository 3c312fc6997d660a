"""From the desk over the Dinas Sosial and Kemensos to the resident who was told."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from core.api import Person, area_today, commit, db
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, switch_off
from core.testing.reading import version_in
from plugins.pbi_jk.services import enrolment

from .conftest import DISTRICT, OUTCOME, TODAY, Desk, days_later, village_url


def today(desk: Desk) -> str:
    with at(desk.app, VILLAGE):
        return area_today().isoformat()


# ---- papers and referral before it is sent ----


def test_without_the_treatment_letter_a_reactivation_is_not_sent(desk: Desk) -> None:
    case = desk.open_case(papers=False)
    desk.take(case, "handle")
    for paper in ("ktp", "kk", "bpjs_card"):
        desk.give(case, paper)
    answer = desk.step(case, "send")
    assert answer.status_code == 422
    assert "Belum ada: Surat keterangan berobat" in answer.text
    assert "nama dan NIK warga" in desk.page(case), "what the letter must show"
    desk.give(case, "treatment_letter")
    desk.refer(case)
    desk.take(case, "send")


def test_an_enrolment_is_sent_without_one(desk: Desk) -> None:
    case = desk.open_case(service=enrolment, papers=False)
    desk.take(case, "handle")
    for paper in ("ktp", "kk"):
        desk.give(case, paper)
    desk.refer(case)
    desk.take(case, "send")


def test_it_is_not_sent_without_the_referral(desk: Desk) -> None:
    case = desk.open_case()
    desk.take(case, "handle")
    answer = desk.step(case, "send")
    assert answer.status_code == 422
    assert "Rujukan ke Dinas Sosial belum dikirim." in answer.text
    assert desk.state(case) == "handling"


def test_one_button_fills_the_referral_in(desk: Desk) -> None:
    case = desk.open_case("Enok Sumarni", nik="3201155507900042", decile=7, care="inpatient")
    desk.take(case, "handle")
    desk.give(case, "treatment_letter")
    assert "Rujuk ke Dinas Sosial" in desk.page(case)
    page = desk.staff.get(desk.plan(case)).text
    for part in (
        "Dinas Sosial Kabupaten Bogor",
        "Mohon rekomendasi reaktivasi PBI-JK",
        "Nonaktif sejak 1 Februari 2026.",
        "Sedang dirawat inap di RSUD Leuwiliang.",
        "Nomor kartu BPJS 0001234567890.",
        "3201 •••• •••• 0042",
        "Surat keterangan berobat",
    ):
        assert part in page
    assert "3201155507900042" not in page
    assert desk.plan(case) == desk.plan(case), "pressed twice it is the same draft"


def test_sent_it_leads_back_to_the_case_whose_step_is_then_free(desk: Desk) -> None:
    case = desk.open_case()
    desk.take(case, "handle")
    desk.refer(case)
    page = desk.page(case)
    assert "Catat: sudah dikirim ke Dinas Sosial" in page
    assert "belum dikirim" not in page
    desk.take(case, "send")
    assert "Menunggu rekomendasi Dinas Sosial" in desk.page(case)


def test_taken_back_it_does_not_count(desk: Desk) -> None:
    case = desk.open_case()
    desk.take(case, "handle")
    referral = desk.refer(case)
    url = village_url("referrals", referral)
    page = desk.staff.get(url).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    recalled = desk.staff.post(f"{url}/recall", data={"version": version[1], "note": "Salah isi"})
    assert recalled.status_code == 302
    answer = desk.step(case, "send")
    assert answer.status_code == 422
    assert "dikembalikan: lengkapi, lalu kirim lagi" in answer.text


def test_nobody_proposes_the_dead(desk: Desk) -> None:
    case = desk.open_case()
    desk.take(case, "handle")
    desk.refer(case)
    with at(desk.app, VILLAGE):
        db.session.query(Person).one().life_status = "dead"
        commit()
    answer = desk.step(case, "send")
    assert answer.status_code == 422
    assert "sudah meninggal atau pindah" in answer.text


# ---- the answer of the Dinas Sosial ----


def test_the_officer_answers_and_the_case_proposes_the_step_filled_in(desk: Desk) -> None:
    case = desk.open_case("Enok Sumarni")
    referral = desk.send(case)
    assert "Enok Sumarni" in desk.officer.get(f"/{DISTRICT}/inbox").text
    desk.reply(referral, "accept", "finish")
    first_page = desk.staff.get(village_url("")).text
    assert "Dinas Sosial Kabupaten Bogor sudah menjawab: catat hasilnya" in first_page
    page = desk.page(case)
    assert OUTCOME["note"] in page
    assert "Catat: Direkomendasikan Dinas Sosial" in page
    form = desk.staff.get(village_url("cases", case, "step", "recommended")).text
    assert f'value="{today(desk)}"' in form
    assert f"{OUTCOME['note']} Bukti: {OUTCOME['reference']}." in form


def test_a_refusal_proposes_the_rejection_with_its_reason(desk: Desk) -> None:
    case = desk.open_case()
    referral = desk.send(case)
    desk.reply(referral, "accept", "refuse", note="Masih peserta mandiri yang aktif.")
    page = desk.page(case)
    main = page.index("Catat: ditolak")
    assert main < page.index("Catat: Direkomendasikan"), "the proposed step is the first button"
    form = desk.staff.get(village_url("cases", case, "step", "reject")).text
    assert 'value="Masih peserta mandiri yang aktif."' in form
    desk.take(case, "reject", on=today(desk), outcome="Peserta mandiri", note="Masih aktif")
    desk.take(case, "tell_rejected", on=today(desk), **TODAY)
    assert desk.state(case) == "refused"


def test_the_resident_can_be_told_together_with_the_news(desk: Desk) -> None:
    case = desk.open_case()
    referral = desk.send(case)
    desk.reply(referral, "accept", "finish")
    desk.take(case, "recommended", on=today(desk), note="Direkomendasikan.", how="phone")
    assert "Warga diberi tahu" in desk.staff.get(village_url("referrals", referral)).text
    assert referral not in desk.staff.get(village_url("referrals?which=open")).text
    assert desk.state(case) == "recommended"


def test_told_at_the_end_closes_the_case_and_the_answered_referral(desk: Desk) -> None:
    case = desk.open_case()
    referral = desk.send(case)
    desk.reply(referral, "accept", "finish")
    desk.activate(case)
    form = desk.staff.get(village_url("cases", case, "step", "tell")).text
    assert "ikut selesai" in form
    assert f'value="{today(desk)}"' in form
    desk.take(case, "tell", on=today(desk), how="visit")
    assert desk.state(case) == "done"
    assert referral in desk.staff.get(village_url("referrals?which=told")).text
    assert desk.staff.get(village_url("referrals?which=tell")).text.count(referral) == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"how": "", "on": "2026-01-05"}, "Pilih bagaimana warga diberi tahu."),
        ({"how": "pigeon", "on": "2026-01-05"}, ""),
        ({"how": "desk", "on": ""}, ""),
        ({"how": "desk", "on": "2999-01-01"}, "Tanggalnya belum tiba."),
    ],
)
def test_how_and_when_the_resident_was_told_must_be_said(desk: Desk, data: dict[str, str], message: str) -> None:
    case = desk.open_case()
    desk.send(case)
    desk.activate(case)
    answer = desk.step(case, "tell", note="Sudah ditelepon.", **data)
    assert answer.status_code == 422
    assert message in answer.text
    assert "Sudah ditelepon." in answer.text
    assert desk.state(case) == "approved"


# ---- the alarm, the follow-up ----


def test_what_nobody_outside_moves_raises_the_alarm_on_the_first_page(desk: Desk, sign_in: SignInAs) -> None:
    case = desk.open_case("Enok Sumarni")
    desk.send(case)
    with days_later(14, sign_in) as staff:
        assert "tanpa kabar" not in staff.get(village_url("")).text
    with days_later(20, sign_in) as staff:
        page = staff.get(village_url("")).text
        assert "20 hari tanpa kabar" in page
        assert "menunggu luar, 20 hari" in staff.get(village_url("cases?which=overdue")).text


@pytest.mark.parametrize(("decile", "task"), [(8, True), (None, True), (3, False)])
def test_a_temporary_membership_leaves_a_task_that_outlives_the_case(
    desk: Desk, sign_in: SignInAs, decile: int | None, task: bool
) -> None:
    case = desk.open_case("Enok Sumarni", decile=decile)
    desk.send(case)
    day = today(desk)
    desk.activate(case, on=day)
    desk.take(case, "tell", on=day, **TODAY)
    assert ("Cek lagi kepesertaan PBI-JK: aktif sementara 6 bulan" in desk.page(case)) is task
    with days_later(160, sign_in) as staff:
        page = staff.get(village_url("")).text
        assert "Tugas hari ini" not in page, "not yet"
        assert ("Cek lagi kepesertaan" in page) is task, "but it is announced"
    with days_later(190, sign_in) as staff:
        page = staff.get(village_url("")).text
        assert ("Tugas hari ini" in page) is task


# ---- letter, panels, words ----


def test_the_letter_to_the_dinas_sosial(desk: Desk) -> None:
    hostile = "Klinik #1 *Bunda* [A] $x$ @b"
    case = desk.open_case("Enok Sumarni", nik="3201155507900001", facility=hostile)
    version = re.search(r'name="version"[^>]*value="(\d+)"', desk.page(case))
    assert version
    made = desk.staff.post(village_url("cases", case, "letters", "proposal"), data={"version": version[1]})
    assert made.status_code == 302
    link = re.search(r'href="([^"]+\.pdf)"', desk.page(case))
    assert link
    with desk.staff.get(link[1]) as answer:
        pages = PdfReader(BytesIO(answer.data)).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for part in (
        "SURAT PENGANTAR USULAN PBI-JK",
        "Kepala Dinas Sosial Kabupaten Bogor",
        "diaktifkan kembali sebagai peserta PBI-JK",
        "Enok Sumarni",
        "3201155507900001",
        "0001234567890",
        "1 Februari 2026",
        "Berobat rutin, seperti cuci darah atau kontrol",
        hostile,
        "Surat ini bukan bukti kepesertaan",
    ):
        assert part in text
    assert "berlaku sampai dengan" not in text


def test_a_letter_that_went_along_does_not_keep_the_case_open(desk: Desk) -> None:
    case = desk.open_case()
    version = re.search(r'name="version"[^>]*value="(\d+)"', desk.page(case))
    assert version
    desk.staff.post(village_url("cases", case, "letters", "proposal"), data={"version": version[1]})
    desk.send(case)
    desk.activate(case)
    desk.take(case, "tell", on=today(desk), **TODAY)
    assert desk.state(case) == "done"


@pytest.mark.parametrize(
    ("insurance", "words"),
    [("pbi", "Tercatat sebagai peserta PBI-JK"), ("none", "Tercatat tidak punya jaminan"), ("", "Belum tercatat")],
)
def test_a_residents_page_says_what_is_recorded_and_that_it_proves_nothing(
    desk: Desk, insurance: str, words: str
) -> None:
    person = desk.make_person(insurance=insurance)
    page = desk.staff.get(village_url("people", person)).text
    assert words in page
    assert "Tercatat belum berarti aktif" in page


def test_the_public_page_says_state_and_next_step_and_promises_nothing(desk: Desk) -> None:
    case = desk.open_case("Enok Sumarni", nik="3201155507900042", care="inpatient", decile=8)
    desk.send(case)
    ticket = re.search(r"CBD-\d\d-\d{4}", desk.page(case))
    assert ticket
    answer = desk.app.test_client().post(village_url("status"), data={"ticket": ticket[0], "digits": "0042"})
    assert answer.status_code == 200
    assert "Dikirim" in answer.text
    assert "rekomendasi Dinas Sosial" in answer.text
    assert "Terdaftar belum berarti menerima" in answer.text
    for private in ("Enok", "3201155507900042", "RSUD", "dirawat", "desil", "0001234567890", "Dijanjikan selesai"):
        assert private not in answer.text


# ---- off, and the neighbours ----


def test_switched_off_it_is_not_offered_and_what_is_open_is_finished(desk: Desk) -> None:
    case, person = desk.open_case(decile=8), desk.make_person("Warga Lain")
    referral = desk.send(case)
    switch_off(desk.app, "pbi_jk")
    form = village_url(f"cases/new?person={person}&service=pbi_jk.reactivation")
    assert "Nomor kartu BPJS" not in desk.staff.get(form).text
    assert "Reaktivasi PBI-JK" not in desk.staff.get(village_url(f"cases/new?person={person}")).text
    assert "Jaminan kesehatan</h2>" not in desk.staff.get(village_url("people", person)).text
    desk.reply(referral, "accept", "finish")
    desk.activate(case)
    assert "Cek lagi kepesertaan" in desk.page(case), "the promise to look again holds"
    desk.take(case, "tell", on=today(desk), **TODAY)
    assert desk.state(case) == "done"


@pytest.mark.parametrize("code", [SIBLING, FOREIGN])
def test_another_village_sees_nothing_of_it(desk: Desk, sign_in: SignInAs, code: str) -> None:
    case = desk.open_case("Enok Sumarni", care="emergency")
    referral = desk.send(case)
    stranger = sign_in("village_staff", code)
    for village in (VILLAGE, code):
        for path in (f"cases/{case}", f"cases/{case}/step/recommended", f"referrals/{referral}"):
            assert stranger.get(f"/{village}/{path}").status_code == 404
        assert stranger.post(f"/{village}/cases/{case}/refer/planned").status_code == 404
    assert "Enok Sumarni" not in stranger.get(f"/{code}/").text


def test_who_may_not_refer_is_not_offered_it(desk: Desk, sign_in: SignInAs) -> None:
    case = desk.open_case()
    auditor = sign_in("auditor", "32.01")
    assert "Rujuk ke Dinas Sosial" not in desk.page(case, auditor)
    assert auditor.post(village_url("cases", case, "refer", "planned")).status_code in (403, 404)


def test_sent_back_it_is_the_desks_turn_again(desk: Desk, sign_in: SignInAs) -> None:
    case = desk.open_case("Enok Sumarni")
    referral = desk.send(case)
    desk.reply(referral, "return", note="KK tidak terbaca.")
    assert "Rujukan ke Dinas Sosial dikembalikan: lengkapi, lalu kirim lagi." in desk.staff.get(village_url("")).text
    page = desk.page(case)
    assert "Lengkapi rujukan ke Dinas Sosial" in page
    draft = desk.plan(case)
    assert referral in draft, "the same one is mended"
    sent = desk.staff.post(f"{draft}/send", data={"version": version_in(desk.staff.get(draft).text)})
    assert sent.status_code == 302
    assert "Menunggu rekomendasi Dinas Sosial" in desk.page(case)


def test_an_answer_makes_the_case_due_soon_however_long_it_meant_to_wait(desk: Desk) -> None:
    case = desk.open_case("Enok Sumarni")
    referral = desk.send(case)
    assert "Enok Sumarni" not in desk.staff.get(village_url("cases?which=due")).text
    desk.reply(referral, "accept", "finish")
    assert "Enok Sumarni" in desk.staff.get(village_url("cases?which=due")).text


def test_a_step_on_a_page_from_before_the_answer_is_asked_again(desk: Desk) -> None:
    case = desk.open_case()
    referral = desk.send(case)
    url = village_url("cases", case, "step", "cancel")
    version = version_in(desk.staff.get(url).text)
    desk.reply(referral, "accept", "finish")
    answer = desk.staff.post(url, data={"version": version, "note": "Warga membatalkan"})
    assert answer.status_code == 409
    assert "menjawab rujukan: selesai" in answer.text
    assert "Warga membatalkan" in answer.text


def test_the_slip_promises_no_day_while_others_decide(desk: Desk) -> None:
    case = desk.open_case()
    assert "Selesai paling lambat" in desk.staff.get(village_url("cases", case, "receipt")).text
    desk.send(case)
    slip = desk.staff.get(village_url("cases", case, "receipt")).text
    assert "Selesai paling lambat" not in slip
    assert "Ditanyakan lagi bila belum ada kabar sampai" in slip
