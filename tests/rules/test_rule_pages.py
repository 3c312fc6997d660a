"""The pages of rules: what holds here and where it comes from, setting another value, ending it, and the way back."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.areas.code import AreaCode
from core.areas.modules import set_module
from core.audit import AuditEntry
from core.audit.wording import describe
from core.cases.catalogue import find_service
from core.database.session import commit, db, scope
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_case, make_person

from .conftest import DISTRICT, KECAMATAN, SetValue

DECILE = "rules/sktm/rule/decile_max"
VALID = {"value": "7", "valid_from": "2026-01-01", "valid_to": "", "source": "Perbup 12/2026", "certainty": "verified"}


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return found[1] if found else ""


def save(client: FlaskClient, area: str = DISTRICT, path: str = DECILE, **values: str) -> TestResponse:
    """Fill in the form of a value and send it; what is not given is ``VALID``."""
    url = f"/{area}/{path}"
    return client.post(url, data={"seen": seen(client.get(url).text), **VALID, **values})


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT, name="Rina")


@pytest.fixture
def head(sign_in: SignInAs) -> FlaskClient:
    return sign_in("village_head", name="Ade")


# ---- what is shown ----


def test_the_list_names_what_has_rules_and_how_much_is_set_here(admin: FlaskClient, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7, fee=1_000)
    page = words(admin.get(f"/{DISTRICT}/rules").text)
    assert "SKTM 2 nilai" in page
    assert "Rujukan tidak ada" in page
    assert "Program Indonesia Pintar tidak ada" in page


def test_each_value_is_shown_with_its_origin_on_a_day(
    admin: FlaskClient, head: FlaskClient, set_value: SetValue
) -> None:
    set_value(DISTRICT, decile_max=7)
    page = words(head.get(f"/{VILLAGE}/rules/sktm?on=2026-06-01").text)
    assert "Desil tertinggi decile_max 7 Kabupaten Bogor · Perbup 12/2026 · belum dipastikan" in page
    assert "aturan: 5 · Rina" in page
    assert "Masa berlaku surat (hari) valid_days 30 bawaan aturan" in page
    before = words(head.get(f"/{VILLAGE}/rules/sktm?on=2025-12-31").text)
    assert "decile_max 5 bawaan aturan mulai 1 Jan 2026: 7 (Kabupaten Bogor, Perbup 12/2026)" in before
    assert "UU 25/2009 pasal 21 ·" in words(head.get(f"/{VILLAGE}/rules/sktm?on=2016-01-01").text)
    assert "Tidak ada aturan yang berlaku" in words(admin.get(f"/{DISTRICT}/rules/sktm?on=1999-01-01").text)
    assert admin.get(f"/{DISTRICT}/rules/sktm?on=besok").status_code == 200


def test_values_that_nobody_has_confirmed_are_marked_until_one_is_set(admin: FlaskClient) -> None:
    def confirmed(title: str) -> bool:
        page = words(admin.get(f"/{DISTRICT}/rules/bansos?on=2026-11-12").text)
        return not re.search(re.escape(title) + r"(?:(?!bawaan).)*bawaan aturan · belum dipastikan", page)

    assert not confirmed("Bulan yang dibayar sekaligus")
    assert confirmed("Desil yang pasti boleh")
    assert "unverified" not in admin.get(f"/{DISTRICT}/rules/bansos?on=2026-11-12").text
    assert save(admin, path="rules/bansos/food/months_at_once", value="2").status_code == 302
    assert confirmed("Bulan yang dibayar sekaligus")


def test_a_rule_that_came_after_the_value_asks_to_look_again(admin: FlaskClient, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    assert "periksa" not in words(admin.get(f"/{DISTRICT}/rules/sktm?on=2026-06-01").text).replace("periksa sumber", "")
    assert save(admin, valid_from="2020-01-01").status_code == 302
    assert save(admin, path="rules/sktm/rule/fee", value="500", valid_from="2020-01-01").status_code == 302
    assert "aturan berubah sejak itu: periksa" in words(admin.get(f"/{DISTRICT}/rules/sktm?on=2026-06-01").text)


@pytest.mark.parametrize("path", ["rules/plain", "rules/sktm/rule/nothing", "rules/sktm/other/decile_max"])
def test_what_has_no_rules_has_no_page(admin: FlaskClient, path: str) -> None:
    assert admin.get(f"/{DISTRICT}/{path}").status_code == 404


def test_a_village_sees_only_modules_that_run_there(app: Flask, admin: FlaskClient) -> None:
    village = AreaCode.parse(VILLAGE)
    with app.app_context(), scope(village):
        set_module(village, "sktm", enabled=False)
        commit()
    assert admin.get(f"/{VILLAGE}/rules/sktm").status_code == 404
    assert admin.get(f"/{VILLAGE}/{DECILE}").status_code == 404
    assert "SKTM" not in words(admin.get(f"/{VILLAGE}/rules").text)
    assert admin.get(f"/{SIBLING}/rules/sktm").status_code == 200


def test_another_districts_values_are_not_to_be_had(admin: FlaskClient, set_value: SetValue) -> None:
    set_value(FOREIGN, decile_max=9)
    assert admin.get(f"/{FOREIGN}/rules/sktm").status_code == 404
    assert "9" not in words(admin.get(f"/{DISTRICT}/{DECILE}").text).split()


# ---- setting ----


def test_what_is_set_reaches_the_clerk_in_every_village_with_its_source(
    app: Flask, admin: FlaskClient, head: FlaskClient
) -> None:
    assert save(admin, source="Perbup 12/2026 pasal 4", certainty="plausible").status_code == 302
    with at(app, VILLAGE) as area:
        person = make_person(area.id)
        url = f"/{VILLAGE}/cases/new?person={person.id}"
        commit()
    screening = words(head.get(url).text)
    assert "Desil 7 atau kurang di DTSEN" in screening
    told = "Desil tertinggi 7 ditetapkan Kabupaten Bogor · Perbup 12/2026 pasal 4 · sejak 1 Jan 2026"
    assert f"{told} · belum dipastikan, periksa sumbernya" in screening
    assert told in words(head.get(f"{url}&service=sktm.letter").text)


def test_a_case_page_says_that_the_values_were_changed_since(app: Flask, head: FlaskClient, admin: FlaskClient) -> None:
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        url = f"/{VILLAGE}/cases/{make_case(area, service, make_person(area.id)).id}"
        commit()
    assert "Daerah mengubah nilai" not in words(head.get(url).text)
    save(admin)
    page = words(head.get(url).text)
    assert "Desil 5 atau kurang" in page
    assert "Daerah mengubah nilai aturan untuk hari itu sesudah kasus ini dibuka" in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"value": "tujuh"}, "angka bulat"),
        ({"value": ""}, "Wajib diisi."),
        ({"source": " "}, "Wajib diisi."),
        ({"valid_from": ""}, "Pilih tanggalnya"),
        ({"valid_from": "0099-01-01"}, "Periksa tahunnya"),
        ({"valid_to": "2025-12-31"}, "tidak dapat sebelum hari pertama"),
        ({"certainty": "sure"}, ""),
    ],
)
def test_a_wrong_entry_is_told_at_its_field_and_nothing_is_lost(
    admin: FlaskClient, wrong: dict[str, str], told: str
) -> None:
    answer = save(admin, **{"source": "Perbup yang ditulis", **wrong})
    assert answer.status_code == 422
    assert told in words(answer.text)
    if "source" not in wrong:
        assert 'value="Perbup yang ditulis"' in answer.text
    assert "Belum pernah ditetapkan di sini" in words(admin.get(f"/{DISTRICT}/{DECILE}").text)


def test_who_was_slower_finds_what_was_typed_and_what_was_decided(admin: FlaskClient, set_value: SetValue) -> None:
    shown = seen(admin.get(f"/{DISTRICT}/{DECILE}").text)
    set_value(DISTRICT, decile_max=8)
    answer = save(admin, value="6", seen=shown)
    assert answer.status_code == 409
    assert 'value="6"' in answer.text
    assert "diubah orang lain" in words(answer.text)
    assert save(admin, value="6").status_code == 302


def test_structure_cannot_be_set(admin: FlaskClient) -> None:
    path = "rules/pkh/rule/stages"
    assert 'name="value"' not in admin.get(f"/{DISTRICT}/{path}").text
    assert save(admin, path=path, value="1, 2").status_code == 422


@pytest.mark.parametrize("role", ["village_head", "village_staff", "auditor", "district_officer"])
def test_only_the_district_admin_sets_values(sign_in: SignInAs, role: str) -> None:
    area = VILLAGE if role.startswith("village") else DISTRICT
    client = sign_in(role, area)
    page = client.get(f"/{area}/{DECILE}")
    assert page.status_code == 200
    assert "Tetapkan nilai lain" not in words(page.text)
    assert client.post(f"/{area}/{DECILE}", data=VALID).status_code == 403


def test_a_field_worker_sees_none(sign_in: SignInAs) -> None:
    assert sign_in("field_worker").get(f"/{VILLAGE}/rules").status_code == 403


# ---- ending and undoing ----


def act(client: FlaskClient, what: str, area: str = DISTRICT, **data: str) -> TestResponse:
    """Press a button beside the latest line of the history."""
    page = client.get(f"/{DISTRICT}/{DECILE}").text
    found = re.search(rf'action="/{re.escape(DISTRICT)}/({DECILE}/[^"]+/{what})"', page)
    assert found
    return client.post(f"/{area}/{found[1]}", data={"seen": seen(page), **data})


def test_a_value_is_ended_and_the_ending_undone(admin: FlaskClient, head: FlaskClient) -> None:
    def held() -> bool:
        return "decile_max 7" in words(head.get(f"/{VILLAGE}/rules/sktm?on=2026-06-01").text)

    save(admin)
    assert held()
    assert act(admin, "end", last_day="2025-12-01").status_code == 422
    assert act(admin, "end", last_day="").status_code == 422
    assert act(admin, "end", last_day="2026-05-31").status_code == 302
    assert not held()
    assert act(admin, "undo").status_code == 302
    assert held()


def test_undoing_the_first_leaves_the_rules_own_value(admin: FlaskClient) -> None:
    save(admin)
    assert act(admin, "undo").status_code == 302
    page = words(admin.get(f"/{DISTRICT}/{DECILE}").text)
    assert "5 bawaan aturan" in page
    assert "7 diurungkan" in page


def test_a_button_of_an_old_page_or_another_area_does_nothing(admin: FlaskClient) -> None:
    save(admin)
    assert act(admin, "undo", seen="x").status_code == 409
    assert act(admin, "undo", area=KECAMATAN).status_code == 404
    assert act(admin, "undo", area=VILLAGE).status_code == 404
    assert "7" in words(admin.get(f"/{DISTRICT}/rules/sktm?on=2026-06-01").text).split()


def test_each_change_is_in_the_audit_in_words(app: Flask, admin: FlaskClient) -> None:
    save(admin)
    act(admin, "end", last_day="2026-05-31")
    act(admin, "undo")
    with app.test_request_context(), scope(AreaCode.parse(DISTRICT)):
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action.startswith("rules.")).order_by(AuditEntry.seq)
        ).all()
        told = [describe(entry) for entry in entries]
    assert told[0].endswith("nilai aturan sktm di 32.01: decile_max = 7 mulai 2026-01-01 (Perbup 12/2026)")
    assert told[1].endswith("decile_max sampai 2026-05-31")
    assert told[2].startswith("mengurungkan nilai aturan sktm")
