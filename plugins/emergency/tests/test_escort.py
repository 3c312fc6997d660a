"""From the call to the handover, what is mended afterwards, and who may see it."""

import gzip
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from flask import Flask
from pypdf import PdfReader

from core.api import commit, find_person
from core.testing import FOREIGN, SIBLING, VILLAGE, Clock, SignInAs, at, erase

from .conftest import HOME, Village, moment, url


def test_from_the_call_to_the_handover_each_time_is_one_tap(desa: Village, clock: Clock) -> None:
    id = desa.call(condition="Tidak sadar", caller_phone="0812-3456-7890", minutes_ago="5")
    taken = desa.row(id)
    assert (taken.called_at, taken.state, taken.escort_name) == (moment(9, 55), "running", "Yayah")
    assert (taken.follow_up, taken.follow_up_by.isoformat()) == ("pending", "2026-11-13")
    page = desa.kader.get(url(id)).text
    assert "Berangkat sekarang" in page
    assert 'href="tel:+6281234567890"' in page
    clock.move(minutes=7)
    assert desa.tap(id, "departed").status_code == 302
    assert "Tiba sekarang" in desa.kader.get(url(id)).text
    clock.move(minutes=30)
    desa.tap(id, "arrived")
    clock.move(minutes=15)
    desa.hand_over(id)
    done = desa.row(id)
    assert (done.departed_at, done.arrived_at, done.handed_over_at) == (moment(10, 7), moment(10, 37), moment(10, 52))
    assert (done.state, done.facility, done.receiver) == ("ended", "RSUD Leuwiliang", "Ns. Rini")
    assert [deed for deed, _ in desa.deeds()] == ["called", "departed", "arrived", "handed_over"]


def test_pages_in_the_field_are_small(desa: Village) -> None:
    """Over the wire, when the style sheet is there: less than half of what the platform allows a page."""
    id = desa.call()
    sizes = {page: len(gzip.compress(desa.kader.get(page).data)) for page in (url("call"), url(id))}
    assert max(sizes.values()) < 7_000, sizes


def test_a_form_that_is_sent_twice_is_one_escort(desa: Village) -> None:
    data = {"draft": str(uuid4()), "place": "RT 02", "jkn": "none", "minutes_ago": "0"}
    first, again = (desa.kader.post(url("call"), data=data) for _ in range(2))
    assert first.location == again.location
    assert "sudah tercatat sebelumnya" in desa.kader.get(again.location).text
    assert desa.ask("SELECT count(*) AS n FROM emergency_escorts").n == 1
    assert desa.ask("SELECT count(*) AS n FROM emergency_entries").n == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"place": ""}, "Tulis tempatnya"),
        ({"caller_phone": "sembilan"}, "0812-3456-7890"),
        ({"draft": "x"}, "Kirim sekali lagi"),
        ({"jkn": "gold"}, "Ada 1 hal"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_lost(desa: Village, wrong: dict[str, str], told: str) -> None:
    data = {"draft": str(uuid4()), "place": "RT 02", "condition": "Sesak napas", "jkn": "none", "minutes_ago": "0"}
    answer = desa.kader.post(url("call"), data={**data, **wrong})
    assert answer.status_code == 422
    assert told in answer.text
    assert "Sesak napas" in answer.text
    assert desa.ask("SELECT count(*) AS n FROM emergency_escorts").n == 0


def test_of_two_phones_the_first_time_counts_and_the_second_is_told(desa: Village, clock: Clock) -> None:
    id = desa.call()
    desa.tap(id, "departed")
    clock.move(minutes=3)
    second = desa.tap(id, "departed", desa.desk)
    assert second.status_code == 409
    assert "sudah dicatat Yayah pukul 10.00. Yang pertama yang berlaku." in second.text
    own = desa.tap(id, "departed")  # the answer was lost on the way
    assert own.status_code == 302
    assert "sudah Anda catat pukul 10.00" in desa.kader.get(own.location).text
    assert desa.row(id).departed_at == moment(10)
    desa.hand_over(id)
    late = desa.tap(id, "handed_over", desa.desk, facility="RSUD Cibinong")
    assert late.status_code == 409
    assert "Isian Anda tidak disimpan: RSUD Cibinong" in late.text
    assert desa.row(id).facility == "RSUD Leuwiliang"
    assert desa.tap(id, "arrived", desa.desk).status_code == 422  # it is not running any more


def test_a_time_is_corrected_and_the_old_one_stays_in_the_audit(desa: Village, clock: Clock) -> None:
    id = desa.call()
    clock.move(minutes=10)
    desa.tap(id, "departed")
    clock.move(minutes=50)
    desa.hand_over(id)
    at = {
        "called": "2026-11-12T09:40",
        "departed": "2026-11-12T10:02",
        "arrived": "2026-11-12T10:45",
        "handed_over": "2026-11-12T11:00",
    }
    assert desa.do(id, "times", **at, reason="Lupa menekan").status_code == 302
    row = desa.row(id)
    assert (row.called_at, row.departed_at, row.arrived_at) == (moment(9, 40), moment(10, 2), moment(10, 45))
    told = {deed: (detail["old"], detail["new"]) for deed, detail in desa.deeds() if deed.endswith("_corrected")}
    assert told == {
        "called_corrected": ("12-11-2026 10.00", "12-11-2026 09.40"),
        "departed_corrected": ("12-11-2026 10.10", "12-11-2026 10.02"),
        "arrived_corrected": ("–", "12-11-2026 10.45"),
    }
    page = desa.desk.get(url(id)).text
    assert "semula 12 Nov 2026 10.10" in page
    assert "Lupa menekan" in page
    # Without a handover it goes on.
    assert desa.do(id, "times", **{**at, "handed_over": ""}, reason="Belum diterima IGD").status_code == 302
    assert desa.row(id).state == "running"
    # Called on another day, its case is due on another one.
    earlier = {"called": "2026-11-11T23:50", "departed": "", "arrived": "", "handed_over": ""}
    desa.do(id, "times", **earlier, reason="Semalam")
    assert desa.row(id).follow_up_by.isoformat() == "2026-11-12"


@pytest.mark.parametrize(
    ("times", "told"),
    [
        ({"departed": "2026-11-12T09:00"}, "tidak boleh sebelum"),
        ({"departed": "2026-11-12T10:30"}, "belum tiba"),
        ({"called": "2026-10-12T10:00", "departed": "2026-11-12T10:00"}, "hari sejak telepon"),
        ({"called": ""}, "Ada 1 hal"),
        ({"called": "0001-01-01T00:00"}, "Periksa tahunnya"),
        ({"departed": "kemarin"}, "Ada 1 hal"),
    ],
)
def test_times_that_cannot_be_are_refused(desa: Village, clock: Clock, times: dict[str, str], told: str) -> None:
    id = desa.call()
    answer = desa.do(id, "times", **{"called": "2026-11-12T10:00", **times}, reason="Salah tekan")
    assert answer.status_code == 422
    assert told in answer.text
    assert desa.row(id).departed_at is None


def test_who_looks_at_an_old_page_is_told_and_keeps_what_was_typed(desa: Village, clock: Clock) -> None:
    id = desa.call(place="RT 02")
    desa.do(id, "edit", place="RT 07", jkn="none")
    stale = desa.do(id, "edit", place="RT 09 dekat mushola", jkn="none", version=1)
    assert stale.status_code == 409
    assert "RT 09 dekat mushola" in stale.text
    assert "RT 07" in stale.text
    stale = desa.do(id, "times", called="2026-11-12T09:30", reason="Salah", version=1)
    assert stale.status_code == 409
    assert "2026-11-12T09:30" in stale.text
    assert desa.do(id, "cancel", reason="Salah", version=1).status_code == 409
    assert desa.row(id).place == "RT 07"
    assert [detail["fields"] for deed, detail in desa.deeds() if deed == "edited"] == [["place"]]


def test_cancelled_and_opened_again(desa: Village, clock: Clock) -> None:
    id = desa.call()
    assert desa.do(id, "reopen", reason="Salah").status_code == 422
    assert desa.do(id, "cancel", reason="").status_code == 422
    desa.do(id, "cancel", reason="Keluarga berangkat sendiri")
    assert "Keluarga berangkat sendiri" in desa.desk.get(url(id)).text
    assert str(id) not in desa.desk.get(HOME).text
    assert str(id) in desa.desk.get(url() + "?show=cancelled").text
    assert desa.tap(id, "departed").status_code == 422
    desa.do(id, "reopen", reason="Jadi diantar")
    desa.hand_over(id)
    desa.do(id, "reopen", reason="IGD penuh, pindah")
    assert (desa.row(id).state, desa.row(id).handed_over_at) == ("running", None)
    assert [detail["old"] for deed, detail in desa.deeds() if deed == "reopened"] == ["–", "12-11-2026 10.00"]


def test_the_paper_for_the_facility_masks_the_nik(desa: Village) -> None:
    id = desa.ended(condition="Kejang", patient_name="Ibu Enok")
    desa.attach(id, desa.person(name="Enok Sumarni", nik="3201155507900042"))
    answer = desa.kader.get(url(id, "record.pdf"))
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert "Enok Sumarni" in words
    assert "Kejang" in words
    assert "3201155507900042" not in words
    assert desa.deeds()[-1][0] == "record_printed"


def test_health_data_are_the_village_s_and_each_look_is_recorded(
    desa: Village, app: Flask, sign_in: SignInAs, clock: Clock
) -> None:
    id = desa.call(condition="Kejang")
    desa.kader.get(url(id))  # who writes it down on the way is not recorded for looking
    desa.desk.get(url(id))
    assert [deed for deed, _ in desa.deeds()] == ["called", "opened"]
    for role, area in (("kecamatan_supervisor", "32.01.15"), ("district_officer", "32.01"), ("auditor", "32.01")):
        overseer = sign_in(role, area)
        assert [overseer.get(page).status_code for page in (url(), url(id), url(id, "edit"))] == [403, 403, 403]
        assert overseer.get(url("report")).status_code == 200
    assert sign_in("partner_officer", "32.01").get(url("report")).status_code in (403, 404)
    elsewhere = sign_in("village_staff", SIBLING)
    assert elsewhere.get(f"/{SIBLING}/emergency/{id}").status_code == 404
    assert elsewhere.post(f"/{SIBLING}/emergency/{id}/tap/departed").status_code == 404
    assert sign_in("village_staff", FOREIGN).get(url(id)).status_code == 404
    assert desa.kader.post(url("roster/copy")).status_code == 403


def test_an_escort_is_found_by_the_patient_and_not_by_what_ails_whom(desa: Village) -> None:
    id = desa.call(patient_name="Pak Dadang", condition="Kejang demam")
    assert str(id) in desa.desk.get(f"/{VILLAGE}/search?q=dadang").text
    assert str(id) not in desa.desk.get(f"/{VILLAGE}/search?q=kejang").text


def test_a_resident_is_not_erased_before_all_is_done_and_then_the_words_go(desa: Village, app: Flask) -> None:
    id, person = desa.ended(condition="Kejang", patient_name="Enok"), desa.person(name="Enok Sumarni")
    desa.attach(id, person)
    assert "Enok Sumarni" in desa.desk.get(f"/{VILLAGE}/people/{person}").text

    def erased() -> None:
        with at(app, VILLAGE) as area:
            found = find_person(area.id, UUID(person))
            assert found
            erase(area, found.id, version=found.version)
            commit()

    with pytest.raises(Exception, match="belum selesai ditindaklanjuti"):
        erased()
    desa.do(id, "no-case", why="other_payer")
    erased()
    row = desa.row(id)
    assert (row.condition, row.patient_name, row.jkn, row.state) == ("", "", "none", "ended")
