"""Many members were switched off at once: a file becomes a call list, calls become cases, cases one letter."""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from core.api import Person, commit, db
from core.testing import SIBLING, VILLAGE, SignInAs, at, erase
from core.testing.importing import bring_file, import_step
from core.testing.reading import version_in
from core.testing.villages import switch_off
from plugins.pbi_jk.commands import members
from plugins.pbi_jk.models import Line

from .conftest import Desk, village_url

HEADERS = ("NO", "NIK PESERTA", "NAMA PESERTA", "NOKA", "TMT NONAKTIF")
OPENING = {
    "care": "inpatient",
    "facility": "RSUD Leuwiliang",
    "card_number": "0001234567890",
    "phone": "0812 0000 0042",
    "privacy_notice_given": "y",
}


def url(*parts: str) -> str:
    return village_url("pbi_jk", *parts or ("",))


def workbook(rows: Sequence[Sequence[object]], headers: Sequence[str] = HEADERS) -> BytesIO:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([headers, *rows]):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell) if isinstance(cell, int | float) else sheet.write_string(
                    number, place, str(cell)
                )
    target.seek(0)
    return target


def upload(desk: Desk, file: BytesIO) -> str:
    """The address of the list, which was checked."""
    return bring_file(desk.app, desk.staff, "pbi_jk.members", file, "nonaktif.xlsx")


def step(desk: Desk, page: str, key: str, **data: str) -> TestResponse:
    return import_step(desk.app, desk.staff, page, key, **data)


def post(client: FlaskClient, page: str, address: str = "", **data: object) -> TestResponse:
    """From a page as it stands, with its version."""
    return client.post(address or page, data={"version": version_in(client.get(page).text), **data})


def nik_of(desk: Desk, name: str) -> str:
    with at(desk.app, VILLAGE):
        return db.session.scalar(text("SELECT nik FROM persons WHERE name = :name"), {"name": name})  # pyright: ignore[reportReturnType]


def line_of(desk: Desk, name: str) -> Line:
    with at(desk.app, VILLAGE):
        line = db.session.scalars(select(Line).where(Line.name == name)).one()
        db.session.expunge(line)
        return line


def line_url(desk: Desk, name: str, *more: str) -> str:
    return url("lines", str(line_of(desk, name).id), *more)


def lines(desk: Desk) -> int:
    with at(desk.app, VILLAGE):
        return len(db.session.scalars(select(Line.id)).all())


@pytest.fixture
def brought_in(desk: Desk) -> str:
    """Three residents of whom one has another name on file, and a stranger, on the call list; the list's address."""
    for name in ("Enok Sumarni", "Asep Hidayat", "Dede Kurnia"):
        desk.make_person(name)
    rows = [
        (1, nik_of(desk, "Enok Sumarni"), "ENOK SUMARNI", "0001234567890", "01-02-2026"),
        (2, nik_of(desk, "Asep Hidayat"), "Asep Hidayat", "", "01-02-2026"),
        (3, nik_of(desk, "Dede Kurnia"), "Siti Orang Lain", "", ""),
        (4, "3201150101800001", "Warga Tidak Terdata", "", ""),
    ]
    draft = upload(desk, workbook(rows))
    assert step(desk, draft, "apply").status_code == 302
    return draft


def call(desk: Desk, name: str, result: str, **data: str) -> TestResponse:
    return post(desk.staff, line_url(desk, name), result=result, **data)


def open_case(desk: Desk, name: str, **data: str) -> str:
    answer = post(desk.staff, line_url(desk, name, "case"), **{**OPENING, **data})
    assert answer.status_code == 302, answer.text
    return answer.location.rsplit("/", 1)[-1]


# ---- the file ----


def test_a_dry_run_tells_who_matches_and_what_is_wrong_and_keeps_nobody(desk: Desk) -> None:
    desk.make_person("Enok Sumarni")
    nik = nik_of(desk, "Enok Sumarni")
    rows = [
        (1, nik, "Enok Sumarni", "12", "kemarin"),
        (2, nik, "Enok Sumarni", "", ""),
        (3, 3201155507900001.0, "Terbulatkan", "", ""),
        (4, "", "Tanpa NIK", "", ""),
    ]
    draft = upload(desk, workbook(rows))
    page = desk.staff.get(draft).text + desk.staff.get(f"{draft}?show=warning").text
    for said in (
        "Nomor kartu BPJS bukan 13 angka",
        "Tanggal nonaktif tidak terbaca",
        "NIK ini sudah ada di baris sebelumnya",
        "tersimpan sebagai angka",
        "NIK kosong",
        "Terapkan 1 baris",
    ):
        assert said in page, said
    assert nik not in page
    assert lines(desk) == 0


def test_columns_of_unknown_names_are_chosen_once_and_remembered(desk: Desk) -> None:
    desk.make_person("Enok Sumarni")
    odd, row = ("KODE A", "KODE B"), [(nik_of(desk, "Enok Sumarni"), "Enok Sumarni")]
    draft = upload(desk, workbook(row, odd))
    assert "Pilih kolomnya" in desk.staff.get(draft).text
    twice = step(desk, draft, "columns", **{"column-nik": "KODE A", "column-name": "KODE A"})
    assert (twice.status_code, "dipilih dua kali" in twice.text) == (422, True)
    assert step(desk, draft, "columns", **{"column-nik": "KODE A", "column-name": "KODE B"}).status_code == 302
    assert step(desk, draft, "apply").status_code == 302
    assert lines(desk) == 1
    again = desk.staff.get(upload(desk, workbook(row, odd))).text
    assert "Sudah ada di daftar sebelumnya" in again


def test_undoing_takes_out_whom_nobody_has_worked_on(desk: Desk, brought_in: str) -> None:
    assert lines(desk) == 4
    call(desk, "ENOK SUMARNI", "wants")
    assert step(desk, brought_in, "undo").status_code == 302
    assert lines(desk) == 1
    assert "sudah dihubungi atau punya kasus" in desk.staff.get(brought_in).text
    assert desk.staff.post(f"{brought_in}/undo", data={"version": "3"}).status_code == 409


# ---- the call list ----


def test_everybody_stands_in_one_part_of_the_list(desk: Desk, brought_in: str) -> None:
    parts = {show: desk.staff.get(url(f"?show={show}")).text for show in ("call", "unsure", "wants", "done")}
    assert "ENOK SUMARNI" in parts["call"]
    assert "Asep Hidayat" in parts["call"]
    assert "nama berbeda" in parts["unsure"]
    assert "Warga Tidak Terdata" in parts["unsure"]
    assert "Siti Orang Lain" not in parts["call"]
    call(desk, "Asep Hidayat", "moved")
    assert "Asep Hidayat" in desk.staff.get(url("?show=done")).text


def test_a_doubt_is_settled_and_who_comes_later_is_found(desk: Desk, brought_in: str) -> None:
    page = line_url(desk, "Siti Orang Lain")
    assert post(desk.staff, page, f"{page}/same/yes").status_code == 302
    assert "Siti Orang Lain" in desk.staff.get(url()).text
    desk.make_person("Warga Tidak Terdata", nik="3201150101800001")
    desk.staff.post(url("match"))
    assert line_of(desk, "Warga Tidak Terdata").person_id is not None


def test_a_call_is_undone_and_somebody_elses_is_not_overwritten(desk: Desk, brought_in: str) -> None:
    page = line_url(desk, "Asep Hidayat")
    seen = version_in(desk.staff.get(page).text)
    assert call(desk, "Asep Hidayat", "unreachable", note="Nomor mati").status_code == 302
    late = desk.staff.post(page, data={"version": seen, "result": "died"})
    assert (late.status_code, "baru saja mengubah" in late.text) == (409, True)
    assert line_of(desk, "Asep Hidayat").result == "unreachable"
    assert post(desk.staff, page, f"{page}/undo").status_code == 302
    assert line_of(desk, "Asep Hidayat").result == ""
    assert call(desk, "Asep Hidayat", "").status_code == 422
    assert call(desk, "Asep Hidayat", "wants", next_call="2020-01-01").status_code == 422


def test_a_kader_calls_those_given_to_them_and_imports_nothing(desk: Desk, sign_in: SignInAs, brought_in: str) -> None:
    kader = sign_in("field_worker", name="Bu Kader")
    page = desk.staff.get(url()).text
    found = re.search(r'<option value="([0-9a-f-]{36})">Bu Kader', page)
    assert found
    chosen = {"line": str(line_of(desk, "Asep Hidayat").id), "to": found[1]}
    assert desk.staff.post(url("assign"), data=chosen).status_code == 302
    mine = kader.get(url("?mine=1")).text
    assert "Asep Hidayat" in mine
    assert "ENOK SUMARNI" not in mine
    assert kader.get(brought_in).status_code == 403
    assert kader.get(url("calls.pdf?mine=1")).data.startswith(b"%PDF")
    assert desk.staff.post(url("assign"), data={"to": found[1]}).status_code == 422


# ---- cases and letters ----


def test_who_is_in_care_leads_to_an_urgent_case_filled_in(desk: Desk, brought_in: str) -> None:
    answer = call(desk, "ENOK SUMARNI", "in_care")
    assert answer.location == line_url(desk, "ENOK SUMARNI", "case")
    page = desk.staff.get(answer.location).text
    assert 'value="0001234567890"' in page
    assert 'value="2026-02-01"' in page
    assert '<option selected value="inpatient">' in page
    case = open_case(desk, "ENOK SUMARNI")
    assert "mendesak" in desk.page(case)
    assert "ENOK SUMARNI" in desk.staff.get(url("?show=cases")).text
    assert desk.staff.get(line_url(desk, "ENOK SUMARNI", "case")).status_code == 302


def test_a_case_needs_to_know_who_it_is_and_where(desk: Desk, brought_in: str) -> None:
    doubtful = post(desk.staff, line_url(desk, "Siti Orang Lain", "case"), **OPENING)
    assert (doubtful.status_code, "Pastikan dulu siapa warganya" in doubtful.text) == (422, True)
    blank = post(desk.staff, line_url(desk, "Asep Hidayat", "case"), **{**OPENING, "facility": "", "phone": ""})
    assert blank.status_code == 422
    assert "RSUD" not in blank.text
    assert "0001234567890" in blank.text


def test_letters_of_many_cases_are_one_file_and_one_letter_names_them_all(desk: Desk, brought_in: str) -> None:
    ids = []
    for name in ("ENOK SUMARNI", "Asep Hidayat"):
        open_case(desk, name)
        ids.append(str(line_of(desk, name).id))
    bound = desk.staff.post(url("letters.pdf"), data={"line": ids})
    assert (bound.status_code, len(PdfReader(BytesIO(bound.data)).pages)) == (200, 2)
    made = desk.staff.post(url("batches"), data={"line": ids})
    page = desk.staff.get(made.location).text
    assert "Enok" in page or "ENOK" in page
    letter = re.search(r'href="(/[^"]+/letters/[0-9a-f-]{36}\.pdf)"', page)
    assert letter
    with desk.staff.get(letter[1]) as answer:
        annex = PdfReader(BytesIO(answer.data)).pages[1].extract_text()
    assert "Enok Sumarni" in annex
    assert "Asep Hidayat" in annex
    twice = desk.staff.post(url("batches"), data={"line": ids})
    assert (twice.status_code, "surat kolektif lain" in twice.text) == (422, True)
    revoke = re.search(r'action="([^"]+/revoke)"', page)
    assert revoke
    assert post(desk.staff, made.location, revoke[1], reason="Salah daftar").status_code == 302
    assert desk.staff.post(url("batches"), data={"line": ids}).status_code == 302
    assert desk.staff.post(url("letters.pdf"), data={}).status_code == 422


def test_a_case_opened_at_the_desk_is_found_on_the_list(desk: Desk, brought_in: str) -> None:
    with at(desk.app, VILLAGE):
        person = line_of(desk, "Asep Hidayat").person_id
    answer = desk.staff.post(
        village_url(f"cases/new?person={person}&service=pbi_jk.reactivation"),
        data={**OPENING, "channel": "desk", "priority": "normal", "reporter_phone": "0812 0000 0042"},
    )
    assert answer.status_code == 302
    assert line_of(desk, "Asep Hidayat").case_id is not None


def test_who_has_a_case_already_comes_in_with_it(desk: Desk) -> None:
    desk.open_case("Enok Sumarni")
    draft = upload(desk, workbook([(1, nik_of(desk, "Enok Sumarni"), "Enok Sumarni", "", "")]))
    assert step(desk, draft, "apply").status_code == 302
    assert line_of(desk, "Enok Sumarni").case_id is not None
    assert "Semua sudah dihubungi" in desk.staff.get(url()).text


# ---- who sees what ----


def test_the_district_sees_counts_and_nobodys_name(desk: Desk, brought_in: str, sign_in: SignInAs) -> None:
    assert "Daftar PBI-JK nonaktif" in desk.staff.get(village_url("")).text
    district = sign_in("district_officer", "32.01", name="Pak Kabupaten").get("/32.01/").text
    assert "Daftar PBI-JK nonaktif" in district
    assert "ENOK" not in district


def test_another_villages_rows_are_not_there_and_nothing_is_where_the_module_is_off(
    desk: Desk, brought_in: str, sign_in: SignInAs
) -> None:
    line, elsewhere = line_url(desk, "Asep Hidayat"), sign_in("village_staff", SIBLING, name="Orang Sebelah")
    for page in (line, brought_in):
        assert elsewhere.get(page.replace(VILLAGE, SIBLING)).status_code == 404
    switch_off(desk.app, "pbi_jk")
    assert desk.staff.get(url()).status_code == 404


def test_the_report_has_everybody(desk: Desk, brought_in: str) -> None:
    answer = desk.staff.get(url("pbi-nonaktif.xlsx"))
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")


def test_at_the_terminal(desk: Desk, brought_in: str, tmp_path: Path) -> None:
    with desk.app.app_context():
        out = CliRunner().invoke(members, [VILLAGE, "--output", str(tmp_path / "laporan.xlsx")])
    assert "4 orang ditulis" in out.output


def test_who_is_erased_is_in_no_draft_either(desk: Desk) -> None:
    desk.make_person("Enok Sumarni")
    draft = upload(desk, workbook([(1, nik_of(desk, "Enok Sumarni"), "Enok Sumarni", "", "")]))
    with at(desk.app, VILLAGE) as area:
        person = db.session.scalars(select(Person)).one()
        erase(area, person.id, version=person.version)
        commit()
    assert "Dibuang" in desk.staff.get(draft).text
