"""From the village's ladder to the district's list: who sees what, who works on it, and where it goes on."""

from uuid import UUID

from core.testing import SIBLING, VILLAGE, Clock, SignInAs, at, switch
from plugins.slrt.tracking import escalate_village

from .conftest import DISTRICT, KECAMATAN, NAME, NIK, ROOT, House


def route(**values: str) -> dict[str, str]:
    return {"topic": "*", "level": "dinsos", "organisation": "", "days": "4", "valid_from": "2026-11-01", **values}


def hospital(house: House, name: str = "RSUD Leuwiliang", sector: str = "hospital") -> str:
    said = {"name": name, "sector": sector, "kind": "government", "area": "3201000000", "active": "y"}
    made = house.admin.post(f"/{DISTRICT}/organisations/new", data=said)
    assert made.status_code == 302, made.text
    return str(house.ask("SELECT id FROM organisations WHERE name = :name", name=name).id)


def test_a_case_is_shown_its_way_up_and_the_form_opens_filled_in(house: House, clock: Clock) -> None:
    case = house.case()
    ladder = f"/{VILLAGE}/slrt/cases/{case}"
    usual = house.desk.get(ladder).text
    assert "dijawab dalam 5 hari kerja" in usual
    assert "waktu yang lazim" in usual
    rsud = hospital(house)
    for wanted in (
        route(),
        route(topic="sktm", days="2"),
        route(topic="sktm.letter", days="9", valid_from="2027-01-01"),  # not yet
        route(level="opd", organisation=rsud, days="7"),
    ):
        assert house.admin.post(f"{ROOT}/routes", data=wanted).status_code == 302
    page = house.desk.get(ladder).text
    assert "dijawab dalam 2 hari kerja" in page
    assert "dijawab dalam 4 hari kerja" not in page
    assert f"to={rsud}&amp;kind=membership&amp;days=7" in page
    form = house.desk.get(f"/{VILLAGE}/cases/{case}/refer?to={rsud}&kind=programme&days=7").text
    assert f'<option selected value="{rsud}">' in form
    assert 'checked id="kind-1"' in form
    assert 'name="answer_days" type="number" value="7"' in form
    for strange in ("to=nobody&kind=x&days=99999", "to=&kind=&days=-1", "days=٣"):
        assert "selected value" not in house.desk.get(f"/{VILLAGE}/cases/{case}/refer?{strange}").text.replace(
            '<option selected value="">', ""
        )
    assert house.admin.post(f"{ROOT}/routes", data=route(topic="sktm", days="2", ended="y")).status_code == 302
    assert "dijawab dalam 4 hari kerja" in house.desk.get(ladder).text
    for wrong in (
        route(days="0"),
        route(topic="nothing"),
        route(level="kecamatan", organisation=rsud),
        route(valid_from=""),
        route(organisation="x"),
    ):
        assert house.admin.post(f"{ROOT}/routes", data=wrong).status_code == 422
    assert house.officer.get(f"/{KECAMATAN}/slrt/routes").status_code in {403, 404}
    assert house.desk.get(f"/{SIBLING}/slrt/cases/{case}").status_code == 404


def test_the_list_shows_a_name_to_who_answers_and_never_more(house: House, sign_in: SignInAs, clock: Clock) -> None:
    sent = house.sent()
    number = house.row(sent).number
    officer, admin = house.officer.get(f"{ROOT}/").text, house.admin.get(f"{ROOT}/").text
    assert NAME in officer
    assert number in admin
    assert NAME not in admin
    assert NAME not in house.officer.get(f"/{KECAMATAN}/slrt/").text
    for page in (officer, house.page(sent).text, admin, house.page(sent, house.admin).text):
        assert NIK not in page
        assert "Mohon aktifkan" not in page
    assert NAME not in house.page(sent, house.admin).text
    shown = {
        "show=new": True,
        "show=overdue": False,
        "show=unassigned": True,
        "show=back": False,
        "show=escalated": False,
        "sector=socio_economic": True,
        "sector=health": False,
        "sector=other": False,
        "state=sent": True,
        "state=accepted": False,
        f"village={VILLAGE}": True,
        f"village={SIBLING}": False,
        "village=nowhere": True,  # what is not understood narrows nothing
        "officer=00000000-0000-0000-0000-000000000001": False,
        "after=garbage": True,
    }
    for query, there in shown.items():
        assert (number in house.officer.get(f"{ROOT}/?{query}").text) is there, query
    house.write("UPDATE referrals SET due_on = '2026-11-01'")
    assert number in house.officer.get(f"{ROOT}/?show=overdue").text
    for role in ("kecamatan_supervisor", "auditor"):
        client = sign_in(role, DISTRICT if role == "auditor" else KECAMATAN)
        area = DISTRICT if role == "auditor" else KECAMATAN
        assert client.get(f"/{area}/slrt/").status_code == 403
        assert client.get(f"/{area}/slrt/rates").status_code == 200
    assert house.desk.get(f"{ROOT}/").status_code == 404
    assert house.page(UUID(int=5)).status_code == 404
    assert house.page(sent, village=SIBLING).status_code == 404
    assert house.page(sent, village="32.02.11.2002").status_code == 404


def test_pages_follow_one_another_until_all_are_seen_once(house: House, clock: Clock) -> None:
    sent = house.sent()
    house.copy(sent, 60)
    seen: list[str] = []
    address: str | None = f"{ROOT}/"
    while address:
        page = house.officer.get(address).text
        seen += [part[:12] for part in page.split("<small>CBD-R26-")[1:]]
        links = page.split('rel="next" href="')
        address = links[1].partition('"')[0].replace("&amp;", "&") if len(links) > 1 else None
    assert len(seen) == len(set(seen)) == 61


def test_it_is_assigned_noted_and_passed_on_with_a_trace(house: House, sign_in: SignInAs, clock: Clock) -> None:
    sent, rsud = house.sent(), hospital(house)
    tati = sign_in("district_officer", DISTRICT, name="Bu Tati")
    officer = str(house.ask("SELECT id FROM users WHERE name = 'Bu Tati'").id)
    assert house.do(sent, "assign", house.admin, officer=officer, version="0").status_code == 302
    assert "Bu Tati" in house.officer.get(f"{ROOT}/?officer={officer}").text
    late = house.do(sent, "assign", officer="", version="0")
    assert late.status_code == 409
    assert "sudah mengubah penugasan" in late.text
    assert "Bu Tati" in late.text
    for nobody in ("x", str(UUID(int=3))):
        assert house.do(sent, "assign", officer=nobody, version="2").status_code == 422
    assert house.do(sent, "notes", text="Berkas kurang jelas, tunggu telepon.").status_code == 302
    assert house.do(sent, "notes", text=" ").status_code == 422
    assert "Berkas kurang jelas" in house.page(sent, tati).text
    village = house.desk.get(f"/{VILLAGE}/referrals/{sent}").text
    assert "Berkas kurang jelas" not in village

    assert house.do(sent, "forward", house.admin, to=rsud, note="x").status_code == 403
    for to, note, days in ((rsud, "", ""), ("", "x", ""), (rsud, "x", "0")):
        assert house.do(sent, "forward", to=to, note=note, days=days).status_code == 422
    assert house.do(sent, "forward", to=rsud, note="Perlu surat rawat.", days="2").status_code == 302
    assert house.row(sent).state == "processing"
    onward = house.ask("SELECT * FROM referrals WHERE organisation_id = :id", id=UUID(rsud))
    assert (onward.state, onward.answer_days, onward.fields) == ("sent", 2, ["age", "phone"])
    assert onward.shared["ask"] == "Mohon aktifkan PBI-JK."
    for page in (house.desk.get(f"/{VILLAGE}/referrals/{sent}").text, house.page(sent).text):
        assert "RSUD Leuwiliang" in page
    assert "Diteruskan ke RSUD Leuwiliang" in house.desk.get(f"/{VILLAGE}/referrals/{sent}").text
    school = hospital(house, "SMPN 1 Ciampea", "school")
    assert house.do(sent, "forward", to=school, note="Beasiswa.").status_code == 302
    to_school = house.ask("SELECT * FROM referrals WHERE organisation_id = :id", id=UUID(school))
    assert to_school.nik == "masked"  # a school is not shown what the Dinas Sosial was
    house.write("UPDATE referrals SET state = 'returned', back_at = now() WHERE id = :id", id=sent)
    assert house.do(sent, "forward", to=rsud, note="x").status_code == 422
    deeds = {row.action for row in house.rows("SELECT action FROM audit_entries WHERE action LIKE 'slrt.%'")}
    assert deeds == {"slrt.assigned", "slrt.noted"}


def test_what_is_overdue_goes_up_once_and_further_when_it_stays_so(
    house: House, sign_in: SignInAs, clock: Clock
) -> None:
    ours, theirs = house.sent(), house.refer(house.case(name="Enok", nik="3201155507900043"), "kecamatan")

    def night(days: int) -> dict[UUID, str]:
        clock.move(days=days)
        for _twice in range(2):
            with at(house.app, VILLAGE) as area:
                escalate_village(area)
        return {row.referral_id: row.level for row in house.rows("SELECT * FROM slrt_follow_ups")}

    assert night(5) == {}
    assert night(15) == {ours: "province", theirs: "dinsos"}
    house.officer = sign_in("district_officer", DISTRICT)  # who signed in weeks ago has to do so again
    page = house.officer.get(f"{ROOT}/?show=escalated").text
    assert "naik ke Provinsi" in page
    assert house.row(theirs).number in page
    assert "Enok" not in page  # that one is the kecamatan's to read
    assert "Belum dijawab sejak tenggat" in house.page(theirs).text
    assert house.do(theirs, "forward", to="x", note="x").status_code == 404
    assert night(1) == {ours: "province", theirs: "dinsos"}
    assert night(10) == {ours: "ministry", theirs: "province"}
    assert night(30) == {ours: "ministry", theirs: "ministry"}
    assert len(house.rows("SELECT 1 FROM slrt_notes")) == 5


def test_the_sheet_holds_what_the_filter_shows_and_is_recorded(house: House, clock: Clock) -> None:
    house.sent()
    sheets = {
        client: client.get(f"{ROOT}/inbox.xlsx?show=open&sector=socio_economic")
        for client in (house.officer, house.admin)
    }
    for client, answer in sheets.items():
        assert answer.status_code == 200
        assert answer.data[:2] == b"PK"
        assert (NAME in text_of(answer.data)) is (client is house.officer)
        assert NIK not in text_of(answer.data)
    kept = house.rows("SELECT detail FROM audit_entries WHERE action = 'slrt.inbox_downloaded' ORDER BY seq")
    assert [(row.detail["referrals"], row.detail["names"]) for row in kept] == [(1, True), (1, False)]
    for plugin_off in (VILLAGE, SIBLING):
        switch(house.app, "slrt", on=False, village=plugin_off)
    assert house.officer.get(f"{ROOT}/").status_code == 404


def text_of(data: bytes) -> str:
    from io import BytesIO  # noqa: PLC0415
    from zipfile import ZipFile  # noqa: PLC0415

    with ZipFile(BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())
