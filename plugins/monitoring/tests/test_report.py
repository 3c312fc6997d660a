"""The monthly report: one set of figures on screen, sheet and paper; sent, it stays; amended, both can be read."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from core.api import commit, db
from core.testing import SIBLING, VILLAGE, Clock, SignInAs, at, make_person
from core.testing.reading import tagged, version_in, words
from plugins.monitoring.commands import report as report_command
from plugins.monitoring.models import MonitoringReport
from plugins.monitoring.report_content import changes, content_of, tables

from .conftest import add_case, fill_october, moment

ROOT = f"/{VILLAGE}/monitoring"
OCTOBER = date(2026, 10, 1)


def made(client: FlaskClient, month: str = "2026-10") -> str:
    """The address of a new report."""
    answer = client.post(f"{ROOT}/reports/make", data={"month": month})
    assert answer.status_code == 302, answer.text
    return answer.location


def do(client: FlaskClient, report: str, deed: str, **data: str) -> tuple[int, str]:
    """Status, and where it leads or the page. The version is that of the page unless it has no form."""
    seen = {} if "version" in data else {"version": version_in(client.get(report).text)}
    answer = client.post(f"{report}/{deed}", data={**seen, **data})
    return answer.status_code, answer.location or answer.text


def later_cases(app: Flask) -> None:
    """Written down after the report was sent, and of its month."""
    with at(app, VILLAGE) as area:
        add_case(area, make_person(area.id), "2026-10-30", "2026-10-30")
        commit()


def test_screen_sheet_and_paper_say_the_same(app: Flask, october: None, staff: FlaskClient, tmp_path: Path) -> None:
    report = made(staff)
    with at(app, VILLAGE):
        found = tables(db.session.query(MonitoringReport).one().content)
    assert [table.title for table in found][-5:] == ["Bidang", "Program", "RT/RW", "Jenis kelamin", "Umur"]
    page, paper = tagged(staff.get(report).text), words(staff.get(f"{report}.pdf"))
    book = CalamineWorkbook.from_filelike(BytesIO(staff.get(f"{report}.xlsx").data))
    assert len(book.sheet_names) == 1 + len(found)
    squeezed = paper.replace(" ", "")
    for number, table in enumerate(found, start=1):
        rows = book.get_sheet_by_index(number).to_python()
        for place, line in enumerate(table.lines, start=1):
            assert " ".join(line) in page
            assert "".join(line).replace(" ", "").replace("\xa0", "") in squeezed
            cells = [f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in rows[place][: len(line)]]
            assert cells == list(line)
    assert "Selesai di desa 80,0 % (8 dari 10)" in page
    assert "Median hari sampai selesai 3" in page
    with app.app_context():
        target = tmp_path / "laporan.pdf"
        told = CliRunner().invoke(report_command, [VILLAGE, "--month", "2026-10", "--pdf", str(target)])
    assert told.exit_code == 0, told.output
    assert all("  ".join(line) in told.output for table in found for line in table.lines)
    assert "Selesai di desa" in PdfReader(BytesIO(target.read_bytes())).pages[0].extract_text()


def test_what_was_sent_stays_and_an_amendment_shows_what_changed(app: Flask, october: None, sign_in: SignInAs) -> None:
    staff, officer = sign_in("village_staff", name="Siti"), sign_in("district_officer", "32.01")
    report = made(staff)
    assert do(staff, report, "send")[0] == 302
    before = tagged(staff.get(report).text)
    assert "Oleh Siti" in before
    later_cases(app)
    assert do(staff, report, "again", version="2")[0] == 422  # locked
    assert do(staff, report, "send", version="2")[0] == 422
    assert "Diterima 12" in tagged(staff.get(report).text)
    assert staff.post(f"{report}/amend", data={"version": "2", "reason": ""}).status_code == 422
    status, amended = do(staff, report, "amend", version="2", reason="Satu kasus baru dicatat kemudian")
    assert status == 302
    page = tagged(staff.get(amended).text)
    assert "perubahan ke-1" in page
    assert "Diterima Layanan 12 13" in page
    assert "Satu kasus baru" in page
    assert "Diterima 12" in tagged(staff.get(report).text)
    district = tagged(officer.get("/32.01/monitoring/reports?month=2026-10").text)
    assert "perubahan ke-1" not in district  # not sent yet
    assert do(staff, amended, "send")[0] == 302
    assert "perubahan ke-1" in tagged(officer.get("/32.01/monitoring/reports?month=2026-10").text)
    assert do(staff, report, "amend", version="2", reason="Dari yang lama")[0] == 422


def test_the_district_sees_who_has_sent_and_sends_back(
    app: Flask, october: None, clock: Clock, sign_in: SignInAs
) -> None:
    staff, officer = sign_in("village_staff"), sign_in("district_officer", "32.01")
    auditor, tksk = sign_in("auditor", "32.01"), sign_in("kecamatan_supervisor", "32.01.15")
    listed = "/32.01/monitoring/reports?month=2026-10"
    assert re.search(
        r"0 dikirim, dari 2 desa.*2 belum dikirim, lewat 5 November 2026", tagged(officer.get(listed).text)
    )
    report = made(staff)
    id = report.rsplit("/", 1)[1]
    theirs = f"/32.01/monitoring/reports/{VILLAGE}/{id}"
    assert officer.get(theirs).status_code == 404  # not sent yet
    do(staff, report, "send")
    for client, address in ((auditor, theirs), (tksk, theirs.replace("/32.01/", "/32.01.15/"))):
        assert client.post(address, data={"remark": "Kurang lengkap"}).status_code == 403
    assert "1 dikirim, dari 2 desa" in tagged(tksk.get("/32.01.15/monitoring/reports?month=2026-10").text)
    assert "1 dikirim terlambat" in tagged(officer.get(listed).text)
    assert officer.get(f"/32.01/monitoring/reports/{SIBLING}/{id}").status_code == 404
    assert officer.get(f"/32.01/monitoring/reports/32.02.11.2002/{id}").status_code == 404
    version = version_in(officer.get(theirs).text)
    assert officer.post(theirs, data={"version": version, "remark": ""}).status_code == 422
    stale = officer.post(theirs, data={"version": "1", "remark": "Periksa lagi rujukan"})
    assert stale.status_code == 409
    assert "Periksa lagi rujukan" in stale.text
    assert officer.post(theirs, data={"version": version, "remark": "Periksa lagi rujukan"}).status_code == 302
    assert "Dikembalikan Dinas Sosial: Periksa lagi rujukan" in tagged(staff.get(report).text)
    assert "1 dikembalikan" in tagged(officer.get(listed).text)
    assert "Periksa lagi rujukan" in staff.get(f"{report}/amend").text


def test_a_month_is_sent_when_it_is_over_and_in_time_until_the_deadline(
    app: Flask, areas: None, clock: Clock, sign_in: SignInAs
) -> None:
    clock.set(moment("2026-10-31", 23))
    staff = sign_in("village_staff")
    report = made(staff)
    assert do(staff, report, "send", version="1")[0] == 422
    clock.set(moment("2026-11-05", 23))
    staff, officer = sign_in("village_staff"), sign_in("district_officer", "32.01")
    listed = "/32.01/monitoring/reports?month=2026-10"
    assert "0 belum dikirim" in tagged(officer.get(listed).text)
    status, text = do(staff, report, "send")
    assert (status, "Susun ulang dulu" in text) == (422, True)  # made before the month was over
    assert do(staff, report, "again")[0] == 302
    assert do(staff, report, "send")[0] == 302
    assert "0 dikirim terlambat" in tagged(officer.get(listed).text)
    clock.set(moment("2026-11-06", 0))
    assert "1 belum dikirim" in tagged(officer.get(listed).text)  # the other village


def test_what_cannot_be_is_refused(app: Flask, october: None, sign_in: SignInAs) -> None:
    staff, kader = sign_in("village_staff"), sign_in("field_worker")
    report = made(staff)
    assert staff.post(f"{ROOT}/reports/make", data={"month": "2026-10"}).status_code == 422
    assert staff.post(f"{ROOT}/reports/make", data={"month": "2026-12"}).status_code == 422
    assert staff.post(f"{ROOT}/reports/make", data={"month": "kapan"}).status_code == 422
    assert kader.post(f"{report}/send", data={"version": "1"}).status_code == 403
    assert kader.get(report).status_code == 200
    assert staff.post(f"{report}/send", data={"version": "7"}).status_code == 409
    assert sign_in("village_staff", SIBLING).get(report.replace(VILLAGE, SIBLING)).status_code == 404
    assert staff.get(f"{ROOT}/?month=2027-01").status_code == 404


@pytest.mark.parametrize("more", [0, 1])
def test_differences_are_by_figure(app: Flask, october: None, more: int) -> None:
    with at(app, VILLAGE) as area:
        before = content_of(area, OCTOBER)
    if more:
        later_cases(app)
    with at(app, VILLAGE) as area:
        found = {
            (each.section, each.title): (each.before, each.after) for each in changes(before, content_of(area, OCTOBER))
        }
    assert bool(found) == bool(more)
    if more:
        assert found["Layanan", "Diterima"] == ("12", "13")
        assert found["Bidang", "Sosial-ekonomi"] == ("12 · 10 · 2 · 0", "13 · 11 · 2 · 0")


def test_the_other_village_has_its_own(app: Flask, october: None, sign_in: SignInAs) -> None:
    fill_october(app, SIBLING, received=3, solved=3, referred=0)
    neighbour = sign_in("village_head", SIBLING)
    answer = neighbour.post(f"/{SIBLING}/monitoring/reports/make", data={"month": "2026-10"})
    page = tagged(neighbour.get(answer.location).text)
    assert "Diterima 3" in page
    assert "Selesai di desa – (3 dari 3)" in page  # no rate of three, and the official report says both sums
