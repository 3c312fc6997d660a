"""The pages of modules: the matrix, a change with its preview, the history and the way back, and who may do what."""

import html
import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from core.areas.code import AreaCode
from core.areas.models import Area, ModuleChange, ModuleSetting
from core.audit import AuditEntry
from core.cases.catalogue import find_service
from core.database.session import commit, db
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_case, make_person, provision

from .conftest import Put

DISTRICT, KECAMATAN = "32.01", "32.01.15"


def cell(code: str, module: str = "school") -> str:
    return f"{AreaCode.parse(code).id}:{module}"


def row_of(page: str, name: str) -> str:
    """What the matrix says in the row of an area, without the marks."""
    found = re.search(rf"<tr[^>]*><th scope=\"row\">(?:(?!</tr>).)*?{re.escape(name)}.*?</tr>", page, re.DOTALL)
    assert found, name
    return html.unescape(re.sub(r"<[^>]+>", " ", found[0]))


def preview(client: FlaskClient, *cells: str, area: str = DISTRICT, **wanted: str) -> TestResponse:
    return client.post(f"/{area}/modules/change", data={"wish": "1", "cell": list(cells), **wanted})


def apply(client: FlaskClient, *cells: str, area: str = DISTRICT, reason: str = "Rapat", **wanted: str) -> TestResponse:
    """Preview and confirm."""
    page = preview(client, *cells, area=area, **wanted)
    found = re.search(r'name="fingerprint"[^>]*value="([0-9a-f]+)"', page.text)
    data = {"cell": list(cells), "fingerprint": found[1] if found else "", "reason": reason, **wanted}
    return client.post(f"/{area}/modules/apply", data=data)


def enabled(app: Flask, code: str) -> set[str]:
    with app.app_context():
        return set(db.session.scalar(select(Area.enabled).where(Area.code == code)) or ())


def settings(app: Flask) -> set[tuple[str, str, bool, bool]]:
    with app.app_context():
        found = db.session.scalars(select(ModuleSetting))
        return {(str(AreaCode.from_id(s.area_id)), s.module, s.enabled, s.locked) for s in found}


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT, name="Rina")


# ---- the matrix ----


def test_the_matrix_shows_each_value_with_its_origin(admin: FlaskClient, put: Put) -> None:
    put(KECAMATAN, "school", False)
    put(VILLAGE, "school", True)
    page = admin.get(f"/{DISTRICT}/modules?module=school&open={KECAMATAN}").text
    assert "menyala, dari Jawa Barat" in row_of(page, "Bawaan Kabupaten Bogor")
    assert "mati, diatur di sini" in row_of(page, "Kec. Ciampea")
    assert "menyala, diatur di sini" in row_of(page, "Desa Cibadak")
    assert "mati, dari Kec. Ciampea" in row_of(page, "Desa Cihideung Ilir")
    assert "Karangtengah" not in page


def test_a_lock_is_named_and_what_it_locks_cannot_be_chosen(admin: FlaskClient, put: Put) -> None:
    put(DISTRICT, "school", True, locked=True)
    put(VILLAGE, "school", False)
    page = admin.get(f"/{DISTRICT}/modules?open={KECAMATAN}").text
    words = row_of(page, "Desa Cibadak")
    assert "dikunci Kabupaten Bogor, pengaturan di sini (mati) tidak berlaku" in words
    assert f'value="{cell(DISTRICT)}"' in page
    assert f'value="{cell(VILLAGE)}"' not in page
    assert f'value="{cell(VILLAGE, "visits")}"' in page


def test_what_is_on_and_does_not_run_says_what_it_lacks(admin: FlaskClient, put: Put) -> None:
    put(VILLAGE, "pantry", False)
    page = admin.get(f"/{VILLAGE}/modules").text
    assert "tidak berjalan karena membutuhkan Modul Pantry" in page


def test_a_module_that_nobody_ever_set_is_off_and_says_so(admin: FlaskClient, put: Put) -> None:
    put("32", "school", None)
    assert "mati, belum pernah diatur" in row_of(admin.get(f"/{DISTRICT}/modules?module=school").text, "Kec. Ciampea")


def test_groups_are_folded_and_one_opens_by_a_link(admin: FlaskClient) -> None:
    folded = admin.get(f"/{DISTRICT}/modules").text
    assert "Kec. Ciampea" in folded
    assert "Cihideung" not in folded
    assert f"open={KECAMATAN}#g" in folded
    assert "Cihideung" in admin.get(f"/{DISTRICT}/modules?open={KECAMATAN}").text


def test_htmx_gets_the_group_alone(admin: FlaskClient) -> None:
    address = f"/{DISTRICT}/modules?group={KECAMATAN}"
    opened = admin.get(f"{address}&open={KECAMATAN}", headers={"HX-Request": "true"}).text
    assert opened.strip().startswith("<tbody")
    assert "Cihideung Ilir" in opened
    closed = admin.get(address, headers={"HX-Request": "true"}).text
    assert "Kec. Ciampea" in closed
    assert "Cihideung" not in closed
    assert admin.get(f"/{DISTRICT}/modules?group=32.02.11", headers={"HX-Request": "true"}).status_code == 404


def test_areas_are_found_by_name_and_code(admin: FlaskClient) -> None:
    found = admin.get(f"/{DISTRICT}/modules?q=CIHID").text
    assert "Cihideung Ilir" in found
    assert "Cibadak" not in found
    assert "Cibadak" in admin.get(f"/{DISTRICT}/modules?q={VILLAGE}").text
    assert "Tidak ada wilayah yang cocok" in admin.get(f"/{DISTRICT}/modules?q=Karangtengah").text
    assert "Tidak ada wilayah yang cocok" in admin.get(f"/{DISTRICT}/modules?q=%25").text
    kecamatan = admin.get(f"/{DISTRICT}/modules?q=ciampea").text
    assert "Kec. Ciampea" in kecamatan
    assert "Cibadak" not in kecamatan


def test_only_what_deviates_is_shown_where_that_is_asked_for(admin: FlaskClient, put: Put) -> None:
    assert "Tidak ada wilayah yang cocok" in admin.get(f"/{DISTRICT}/modules?deviating=1").text
    put(SIBLING, "school", False)
    page = admin.get(f"/{DISTRICT}/modules?deviating=1").text
    assert "Cihideung Ilir" in page
    assert "Cibadak" not in page
    assert "Tidak ada wilayah yang cocok" in admin.get(f"/{DISTRICT}/modules?deviating=1&module=visits").text


def test_what_was_found_goes_on_page_by_page(app: Flask, admin: FlaskClient) -> None:
    more = [(f"32.01.16.{2001 + n}", f"Mekar {n}", "desa", None) for n in range(60)]
    with app.app_context():
        provision((("32.01.16", "Cibungbulang", "kecamatan", None), *more))
    first = admin.get(f"/{DISTRICT}/modules?q=mekar").text
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further
    second = admin.get(html.unescape(further[1])).text
    seen = [set(re.findall(r"32\.01\.16\.\d{4}", page)) for page in (first, second)]
    assert [len(codes) for codes in seen] == [50, 10]
    assert not seen[0] & seen[1]


def test_a_suspended_village_is_marked(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        db.session.execute(text("UPDATE areas SET suspended_at = now() WHERE code = :code"), {"code": VILLAGE})
        db.session.commit()
    page = admin.get(f"/{DISTRICT}/modules?open={KECAMATAN}").text
    assert "ditangguhkan" in row_of(page, "Desa Cibadak")
    assert "ditangguhkan" not in row_of(page, "Desa Cihideung Ilir")


def test_a_province_shows_its_districts_and_opens_their_kecamatan(app: Flask, sign_in: SignInAs) -> None:
    page = sign_in("district_admin", "32").get("/32/modules?open=32.01").text
    for name in ("Kabupaten Bogor", "Kec. Ciampea", "Kabupaten Sukabumi"):
        assert name in page
    assert "Cihideung" not in page


def test_a_kecamatan_shows_its_villages_at_once(sign_in: SignInAs) -> None:
    page = sign_in("district_admin", KECAMATAN).get(f"/{KECAMATAN}/modules").text
    assert "Cihideung Ilir" in page
    assert "menyala, dari Jawa Barat" in row_of(page, "Desa Cibadak")


# ---- who may do what ----


@pytest.mark.parametrize("role", ["auditor", "district_officer"])
def test_whoever_may_only_read_sees_the_matrix_and_no_way_to_change_it(
    app: Flask, sign_in: SignInAs, role: str
) -> None:
    reader = sign_in(role, DISTRICT)
    page = reader.get(f"/{DISTRICT}/modules?open={KECAMATAN}").text
    assert "Desa Cibadak" in page
    assert 'name="cell"' not in page
    assert preview(reader, cell(VILLAGE), state="off").status_code == 403
    assert apply(reader, cell(VILLAGE), state="off").status_code == 403
    assert "school" in enabled(app, VILLAGE)


def test_the_village_neither_sees_nor_changes_what_is_on(sign_in: SignInAs) -> None:
    for role in ("village_head", "village_staff"):
        assert sign_in(role).get(f"/{VILLAGE}/modules").status_code == 403


def test_an_admin_of_a_kecamatan_changes_its_part_and_nothing_else(app: Flask, sign_in: SignInAs) -> None:
    admin = sign_in("district_admin", KECAMATAN)
    assert admin.get(f"/{DISTRICT}/modules").status_code == 404
    for foreign in (DISTRICT, "32", FOREIGN, "32.01.15.2009"):
        assert preview(admin, cell(VILLAGE), cell(foreign), area=KECAMATAN, state="off").status_code == 404
    assert apply(admin, cell(VILLAGE), area=KECAMATAN, state="off").status_code == 302
    assert "school" not in enabled(app, VILLAGE)


def test_an_admin_of_one_village_changes_that_village(app: Flask, sign_in: SignInAs) -> None:
    admin = sign_in("district_admin", VILLAGE)
    assert cell(VILLAGE) in admin.get(f"/{VILLAGE}/modules").text.replace("%3A", ":")
    assert apply(admin, cell(SIBLING), area=VILLAGE, state="off").status_code == 404
    assert apply(admin, cell(VILLAGE), area=VILLAGE, state="off").status_code == 302
    assert "school" not in enabled(app, VILLAGE)
    assert "school" in enabled(app, SIBLING)


def test_a_lock_from_above_is_not_broken_from_below_and_its_owner_is_named(
    app: Flask, sign_in: SignInAs, put: Put
) -> None:
    put(DISTRICT, "school", True, locked=True)
    admin = sign_in("district_admin", KECAMATAN)
    before = settings(app)
    for wanted in ({"state": "off"}, {"state": "keep", "lock": "unlock"}, {"state": "inherit"}):
        for answer in (
            preview(admin, cell(KECAMATAN), area=KECAMATAN, **wanted),
            apply(admin, cell(KECAMATAN), area=KECAMATAN, **wanted),
        ):
            assert answer.status_code == 422
            assert "Modul School dikunci oleh Kabupaten Bogor dan tidak dapat diubah dari sini." in answer.text
    assert settings(app) == before


def test_of_several_the_locked_ones_are_left_out_and_named(app: Flask, admin: FlaskClient, put: Put) -> None:
    put(KECAMATAN, "school", True, locked=True)
    cells = cell(VILLAGE), cell(VILLAGE, "visits")
    page = preview(admin, *cells, state="off")
    assert page.status_code == 200
    assert "Modul School dikunci oleh Kec. Ciampea" in page.text
    assert apply(admin, *cells, state="off").status_code == 302
    assert {"school"} == enabled(app, VILLAGE) & {"school", "visits"}


# ---- a change ----


def test_nothing_changes_before_the_confirmation(app: Flask, admin: FlaskClient) -> None:
    before = settings(app)
    assert "Lihat akibatnya" in admin.get(f"/{DISTRICT}/modules/change?cell={cell(VILLAGE)}").text
    assert "berhenti di 1 desa" in preview(admin, cell(VILLAGE), state="off").text
    assert settings(app) == before


def test_the_preview_says_what_happens_where_and_to_how_many_cases(app: Flask, admin: FlaskClient, put: Put) -> None:
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        make_case(area, service, make_person(area.id))
        commit()
    put(SIBLING, "sktm", True)
    page = preview(admin, cell(DISTRICT, "sktm"), cell(DISTRICT, "pantry"), state="off").text
    for words in (
        "1 kasus terbuka di 1 desa",
        "Tetap dapat dibaca dan diselesaikan",
        "berhenti di 1 desa",
        "1 desa tetap seperti sekarang karena penyimpangan di bawahnya",
        "ikut berubah karena bergantung pada Modul Pantry",
        "Modul Alms",
        "1 penyimpangan di bawahnya tetap ada",
    ):
        assert words in page, words
    cleared = preview(admin, cell(DISTRICT, "sktm"), state="off", clear_below="y").text
    assert "1 penyimpangan di bawahnya dihapus" in cleared
    assert "berhenti di 2 desa" in cleared


def test_a_confirmed_change_is_in_force_recorded_and_can_be_undone(app: Flask, admin: FlaskClient) -> None:
    before = settings(app)
    answer = apply(admin, cell(VILLAGE), cell(SIBLING), state="off", reason="Rapat 12 November")
    page = admin.get(answer.location).text
    for words in ("Rapat 12 November", "Rina", "Desa Cihideung Ilir", "mengikuti wilayah di atasnya", "Urungkan"):
        assert words in page, words
    assert not any("school" in enabled(app, code) for code in (VILLAGE, SIBLING))
    with at(app, DISTRICT):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "modules.changed")).one()
        assert (entry.detail["off"], entry.detail["reason"]) == (2, "Rapat 12 November")
    back = admin.post(f"{answer.location}/undo")
    assert back.status_code == 302
    assert settings(app) == before
    assert "Pengurungan perubahan modul" in admin.get(back.location).text
    assert "sudah diurungkan" in admin.get(answer.location).text
    again = admin.post(f"{answer.location}/undo")
    assert (again.status_code, settings(app)) == (409, before)


def test_locking_and_clearing_what_lies_below(app: Flask, admin: FlaskClient, put: Put) -> None:
    put(VILLAGE, "school", False)
    answer = apply(admin, cell(DISTRICT), state="on", lock="lock", clear_below="y")
    assert answer.status_code == 302
    assert {found for found in settings(app) if found[1] == "school"} == {
        ("32", "school", True, False),
        (DISTRICT, "school", True, True),
    }
    assert apply(admin, cell(DISTRICT), state="keep", lock="unlock").status_code == 302
    assert (DISTRICT, "school", True, False) in settings(app)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({}, "Pilih apa yang harus terjadi."),
        ({"state": "perhaps"}, "Pilih salah satu dari daftar."),
        ({"state": "keep", "lock": "keep"}, "Belum ada yang diubah."),
        ({"state": "inherit", "lock": "lock"}, "Yang mengikuti wilayah di atasnya tidak dapat dikunci."),
        ({"state": "inherit", "lock": "keep"}, "Semua yang dipilih sudah seperti itu."),
    ],
)
def test_what_cannot_be_wished_is_told_beside_the_field(
    app: Flask, admin: FlaskClient, wanted: dict[str, str], message: str
) -> None:
    before = settings(app)
    for answer in (preview(admin, cell(DISTRICT), **wanted), apply(admin, cell(DISTRICT), **wanted)):
        assert answer.status_code == 422
        assert message in html.unescape(answer.text)
    assert settings(app) == before


def test_a_change_needs_a_reason_and_the_rest_stays_as_it_was_chosen(app: Flask, admin: FlaskClient) -> None:
    answer = apply(admin, cell(VILLAGE), state="off", reason=" ")
    assert answer.status_code == 422
    assert "Tulis alasannya" in answer.text
    assert 'name="state" value="off"' in answer.text
    assert "school" in enabled(app, VILLAGE)


def test_what_became_different_meanwhile_is_shown_anew_and_nothing_is_done(
    app: Flask, admin: FlaskClient, put: Put
) -> None:
    page = preview(admin, cell(DISTRICT), state="off").text
    seen = re.search(r'name="fingerprint"[^>]*value="([0-9a-f]+)"', page)
    assert seen
    put(VILLAGE, "school", True)
    data = {"cell": cell(DISTRICT), "fingerprint": seen[1], "reason": "Rapat", "state": "off"}
    answer = admin.post(f"/{DISTRICT}/modules/apply", data=data)
    assert answer.status_code == 409
    assert "Keadaan berubah sejak Anda melihat akibatnya" in answer.text
    assert "1 desa tetap seperti sekarang" in answer.text
    assert 'value="Rapat"' in answer.text
    assert "school" in enabled(app, SIBLING)


@pytest.mark.parametrize(
    "cells", ["x", "3201152008:gone", f"{10**11}:school", "3201152009:school", ":school", "²:school"]
)
def test_a_field_that_there_is_not_is_not_found(admin: FlaskClient, cells: str) -> None:
    assert preview(admin, cells, state="off").status_code == 404
    assert admin.get(f"/{DISTRICT}/modules/change", query_string={"cell": cells}).status_code == 404


def test_without_a_choice_one_is_sent_back_to_choose(admin: FlaskClient) -> None:
    answer = admin.post(f"/{DISTRICT}/modules/change", follow_redirects=True)
    assert "Pilih dulu satu kotak atau lebih" in answer.text


# ---- the history ----


def test_the_history_says_who_did_what_and_why(app: Flask, admin: FlaskClient, sign_in: SignInAs) -> None:
    assert "Belum ada perubahan" in admin.get(f"/{DISTRICT}/modules/changes").text
    apply(admin, cell(DISTRICT), state="off", reason="Rapat kabupaten")
    apply(admin, cell(VILLAGE), state="on", reason="Permintaan desa")
    page = admin.get(f"/{DISTRICT}/modules/changes").text
    assert page.index("Permintaan desa") < page.index("Rapat kabupaten")
    assert "mulai di 0, berhenti di 2 desa" in page
    village = sign_in("district_admin", KECAMATAN).get(f"/{KECAMATAN}/modules/changes").text
    assert "Permintaan desa" in village
    assert "Rapat kabupaten" not in village


def test_a_change_elsewhere_is_neither_shown_nor_undone(app: Flask, admin: FlaskClient, sign_in: SignInAs) -> None:
    apply(admin, cell(SIBLING), state="off")
    with app.app_context():
        number: UUID = db.session.scalars(select(ModuleChange.id)).one()
    other = sign_in("district_admin", "32.02")
    for area in ("32.02", DISTRICT):
        assert other.get(f"/{area}/modules/changes/{number}").status_code == 404
        assert other.post(f"/{area}/modules/changes/{number}/undo").status_code == 404
    assert admin.get(f"/{VILLAGE}/modules/changes/{number}").status_code == 404
    auditor = sign_in("auditor", DISTRICT)
    assert "Urungkan" not in auditor.get(f"/{DISTRICT}/modules/changes/{number}").text
    assert auditor.post(f"/{DISTRICT}/modules/changes/{number}/undo").status_code == 403
    assert "school" not in enabled(app, SIBLING)


def test_what_was_changed_since_is_not_undone_and_the_page_shows_what(app: Flask, admin: FlaskClient, put: Put) -> None:
    address = apply(admin, cell(VILLAGE), cell(SIBLING), state="off").location
    put(SIBLING, "school", True)
    answer = admin.post(f"{address}/undo")
    assert answer.status_code == 409
    assert "Yang sudah diubah lagi" in answer.text
    assert "Tidak diurungkan" in answer.text
    assert "school" not in enabled(app, VILLAGE)


def test_the_installed_modules_are_still_listed(admin: FlaskClient) -> None:
    page = admin.get(f"/{DISTRICT}/modules/installed").text
    assert "Modul Visits" in page
    assert "2 dari 2 desa" in page
