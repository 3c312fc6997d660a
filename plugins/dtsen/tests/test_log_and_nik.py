"""What was keyed into SIKS-NG and what came of it; whose NIK Dukcapil does not know, and taking down what was found."""

from uuid import UUID

from core.testing import VILLAGE, SignInAs, switch_off
from core.testing.reading import tagged, version_in
from plugins.dtsen.services import proposal

from .conftest import PROPOSAL, Desk, url

ENTRY = {"what": "aid", "detail": "Sembako", "keyed_on": "2026-11-10", "keyed_by": "Siti", "status": ""}


def test_an_entry_has_its_statuses_and_the_latest_is_seen_everywhere(desk: Desk) -> None:
    case = desk.open_case(proposal, PROPOSAL)
    [[person]] = desk.rows("SELECT id FROM persons")
    form = f"{url('people', person, 'log', 'new')}?case={case}"
    assert '<option selected value="members"' in desk.staff.get(form).text
    assert "Gagal OMSPAN" in desk.staff.get(form).text
    future = desk.staff.post(form, data={**ENTRY, "keyed_on": "2026-11-13"})
    assert (future.status_code, "Tanggal ini belum tiba." in future.text, "Sembako" in future.text) == (422, True, True)
    made = desk.staff.post(form, data={**ENTRY, "status": "Menunggu musdes"})
    assert made.status_code == 302, made.text
    version = version_in(desk.staff.get(made.location).text)
    status = {"status": "Exclude: NIK ganda", "seen_on": "2026-11-11", "note": "", "version": version}
    assert desk.staff.post(made.location, data=status).status_code == 302
    stale = desk.staff.post(made.location, data={**status, "status": "Burekol"})
    assert stale.status_code == 409
    assert "Orang lain baru saja mencatat “Exclude: NIK ganda”" in stale.text
    assert 'value="Burekol"' in stale.text  # nothing typed is lost
    older = {**status, "status": "Diproses", "seen_on": "2026-11-10", "version": version_in(stale.text)}
    assert desk.staff.post(made.location, data=older).status_code == 302
    for page in (f"/{VILLAGE}/cases/{case}", f"/{VILLAGE}/people/{person}", url("log")):
        assert "Exclude: NIK ganda" in desk.staff.get(page).text, page
    assert desk.rows("SELECT status FROM dtsen_statuses ORDER BY id")[-1] == ("Diproses",)


def test_the_log_is_filtered_and_its_sheet_is_too(desk: Desk, sign_in: SignInAs) -> None:
    for name, what, day, status in (
        ("Enok Sumarni", "aid", "2026-11-10", "Cek rekening"),
        ("Asep Saepudin", "members", "2026-10-10", "Disahkan"),
    ):
        form = url("people", desk.person(name), "log", "new")
        desk.staff.post(form, data={**ENTRY, "what": what, "keyed_on": day, "status": status})
    for query in ({"what": "aid"}, {"status": "REKENING"}, {"q": "sumarni"}, {"first": "2026-11-01"}):
        page = desk.page("log", **query)
        assert ("Enok Sumarni" in page, "Asep Saepudin" in page) == (True, False), query
    assert "Tidak ada yang cocok" in desk.page("log", status="burekol")
    assert "Asep Saepudin" in desk.page("log", last="2026-10-31", first="bukan tanggal")
    assert desk.staff.get(url("log.xlsx"), query_string={"what": "aid"}).data[:2] == b"PK"
    auditor = sign_in("auditor")
    assert auditor.get(url("log")).status_code == 200
    [[entry]] = desk.rows("SELECT id FROM dtsen_entries WHERE what = 'aid'")
    assert auditor.post(url("log", entry), data={"status": "x"}).status_code == 403
    assert sign_in("field_worker").get(url("log")).status_code == 403
    assert desk.staff.get(url("log", UUID(int=1))).status_code == 404
    switch_off(desk.app, "dtsen")
    assert desk.staff.get(url("log")).status_code == 404


def test_several_niks_are_noted_at_once_or_not_at_all(desk: Desk) -> None:
    people = [desk.person("Enok Sumarni"), desk.person("Asep Saepudin"), desk.person("Iis Aisyah", nik=None)]
    assert "Tidak padan 0 Belum dicek 2 Belum punya NIK 1" in desk.page("nik", show="unchecked")
    ticked = [f"{person}.1" for person in people]
    data = {"people": ticked, "result": "unmatched", "checked_on": "2026-11-12", "note": "Nama beda", "recheck_on": ""}
    assert desk.staff.post(url("nik"), data={**data, "people": []}).status_code == 422
    strange = desk.staff.post(url("nik"), data={**data, "people": ["x"]})
    assert (strange.status_code, "Pilihan ini tidak dikenal." in strange.text) == (422, True)
    wrong = desk.staff.post(f"{url('nik')}?show=unchecked", data={**data, "recheck_on": "2026-11-01"})
    assert (wrong.status_code, "mendahului tanggal dicek" in wrong.text) == (422, True)
    noted = tagged(desk.staff.post(url("nik"), data={**data, "recheck_on": "2026-11-20"}, follow_redirects=True).text)
    assert "2 NIK dicatat." in noted
    assert "Belum punya NIK, jadi dilewati: Iis Aisyah." in noted
    stored = "SELECT registry_match, registry_checked_on::text FROM persons ORDER BY name"
    assert desk.rows(stored) == [("unmatched", "2026-11-12"), ("unmatched", "2026-11-12"), ("unchecked", None)]
    stale = desk.staff.post(url("nik"), data={**data, "people": [ticked[0]], "result": "matched"})
    assert stale.status_code == 409
    assert "baru saja diubah orang lain: Enok Sumarni." in stale.text
    assert "Nama beda" in desk.page("nik")
    desk.on(20)
    assert "2 NIK tidak padan perlu dicek lagi" in tagged(desk.staff.get(f"/{VILLAGE}/").text)
    again = {**data, "people": [f"{people[0]}.2"], "result": "matched", "checked_on": "2026-11-20"}
    assert desk.staff.post(url("nik"), data=again).status_code == 302
    assert desk.rows(stored)[1] == ("matched", "2026-11-20")
    assert "NIK: Padan" in tagged(desk.staff.get(f"/{VILLAGE}/people/{people[0]}").text)
    told = [row[0] for row in desk.rows("SELECT action FROM audit_entries WHERE action LIKE 'dtsen.nik%' ORDER BY at")]
    assert told == ["dtsen.nik_unmatched", "dtsen.nik_unmatched", "dtsen.nik_matched"]


def test_the_report_counts_the_month(desk: Desk) -> None:
    desk.keyed()
    answer = desk.staff.get(url("report.xlsx"), query_string={"month": "2026-11"})
    assert answer.data[:2] == b"PK"
    assert desk.staff.get(url("report.xlsx"), query_string={"month": "x"}).status_code == 404
