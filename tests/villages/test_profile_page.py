"""A village's page about its own office: who may change it, what is refused, two changes at once."""

import re
from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.audit import AuditEntry
from core.audit.wording import describe
from core.database.session import commit, db
from core.testing import SIBLING, VILLAGE, SignInAs, at
from core.villages.opening_hours import Interval
from core.villages.profile import Profile, profile_of, save_profile

PAGE = f"/{VILLAGE}/profile"
GIVEN = {
    "version": "0",
    "wednesday": "08.00-14.00",
    "friday": "08.00-11.00, 13.30-15.00",
    "closed": "25-12-2026 Natal",
    "address": "Jl. Raya Cibadak No. 1",
    "phone": "0251 8621234",
    "whatsapp": "0812 3456 7890",
    "email": "desa@cibadak.example",
    "complaints": "Sekretaris desa",
}


def stored(app: Flask, village: str = VILLAGE) -> Profile:
    with at(app, village) as area:
        return profile_of(area)


def entries(app: Flask) -> list[str]:
    with at(app, VILLAGE):
        found = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "profile.changed"))
        return [describe(entry) for entry in found]


def test_what_is_saved_is_there_and_on_record(app: Flask, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    assert staff.post(PAGE, data=GIVEN).location == PAGE
    profile = stored(app)
    assert profile.hours.week == {
        2: (Interval(time(8), time(14)),),
        4: (Interval(time(8), time(11)), Interval(time(13, 30), time(15))),
    }
    assert profile.hours.closed == {date(2026, 12, 25): "Natal"}
    assert (profile.whatsapp, profile.email, profile.version) == ("0812 3456 7890", "desa@cibadak.example", 1)
    page = staff.get(PAGE).text
    assert 'value="08.00–11.00, 13.30–15.00"' in page
    assert "25-12-2026 Natal" in page
    [words] = entries(app)
    assert words.startswith("mengubah profil desa: jam buka, tanggal tutup, alamat")
    assert stored(app, SIBLING) == Profile(stored(app, SIBLING).hours)


def test_saving_what_is_there_already_changes_nothing(app: Flask, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    staff.post(PAGE, data=GIVEN)
    assert staff.post(PAGE, data={**GIVEN, "version": "1"}).status_code == 302
    assert stored(app).version == 1
    assert len(entries(app)) == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("monday", "pagi", "tidak terbaca"),
        ("sunday", "15-8", "sesudah jam buka"),
        ("tuesday", "8-12, 11-13", "bertumpuk"),
        ("closed", "Natal", "tidak terbaca"),
        ("phone", "delapan", "Tulis nomornya saja"),
        ("whatsapp", "<b>0812</b>", "Tulis nomornya saja"),
        ("email", "desa.example", "alamat surel"),
        ("address", "x" * 301, "300"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(
    app: Flask, sign_in: SignInAs, field: str, value: str, message: str
) -> None:
    page = sign_in("village_staff").post(PAGE, data={**GIVEN, field: value})
    assert page.status_code == 422
    found = re.search(rf'id="{field}-error">(.*?)</p>', page.text, re.DOTALL)
    assert found
    assert message in found[1]
    assert "Sekretaris desa" in page.text
    assert stored(app).version == 0


def test_of_two_changes_at_once_the_second_sees_both_sides(app: Flask, sign_in: SignInAs) -> None:
    first, second = sign_in("village_staff"), sign_in("village_head")
    assert first.post(PAGE, data=GIVEN).status_code == 302
    stale = second.post(PAGE, data={**GIVEN, "wednesday": "09.00-12.00", "address": "Kantor baru"})
    assert stale.status_code == 409
    for words in ("08.00–14.00", "09.00-12.00", "Kantor baru", "Jl. Raya Cibadak No. 1"):
        assert words in stale.text
    assert stored(app).address == "Jl. Raya Cibadak No. 1"
    version = re.search(r'name="version"[^>]*value="(\d+)"', stale.text)
    assert version
    assert second.post(PAGE, data={**GIVEN, "address": "Kantor baru", "version": version[1]}).status_code == 302
    assert stored(app).address == "Kantor baru"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "١"])
def test_a_damaged_version_counts_as_stale(app: Flask, sign_in: SignInAs, version: str) -> None:
    assert sign_in("village_staff").post(PAGE, data={**GIVEN, "version": version}).status_code == 409
    assert stored(app).version == 0


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("village_head", VILLAGE, 302),
        ("village_staff", VILLAGE, 302),
        ("district_admin", "32.01", 302),
        ("field_worker", VILLAGE, 403),
        ("district_officer", "32.01", 403),
        ("auditor", "32.01", 403),
        ("village_staff", SIBLING, 404),
        ("district_admin", "32.02", 404),
    ],
)
def test_who_may_change_it(app: Flask, sign_in: SignInAs, role: str, area: str, status: int) -> None:
    client: FlaskClient = sign_in(role, area)
    assert client.post(PAGE, data=GIVEN).status_code == status
    assert stored(app).version == (1 if status == 302 else 0)


def test_nobody_is_asked_to_know_the_hours(app: Flask, sign_in: SignInAs) -> None:
    assert sign_in("village_staff").post(PAGE, data={"version": "0", "address": "Balai desa"}).status_code == 302
    assert not stored(app).hours.known


def test_the_first_to_make_the_row_wins_also_in_one_moment(app: Flask, areas: None) -> None:
    with at(app, VILLAGE) as area:
        untouched = profile_of(area)
        save_profile(area, Profile(untouched.hours, address="satu"))
        commit()
    with at(app, VILLAGE) as area, pytest.raises(Exception, match="changed"):
        save_profile(area, Profile(untouched.hours, address="dua"))
