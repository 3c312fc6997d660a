"""The ministry's catalogue, time zones, and the letters on a village's tickets."""

import pytest

from core.areas.code import AreaCode
from tenants.catalogue import find, ticket_letters, ticket_prefixes, timezone_of, villages_in

BOGOR = AreaCode.parse("32.01")


def test_kabupaten_bogor_has_435_villages_and_kelurahan() -> None:
    villages = villages_in(BOGOR)
    assert len(villages) == 435
    assert {area.kind for area in villages} == {"desa", "kelurahan"}
    assert villages == sorted(villages, key=lambda area: area.code)


def test_the_seed_village_is_found_with_its_postal_code() -> None:
    cibadak = find(AreaCode.parse("32.01.15.2008"))
    assert cibadak
    assert (cibadak.name, cibadak.kind, cibadak.postal_code) == ("Cibadak", "desa", "16620")


def test_a_code_that_the_ministry_does_not_list_is_not_found() -> None:
    assert find(AreaCode.parse("32.01.15.2999")) is None
    assert villages_in(AreaCode.parse("32.01.99")) == []


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("11", "Asia/Jakarta"),
        ("32.01.15.2008", "Asia/Jakarta"),
        ("61", "Asia/Jakarta"),  # Kalimantan Barat and Tengah keep western time
        ("62", "Asia/Jakarta"),
        ("51", "Asia/Makassar"),
        ("63", "Asia/Makassar"),
        ("65", "Asia/Makassar"),
        ("73.71", "Asia/Makassar"),
        ("81", "Asia/Jayapura"),
        ("91", "Asia/Jayapura"),
        ("96", "Asia/Jayapura"),
    ],
)
def test_an_area_has_the_time_zone_of_its_province(code: str, zone: str) -> None:
    assert timezone_of(AreaCode.parse(code)) == zone


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Cibadak", "CBD"),
        ("Cihideung Ilir", "CHD"),
        ("Ampenan", "AMP"),
        ("Aie Tajun", "ATJ"),
        ("Wae", "WAE"),
        ("Regapu’u", "RGP"),
        ("Tu", "TU"),
    ],
)
def test_ticket_letters_are_the_first_letter_then_consonants(name: str, letters: str) -> None:
    assert ticket_letters(name) == letters


def test_every_village_of_the_district_has_a_ticket_prefix_of_its_own() -> None:
    villages = [(area.code, area.name) for area in villages_in(BOGOR)]
    prefixes = ticket_prefixes(villages, [])
    assert len(set(prefixes.values())) == len(prefixes) == 435
    assert max(len(prefix) for prefix in prefixes.values()) <= 6


def test_villages_of_one_name_are_numbered_by_code() -> None:
    cibadak = [(area.code, area.name) for area in villages_in(BOGOR) if area.name == "Cibadak"]
    prefixes = ticket_prefixes(reversed(cibadak), [])
    assert [(str(code), prefixes[code]) for code, _name in cibadak] == [
        ("32.01.09.2005", "CBD"),
        ("32.01.15.2008", "CBD2"),
        ("32.01.36.2006", "CBD3"),
    ]


def test_a_prefix_in_use_is_never_given_again() -> None:
    code = AreaCode.parse("32.01.15.2008")
    assert ticket_prefixes([(code, "Cibadak")], ["CBD", "CBD2"]) == {code: "CBD3"}
