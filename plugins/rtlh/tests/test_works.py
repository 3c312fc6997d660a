"""From the decree to the house that is handed back: stages with photos, receipts against the budget, what stands."""

from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from core.api import commit
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_case, make_person
from core.testing.villages import switch_off
from plugins.rtlh.commands import report
from plugins.rtlh.services import repair
from plugins.rtlh.spending import BudgetLine

from .conftest import ANSWERS, NIK, PNG, Desk, url


def test_from_the_decree_to_the_family_that_has_its_house_back(desk: Desk) -> None:
    case = desk.granted()
    assert "Catat mulai" in desk.page()
    assert "Rp17.500.000" in desk.staff.get(f"/{VILLAGE}/cases/{case}").text
    assert 'value="17500000"' in desk.page("cases", case, "begin")
    work = desk.begin(case).location.rpartition("/")[2]
    assert desk.state(case) == "works"
    assert desk.begin(case).status_code == 422  # followed already
    for percent in (0, 30, 70):
        assert desk.stage(work, percent, client=desk.kader).status_code == 302
    assert desk.spend(work, 1_000_000).status_code == 302
    assert desk.spend(work, 2_100_000, "wages", receipt="K-2").status_code == 302
    page = desk.page("works", work)
    assert "lebih Rp100.000" in page
    assert "Rp16.500.000" in page
    answer = desk.hand_over(work)
    assert (answer.status_code, "Catat dulu kemajuan 100 persen" in answer.text) == (422, True)
    step = desk.staff.get(f"/{VILLAGE}/cases/{case}/step/approve")
    assert step.status_code == 200
    assert desk.stage(work, 100).status_code == 302
    assert desk.hand_over(work).status_code == 302
    assert desk.state(case) == "approved"
    page = desk.page("works", work)
    assert "Dihadiri ketua RT" in page
    assert "Catat kuitansi" not in page
    assert desk.spend(work, 5).status_code == 422
    assert work in desk.staff.get(url(), query_string={"show": "done"}).text
    with desk.staff.get(url("works", work, "report.pdf")) as paper:
        said = " ".join(PdfReader(BytesIO(paper.data)).pages[0].extract_text().split())
    assert "LAPORAN AKHIR PERBAIKAN RUMAH" in said
    assert "TB Maju K-2" in said
    assert "3.100.000" in said
    assert NIK not in said


def test_the_case_says_that_the_works_are_not_finished(desk: Desk) -> None:
    case, work = desk.works()
    desk.stage(work, 0)
    desk.stage(work, 30)
    version = desk.rows("SELECT version FROM cases")[0][0]
    step = {"version": version, "outcome": "Selesai", "on": desk.day()}
    answer = desk.staff.post(f"/{VILLAGE}/cases/{case}/step/approve", data=step)
    assert answer.status_code == 422
    assert "Pekerjaannya baru 30 persen" in answer.text


@pytest.mark.parametrize(
    ("percent", "other", "problem"),
    [
        (30, {"photo": b""}, "Ambil fotonya dulu"),
        (30, {"photo": b"%PDF-1.7 no photo"}, "Ini bukan foto"),
        (45, {}, "Pilih salah satu dari daftar."),
        (30, {"seen_on": "2031-01-01"}, "Tanggal ini belum tiba"),
    ],
)
def test_a_stage_is_one_of_the_rule_and_has_a_photo(desk: Desk, percent: int, other: dict, problem: str) -> None:
    _case, work = desk.works()
    answer = desk.stage(work, percent, **other)
    assert answer.status_code == 422
    assert problem in answer.text
    assert desk.rows("SELECT count(*) FROM rtlh_stages")[0][0] == 0


def test_the_last_stage_can_be_taken_back_and_is_not_forgotten(desk: Desk) -> None:
    _case, work = desk.works()
    desk.stage(work, 0)
    desk.stage(work, 70)
    first, last = (row[0] for row in desk.rows("SELECT id FROM rtlh_stages ORDER BY percent"))

    def undo(stage: object) -> int:
        data = {"version": desk.version(work), "reason": "Salah rumah"}
        return desk.staff.post(url("works", work, "stages", stage, "undo"), data=data).status_code

    assert undo(first) == 422
    assert undo(last) == 302
    page = desk.page("works", work)
    assert "Salah rumah" in page
    assert desk.rows("SELECT progress FROM rtlh_works")[0][0] == 0
    assert desk.stage(work, 30).status_code == 302  # again possible


def test_a_receipt_is_struck_with_its_reason_and_counts_no_more(desk: Desk) -> None:
    _case, work = desk.works()
    desk.spend(work, 4_000_000, photo=(BytesIO(PNG), "kuitansi.png"))
    desk.spend(work, 1_000)
    [expense] = [row[0] for row in desk.rows("SELECT id FROM rtlh_expenses WHERE serial = 1")]
    strike = url("works", work, "expenses", expense, "strike")
    assert desk.staff.post(strike, data={"reason": ""}).status_code == 422
    assert desk.staff.post(strike, data={"reason": "Dobel"}).status_code == 302
    assert desk.staff.post(strike, data={"reason": "Dobel"}).status_code == 422
    page = desk.page("works", work)
    assert "Rp17.499.000" in page
    assert "Dobel" in page
    with desk.staff.get(url("works", work, "expenses", expense, "photo")) as photo:
        assert photo.mimetype == "image/png"
    assert desk.kader.get(url("works", work, "expenses", expense, "photo")).status_code == 403
    assert desk.rows("SELECT count(*) FROM audit_entries WHERE action = 'rtlh.receipt_opened'")[0][0] == 1


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"amount": "nol"}, "422"),
        ({"amount": "0"}, "422"),
        ({"spent_on": "2020-01-01"}, "antara mulainya pekerjaan dan hari ini"),
    ],
)
def test_a_wrong_receipt_is_refused(desk: Desk, changed: dict, problem: str) -> None:
    _case, work = desk.works()
    answer = desk.staff.post(
        url("works", work, "expenses", "new"),
        data={"kind": "material", "amount": "5", "spent_on": desk.day(), "what": "Paku", "paid_to": "TB", **changed},
    )
    assert answer.status_code == 422
    assert problem == "422" or problem in answer.text
    assert desk.rows("SELECT count(*) FROM rtlh_expenses")[0][0] == 0


def test_who_saw_an_older_page_is_shown_what_changed(desk: Desk) -> None:
    _case, work = desk.works()
    seen = desk.version(work)
    edit = url("works", work, "edit")
    assert desk.staff.post(edit, data={**desk.form(material="16000000"), "version": seen}).status_code == 302
    late = desk.staff.post(edit, data={**desk.form(builder="Tukang Asep"), "version": seen})
    assert late.status_code == 409
    assert "Yang tersimpan sekarang berbeda" in late.text
    assert "16000000" in late.text
    assert "Tukang Asep" in late.text  # nothing of what was typed is lost
    assert desk.stage(work, 0, version=seen).status_code == 409


def test_works_begin_with_a_decree(desk: Desk) -> None:
    with at(desk.app, VILLAGE) as area:
        case = str(make_case(area, repair, make_person(area.id, "Asep Saepudin"), **ANSWERS).id)
        commit()
    answer = desk.begin(case)
    assert answer.status_code == 422
    assert "setelah SK penerima terbit" in answer.text
    assert desk.begin(desk.granted(), material="-1").status_code == 422


def test_a_family_that_was_aided_before_is_told_of(desk: Desk) -> None:
    case = desk.granted()
    data = {
        "nik": NIK,
        "source": "Baznas 2019",
        "begun_on": "2019-03-01",
        "handed_on": "2019-05-01",
        "amount": "15000000",
    }
    for wrong in ({"nik": "3201155507909999"}, {"nik": "12"}, {"handed_on": "2019-02-01"}, {"begun_on": ""}):
        assert desk.staff.post(url("earlier"), data={**data, **wrong}).status_code == 422
    assert desk.staff.post(url("earlier"), data=data).status_code == 302
    assert "Keluarga ini pernah dibantu" in desk.staff.get(f"/{VILLAGE}/cases/{case}").text
    person = desk.rows("SELECT id FROM persons")[0][0]
    panel = desk.staff.get(f"/{VILLAGE}/people/{person}").text
    assert "Rumahnya pernah dibantu" in panel
    assert "Baznas 2019" in panel


def test_a_house_under_repair_before_this_platform_is_followed_from_where_it_is(desk: Desk) -> None:
    desk.granted()
    data = {"nik": NIK, "source": "APBD 2025", "begun_on": desk.day(ago=30), "handed_on": "", "amount": ""}
    work = desk.staff.post(url("earlier"), data=data).location.rpartition("/")[2]
    assert desk.rows("SELECT budget_material, progress FROM rtlh_works") == [(17_500_000, 0)]
    assert desk.stage(work, 70).status_code == 302
    assert desk.stage(work, 100).status_code == 302
    assert desk.hand_over(work).status_code == 302


def test_the_sheet_of_a_year_and_its_twin(desk: Desk, tmp_path: Path) -> None:
    _case, work = desk.works()
    desk.spend(work, 1_250_000)
    file = tmp_path / "rtlh.xlsx"
    with desk.app.app_context():
        result = CliRunner().invoke(report, [VILLAGE, "--output", str(file)])
    assert (result.exit_code, "1 rumah ditulis" in result.output) == (0, True)
    with desk.staff.get(url("report.xlsx")) as answer:
        books = [CalamineWorkbook.from_path(file), CalamineWorkbook.from_filelike(BytesIO(answer.data))]
    for book in books:
        houses, receipts = (book.get_sheet_by_index(number).to_python() for number in (0, 1))
        assert houses[1][0] == "Enok Sumarni"
        assert (houses[1][6], houses[1][7]) == (20_000_000, 1_250_000)
        assert receipts[1][4:8] == ["60 sak semen", "TB Maju", "", 1_250_000]
    assert desk.staff.get(url("report.xlsx"), query_string={"year": "1999"}).status_code == 404


def test_who_may_see_what_and_where_it_is_off(desk: Desk, sign_in: SignInAs) -> None:
    _case, work = desk.works()
    desk.stage(work, 0)
    [stage] = [row[0] for row in desk.rows("SELECT id FROM rtlh_stages")]
    assert desk.kader.get(url("works", work)).status_code == 200
    assert desk.kader.get(url("works", work, "expenses", "new")).status_code == 403
    assert desk.kader.get(url("works", work, "stages", stage, "photo")).status_code == 403
    with desk.staff.get(url("works", work, "stages", stage, "photo")) as photo:
        assert photo.status_code == 200
    other = sign_in("village_staff", SIBLING)
    assert other.get(f"/{SIBLING}/rtlh/works/{work}").status_code == 404
    officer = sign_in("district_officer", "32.01")
    assert "Rumah diperbaiki" in officer.get("/32.01/").text
    switch_off(desk.app, "rtlh")
    assert desk.staff.get(url("works", work)).status_code == 404


def test_what_is_left_of_a_budget() -> None:
    assert (BudgetLine("Upah", 10, 12).left, BudgetLine("Upah", 10, 3).left) == (-2, 7)
