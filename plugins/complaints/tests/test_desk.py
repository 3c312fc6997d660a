"""What the desk does with a complaint, who may not, and what stays with whom."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from core.api import Person, commit, find_person
from core.testing import FOREIGN, SIBLING, VILLAGE, Clock, SignInAs, at, erase, make_person, personal_data
from plugins.complaints.commands import counts, register

from .conftest import NAMED, PNG, SECRET, Desk, url


def words(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def test_deadlines_are_seen_until_they_are_kept(desk: Desk, clock: Clock) -> None:
    sent = desk.taken(kind="information")
    home = f"/{VILLAGE}/"
    assert sent.ticket in desk.staff.get(home).text
    clock.move(days=4)
    assert "belum dijawab" in desk.staff.get(home).text
    assert sent.ticket in desk.staff.get(url() + "?show=late").text
    desk.answer(sent, outcome="")
    assert sent.ticket not in desk.staff.get(url() + "?show=late").text
    clock.move(days=2)
    assert "1 hari lewat" in desk.staff.get(home).text
    desk.answer(sent)
    assert sent.ticket not in desk.staff.get(home).text
    assert sent.ticket in desk.staff.get(url() + "?show=answered").text
    desk.change("UPDATE complaints_complaints SET reopen_until = answered_on - 1")
    assert sent.ticket in desk.staff.get(url() + "?show=closed").text


def test_a_deadline_is_moved_with_a_reason_that_the_reporter_reads(desk: Desk, clock: Clock) -> None:
    sent = desk.taken()
    too_early = desk.do(sent, "extend", until="2026-11-26", reason="Menunggu musyawarah.")
    assert too_early.status_code == 422
    assert "sesudah 26 November 2026" in too_early.text
    assert desk.do(sent, "extend", until="2026-12-01", reason="Menunggu musyawarah.").status_code == 302
    assert "Menunggu musyawarah." in desk.ask(sent).text
    desk.do(sent, "class", sector="food", kind="information", about="service")
    kept = desk.row("SELECT due_on::text, sector, kind FROM complaints_complaints")
    assert kept == ("2026-12-01", "food", "information")


def test_who_looks_at_an_old_page_is_told(desk: Desk) -> None:
    sent = desk.taken()
    assert desk.answer(sent, outcome="").status_code == 302
    stale = desk.do(sent, "answer", text="Jawaban kedua.", outcome="", version=1)
    assert stale.status_code == 409
    assert "baru saja mengubah" in stale.text
    assert "Jawaban kedua." not in desk.ask(sent).text


@pytest.mark.parametrize(
    ("key", "data"),
    [
        ("answer", {"text": "", "outcome": ""}),
        ("answer", {"text": "Cukup panjang.", "outcome": "magic"}),
        ("extend", {"until": "besok", "reason": "Lama sekali."}),
        ("class", {"sector": "moon", "kind": "information", "about": "service"}),
        ("forward", {"whom": "", "ask": "Mohon dicek."}),
        ("forward", {"whom": "Dinsos", "ask": "Mohon dicek.", "until": "2001-01-01"}),
        ("link", {}),
        ("link", {"ticket": "CBD-26-9999"}),
        ("link", {"nik": "3201150000000000"}),
        ("merge", {"into": "ADU-AAAAAA"}),
    ],
)
def test_what_is_wrong_changes_nothing(desk: Desk, key: str, data: dict[str, Any]) -> None:
    sent = desk.taken()
    assert desk.do(sent, key, **data).status_code == 422
    assert desk.row("SELECT version FROM complaints_complaints") == (1,)


def test_an_answered_one_is_not_answered_again(desk: Desk) -> None:
    sent = desk.taken()
    desk.answer(sent)
    assert desk.answer(sent).status_code == 422
    assert desk.staff.get(url(desk.id(sent), "answer")).status_code == 422


# ---- who may see it ----


def test_about_the_centre_is_the_kepala_desas_and_about_the_head_the_staffs(desk: Desk, sign_in: SignInAs) -> None:
    centre, head = desk.sent(about="centre"), desk.sent(about="head")
    for sent, hidden, handles in ((centre, desk.staff, desk.head), (head, desk.head, desk.staff)):
        assert desk.page(sent, hidden).status_code == 404
        assert desk.answer(sent, client=hidden).status_code == 404
        assert hidden.get(url(desk.id(sent), "note")).status_code == 404
        for page in (url(), url() + "?show=all", f"/{VILLAGE}/"):
            assert sent.ticket not in hidden.get(page).text
            assert sent.ticket in handles.get(page).text
        assert desk.answer(sent, client=handles).status_code == 302
    officer = sign_in("district_officer", "32.01")
    assert officer.get(url(desk.id(head))).status_code == 200
    assert officer.get(url(desk.id(head), "answer")).status_code == 403


def test_a_confidential_reporter_is_opened_on_record_and_leaves_nowhere(desk: Desk, sign_in: SignInAs) -> None:
    sent = desk.taken(**SECRET)
    secrets = ("Asep Pelapor", "0812-3456-7890")
    desk.do(sent, "forward", whom="Dinas Sosial", ask="Mohon dicek.", until="")
    page = desk.page(sent).text
    paper = re.search(r'href="([^"]+/papers/[^"]+)"', page)
    assert paper
    told = [
        page,
        desk.page(sent, desk.head).text,
        words(desk.staff.get(paper[1]).data),
        str(
            CalamineWorkbook.from_filelike(BytesIO(desk.staff.get(url("register.xlsx")).data))
            .get_sheet_by_index(0)
            .to_python()
        ),
        desk.ask(sent).text,
    ]
    assert not [secret for secret in secrets for text in told if secret in text]
    assert "dirahasiakan" in told[2]
    identity = url(desk.id(sent), "identity")
    assert desk.staff.post(identity).status_code == 403
    assert desk.row("SELECT count(*) FROM audit_entries WHERE action = 'complaints.identity_opened'") == (0,)
    assert secrets[0] in desk.head.post(identity).text
    assert secrets[0] in sign_in("district_officer", "32.01").post(identity).text
    assert desk.row("SELECT count(*) FROM audit_entries WHERE action = 'complaints.identity_opened'") == (2,)


def test_the_head_cannot_open_who_complains_about_the_head(desk: Desk) -> None:
    sent = desk.sent(**SECRET, about="head")
    assert desk.head.post(url(desk.id(sent), "identity")).status_code == 404


def test_who_does_not_ask_for_confidence_is_named_to_who_handles(desk: Desk, sign_in: SignInAs) -> None:
    sent = desk.taken(**NAMED)
    assert "Asep Pelapor" in desk.page(sent).text
    assert "Asep Pelapor" not in desk.page(sent, sign_in("auditor", "32.01")).text
    desk.do(sent, "forward", whom="Dinas Sosial", ask="Mohon dicek.", until="")
    paper = re.search(r'href="([^"]+/papers/[^"]+)"', desk.page(sent).text)
    assert paper
    assert "Asep Pelapor" in words(desk.staff.get(paper[1]).data)


def test_another_villages_complaint_is_not_there(desk: Desk, sign_in: SignInAs) -> None:
    sent = desk.taken()
    for area in (SIBLING, FOREIGN):
        other, base = sign_in("village_head", area), f"/{area}/complaints/{desk.id(sent)}"
        assert {other.get(base).status_code, other.get(f"{base}/answer").status_code} == {404}
        assert other.post(f"{base}/answer", data={"version": 1, "text": "Jawaban.", "outcome": ""}).status_code == 404


# ---- the same said twice, cases, residents ----


def test_what_says_the_same_is_merged_and_reads_the_same_answer(desk: Desk) -> None:
    first, second, about_staff = desk.sent(), desk.sent(), desk.sent(about="centre")
    assert first.ticket in desk.page(second).text
    assert desk.do(second, "merge", into=second.ticket).status_code == 422
    assert desk.do(second, "merge", into=about_staff.ticket).status_code == 422
    assert desk.do(second, "merge", into=first.ticket).status_code == 302
    assert desk.do(first, "merge", into=second.ticket).status_code == 422
    desk.answer(first)
    page = desk.ask(second).text
    assert "Timbangannya datang besok." in page
    assert first.ticket not in page
    assert desk.reopen(second).status_code == 422


def test_a_resident_whose_matter_it_is_never_reads_who_complained(desk: Desk, app: Flask) -> None:
    with at(app, VILLAGE) as area:
        person_id = make_person(area.id, "Nenek Warga", nik="3201155507901234").id
        commit()
    sent = desk.taken(**SECRET, description="Nenek tetangga saya tidak terurus.")
    desk.do(sent, "link", nik="3201155507901234")
    assert sent.ticket in desk.staff.get(f"/{VILLAGE}/people/{person_id}").text
    with at(app, VILLAGE) as area:
        copy = str(personal_data(area, _person(area.id, person_id)))
        assert "tidak terurus" in copy
        assert "Asep Pelapor" not in copy


def file_of(app: Flask, desk: Desk) -> Path:
    sha256 = desk.row("SELECT sha256 FROM complaints_photos")[0]
    [found] = app.extensions["puskesos"].config.files_dir.rglob(sha256)
    return found


def test_an_open_complaint_keeps_its_reporter_from_being_erased(desk: Desk, app: Flask) -> None:
    with at(app, VILLAGE) as area:
        person_id = make_person(area.id, "Asep Pelapor", nik="3201155507901234").id
        commit()
    sent = desk.taken(**NAMED, nik="3201155507901234")
    with at(app, VILLAGE) as area, pytest.raises(Exception, match=sent.ticket):
        erase(area, person_id, version=_person(area.id, person_id).version)


def test_who_complained_by_name_has_a_copy_and_is_erased(desk: Desk, app: Flask) -> None:
    with at(app, VILLAGE) as area:
        person_id = make_person(area.id, "Asep Pelapor", nik="3201155507901234").id
        commit()
    sent, loose = desk.taken(**NAMED, nik="3201155507901234"), desk.sent(**NAMED, nik="3201155507901234")
    photo = desk.sent(photo=(BytesIO(PNG), "foto.png"))
    desk.do(photo, "link", nik="3201155507901234")
    desk.answer(photo)
    link = re.search(r'href="([^"]+/photos/[^"]+)"', desk.page(photo).text)
    assert link
    kept = file_of(app, desk)
    assert kept.exists()
    desk.answer(sent)
    desk.answer(loose)
    with at(app, VILLAGE) as area:
        copy = str(personal_data(area, _person(area.id, person_id)))
        assert "Posyandu belum ada timbangan" in copy
        assert loose.ticket in copy
        erase(area, person_id, version=_person(area.id, person_id).version)
        assert kept.exists(), "nothing is gone before the commit"
        commit()
    assert not kept.exists()
    assert desk.staff.get(link[1]).status_code == 404
    assert desk.row("SELECT count(*) FROM complaints_reporters WHERE name <> '' OR nik <> '' OR phone <> ''") == (0,)
    said = "SELECT description FROM complaints_complaints WHERE ticket = :ticket"
    assert desk.row(said, ticket=sent.ticket) == ("–",)


def _person(village_id: int, person_id: UUID) -> Person:
    found = find_person(village_id, person_id)
    assert found
    return found


# ---- counts ----


def test_the_report_counts_by_sector_and_kind(desk: Desk, clock: Clock) -> None:
    prompt, late = desk.taken(), desk.taken(sector="food", kind="information")
    desk.answer(prompt)
    desk.rate(prompt, "solved")
    clock.move(days=6)
    desk.answer(late)
    desk.taken(sector="food")
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', desk.staff.get(url("report")).text)
    found = {title: re.findall(r">([^<]+)</td>", cells) for title, cells in rows}
    assert found["Pangan"] == ["2", "1", "0", "0 dari 1", "0 dari 1", "0 dari 0"]
    assert found["Kesehatan"] == ["1", "0", "0", "1 dari 1", "1 dari 1", "1 dari 1"]
    assert found["Semua"] == ["3", "1", "0", "1 dari 2", "1 dari 2", "1 dari 1"]
    assert found["Permintaan informasi"][0] == "1"


def test_a_district_adds_a_sector_that_is_offered_and_counted(desk: Desk, sign_in: SignInAs) -> None:
    admin, address = sign_in("district_admin", "32.01"), "/32.01/settings/complaints"
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', admin.get(address).text)
    assert fingerprint
    data = {"sectors": "Jalan dan jembatan\n\nJalan dan jembatan", "elsewhere": "", "fingerprint": fingerprint[1]}
    assert admin.post(address, data={**data, "sectors": "x" * 41}).status_code == 422
    assert admin.post(address, data=data).status_code == 302
    assert desk.stranger.get(url("send")).text.count('value="Jalan dan jembatan"') == 1
    desk.sent(sector="Jalan dan jembatan")
    assert "Jalan dan jembatan" in desk.staff.get(url("report")).text


def test_counts_of_a_district_at_the_terminal_name_nobody(desk: Desk, app: Flask, tmp_path) -> None:
    desk.taken(**NAMED)
    desk.taken(about="centre")
    run = CliRunner().invoke
    with app.app_context():
        told = run(counts, ["32.01"])
    assert "32.01.15.2008  2 diterima, 2 terbuka, 0 terlambat, 0 dijawab tepat waktu" in told.output
    target = tmp_path / "register.xlsx"
    with app.app_context():
        assert "2 keluhan" in run(register, [VILLAGE, str(target)]).output
    assert b"Asep" not in target.read_bytes()
    assert run(counts, ["satu"]).exit_code == 2
