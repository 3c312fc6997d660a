"""The month: its days on both sides of the cut-off, what is due now, and the statement that agrees on proposals."""

from dataclasses import replace
from datetime import date

import pytest

from core.api import commit, find_person
from core.testing import VILLAGE, at
from core.testing.reading import tagged, words
from plugins.dtsen import month_calendar
from plugins.dtsen.month_calendar import calendar_of, month_for
from plugins.dtsen.personal_data import erase_in_statements, told_in_statements
from plugins.dtsen.rulebook import rules
from plugins.dtsen.services import objection, proposal

from .conftest import OBJECTION, PROPOSAL, Desk, url


@pytest.mark.parametrize(
    ("day", "phase", "month"),
    [
        (date(2026, 11, 1), "proposing", (2026, 11)),
        (date(2026, 11, 16), "proposing", (2026, 11)),
        (date(2026, 11, 17), "proposing", (2026, 11)),
        (date(2026, 11, 18), "agreeing", (2026, 12)),
        (date(2026, 11, 25), "agreeing", (2026, 12)),
        (date(2026, 11, 26), "ratifying", (2026, 12)),
        (date(2026, 12, 17), "proposing", (2026, 12)),
        (date(2026, 12, 18), "agreeing", (2027, 1)),
    ],
)
@pytest.mark.usefixtures("village")
def test_the_cut_off_still_counts_and_the_day_after_is_of_the_next_month(
    day: date, phase: str, month: tuple[int, int]
) -> None:
    calendar = calendar_of(day.year, day.month)
    assert calendar
    assert (calendar.phase(day), month_for(day)) == (phase, month)


@pytest.mark.usefixtures("village")
def test_before_dtsen_there_is_no_calendar() -> None:
    assert calendar_of(2025, 1) is None
    assert calendar_of(2025, 2) is not None
    assert month_for(date(2025, 1, 30)) == (2025, 1)


@pytest.mark.usefixtures("village")
def test_a_district_sets_other_days_and_one_that_the_month_lacks_is_its_last(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = rules.at(date(2026, 11, 1))
    other = replace(rule, values={**rule.values, "cutoff_day": 20, "agree_day": 31})
    monkeypatch.setattr(month_calendar, "rule_on", lambda _day: other)
    calendar = calendar_of(2026, 11)
    assert calendar
    assert (calendar.cutoff, calendar.agree_by) == (date(2026, 11, 20), date(2026, 11, 30))
    assert [calendar.phase(date(2026, 11, day)) for day in (20, 21, 30)] == ["proposing", "agreeing", "agreeing"]


def test_what_is_due_now_stands_on_the_first_page(desk: Desk) -> None:
    desk.on(5)
    desk.open_case(proposal, PROPOSAL)
    first = f"/{VILLAGE}/"

    def told() -> str:
        return tagged(desk.staff.get(first).text)

    assert "belum masuk SIKS-NG" not in told()  # seven days before
    desk.on(10)
    assert "1 usulan belum masuk SIKS-NG perubahan ditutup 17 November 2026" in told()
    desk.on(17)
    assert "1 usulan belum masuk SIKS-NG" in told()
    desk.on(18)
    assert "belum masuk SIKS-NG" not in told()
    assert "Perubahan yang dimasukkan sekarang terhitung untuk Desember 2026" in desk.page()
    desk.keyed("Asep Saepudin")
    assert "1 usulan menunggu musdes, muskel, atau SPTJM sampai 25 November 2026" in told()
    desk.on(26)
    assert "1 usulan belum disepakati" in told()


def test_a_statement_names_the_proposals_and_its_signature_agrees_on_them(desk: Desk) -> None:
    desk.on(18)
    empty = desk.staff.post(url("months", "2026-11", "statement"))
    assert (empty.status_code, "Belum ada usulan" in empty.text) == (422, True)
    first, second = desk.keyed("Enok Sumarni"), desk.keyed("Asep Saepudin")
    desk.open_case(proposal, PROPOSAL, "Belum Dimasukkan")
    made = desk.staff.post(url("months", "2026-11", "statement"), follow_redirects=True)
    assert "menunggu tanda tangan kepala desa" in made.text
    assert desk.staff.post(url("months", "2026-11", "statement")).status_code == 422  # one holds already
    [[letter]] = desk.rows("SELECT id FROM letters")
    paper = words(desk.staff.get(f"/{VILLAGE}/letters/{letter}.pdf"))
    assert "2 usulan" in paper
    assert "Asep Saepudin" in paper
    assert "Belum Dimasukkan" not in paper
    assert "3201 •••• ••••" in paper
    assert desk.staff.post(url("letters", letter, "sign")).status_code == 403
    assert desk.head.post(url("letters", letter, "sign")).status_code == 302
    assert desk.head.post(url("letters", letter, "sign")).status_code == 422
    states = "SELECT state FROM cases ORDER BY id"
    assert desk.rows(states) == [("agreed",), ("agreed",), ("registered",)]
    assert desk.step(first, "ratified", on="2026-11-20", note="SIKS-NG").status_code == 302
    gone = desk.head.post(url("letters", letter, "revoke"), data={"reason": "Salah lampiran"})
    assert gone.status_code == 302
    assert desk.rows(states) == [("ratified",), ("sent",), ("registered",)]  # what was ratified stays
    assert desk.head.post(url("letters", letter, "revoke"), data={"reason": "Lagi"}).status_code == 422
    assert desk.staff.get(url("letters", letter)).location.endswith("/dtsen/months/2026-11#letters")
    assert second


def test_what_goes_to_a_musdes_is_on_the_list_and_not_in_the_statement(desk: Desk) -> None:
    desk.on(18)
    heard = desk.keyed("Enok Sumarni")
    assert desk.step(heard, "to_meeting").status_code == 302
    assert desk.staff.post(url("months", "2026-11", "statement")).status_code == 422
    assert "Enok Sumarni" in words(desk.staff.get(url("months", "2026-11", "list.pdf")))
    assert "Berita acara dan daftar hadir" in desk.page("months", "2026-11")
    assert desk.step(heard, "from_meeting", note="SPTJM saja").status_code == 302
    assert desk.staff.post(url("months", "2026-11", "statement")).status_code == 302


def test_lists_by_name_and_by_address_and_for_the_board(desk: Desk) -> None:
    desk.on(18)
    desk.keyed("Zubaedah")
    desk.keyed("Asep Saepudin")
    paper = words(desk.staff.get(url("months", "2026-11", "list.pdf")))
    assert paper.index("Asep Saepudin") < paper.index("Zubaedah")
    assert "Anggota keluarga bertambah" in paper
    walked = words(desk.staff.get(url("months", "2026-11", "list.pdf"), query_string={"order": "address"}))
    assert "menurut alamat" in walked
    board = words(desk.staff.get(url("months", "2026-11", "list.pdf"), query_string={"posted": "1"}))
    niks = [row[0] for row in desk.rows("SELECT nik FROM persons")]
    assert not [nik for nik in niks if nik in paper + walked + board]
    assert "Anggota keluarga bertambah" not in board
    assert "belum berarti menerima bantuan" in board
    assert desk.staff.get(url("months", "2026-13")).status_code == 404


def test_an_objection_takes_its_way_and_its_answer_has_a_reason(desk: Desk) -> None:
    case = desk.open_case(objection, OBJECTION)
    desk.step(case, "handle")
    assert desk.step(case, "send", note="").status_code == 422
    assert desk.step(case, "send", note="Aplikasi Cek Bansos").status_code == 302
    assert desk.step(case, "processed", on="2026-11-12", note="Diterima Dinsos").status_code == 302
    assert desk.step(case, "reject", on="2026-11-12", outcome="Ditolak", note="").status_code == 422
    assert desk.step(case, "reject", on="2026-11-12", outcome="Ditolak", note="Desil tetap").status_code == 302
    assert desk.rows("SELECT state FROM cases") == [("rejected",)]


def test_what_statements_say_is_told_and_erased_with_the_resident(desk: Desk) -> None:
    """Also what an earlier one says, that was revoked: the newer one names somebody else."""
    desk.on(18)
    case = desk.keyed("Enok Sumarni")
    desk.staff.post(url("months", "2026-11", "statement"))
    [[letter]] = desk.rows("SELECT id FROM letters")
    desk.head.post(url("letters", letter, "revoke"), data={"reason": "Salah"})
    desk.step(case, "cancel", note="Tidak jadi")
    desk.keyed("Asep Saepudin")
    desk.staff.post(url("months", "2026-11", "statement"))
    [[person]] = desk.rows("SELECT id FROM persons WHERE name = 'Enok Sumarni'")
    lines = "SELECT data->'lines'->0->>'name' FROM letters ORDER BY number"
    with at(desk.app, VILLAGE) as area:
        found = find_person(area.id, person)
        assert found
        assert [line["change"] for line in (told_in_statements(found) or {})["SPTJM DTSEN"]] == [
            "Anggota keluarga bertambah atau pindah"
        ]
        erase_in_statements(found)
        commit()
    assert desk.rows(lines) == [("–",), ("Asep Saepudin",)]
