"""The musdes: called, with candidates, attendance and decisions, closed as a whole, and opened again."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, text

from core.api import area_today, db
from core.testing import SIBLING, VILLAGE, SignInAs, at, switch_off

from .conftest import Musdes, url


def test_without_a_meeting_the_page_says_what_to_do(musdes: Musdes) -> None:
    assert "Belum ada musdes" in musdes.staff.get(url("meetings")).text
    assert "Tidak ada keluarga yang menunggu musdes" in (musdes.call() and musdes.page("candidates"))


def test_a_meeting_is_called_with_its_decree_in_mind(musdes: Musdes) -> None:
    assert "Pembahasan dan keputusan untuk setiap calon" in musdes.staff.get(url("meetings/new")).text
    musdes.call()
    page = musdes.page()
    for part in (
        "Balai Desa Cibadak",
        "Ujang Sutisna",
        "Pembahasan calon",
        "Daftar hadir masih kosong",
        "Belum ada calon",
    ):
        assert part in page


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"place": ""}, 'href="#place"'),
        ({"starts_at": "9"}, "Tulis jamnya seperti 09:00."),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_nothing_is_lost(musdes: Musdes, changed: dict, told: str) -> None:
    data = {"held_on": "2026-03-02", "starts_at": "09:00", "place": "Aula", "leader": "Ujang", "secretary": "Kokom"}
    data |= {"agenda": "Pembukaan", "kind": "special"}
    answer = musdes.staff.post(url("meetings/new"), data={**data, **changed})
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="Ujang"' in answer.text


def test_what_the_decree_is_to_say_is_asked_for_beside_the_meeting(musdes: Musdes) -> None:
    musdes.family("Enok")
    musdes.call()
    answer = musdes.post("candidates", cases=[musdes.cases["Enok"]])
    assert answer.location.endswith("/terms/blt_desa.aid")
    assert "Paling banyak Rp300.000 menurut Permendesa PDT 16/2025" in musdes.staff.get(answer.location).text
    assert "Rincian BLT Dana Desa belum diisi." in musdes.page()
    data = {"year": "2026", "first_month": "5", "last_month": "4", "amount": "300000"}
    wrong = musdes.terms(**data)
    assert wrong.status_code == 422
    assert "Bulan terakhir tidak boleh sebelum bulan pertama." in wrong.text
    assert 'href="#amount"' in musdes.terms(**{**data, "amount": "x"}).text
    assert musdes.terms(**{**data, "last_month": "6"}).status_code == 302
    assert "Mei–Juni 2026" in musdes.page()
    assert musdes.post("terms", "blt_desa.nothing", **data).status_code == 404


def test_candidates_are_the_families_put_forward_the_neediest_first(musdes: Musdes) -> None:
    musdes.family("Berada", decile=9, chronic_illness="no")
    musdes.family("Termiskin", decile=1)
    musdes.family("Belum Diajukan", state="handling")
    musdes.call()
    page = musdes.page("candidates")
    assert page.index("Termiskin – desil 1") < page.index("Berada – desil 9")
    assert "Belum Diajukan" not in page
    assert musdes.post("candidates").status_code == 422
    assert "Pilih sedikitnya satu keluarga." in musdes.post("candidates").text


def test_a_family_is_on_one_open_meetings_list_at_a_time(musdes: Musdes) -> None:
    musdes.family("Enok Sumarni")
    musdes.call("Enok Sumarni")
    musdes.call()
    assert "Enok Sumarni" not in musdes.page("candidates")


def test_a_candidate_is_taken_off_the_list_and_waits_for_the_next_meeting(musdes: Musdes) -> None:
    musdes.family("Enok Sumarni")
    musdes.call("Enok Sumarni")
    [candidate] = musdes.candidate_ids().values()
    assert musdes.post("candidates", candidate, "remove").status_code == 302
    assert musdes.candidate_ids() == {}
    assert "Enok Sumarni" in musdes.page("candidates")
    assert musdes.post("candidates", candidate, "remove").status_code == 422


def test_many_who_came_are_noted_at_once(musdes: Musdes) -> None:
    musdes.call()
    musdes.attend("Ade Sunarya; BPD\n\nSiti Aminah, S.Pd; perwakilan perempuan\nDadang")
    page = musdes.page()
    assert "Siti Aminah, S.Pd" in page
    assert re.search(r"Dadang\s*<small>Lainnya", page)
    wrong = musdes.post("attendance", lines="Ade; Partai", element="other")
    assert wrong.status_code == 422
    assert "Baris 1: unsur “Partai” tidak dikenal." in wrong.text
    assert "Ade; Partai" in wrong.text


def test_elements_that_did_not_come_are_named_and_do_not_block(musdes: Musdes) -> None:
    musdes.family("Enok Sumarni")
    musdes.call("Enok Sumarni")
    musdes.attend("Ujang; RT/RW")
    assert "Unsur yang belum tercatat hadir: BPD, Tokoh masyarakat, Perwakilan perempuan." in musdes.page()
    musdes.decide(Enok="accepted")
    assert musdes.close().status_code == 302


# ---- decisions ----


def test_beside_each_candidate_stands_what_the_rules_say(musdes: Musdes) -> None:
    musdes.family("Enok Sumarni", decile=1)
    musdes.family("Penerima PKH", decile=3, pkh="yes")
    musdes.call(*musdes.cases)
    page = musdes.page("decisions")
    assert "Miskin ekstrem (desil 1, didahulukan)" in page
    assert "tidak terpenuhi: Tidak menerima PKH" in page
    assert "Buruh tani, tiga anak." in page


def test_a_decision_that_departs_from_the_rules_is_warned_of_and_kept(musdes: Musdes) -> None:
    musdes.family("Enok Sumarni", decile=1)
    musdes.family("Penerima PKH", decile=3, pkh="yes")
    musdes.call(*musdes.cases)
    answer = musdes.decide(Enok="not_chosen: Tidak hadir", Penerima="accepted 1")
    assert answer.status_code == 302
    page = musdes.page()
    assert "Miskin ekstrem dan memenuhi syarat, tetapi tidak diterima." in page
    assert "Tidak terpenuhi: Tidak menerima PKH." in page
    assert "Desil 3, sedangkan yang miskin ekstrem tidak diterima: Enok Sumarni." in page
    musdes.attend()
    assert musdes.close().status_code == 302
    assert musdes.state("Penerima PKH") == "accepted"


def test_months_and_amount_beyond_the_rule_are_warned_of(musdes: Musdes) -> None:
    for number in range(3):
        musdes.family(f"Warga {number}")
    musdes.call("Warga 0", year="2026", amount="400000")
    assert "Rp400.000 sebulan di atas Rp300.000 (Permendesa PDT 16/2025)." in musdes.page()
    musdes.call("Warga 1", year="2025", amount="250000", last_month="6")
    page = musdes.page()
    assert "Rp250.000 sebulan di bawah Rp300.000" in page
    assert "6 bulan, kurang dari 12" in page
    musdes.call("Warga 2", year="2024")
    assert "Tidak ada aturan BLT yang dikenal untuk tahun 2024." in musdes.page()


def test_every_fault_is_told_at_once_and_nothing_typed_is_lost(musdes: Musdes) -> None:
    for name in ("Enok", "Odah", "Maman"):
        musdes.family(name)
    musdes.call(*musdes.cases)
    answer = musdes.decide(Enok="accepted 1", Odah="accepted 1", Maman="not_chosen")
    assert answer.status_code == 422
    assert "Peringkat 1 sudah dipakai keluarga lain." in answer.text
    assert "Tulis alasannya: keluarga ini berhak tahu." in answer.text
    assert answer.text.count('value="1"') >= 2


def test_somebody_else_decided_meanwhile(musdes: Musdes) -> None:
    musdes.family("Enok")
    musdes.call("Enok")
    stale = musdes.version()
    musdes.attend()
    answer = musdes.post("decisions", version=stale, **musdes.decisions(Enok="reserve 7: Rumah baik"))
    assert answer.status_code == 409
    assert "Orang lain sudah mengubah musdes ini." in answer.text
    assert "Rumah baik" in answer.text
    assert musdes.post("edit", version=stale, place="Aula").status_code == 409
    assert musdes.post("attendance", version=stale, lines="Ade", element="bpd").status_code == 409
    assert musdes.post("close", client=musdes.head, version=stale).status_code == 409


# ---- closing ----


def test_an_unfinished_meeting_is_not_closed_and_says_why(musdes: Musdes) -> None:
    musdes.family("Enok")
    musdes.family("Odah")
    musdes.call("Enok", "Odah")
    answer = musdes.close()
    assert answer.status_code == 422
    assert "Daftar hadir masih kosong" in answer.text
    assert "Belum diputuskan: Enok, Odah." in answer.text
    musdes.attend()
    musdes.decide(Enok="accepted", Odah="reserve")
    with at(musdes.app, VILLAGE):
        db.session.execute(text("UPDATE meetings SET held_on = held_on + 7"))
        db.session.commit()
    assert "Musdesnya baru berlangsung" in musdes.close().text
    assert musdes.states() == {"Enok": "candidate", "Odah": "candidate"}


def test_the_first_page_says_that_a_meeting_was_held_and_not_closed(musdes: Musdes) -> None:
    def told() -> bool:
        return "Musdes yang belum ditutup" in musdes.head.get(f"/{VILLAGE}/").text

    with at(musdes.app, VILLAGE):
        tomorrow = area_today() + timedelta(days=1)
    musdes.family("Enok")
    musdes.call(held_on=tomorrow.isoformat())
    assert not told()
    musdes.call("Enok")
    assert told()
    musdes.attend()
    musdes.decide(Enok="accepted")
    assert musdes.close().status_code == 302
    assert not told()


def test_closing_moves_every_case_with_its_timeline(closed: Musdes) -> None:
    assert closed.states() == {
        "Enok Sumarni": "accepted",
        "Cucu Cahyati": "accepted",
        "Odah Saodah": "reserve",
        "Maman Suparman": "not_chosen",
    }
    page = closed.staff.get(closed.case_url("Maman Suparman")).text
    assert "Catat: tidak terpilih" in page
    assert "Sudah mampu" in page
    assert "ditutup" in closed.staff.get(closed.case_url("Enok Sumarni")).text


def test_ranks_left_open_follow_the_others(musdes: Musdes) -> None:
    for name in ("Enok", "Odah", "Maman"):
        musdes.family(name)
    musdes.call(*musdes.cases)
    musdes.attend()
    musdes.decide(Enok="accepted", Odah="accepted 5", Maman="accepted")
    musdes.close()
    page = musdes.page()
    assert "1. Odah" in page
    assert "2. Enok" in page
    assert "3. Maman" in page


def test_nothing_is_half_done(musdes: Musdes) -> None:
    """A case that is no candidate any more stops the whole meeting."""
    musdes.family("Enok")
    musdes.family("Odah")
    musdes.call("Enok", "Odah")
    musdes.attend()
    musdes.decide(Enok="accepted", Odah="accepted")
    assert musdes.step(musdes.staff, "Odah", "return", note="KK salah").status_code == 302
    answer = musdes.close()
    assert answer.status_code == 422
    assert "Kasusnya bukan calon lagi" in answer.text
    assert musdes.states() == {"Enok": "candidate", "Odah": "handling"}


def test_a_closed_meeting_is_only_read(closed: Musdes) -> None:
    for page in ("edit", "candidates", "attendance", "decisions", "discard"):
        answer = closed.staff.get(url("meetings", closed.id, page))
        assert answer.status_code == 422
        assert "Musdes ini sudah ditutup." in answer.text
    assert closed.post("discard", version=closed.version()).status_code == 422


def test_reopening_makes_them_candidates_again_and_keeps_what_was_decided(closed: Musdes) -> None:
    assert closed.post("reopen", client=closed.head, version=closed.version()).status_code == 422, "no reason"
    answer = closed.post("reopen", client=closed.head, version=closed.version(), reason="Salah catat")
    assert answer.status_code == 302
    assert set(closed.states().values()) == {"candidate"}
    assert "1. Enok Sumarni" in closed.page()
    assert closed.close().status_code == 302
    assert closed.state("Maman Suparman") == "not_chosen"


def test_a_meeting_whose_letter_holds_is_not_reopened(closed: Musdes) -> None:
    closed.issue("minutes")
    answer = closed.post("reopen", client=closed.head, version=closed.version(), reason="Salah catat")
    assert answer.status_code == 422
    assert "Cabut dulu surat yang masih berlaku: 460/001/CBD/" in answer.text


def test_a_meeting_that_did_not_take_place_is_discarded(musdes: Musdes) -> None:
    musdes.family("Enok")
    musdes.call("Enok")
    assert musdes.post("discard").status_code == 302
    assert musdes.staff.get(url("meetings", musdes.id)).status_code == 404
    musdes.call()
    assert "Enok" in musdes.page("candidates")


# ---- by hand ----


def test_a_case_does_not_run_ahead_of_the_meeting(musdes: Musdes) -> None:
    musdes.family("Enok")
    answer = musdes.step(musdes.head, "Enok", "accept")
    assert answer.status_code == 422
    assert "Musdes belum memutuskan “Diterima musdes”." in answer.text
    assert musdes.step(musdes.staff, "Enok", "return", note="Data kurang").status_code == 302


def test_nor_behind_it(closed: Musdes) -> None:
    answer = closed.step(closed.head, "Enok Sumarni", "undo_decision", note="x")
    assert "Keputusan musdes ditarik dengan membuka kembali musdesnya." in answer.text
    answer = closed.step(closed.head, "Enok Sumarni", "decree")
    assert "SK kepala desa yang memuat keluarga ini belum ditandatangani." in answer.text
    assert closed.step(closed.staff, "Enok Sumarni", "cancel", note="Mundur").status_code == 302


# ---- who may ----


def test_only_the_head_closes_and_only_the_village_writes(musdes: Musdes, sign_in: SignInAs) -> None:
    musdes.call()
    assert musdes.post("close").status_code == 403
    assert sign_in("field_worker").get(url("meetings")).status_code == 403
    assert sign_in("field_worker").get(url("")).status_code == 403
    overseer = sign_in("kecamatan_supervisor", "32.01.15")
    assert overseer.get(url("meetings", musdes.id)).status_code == 200
    assert overseer.get(url("meetings/new")).status_code == 403


def test_another_villages_meeting_is_not_there(closed: Musdes, sign_in: SignInAs) -> None:
    neighbour = sign_in("village_head", SIBLING)
    own = f"/{SIBLING}"
    for page in ("", "/edit", "/candidates", "/attendance", "/decisions", "/reopen", "/terms/blt_desa.aid", "/notice"):
        answer = neighbour.get(f"{own}/meetings/{closed.id}{page}")
        assert answer.status_code == 404
        assert "Enok" not in answer.text
    assert "Enok" not in neighbour.get(f"{own}/meetings").text
    for deed in ("close", "discard", "issue/meetings/minutes"):
        assert neighbour.post(f"{own}/meetings/{closed.id}/{deed}", data={"version": "1"}).status_code == 404


def test_where_the_module_is_off_the_cases_can_still_be_ended(closed: Musdes, app: Flask) -> None:
    switch_off(app, "blt_desa")
    assert closed.staff.get(url("")).status_code == 404
    assert closed.staff.get(closed.case_url("Odah Saodah")).status_code == 200
    assert closed.step(closed.staff, "Odah Saodah", "cancel", note="Pindah").status_code == 302


def test_every_deed_is_on_record(closed: Musdes) -> None:
    with at(closed.app, VILLAGE):
        query = text("SELECT action FROM audit_entries WHERE action LIKE 'meetings.%' ORDER BY at")
        actions = list(db.session.scalars(query))
    assert actions == [
        "meetings.called",
        "meetings.candidates_added",
        "meetings.terms_set",
        "meetings.attendance_noted",
        "meetings.decided",
        "meetings.closed",
    ]


# ---- cost ----


def test_a_page_costs_the_same_however_many_families_there_are(musdes: Musdes) -> None:
    musdes.family("Enok")
    musdes.call("Enok")
    few = queries(musdes)
    for number in range(4):
        musdes.family(f"Warga {number}")
    musdes.post("candidates", cases=[case for name, case in musdes.cases.items() if name != "Enok"])
    assert len(musdes.candidate_ids()) == 5
    assert queries(musdes) == few


def queries(musdes: Musdes) -> int:
    """How many statements the meeting's page and its decisions take together."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with musdes.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert musdes.staff.get(url("meetings", musdes.id)).status_code == 200
        assert musdes.staff.get(url("meetings", musdes.id, "decisions")).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
