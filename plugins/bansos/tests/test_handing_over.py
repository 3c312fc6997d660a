"""Aid is handed over once, to whoever comes, with a photo; who has not come is on a list; what is left goes back."""

import threading
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import text

from core.api import commit, db
from core.testing import SIBLING, VILLAGE, SignInAs, at, erase, make_person
from core.testing.reading import tagged, words
from plugins.bansos.aid import aid_of
from plugins.bansos.distributions import find_distribution
from plugins.bansos.recipients import add

from .conftest import PNG, ROOT, Desk, url


def test_from_the_announcement_to_the_closing(desk: Desk) -> None:
    distribution, recipients = desk.listed()
    assert desk.hand_over(recipients[0], desk.kader, photo=PNG).status_code == 302
    page = tagged(desk.page("distributions", distribution))
    assert "3 belum mengambil" in page
    assert "Enok Sumarni" not in page  # she came; the page shows who did not
    paper = words(desk.staff.get(url("distributions", distribution, "list.pdf?show=waiting")))
    assert "Jumlah: 3 orang" in paper
    assert paper.index("Asep Saepudin") < paper.index("Iis Aisyah") < paper.index("Dadang Suhendar")  # by RT
    close = url("distributions", distribution, "close")
    version = desk.version("distributions", distribution)
    refused = desk.staff.post(close, data={"version": version, "returned_to": ""})
    assert refused.status_code == 422
    assert "30 kg beras, 4,5 liter minyak goreng" in refused.text
    assert desk.staff.post(close, data={"version": version, "returned_to": "Gudang Bulog"}).status_code == 302
    assert "dikembalikan kepada Gudang Bulog" in tagged(desk.page("distributions", distribution))
    for closed in ("residents", "edit", "close"):
        answer = desk.staff.get(url("distributions", distribution, closed))
        assert (answer.status_code, "sudah ditutup" in answer.text) == (422, True), closed
    late = desk.hand_over(recipients[1])
    assert (late.status_code, "sudah ditutup" in late.text) == (422, True)


def test_the_second_of_two_clerks_is_told_who_was_quicker(desk: Desk) -> None:
    _distribution, [first, *_others] = desk.listed("Enok Sumarni")
    assert desk.hand_over(first, handed_by="Imas di meja").status_code == 302
    second = desk.hand_over(first, desk.kader, handed_by="Yayah di tablet")
    assert second.status_code == 409
    assert "Sudah diserahkan Imas di meja" in tagged(second.text)
    assert len(desk.rows("SELECT id FROM bansos_handovers")) == 1


def test_two_at_the_very_same_moment(desk: Desk) -> None:
    _distribution, [first] = desk.listed("Enok Sumarni")
    answers: list[int] = []
    start = threading.Barrier(2)

    def clerk(client: FlaskClient) -> None:
        start.wait(timeout=5)
        answers.append(desk.hand_over(first, client).status_code)

    threads = [threading.Thread(target=clerk, args=(client,)) for client in (desk.staff, desk.kader)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(answers) == [302, 409]


def test_somebody_else_comes_with_a_name_and_a_reason(desk: Desk) -> None:
    _distribution, [first] = desk.listed("Enok Sumarni")
    assert desk.hand_over(first, relation="family").status_code == 422
    answer = desk.hand_over(first, relation="family", received_by="Asep", reason="Sedang bekerja")
    assert answer.status_code == 302
    assert "kepada Asep (salah satu anggota keluarga)" in tagged(desk.page("recipients", first))
    [handover] = desk.rows("SELECT id FROM bansos_handovers")
    paper = words(desk.staff.get(url("handovers", handover[0], "receipt.pdf")))
    assert "Nomor: BS/2026/1/0001" in paper
    assert "Asep (Salah satu anggota keluarga)" in paper
    assert "3201 •••• •••• 0001" in paper


def test_an_undone_handover_stays_to_be_seen_and_the_next_has_another_number(desk: Desk) -> None:
    distribution, [first] = desk.listed("Enok Sumarni")
    desk.hand_over(first)
    [handover] = desk.rows("SELECT id FROM bansos_handovers")
    undo = url("handovers", handover[0], "undo")
    assert desk.kader.post(undo, data={"reason": "Tertukar"}).status_code == 403
    assert desk.staff.post(undo, data={"reason": ""}).status_code == 422
    assert desk.staff.post(undo, data={"reason": "Tertukar"}).status_code == 302
    assert "Tertukar" in desk.page("recipients", first)
    assert "1 belum mengambil" in tagged(desk.page("distributions", distribution))
    again = desk.staff.post(undo, data={"reason": "Lagi"})
    assert (again.status_code, "sudah dibatalkan" in again.text) == (422, True)
    desk.hand_over(first)
    latest = desk.rows("SELECT id FROM bansos_handovers WHERE undone_at IS NULL")[0][0]
    assert "BS/2026/1/0001-2" in words(desk.staff.get(url("handovers", latest, "receipt.pdf")))


def test_who_is_struck_off_gets_nothing_until_put_back(desk: Desk) -> None:
    _distribution, [first] = desk.listed("Enok Sumarni")
    strike = url("recipients", first, "strike")
    assert desk.staff.post(strike, data={"version": "1", "reason": "Pindah"}).status_code == 302
    assert desk.staff.post(strike, data={"version": "1", "reason": "Pindah"}).status_code == 409
    refused = desk.hand_over(first)
    assert (refused.status_code, "dicoret: Pindah" in refused.text) == (422, True)
    back = url("recipients", first, "restore")
    assert desk.staff.post(back, data={"version": desk.version("recipients", first)}).status_code == 302
    assert desk.hand_over(first).status_code == 302


def test_a_photo_is_a_photo_for_few_eyes_and_goes_with_the_resident(desk: Desk, sign_in: SignInAs) -> None:
    _distribution, [first] = desk.listed("Enok Sumarni")
    wrong = desk.hand_over(first, photo=b"%PDF-1.7 no photo")
    assert (wrong.status_code, "Ini bukan foto" in wrong.text) == (422, True)
    assert desk.hand_over(first, photo=PNG).status_code == 302
    [[handover, person, version]] = desk.rows(
        "SELECT h.id, p.id, p.version FROM bansos_handovers h JOIN bansos_recipients r ON r.id = h.recipient_id"
        " JOIN persons p ON p.id = r.person_id"
    )
    photo = url("handovers", handover, "photo")
    assert desk.kader.get(photo).status_code == 403
    with desk.staff.get(photo) as answer:
        assert (answer.data, answer.headers["Cache-Control"]) == (PNG, "no-store")
    assert desk.rows("SELECT 1 FROM audit_entries WHERE action = 'bansos.photo_opened'")
    with at(desk.app, VILLAGE) as area:
        assert erase(area, person, version=version).files == 1
        commit()
    assert desk.staff.get(photo).status_code == 404
    assert desk.rows("SELECT received_by, sha256, handed_by FROM bansos_handovers") == [("–", None, "Imas")]


def set_photos(head: FlaskClient, rule: str) -> None:
    address = f"/{VILLAGE}/settings/bansos"
    fingerprint = head.get(address).text.partition('name="fingerprint" value="')[2].partition('"')[0]
    answer = head.post(address, data={"photo": rule, "fingerprint": fingerprint})
    assert answer.status_code == 302, answer.text


def test_a_photo_is_asked_for_where_the_district_wants_one(desk: Desk, sign_in: SignInAs) -> None:
    _distribution, [first] = desk.listed("Enok Sumarni")
    head = sign_in("village_head")
    assert "Foto penyerahan" in desk.page("recipients", first, "hand-over")
    set_photos(head, "none")
    assert "Foto penyerahan" not in desk.page("recipients", first, "hand-over")
    set_photos(head, "required")
    refused = desk.hand_over(first)
    assert (refused.status_code, "wajib difoto" in refused.text) == (422, True)
    assert desk.hand_over(first, photo=PNG).status_code == 302


def test_a_stale_change_shows_what_changed_and_keeps_what_was_typed(desk: Desk) -> None:
    distribution = desk.announce()
    edit = url("distributions", distribution, "edit")
    assert desk.staff.post(edit, data=desk.form(version="1", place="Masjid")).status_code == 302
    stale = desk.staff.post(edit, data=desk.form(version="1", title="Beras dan minyak"))
    assert stale.status_code == 409
    assert "Beras dan minyak" in stale.text  # typed
    assert "Masjid" in stale.text  # stored meanwhile
    bad = desk.staff.post(edit, data=desk.form(version="2", items="beras sekarung besar"))
    assert (bad.status_code, "tidak terbaca" in bad.text) == (422, True)


def test_what_is_fetched_stays_what_it_was(desk: Desk) -> None:
    distribution, [first] = desk.listed("Enok Sumarni")
    desk.hand_over(first)
    edit = url("distributions", distribution, "edit")
    answer = desk.staff.post(edit, data=desk.form(version="1", items="5 kg beras"))
    assert (answer.status_code, "sudah ada yang mengambil" in answer.text) == (422, True)


def test_a_village_sees_its_own_alone(desk: Desk, sign_in: SignInAs) -> None:
    distribution, [first] = desk.listed("Enok Sumarni")
    neighbour = sign_in("village_staff", SIBLING)
    other = ROOT.replace(VILLAGE, SIBLING)
    for path in (f"distributions/{distribution}", f"recipients/{first}", f"recipients/{first}/hand-over"):
        assert neighbour.get(f"{other}/{path}").status_code == 404, path


@pytest.mark.parametrize("length", [30, 80])
def test_a_long_list_is_read_page_by_page(desk: Desk, length: int) -> None:
    distribution = desk.announce()
    with at(desk.app, VILLAGE) as area:
        people = [make_person(area.id, f"Warga {number:04d}", nik=None).id for number in range(length)]
        found = find_distribution(area.id, UUID(distribution))
        assert found
        add(found, people)
        commit()
    seen: list[str] = []
    address = url("distributions", distribution)
    while address:
        page = desk.staff.get(address).text
        seen += [line.partition("<")[0] for line in page.split('">Warga ')[1:]]
        _before, more, rest = page.partition('rel="next" href="')
        address = rest.partition('"')[0].replace("&amp;", "&") if more else ""
    assert seen == [f"{number:04d}" for number in range(length)]


def test_a_resident_is_told_what_they_got(desk: Desk) -> None:
    _distribution, [first] = desk.listed("Enok Sumarni")
    [[person]] = desk.rows("SELECT person_id FROM bansos_recipients")
    page = f"/{VILLAGE}/people/{person}"
    assert "belum diambil" in desk.staff.get(page).text
    desk.hand_over(first)
    assert "sudah diambil" in desk.staff.get(page).text
    assert "Beras Bulog" not in tagged(desk.staff.get(f"/{VILLAGE}").text)  # nobody is missing any more


def test_the_report_of_the_month(desk: Desk) -> None:
    _distribution, recipients = desk.listed()
    desk.hand_over(recipients[0])
    month = desk.form()["first_day"][:7]
    answer = desk.staff.get(url(f"report.xlsx?month={month}"))
    book = load_workbook(BytesIO(answer.data))
    rows: list[Any] = book.get_sheet_by_index(0).to_python()
    assert rows[1][:5] == [
        "2026/1",
        "Beras Bulog",
        "Cadangan pangan pemerintah (Bulog)",
        "November 2026",
        "10 kg beras, 1,5 liter minyak goreng",
    ]
    assert rows[1][6:9] == [4, 1, 3]
    assert book.get_sheet_by_index(1).to_python()[1][2] == "Enok Sumarni"
    assert desk.staff.get(url("report.xlsx?month=kemarin")).status_code == 404


def test_what_waits_and_what_was_taken_stand_among_a_residents_aid(desk: Desk) -> None:
    distribution, recipients = desk.listed("Enok Sumarni", "Odah Saodah")
    desk.hand_over(recipients[0])
    with at(desk.app, VILLAGE) as area:
        people = [row.person_id for row in db.session.execute(text("SELECT person_id FROM bansos_recipients"))]
        found = aid_of(area, people)
        assert sorted((aid.state, aid.goods) for aid in found) == [
            ("decided", "10 kg beras, 1,5 liter minyak goreng"),
            ("received", "10 kg beras, 1,5 liter minyak goreng"),
        ]
        assert {str(aid.values["id"]) for aid in found} == {distribution}
        assert aid_of(area, []) == []
        db.session.execute(text("UPDATE bansos_distributions SET closed_at = now()"))
        assert [aid.state for aid in aid_of(area, people)] == ["received"]  # who did not come got nothing
