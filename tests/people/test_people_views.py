"""The pages of residents, as the people at the desk use them."""

import re
from html import escape, unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from core.database.session import commit, db
from core.imports.models import Import
from core.jobs import run_waiting
from core.people.models import Household, Person
from core.people.opensid import write_rows
from core.people.synthetic import residents
from core.testing import FOREIGN, VILLAGE, SignInAs, at, make_person
from core.testing.importing import import_step, upload_file

NIK = "3201155507900001"
NEW = {
    "name": "Siti Aminah",
    "nik": NIK,
    "sex": "P",
    "birth_date": "1990-07-15",
    "family_role": "wife",
    "mother_name": "Encum",
    "kk_number": "",
    "life_status": "alive",
    "registry_match": "unchecked",
}
FAMILY = {"kk_number": "3201151507100001", "address": "Kp. Girang", "rt": "2", "rw": "5"}


def url(*rest: object) -> str:
    return "/".join([f"/{VILLAGE}/people", *map(str, rest)])


@pytest.fixture
def siti(app: Flask, areas: None) -> str:
    with at(app, VILLAGE) as area:
        person = make_person(area.id, "Siti Aminah", nik=NIK)
        commit()
        return str(person.id)


def stored(app: Flask, person_id: str | None = None) -> Person:
    with at(app, VILLAGE):
        query = select(Person).where(Person.id == person_id) if person_id else select(Person)
        return db.session.scalars(query).one()


def person_form(client: FlaskClient, person_id: str, **changes: str) -> dict[str, str]:
    """What a browser would send back of the edit page."""
    page = client.get(url(person_id, "edit")).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    return {**NEW, "nik": "", "family_role": "head", "mother_name": "", "version": version[1], **changes}


# ---- list and page ----


def test_the_list_searches_and_masks_every_nik(siti: str, sign_in: SignInAs) -> None:
    page = sign_in("field_worker").get(url() + "?q=aminah").text
    assert "Siti Aminah" in page
    assert "3201 •••• •••• 0001" in page
    assert NIK not in page


def test_an_empty_list_says_what_to_do_next(sign_in: SignInAs) -> None:
    assert "Impor berkas penduduk" in sign_in("village_staff").get(url()).text
    assert "Impor berkas penduduk" not in sign_in("field_worker").get(url()).text
    assert "Tidak ada warga yang cocok" in sign_in("village_staff").get(url() + "?q=zzz").text


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        ("partner_officer", "", 403),
        ("district_officer", "", 200),
        ("field_worker", "new", 403),
        ("village_staff", "new", 200),
    ],
)
def test_each_role_opens_what_its_task_needs(sign_in: SignInAs, role: str, page: str, status: int) -> None:
    area = VILLAGE if role.startswith(("village", "field")) else "32.01"
    assert sign_in(role, area).get(url(*filter(None, [page]))).status_code == status


def test_files_are_brought_in_by_who_may(sign_in: SignInAs) -> None:
    auditor = sign_in("auditor", "32.01")
    assert "Tidak ada yang dapat diimpor" in auditor.get(f"/{VILLAGE}/imports").text
    assert auditor.get(f"/{VILLAGE}/imports?kind=people.residents").status_code == 403
    assert sign_in("village_head").get(f"/{VILLAGE}/imports").status_code == 200


def test_a_resident_of_another_village_is_not_there(app: Flask, siti: str, sign_in: SignInAs) -> None:
    with at(app, FOREIGN) as area:
        stranger = make_person(area.id, "Orang Sukabumi")
        commit()
        stranger_id = stranger.id
    staff = sign_in("village_staff")
    assert staff.get(url(stranger_id)).status_code == 404
    assert staff.post(url(stranger_id, "nik")).status_code == 404
    assert staff.get(f"/{FOREIGN}/people/{stranger_id}").status_code == 404


def test_the_whole_nik_is_shown_once_and_recorded(app: Flask, siti: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    assert NIK not in staff.get(url(siti)).text
    assert NIK in staff.post(url(siti, "nik")).text
    assert NIK not in staff.get(url(siti)).text
    with at(app, VILLAGE):
        found = db.session.execute(text("SELECT object_id FROM audit_entries WHERE action = 'people.nik_shown'")).all()
    assert [row[0] for row in found] == [siti]
    assert sign_in("field_worker").post(url(siti, "nik")).status_code == 403


def test_the_whole_family_number_is_shown_once_and_recorded(app: Flask, siti: str, sign_in: SignInAs) -> None:
    household = stored(app, siti).household_id
    with at(app, VILLAGE):
        number = db.session.scalars(select(Household.kk_number)).one()
    staff = sign_in("village_staff")
    assert number
    assert number not in staff.get(url("households", household)).text
    assert number in staff.post(url("households", household, "kk")).text


# ---- entering ----


def test_a_resident_is_entered_with_a_new_family(app: Flask, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    answer = staff.post(url("new"), data={**NEW, "kk_number": "3201 1515 0710 0001"}, follow_redirects=True)
    assert "Siti Aminah tercatat." in answer.text
    assert "mengisi alamat" in answer.text
    person = stored(app)
    assert (person.nik, person.mother_name) == (NIK, "Encum")
    with at(app, VILLAGE):
        assert db.session.scalars(select(Household.kk_number)).all() == ["3201151507100001"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"nik": ""}, "centang “Belum punya NIK”"),
        ({"nik": NIK, "no_nik": "y"}, "hapus centang"),
        ({"nik": "320115550790"}, "harus 16 angka"),
        ({"nik": "3201155507900000"}, "0000"),
        ({"birth_date": "2999-01-01"}, "belum terjadi"),
        ({"name": ""}, "Nama lengkap"),
        ({"kk_number": "123"}, "No. KK harus 16 angka"),
    ],
)
def test_a_wrong_field_is_told_with_what_to_do_and_nothing_is_lost(
    sign_in: SignInAs, changes: dict[str, str], message: str
) -> None:
    answer = sign_in("village_staff").post(url("new"), data={**NEW, **changes})
    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="Encum"' in answer.text


def test_no_nik_yet_is_a_state(app: Flask, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    assert staff.post(url("new"), data={**NEW, "nik": "", "no_nik": "y"}).status_code == 302
    assert stored(app).nik is None
    assert "Belum punya NIK" in staff.get(url(stored(app).id)).text


def test_a_doubtful_nik_is_saved_with_a_warning(app: Flask, sign_in: SignInAs) -> None:
    answer = sign_in("village_staff").post(url("new"), data={**NEW, "birth_date": "1991-07-15"}, follow_redirects=True)
    assert "Tanggal lahir menurut NIK 15-07-1990" in answer.text
    assert stored(app).birth_date.year == 1991


def test_a_taken_nik_leads_to_its_owner(siti: str, sign_in: SignInAs) -> None:
    answer = sign_in("village_staff").post(url("new"), data={**NEW, "name": "Dedi"})
    assert answer.status_code == 422
    assert "sudah tercatat atas nama Siti Aminah" in answer.text
    assert url(siti) in answer.text


def test_a_probable_duplicate_is_shown_and_can_be_saved_anyway(app: Flask, siti: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    twin = {**NEW, "name": "Siti Aminnah", "nik": "", "no_nik": "y", "kk_number": "3201151507109999"}
    answer = staff.post(url("new"), data=twin)
    assert answer.status_code == 422
    assert "Ini orangnya, buka" in answer.text
    assert url(siti) in answer.text
    with at(app, VILLAGE):
        assert db.session.query(Household).count() == 1, "nothing of it is saved"
    assert staff.post(url("new"), data={**twin, "is_new_for_sure": "y"}).status_code == 302


def test_a_member_is_added_to_a_family_from_its_page(app: Flask, siti: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    household = stored(app, siti).household_id
    made = {**NEW, "name": "Asep", "sex": "L", "birth_date": "2020-02-03", "nik": "", "no_nik": "y"}
    assert staff.post(url("new") + f"?household={household}", data=made).status_code == 302
    page = staff.get(url("households", household)).text
    assert "Asep" in page
    assert "Keluarga Siti Aminah" in page


# ---- changing ----


def test_an_edit_keeps_the_nik_that_the_page_did_not_show(app: Flask, siti: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    assert NIK not in staff.get(url(siti, "edit")).text
    form = person_form(staff, siti, phone="0812-3456-789", religion="Islam")
    assert staff.post(url(siti, "edit"), data=form).status_code == 302
    person = stored(app, siti)
    assert (person.nik, person.phone, person.religion, person.version) == (NIK, "0812-3456-789", "Islam", 2)


def test_a_nik_can_be_corrected_and_taken_away(app: Flask, siti: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    staff.post(url(siti, "edit"), data=person_form(staff, siti, nik="3201155507900002"))
    assert stored(app, siti).nik == "3201155507900002"
    staff.post(url(siti, "edit"), data=person_form(staff, siti, no_nik="y"))
    assert stored(app, siti).nik is None


def test_words_that_no_list_has_survive_an_edit(app: Flask, siti: str, sign_in: SignInAs) -> None:
    with at(app, VILLAGE):
        db.session.scalars(select(Person)).one().occupation = "Pawang hujan"
        commit()
    staff = sign_in("village_staff")
    assert '<option selected value="Pawang hujan">' in staff.get(url(siti, "edit")).text
    assert staff.post(url(siti, "edit"), data=person_form(staff, siti, occupation="Pawang hujan")).status_code == 302
    assert staff.post(url(siti, "edit"), data=person_form(staff, siti, occupation="Astronot")).status_code == 422


def test_a_stale_edit_shows_both_sides_and_loses_nothing(app: Flask, siti: str, sign_in: SignInAs) -> None:
    staff, head = sign_in("village_staff"), sign_in("village_head")
    mine = person_form(staff, siti, phone="0811111111", occupation="Guru")
    head.post(url(siti, "edit"), data=person_form(head, siti, phone="0822222222"))
    answer = staff.post(url(siti, "edit"), data=mine)
    assert answer.status_code == 409
    row = re.search(r"Nomor HP.*?0811111111.*?0822222222", answer.text, re.DOTALL)
    assert row, "both sides of the field"
    assert 'value="0811111111"' in answer.text, "the form still holds what was typed"
    assert stored(app, siti).phone == "0822222222"
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version
    assert staff.post(url(siti, "edit"), data={**mine, "version": version[1]}).status_code == 302
    assert stored(app, siti).phone == "0811111111"


def test_a_resident_moves_to_another_family_and_out_of_all(app: Flask, siti: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    before = stored(app, siti)
    move = {"version": "1", "target": "household", "kk_number": "3201151507107777", "family_role": "wife"}
    assert staff.post(url(siti, "move"), data=move).status_code == 302
    after = stored(app, siti)
    assert after.household_id not in (None, before.household_id)
    assert after.family_role == "wife"
    assert staff.post(url(siti, "move"), data={**move, "target": "none"}).status_code == 409, "a stale page"
    assert staff.post(url(siti, "move"), data={**move, "target": "none", "version": "2"}).status_code == 302
    assert stored(app, siti).household_id is None
    assert staff.post(url(siti, "move"), data={**move, "kk_number": "", "version": "3"}).status_code == 422


# ---- families ----


def test_a_family_is_entered_and_changed(app: Flask, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    answer = staff.post(url("households", "new"), data=FAMILY, follow_redirects=True)
    assert "Keluarga tercatat" in answer.text
    with at(app, VILLAGE):
        family = db.session.scalars(select(Household)).one()
    assert (family.kk_number, family.rt, family.rw) == ("3201151507100001", "002", "005")
    change = {**FAMILY, "kk_number": "", "version": "1", "decile": "3", "decile_on": "2026-01-15"}
    answer = staff.post(url("households", family.id, "edit"), data=change)
    assert (answer.status_code, "diisi bersama" in answer.text) == (422, True)
    change["decile_source"] = "SIKS-NG"
    assert staff.post(url("households", family.id, "edit"), data=change).status_code == 302
    assert "SIKS-NG, 15 Jan 2026" in staff.get(url("households", family.id)).text
    answer = staff.post(url("households", family.id, "edit"), data={**change, "address": "Jl. Lain"})
    assert (answer.status_code, "Jl. Lain" in answer.text) == (409, True)
    answer = staff.post(url("households", "new"), data=FAMILY)
    assert (answer.status_code, "sudah dipakai keluarga lain" in answer.text) == (422, True)


# ---- imports ----


def upload(client: FlaskClient, path: Path) -> str:
    answer = upload_file(client, "people.residents", path.read_bytes(), path.name)
    assert answer.status_code == 302, answer.text
    return answer.location


def test_a_file_goes_from_the_upload_to_the_register_and_back(app: Flask, sign_in: SignInAs, tmp_path: Path) -> None:
    staff = sign_in("village_staff")
    path = tmp_path / "penduduk.xlsx"
    write_rows(path, residents(VILLAGE, 60, seed=1))
    page = upload(staff, path)
    assert 'hx-trigger="every 1s"' in staff.get(page).text
    assert "Menunggu giliran" in staff.get(page + "/progress").text
    run_waiting(app)
    assert staff.get(page + "/progress").headers["HX-Refresh"] == "true"
    assert "Tidak ada kesalahan" in staff.get(page).text
    seen = re.search(r'name="version" value="(\d+)"', staff.get(page).text)
    assert seen
    assert staff.post(page + "/apply", data={"version": seen[1]}).status_code == 302
    assert "Membaca ulang baris" in staff.get(page + "/progress").text
    run_waiting(app)
    assert "Urungkan impor ini" in staff.get(page).text
    with at(app, VILLAGE):
        assert db.session.query(Person).count() == 60
    assert "60 warga" in staff.get(page + "/undo").text
    assert import_step(app, staff, page, "undo").status_code == 302
    assert "Semua perubahan dari berkas ini sudah dikembalikan." in staff.get(page).text
    with at(app, VILLAGE):
        assert db.session.query(Person).count() == 0
    assert "Diurungkan" in staff.get(f"/{VILLAGE}/imports").text


def test_a_file_with_errors_shows_each_with_its_remedy_and_cannot_be_applied(
    app: Flask, sign_in: SignInAs, tmp_path: Path
) -> None:
    staff = sign_in("village_staff")
    path = tmp_path / "salah.csv"
    path.write_text("nama,no_kk,nik,sex,tanggallahir\nSiti,,3201153502900001,P,1990-07-15\n")
    page = upload(staff, path)
    run_waiting(app)
    shown = staff.get(page).text
    assert "bukan tanggal lahir" in shown
    assert "Cocokkan dengan KTP" in shown
    assert "/apply" not in shown
    answer = staff.post(page + "/apply", data={"version": "1"})
    assert (answer.status_code, "sudah ditangani" in answer.text) == (409, True)
    sheet = staff.get(page + "/findings.xlsx")
    assert sheet.data.startswith(b"PK")
    assert "Perlu dilihat" in staff.get(page + "?show=warnings").text


@pytest.mark.parametrize(("name", "content"), [("foto.xlsx", b"\x89PNG"), ("kosong.csv", b"")])
def test_a_file_that_is_no_sheet_is_refused_in_words(
    app: Flask, sign_in: SignInAs, tmp_path: Path, name: str, content: bytes
) -> None:
    staff = sign_in("village_staff")
    path = tmp_path / name
    path.write_bytes(content)
    page = upload(staff, path)
    run_waiting(app)
    assert "Ditolak" in staff.get(page).text
    with at(app, VILLAGE):
        assert db.session.scalars(select(Import.problem)).one()


def test_an_upload_without_a_file_is_told_so(sign_in: SignInAs) -> None:
    answer = sign_in("village_staff").post(f"/{VILLAGE}/imports/people.residents/new", data={})
    assert (answer.status_code, "Pilih dulu berkasnya" in answer.text) == (422, True)


@pytest.mark.parametrize("name", ["template.xlsx", "sample.xlsx"])
def test_the_template_and_the_sample_can_be_downloaded(sign_in: SignInAs, name: str) -> None:
    assert sign_in("village_staff").get(f"/{VILLAGE}/imports/people.residents/{name}").data.startswith(b"PK")


def test_an_import_of_another_village_is_not_there(app: Flask, sign_in: SignInAs, tmp_path: Path) -> None:
    path = tmp_path / "penduduk.csv"
    write_rows(path, residents(VILLAGE, 3, seed=1))
    page = upload(sign_in("village_staff"), path)
    elsewhere = page.replace(VILLAGE, FOREIGN)
    stranger = sign_in("village_staff", FOREIGN)
    assert stranger.get(elsewhere).status_code == 404
    assert stranger.post(elsewhere + "/apply").status_code == 404
    assert stranger.get(page).status_code == 404


# ---- registered on the way to a case ----

INTAKE = f"/{VILLAGE}/cases/new?service=sktm.letter"


def test_somebody_registered_on_the_way_to_a_case_is_chosen_there(sign_in: SignInAs, areas: None, app: Flask) -> None:
    staff = sign_in("village_staff")
    page = staff.get(f"{INTAKE}&q=Entin").text
    link = re.search(r'href="(/[^"]+/people/new[^"]+)"', page)
    assert link
    address = unescape(link[1])
    assert f'href="{escape(INTAKE)}"' in staff.get(address).text, "the way back without registering anybody"
    answer = staff.post(address, data=NEW)
    assert answer.location == f"{INTAKE}&person={stored(app).id}"
    assert "untuk Siti Aminah" in staff.get(answer.location).text


def test_somebody_found_to_be_known_already_is_chosen_as_well(sign_in: SignInAs, siti: str) -> None:
    staff = sign_in("village_staff")
    page = staff.post(url("new"), query_string={"next": INTAKE}, data={**NEW, "nik": NIK})
    assert page.status_code == 422
    assert escape(f"{INTAKE}&person={siti}") in page.text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""])
def test_the_way_on_never_leaves_the_site(sign_in: SignInAs, areas: None, app: Flask, target: str) -> None:
    answer = sign_in("village_staff").post(url("new"), query_string={"next": target}, data=NEW)
    assert answer.location == url(stored(app).id)
