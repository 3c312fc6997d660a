"""What anyone may read of a village: its services by their standard, its hours, and nothing about a person."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from core.areas.code import AreaCode
from core.areas.models import Area
from core.areas.modules import set_module
from core.cases.catalogue import find_service
from core.database.session import commit, db, scope
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_case, make_person
from core.villages.opening_hours import Interval, OpeningHours
from core.villages.profile import Profile, save_profile

PAGE = f"/{VILLAGE}/services"
ONE = f"{PAGE}/sktm.letter"
HOURS = OpeningHours(
    "Asia/Jakarta", {2: (Interval(time(8), time(12)), Interval(time(13), time(15)))}, {date(2026, 12, 2): "Pilkades"}
)


def tell(app: Flask, profile: Profile) -> None:
    with at(app, VILLAGE) as area:
        save_profile(area, profile)
        commit()


def at_moment(year: int, month: int, day: int, hour: int):
    """The clock of the page at an hour of Jakarta."""
    moment = datetime(year, month, day, hour, tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(UTC)
    return (
        patch("core.villages.views.services.now", return_value=moment),
        patch("core.villages.views.services.area_today", return_value=date(year, month, day)),
    )


# ---- what stands there ----


@pytest.mark.parametrize("address", [PAGE, ONE])
def test_a_service_stands_with_its_six_public_components(app: Flask, areas: None, address: str) -> None:
    page = app.test_client().get(address)
    assert page.status_code == 200
    service = find_service_in(app)
    assert len([part for part in service.standard_components if part.public]) == 6
    for part in service.standard_components:
        assert (f"<dt>{part.title}</dt>" in page.text) is part.public, part.key
    for words in ("Surat Keterangan Tidak Mampu", "Surat pengantar RT/RW", "Gratis", "lapor.go.id", "Desa Cibadak"):
        assert words in page.text
    assert f'href="/{VILLAGE}/status"' in page.text
    assert f"http://localhost{address}" in page.text
    assert "<svg" in page.text


def find_service_in(app: Flask):
    with app.app_context():
        service = find_service("sktm.letter")
        assert service
        return service


def test_a_village_that_told_nothing_says_whom_to_ask_and_invents_nothing(app: Flask, areas: None) -> None:
    page = app.test_client().get(PAGE).text
    assert "Jam buka belum dicatat. Tanyakan ke kantor desa" in page
    assert "Senin" not in page
    assert "tel:" not in page
    assert "Kantor Desa Cibadak" in page


def test_address_contacts_and_week_stand_there(app: Flask, areas: None) -> None:
    tell(app, Profile(HOURS, "Jl. Raya 1", "0251 123456", "0812 3456 7890", "desa@example.id", "Ibu Sekdes"))
    page = app.test_client().get(PAGE).text
    for words in ("Jl. Raya 1", "tel:+62251123456", "wa.me/6281234567890", "mailto:desa@example.id", "Ibu Sekdes"):
        assert words in page
    assert re.search(r"<dt>Rabu</dt><dd>08\.00–12\.00, 13\.00–15\.00</dd>", page)
    assert re.search(r"<dt>Hari lain</dt><dd>tutup</dd>", page)


def test_days_with_the_same_hours_stand_on_one_line(app: Flask, areas: None) -> None:
    office = (Interval(time(8), time(15)),)
    tell(app, Profile(replace(HOURS, week={**dict.fromkeys(range(4), office), 4: (Interval(time(8), time(11)),)})))
    page = app.test_client().get(PAGE).text
    week = re.findall(r"<div><dt>([^<]+)</dt><dd>([^<]*)</dd></div>", page[: page.index("Alamat dan kontak")])
    assert week[:3] == [("Senin–Kamis", "08.00–15.00"), ("Jumat", "08.00–11.00"), ("Hari lain", "tutup")]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ((2026, 11, 25, 9), "Sedang buka, sampai pukul 12.00."),
        ((2026, 11, 25, 12), "Sedang tutup. Buka lagi Rabu, 25 November 2026 pukul 13.00."),
        ((2026, 11, 25, 16), "Sedang tutup. Buka lagi Rabu, 9 Desember 2026 pukul 08.00."),
        ((2026, 12, 2, 9), "Hari ini tutup: Pilkades. Buka lagi Rabu, 9 Desember 2026 pukul 08.00."),
    ],
)
def test_it_says_whether_it_is_open_and_when_it_opens(
    app: Flask, areas: None, moment: tuple[int, int, int, int], words: str
) -> None:
    tell(app, Profile(HOURS))
    clock, day = at_moment(*moment)
    with clock, day:
        page = app.test_client().get(PAGE).text
    assert words in page
    assert ("2 Desember 2026: Pilkades" in page) is (date(*moment[:3]) <= date(2026, 12, 2))


def test_what_a_village_typed_never_becomes_markup(app: Flask, areas: None) -> None:
    hours = replace(HOURS, closed={date(2099, 1, 1): "<i>libur</i>"})
    tell(app, Profile(hours, address="<script>x</script>", complaints='"><b>'))
    page = app.test_client().get(PAGE).text
    for markup in ("<script>x", "<i>libur", '"><b>'):
        assert markup not in page


def test_nothing_about_a_person_stands_there(app: Flask, areas: None, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case = make_case(area, find_service_in(app), make_person(area.id, "Nur Aeni"))
        ticket = case.ticket
        commit()
    for address in (PAGE, ONE):
        page = sign_in("village_staff").get(address).text
        for secret in ("Nur Aeni", ticket, "village_staff", "csrf"):
            assert secret not in page


def test_it_reads_in_english(app: Flask, areas: None) -> None:
    page = speaking_english(app).get(PAGE).text
    assert '<html lang="en">' in page
    assert "Requirements" in page


# ---- who is there ----


def test_a_module_that_goes_off_is_gone_at_once(app: Flask, areas: None) -> None:
    client, code = app.test_client(), AreaCode.parse(VILLAGE)
    assert client.get(ONE).status_code == 200
    with app.app_context(), scope(code):
        set_module(code, "sktm", enabled=False)
        commit()
    assert client.get(ONE).status_code == 404
    page = client.get(PAGE)
    assert "Surat Keterangan Tidak Mampu" not in page.text
    assert client.get(f"/{SIBLING}/services/sktm.letter").status_code == 200


@pytest.mark.parametrize("address", ["/32.01.15.2009/services", f"{PAGE}/nope", f"{PAGE}/sktm", "/33.01/services"])
def test_what_is_not_there_is_404(app: Flask, areas: None, address: str) -> None:
    assert app.test_client().get(address).status_code == 404


def test_a_suspended_village_is_gone_and_not_listed(app: Flask, areas: None) -> None:
    with app.app_context():
        db.session.execute(
            update(Area).where(Area.id == AreaCode.parse(VILLAGE).id).values(suspended_at=datetime.now(UTC))
        )
        commit()
    client = app.test_client()
    assert client.get(PAGE).status_code == client.get(ONE).status_code == 404
    page = client.get("/32.01/services").text
    assert "Cihideung Ilir" in page
    assert "Desa Cibadak" not in page


# ---- finding one's village ----


def test_a_district_lists_its_villages_by_name_and_nothing_else(app: Flask, areas: None) -> None:
    client = app.test_client()
    page = client.get("/32.01/services").text
    assert re.findall(r'href="/(32[^"]+)/services">', page) == [VILLAGE, SIBLING]
    assert "Kec. Ciampea" in page
    assert "Sekarwangi" not in page
    found = client.get("/32.01/services?q=IHIDE").text
    assert re.findall(r'href="/(32[^"]+)/services">', found) == [SIBLING]
    assert "Tidak ada yang cocok" in client.get("/32.01/services?q=100%25").text
    assert re.findall(r'href="/(32[^"]+)/services">', client.get("/32.01.15/services").text) == [VILLAGE, SIBLING]
    assert client.get("/32/services").status_code == 404, "a province would list thousands"


def test_who_is_not_signed_in_finds_the_way_from_the_door(app: Flask, areas: None) -> None:
    client = app.test_client()
    assert 'href="/services"' in client.get("/sign-in").text
    page = client.get("/services").text
    assert re.findall(r'href="/([\d.]+)/services"', page) == ["32.01", "32.02"]
    with app.app_context():
        db.session.execute(update(Area).where(Area.code == "32.02").values(suspended_at=datetime.now(UTC)))
        commit()
    assert client.get("/services").location == "/32.01/services", "with one district there is nothing to choose"


# ---- what a cache may do ----


@pytest.mark.parametrize("address", [PAGE, ONE, "/32.01/services", "/services"])
def test_a_page_may_be_kept_for_minutes_and_sets_no_cookie(app: Flask, areas: None, address: str) -> None:
    answer = app.test_client().get(address)
    kept = re.fullmatch(r"public, max-age=(\d+)", answer.headers["Cache-Control"])
    assert kept
    assert 60 <= int(kept[1]) <= 600
    assert "Cookie" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers
    assert len(answer.data) < 30_000


def test_the_answer_to_somebody_signed_in_is_for_their_own_browser(app: Flask, sign_in: SignInAs) -> None:
    """It renews their cookie, which no cache between may hand to others."""
    for client in (sign_in("village_staff"), speaking_english(app)):
        assert client.get(PAGE).headers["Cache-Control"].startswith("private, max-age=")


def speaking_english(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.get("/language/en")
    return client


def test_a_message_for_one_person_does_not_get_into_a_kept_page(app: Flask, sign_in: SignInAs) -> None:
    client = sign_in("village_staff")
    client.post("/sign-out")
    assert "sudah keluar" not in client.get(PAGE).text
    assert "sudah keluar" in client.get("/sign-in").text


def test_one_address_may_not_read_without_end(limited: Flask, areas: None) -> None:
    client = limited.test_client()
    answers = [client.get("/32.01/services").status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]
