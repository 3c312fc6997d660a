"""The pages of settings: the origin of each value, changing, resetting, locking, secrets, and who may do what."""

import html
import re
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.areas.code import AreaCode
from core.areas.modules import set_module
from core.audit import AuditEntry
from core.audit.wording import describe
from core.database.session import commit, db, scope
from core.platform import platform
from core.settings.models import PluginSetting
from core.settings.reading import settings_of
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at
from core.users.sealing import _key

from .conftest import DISTRICT, KECAMATAN, CourierSettings, fingerprint, save

SECRET = "rahasia-sekali"


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def courier(client: FlaskClient, area: str) -> str:
    return words(client.get(f"/{area}/settings/courier").text)


def stored(app: Flask) -> dict[tuple[str, str], object]:
    """What is set where; of a secret only that it is."""
    with app.app_context(), scope(AreaCode.parse("32")):
        return {
            (str(AreaCode.from_id(row.area_id)), row.name): "secret" if row.sealed else row.value
            for row in db.session.scalars(select(PluginSetting))
        }


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT, name="Rina")


@pytest.fixture
def head(sign_in: SignInAs) -> FlaskClient:
    return sign_in("village_head", name="Ade")


# ---- what is shown ----


def test_the_list_names_the_modules_with_settings_and_no_others(admin: FlaskClient) -> None:
    page = words(admin.get(f"/{DISTRICT}/settings").text)
    assert "Courier" in page
    assert "SKTM" in page
    assert "Plain" not in page


def test_each_value_is_shown_with_its_origin(admin: FlaskClient, head: FlaskClient) -> None:
    assert "bawaan modul" in courier(admin, DISTRICT)
    assert save(admin, DISTRICT, days="3").status_code == 302
    assert "diatur di sini" in courier(admin, DISTRICT)
    assert re.search(r"dari Kabupaten Bogor, .* Rina", courier(head, VILLAGE))
    assert re.search(r'<input[^>]* name="days"[^>]* value="3"', head.get(f"/{VILLAGE}/settings/courier").text)


def test_an_area_above_sees_how_many_below_deviate(admin: FlaskClient, head: FlaskClient) -> None:
    save(head, VILLAGE, days="6")
    assert "1 wilayah di bawahnya mengatur sendiri" in courier(admin, DISTRICT)


def test_in_a_village_only_modules_that_run_there_have_settings(app: Flask, admin: FlaskClient) -> None:
    village = AreaCode.parse(VILLAGE)
    with app.app_context(), scope(village):
        set_module(village, "courier", enabled=False)
        commit()
    assert "Courier" not in words(admin.get(f"/{VILLAGE}/settings").text)
    assert admin.get(f"/{VILLAGE}/settings/courier").status_code == 404
    assert admin.get(f"/{SIBLING}/settings/courier").status_code == 200


@pytest.mark.parametrize("name", ["plain", "nobody", "Courier"])
def test_a_module_without_settings_has_no_page(admin: FlaskClient, name: str) -> None:
    assert admin.get(f"/{DISTRICT}/settings/{name}").status_code == 404


# ---- changing ----


def test_only_what_was_changed_is_set_and_the_rest_stays_inherited(app: Flask, head: FlaskClient) -> None:
    assert save(head, VILLAGE, days="6").status_code == 302
    assert stored(app) == {(VILLAGE, "days"): 6}
    assert save(head, VILLAGE, days="6", urgent="y").status_code == 302
    assert stored(app) == {(VILLAGE, "days"): 6, (VILLAGE, "urgent"): True}


def test_a_form_sent_as_it_came_changes_nothing(app: Flask, admin: FlaskClient) -> None:
    assert save(admin, DISTRICT).status_code == 302
    assert stored(app) == {}
    assert "Belum ada perubahan" in courier(admin, DISTRICT)


def test_what_the_form_refuses_is_not_stored_and_stays_on_the_page(app: Flask, head: FlaskClient) -> None:
    answer = save(head, VILLAGE, days="99", sender="Desa Cibadak")
    assert answer.status_code == 422
    assert "Ada 1 hal yang perlu diperbaiki" in words(answer.text)
    assert 'value="99"' in answer.text
    assert 'value="Desa Cibadak"' in answer.text
    assert stored(app) == {}


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "'; DROP TABLE", "{{ 7*7 }}", "%s %(x)s"])
def test_hostile_text_is_a_text(app: Flask, head: FlaskClient, hostile: str) -> None:
    assert save(head, VILLAGE, sender=hostile[:20]).status_code == 302
    assert stored(app)[VILLAGE, "sender"] == hostile[:20]
    page = head.get(f"/{VILLAGE}/settings/courier").text
    assert html.escape(hostile[:20]) in page.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    assert "<script>alert" not in page


def test_a_setting_is_inherited_again_when_that_is_ticked(app: Flask, admin: FlaskClient, head: FlaskClient) -> None:
    save(admin, DISTRICT, days="3")
    save(head, VILLAGE, days="6")
    assert "Ikuti lagi (Kabupaten Bogor: 3)" in courier(head, VILLAGE).replace(" )", ")")
    assert save(head, VILLAGE, days="6", reset="days").status_code == 302
    assert stored(app) == {(DISTRICT, "days"): 3}


def test_a_change_meanwhile_shows_both_and_loses_nothing(app: Flask, admin: FlaskClient, head: FlaskClient) -> None:
    seen = fingerprint(head, VILLAGE)
    save(admin, DISTRICT, days="3")
    answer = save(head, VILLAGE, seen, sender="Desa")
    assert answer.status_code == 409
    assert 'value="Desa"' in answer.text
    assert "Yang berlaku: 3" in words(answer.text)
    assert stored(app) == {(DISTRICT, "days"): 3}


# ---- locks ----


def test_a_lock_is_shown_below_and_what_it_locks_is_no_field_there(
    app: Flask, admin: FlaskClient, head: FlaskClient
) -> None:
    save(admin, DISTRICT, days="3", lock="days")
    page = head.get(f"/{VILLAGE}/settings/courier").text
    assert "dikunci Kabupaten Bogor" in words(page)
    assert 'name="days"' not in page
    assert save(head, VILLAGE, days="6", sender="Desa").status_code == 302
    assert stored(app) == {(DISTRICT, "days"): 3, (VILLAGE, "sender"): "Desa"}


def test_to_lock_what_is_only_inherited_sets_it_to_that(app: Flask, admin: FlaskClient) -> None:
    save(admin, DISTRICT, lock="sender")
    assert stored(app) == {(DISTRICT, "sender"): "Puskesos"}


def test_a_lock_is_taken_off_when_it_is_not_ticked_any_more(admin: FlaskClient, head: FlaskClient) -> None:
    save(admin, DISTRICT, days="3", lock="days")
    save(admin, DISTRICT, days="3")
    assert "dikunci" not in courier(head, VILLAGE)


# ---- secrets ----


def test_a_secret_is_never_shown_again_and_one_sees_that_it_is_set(
    app: Flask, admin: FlaskClient, head: FlaskClient
) -> None:
    assert "belum terisi" in courier(admin, DISTRICT)
    assert save(admin, DISTRICT, token=f" {SECRET} ").status_code == 302
    assert "Hapus rahasia ini" in courier(admin, DISTRICT)
    for client, area in ((admin, DISTRICT), (head, VILLAGE)):
        page = client.get(f"/{area}/settings/courier").text
        assert SECRET not in page
        assert re.search(r"terisi, (diatur di sini|dari Kabupaten Bogor), .* Rina", words(page))
    with at(app, VILLAGE) as area:
        assert settings_of(area, CourierSettings).token == SECRET


def test_with_another_key_the_page_says_that_the_secret_must_be_entered_anew(app: Flask, admin: FlaskClient) -> None:
    save(admin, DISTRICT, token=SECRET, days="3")
    with app.app_context():
        rotated = platform().config.secret_key
    with patch("core.users.sealing._own_key", lambda purpose: _key(f"another {rotated}", purpose)):
        assert "tidak dapat dibuka lagi Kunci pemasangan ini sudah diganti" in courier(admin, DISTRICT)
        assert save(admin, DISTRICT, days="3", token="rahasia-baru").status_code == 302
        assert "tidak dapat dibuka lagi" not in courier(admin, DISTRICT)


def test_a_secret_that_was_refused_is_not_sent_back(head: FlaskClient) -> None:
    answer = save(head, VILLAGE, token="pendek", days="99")
    assert answer.status_code == 422
    assert "pendek" not in answer.text


def test_an_empty_secret_keeps_the_one_that_is_there(app: Flask, admin: FlaskClient) -> None:
    save(admin, DISTRICT, token=SECRET)
    save(admin, DISTRICT, days="3")
    with at(app, DISTRICT) as area:
        assert settings_of(area, CourierSettings).token == SECRET
    save(admin, DISTRICT, days="3", reset="token")
    assert stored(app) == {(DISTRICT, "days"): 3}


# ---- audit, history, the way back ----


def test_each_change_is_in_the_audit_without_the_secret(app: Flask, admin: FlaskClient) -> None:
    save(admin, DISTRICT, token=SECRET, days="3")
    with at(app, DISTRICT):
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.changed"))
        assert entry.detail["after"]["days"] == {"value": 3, "locked": False}
        assert entry.detail["after"]["token"] == {"secret": True, "locked": False}
        assert SECRET not in str(entry.detail)
        assert describe(entry) == "mengubah pengaturan modul Courier di 32.01: Hari tunggu, Kunci akses"
    assert "mengubah pengaturan modul Courier" in admin.get(f"/{DISTRICT}/audit").text


def undo_latest(client: FlaskClient, area: str) -> str:
    found = re.search(r'action="([^"]+/undo)"', client.get(f"/{area}/settings/courier").text)
    assert found
    return words(client.post(found[1], follow_redirects=True).text)


def test_the_history_tells_each_value_before_and_after_and_a_change_can_be_undone(
    app: Flask, admin: FlaskClient
) -> None:
    save(admin, DISTRICT, days="3")
    save(admin, DISTRICT, days="4", urgent="y")
    assert "Hari tunggu: 3 → 4" in courier(admin, DISTRICT)
    assert "Kirim segera: mengikuti → ya" in courier(admin, DISTRICT)
    assert "kembali seperti sebelum" in undo_latest(admin, DISTRICT)
    assert stored(app) == {(DISTRICT, "days"): 3}


def test_a_change_that_was_changed_since_or_touched_a_secret_is_not_undone(app: Flask, admin: FlaskClient) -> None:
    save(admin, DISTRICT, days="3")
    found = re.search(r'action="([^"]+/undo)"', admin.get(f"/{DISTRICT}/settings/courier").text)
    assert found
    save(admin, DISTRICT, days="4", token=SECRET)
    assert "Tidak diurungkan" in words(admin.post(found[1], follow_redirects=True).text)
    assert admin.get(f"/{DISTRICT}/settings/courier").text.count("/undo") == 1
    assert stored(app)[DISTRICT, "days"] == 4


# ---- who may ----


@pytest.mark.parametrize(
    ("role", "home", "area", "status"),
    [
        ("district_admin", DISTRICT, DISTRICT, 302),
        ("district_admin", DISTRICT, VILLAGE, 302),
        ("kecamatan_supervisor", KECAMATAN, KECAMATAN, 302),
        ("kecamatan_supervisor", KECAMATAN, DISTRICT, 404),
        ("village_head", VILLAGE, VILLAGE, 302),
        ("village_head", VILLAGE, SIBLING, 404),
        ("village_head", VILLAGE, DISTRICT, 404),
        ("village_head", VILLAGE, FOREIGN, 404),
        ("village_staff", VILLAGE, VILLAGE, 403),
        ("district_officer", DISTRICT, DISTRICT, 403),
        ("auditor", DISTRICT, DISTRICT, 403),
        ("field_worker", VILLAGE, VILLAGE, 403),
    ],
)
def test_settings_are_changed_by_whom_the_plugin_allows_and_only_in_their_area(
    app: Flask, sign_in: SignInAs, admin: FlaskClient, role: str, home: str, area: str, status: int
) -> None:
    seen = fingerprint(admin, area) if area != FOREIGN else ""
    assert save(sign_in(role, home), area, seen, days="6").status_code == status
    assert stored(app) == ({(area, "days"): 6} if status == 302 else {})


def test_who_may_only_read_sees_the_values_and_no_form(sign_in: SignInAs, admin: FlaskClient) -> None:
    save(admin, DISTRICT, days="3", token=SECRET)
    page = sign_in("village_staff").get(f"/{VILLAGE}/settings/courier").text
    assert "Hari tunggu 3 dari Kabupaten Bogor" in words(page)
    assert SECRET not in page
    assert 'name="days"' not in page


def test_sktm_is_set_by_the_village_head_and_not_by_the_kecamatan(sign_in: SignInAs) -> None:
    assert "Simpan" in sign_in("village_head").get(f"/{VILLAGE}/settings/sktm").text
    assert "Simpan" not in sign_in("kecamatan_supervisor", KECAMATAN).get(f"/{KECAMATAN}/settings/sktm").text
