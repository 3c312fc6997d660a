"""What is told of the marks, to whom and when; comments that are answered; actions until they are done."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

from click.testing import CliRunner
from flask import Flask
from python_calamine import CalamineWorkbook

from core.api import figures_of
from core.api import report_of as report_of_village
from core.testing import SIBLING, VILLAGE, SignInAs, at
from plugins.feedback.commands import report, write_sheet

from .conftest import Desk, url

JULY, AUGUST, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (7, 8, 10, 11))
GOOD, SLOW = (4,) * 9, (4, 4, 2, 4, 4, 4, 4, 4, 4)


def test_a_period_is_told_once_it_has_ended(desk: Desk) -> None:
    desk.answered(*[GOOD] * 4, SLOW, month=OCTOBER)
    running = desk.staff.get(url("?period=2026-Q4")).text
    assert "Periode ini masih berjalan" in running
    assert "5 penilaian sudah masuk" in running
    assert "98,89" not in running
    assert "terendah" not in running
    ended = desk.staff.get(url("?period=2026-10")).text
    assert "98,89" in ended
    assert "mutu A: Sangat baik" in ended
    assert re.search(r"U3 Waktu penyelesaian <span class=\"tag due\">terendah", ended)
    assert ">3,600<" in ended


def test_few_are_not_told_and_cannot_be_had_by_subtraction(desk: Desk) -> None:
    desk.answered(*[GOOD] * 4, month=JULY)
    few = desk.staff.get(url("?period=2026-07")).text
    assert "Belum cukup penilai" in few
    assert "100,00" not in few
    desk.answered(*[GOOD] * 5, month=AUGUST, service="pip.school")
    desk.answered(*[GOOD] * 6, month=AUGUST, service="pkh.proposal")
    desk.answered(SLOW, SLOW, month=AUGUST)
    page = desk.staff.get(url("?period=2026-08")).text
    table = page.partition("Menurut layanan")[2].partition("Dari waktu")[0]
    assert table.count("<tr>") == 2  # the head and the largest: the smallest of two would tell the rest
    assert "7 penilai dari layanan yang tidak ditampilkan" in table


def test_the_sample_is_measured_by_the_finished_cases(desk: Desk) -> None:
    """As the clock of the tests stands in November, they are finished in it."""
    desk.finished()
    desk.finished()
    desk.answered(GOOD, GOOD, month=NOVEMBER)
    page = desk.staff.get(url("?period=2026-11")).text
    assert "sampel minimal dari 2 kasus selesai: cukup" in page


def test_the_public_page_tells_the_ended_period_what_is_done_and_what_was_said(desk: Desk, sign_in: SignInAs) -> None:
    desk.answered(*[SLOW] * 5, month=JULY)
    new = {"period": "2026-Q3", "element": "3", "what": "Buka meja kedua", "who": "Bu Rini", "due_on": "2026-12-01"}
    assert desk.head.post(url("actions", "new"), data=new).status_code == 302
    page = desk.stranger.get(url("results"))
    assert page.status_code == 200
    for words in ("Triwulan III 2026", "94,44", "Buka meja kedua", "Belum ada komentar yang dijawab"):
        assert words in page.text
    assert "Bu Rini" not in page.text
    assert "Kepuasan warga dan tindak lanjutnya" in desk.stranger.get(f"/{VILLAGE}/services").text
    desk.set(desk.head)
    assert desk.stranger.get(url("results")).status_code == 404
    assert "Kepuasan warga" not in desk.head.get(f"/{VILLAGE}/services").text


def test_a_comment_is_answered_masked_and_published(desk: Desk, sign_in: SignInAs) -> None:
    desk.rate(desk.code(desk.finished()), comment="Antre lama, hubungi 0812-3456-7890.")
    [(comment_id,)] = desk.rows("SELECT id FROM feedback_comments")
    page = url("comments", comment_id)
    assert "Antre lama" in desk.staff.get(url("comments")).text
    assert "Antre lama, hubungi •••." in desk.staff.get(page).text
    said = {"version": "1", "decision": "published", "public_text": "Antre lama, hubungi 0812-3456-7890."}
    unanswered = desk.staff.post(page, data=said)
    assert unanswered.status_code == 422
    assert "Tulis jawabannya dulu" in unanswered.text
    assert "Antre lama" not in desk.stranger.get(url("results")).text
    assert desk.staff.post(page, data={**said, "answer": "Loket kedua dibuka."}).status_code == 302
    public = desk.stranger.get(url("results")).text
    assert "“Antre lama, hubungi •••.”" in public
    assert "Loket kedua dibuka." in public
    stale = desk.head.post(page, data={**said, "decision": "withheld", "answer": "Isian kades."})
    assert stale.status_code == 409
    assert "Isian kades." in stale.text
    assert "Loket kedua dibuka." in stale.text
    assert desk.head.post(page, data={"version": "2", "decision": "withheld"}).status_code == 302
    assert "Antre lama" not in desk.stranger.get(url("results")).text
    officer = sign_in("district_officer", "32.01")
    assert officer.get(url("comments")).status_code == 403
    assert sign_in("village_head", SIBLING).get(f"/{SIBLING}/feedback/comments/{comment_id}").status_code == 404


def test_an_action_is_shown_until_it_is_done_with_its_history(desk: Desk, sign_in: SignInAs) -> None:
    desk.answered(*[SLOW] * 5, month=JULY)
    form = desk.head.get(url("actions", "new")).text
    assert 'selected value="3"' in form  # the lowest
    new = {"period": "2026-Q3", "element": "3", "what": "Buka meja kedua", "who": "Kasi", "due_on": "2026-11-20"}
    for wrong in ({"element": "10"}, {"period": "2020"}, {"due_on": "2026-11-01"}, {"what": ""}):
        assert desk.head.post(url("actions", "new"), data={**new, **wrong}).status_code == 422
    page = desk.head.post(url("actions", "new"), data=new).headers["Location"]
    assert "Buka meja kedua" in desk.staff.get(url()).text
    desk.clock.move(days=9)
    desk.staff, desk.head = sign_in("village_staff"), sign_in("village_head")
    assert "1 terlambat" in desk.staff.get(f"/{VILLAGE}/").text
    change = {"version": "1", "state": "done", "due_on": "2026-11-20", "text": ""}
    assert desk.head.post(page, data=change).status_code == 422
    assert desk.head.post(page, data={**change, "text": "Dibuka sejak Senin."}).status_code == 302
    stale = desk.staff.post(page, data={**change, "state": "dropped", "text": "Tidak jadi."})
    assert stale.status_code == 409
    assert "Tidak jadi." in stale.text
    assert "Dibuka sejak Senin." in stale.text
    assert "Buka meja kedua" not in desk.staff.get(url("actions")).text
    assert "Buka meja kedua" in desk.staff.get(url("actions?show=ended")).text
    assert "Dibuka sejak Senin." in desk.stranger.get(url("results")).text
    auditor = sign_in("auditor", "32.01")
    assert auditor.get(page).status_code == 200
    assert auditor.post(page, data=change).status_code == 403
    other = page.replace(VILLAGE, SIBLING)
    assert sign_in("village_head", SIBLING).get(other).status_code == 404


def test_the_monthly_report_has_sums_and_the_meeting_the_lowest_element(desk: Desk) -> None:
    desk.answered(*[SLOW] * 5, month=JULY)
    desk.answered(GOOD, GOOD, month=NOVEMBER)
    with at(desk.app, VILLAGE) as area:
        july, november = (report_of_village(area, month) for month in (JULY, NOVEMBER))
        figures = figures_of(july)
        assert (figures["feedback.ikm"].of, figures["feedback.ikm"].shown) == (5, "94,44")
        assert figures["feedback.respondents"].amount == 5
        running = figures_of(november)
        assert "feedback.ikm" not in running
        assert running["feedback.respondents"].amount == 2
        [points] = [section.points for section in november if section.name == "feedback"]
        assert [str(point.title) for point in points] == ["Unsur IKM terendah"]
        assert "U3 Waktu penyelesaian: 2,000 dari 4" in str(points[0].text)


def test_a_district_sees_villages_with_enough_and_no_others(desk: Desk, sign_in: SignInAs) -> None:
    desk.answered(*[GOOD] * 5, month=JULY)
    officer = sign_in("district_officer", "32.01")
    page = officer.get("/32.01/").text
    assert "IKM terendah, dari 1 desa" in page
    assert "100,00 · A (n 5)" in page
    desk.change("DELETE FROM feedback_answers WHERE id = (SELECT min(id::text)::uuid FROM feedback_answers)")
    assert "100,00" not in officer.get("/32.01/").text


def test_the_sheet_has_marks_and_nobody(desk: Desk) -> None:
    desk.answered(*[SLOW] * 5, month=JULY)
    book = CalamineWorkbook.from_filelike(BytesIO(desk.staff.get(url("sheet.xlsx?period=2026-Q3")).data))
    elements, answers = (book.get_sheet_by_index(place).to_python() for place in (0, 1))
    assert elements[3][1:3] == [10.0, 2.0]
    assert elements[10][3] == 94.44
    assert answers[1] == [1.0, *map(float, SLOW)]
    few = CalamineWorkbook.from_filelike(BytesIO(desk.staff.get(url("sheet.xlsx?period=2026-Q4")).data))
    assert len([row for row in few.get_sheet_by_index(1).to_python() if row[1] != ""]) == 1
    assert sorted(desk.rows("SELECT object_id FROM audit_entries WHERE action = 'feedback.sheet_downloaded'")) == [
        ("2026-Q3",),
        ("2026-Q4",),
    ]


def test_the_terminal_tells_the_same(desk: Desk, app: Flask, tmp_path: Path) -> None:
    desk.answered(*[SLOW] * 5, month=JULY)
    target, run = tmp_path / "survei.xlsx", CliRunner().invoke
    with app.app_context():
        told = run(report, [VILLAGE])
        assert "Triwulan III 2026: IKM 94,44, mutu A (Sangat baik), 5 penilai" in told.output
        assert "U3 Waktu penyelesaian: 2,000" in told.output
        assert "Hasilnya dibuka" in run(report, [VILLAGE, "--period", "2026"]).output
        assert run(report, [VILLAGE, "--period", "kemarin"]).exit_code == 2
        assert "5 penilai" in run(write_sheet, [VILLAGE, str(target), "--period", "2026-07"]).output
    assert target.stat().st_size > 0
