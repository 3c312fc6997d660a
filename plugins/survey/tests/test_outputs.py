"""The three outputs and the checks as tables: pure functions of what was typed."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from core.api import Household, Person
from plugins.survey.changes import family_changes, member_changes, schooling_of, since_last
from plugins.survey.checks import check
from plugins.survey.decree import decree_items
from plugins.survey.kinship import bears_name_of
from plugins.survey.models import SurveyMember
from plugins.survey.poverty import poverty_count
from plugins.survey.questionnaire import CURRENT
from plugins.survey.rulebook import decree_rules, keeping_rules, poverty_rules
from plugins.survey.typed import Answers, Place, Unreadable, read_number, read_place

NOW = date(2026, 11, 12)
FULL: dict[str, Any] = {"visited_on": "2026-11-12", "found": "yes", "kinship": "no", "shelter": "yes"}


def answers(**raw: Any) -> Answers:
    return Answers(CURRENT.questions, raw)


def member(**raw: Any) -> SurveyMember:
    return SurveyMember(village_id=1, id=uuid4(), survey_id=uuid4(), answers=raw, changes=[])


HEAD = {"standing": "here", "role": "head", "name": "Enok"}


@pytest.mark.parametrize(
    ("key", "raw", "met"),
    [
        ("shelter", {"shelter": "no"}, True),
        ("shelter", {"shelter": "yes"}, False),
        ("shelter", {}, None),
        ("head_works", {"head_works": "no"}, True),
        ("food_worry", {"food_worry": "yes"}, True),
        ("food", {"food": "500.000", "spending": "1.000.000"}, False),  # half is not more than half
        ("food", {"food": "500.001", "spending": "1.000.000"}, True),
        ("food", {"food": "500.000", "spending": "0"}, None),
        ("clothing", {"clothing": "no"}, True),
        ("floor", {"floor": "cement"}, True),
        ("floor", {"floor": "bamboo"}, False),  # the decree names earth and plaster
        ("wall", {"wall": "zinc"}, True),
        ("wall", {"wall": "plastered"}, False),
        ("toilet", {"toilet": "shared"}, True),
        ("power", {"lighting": "none"}, True),
        ("power", {"lighting": "meter", "power": "450"}, True),
        ("power", {"lighting": "meter", "power": "900"}, False),
        ("power", {"lighting": "shared"}, None),  # the neighbour's power is not known
        ("power", {"lighting": "shared", "power": "450"}, None),
    ],
)
def test_an_item_of_the_decree(app: Any, key: str, raw: dict[str, str], met: bool | None) -> None:
    with app.test_request_context():
        items = {item.key: item for item in decree_items(answers(**raw), decree_rules.declared_at(NOW))}
    assert items[key].met is met


def test_without_a_shelter_nothing_is_asked_of_the_house(app: Any) -> None:
    with app.test_request_context():
        keys = [item.key for item in decree_items(answers(shelter="no"), decree_rules.declared_at(NOW))]
    assert keys == ["shelter", "head_works", "food_worry", "food", "clothing"]


POOR = {
    "floor_area": "31",
    "floor": "earth",
    "wall": "bamboo",
    "toilet": "none",
    "lighting": "none",
    "water": "river",
    "cooking": "wood",
    "meat": "0",
    "clothes": "1",
    "meals": "2",
    "clinic": "no",
    "head_work": "fisher",
    "savings": "0",
}


@pytest.mark.parametrize(
    ("changed", "people", "schooling", "met", "unknown", "poor"),
    [
        ({}, 4, "sd", 14, 0, True),  # 31 m² are 7.75 for each of four
        ({"floor_area": "32"}, 4, "sd", 13, 0, True),
        ({"savings": "500.000"}, 4, "sd", 13, 0, True),
        ({"savings": "499.999"}, 4, "smp", 13, 0, True),
        ({"head_work": "farmer", "land": "499", "head_income": "9.000.000"}, 4, "sd", 14, 0, True),
        ({"head_work": "farmer", "land": "500", "head_income": "600.000"}, 4, "sd", 13, 0, True),
        ({"head_work": "farmer", "land": "500", "head_income": "599.999"}, 4, "sd", 14, 0, True),
        ({"head_work": "trader"}, 4, "sd", 13, 1, True),  # what a trader earns, nobody said
        (
            {"floor": "tile", "wall": "plastered", "toilet": "own", "lighting": "meter", "water": "piped"},
            4,
            "sd",
            9,
            0,
            True,
        ),
        (
            {"floor": "tile", "wall": "plastered", "toilet": "own", "lighting": "meter", "water": "piped"},
            4,
            "smp",
            8,
            0,
            False,
        ),
        (
            {"floor": "tile", "wall": "plastered", "toilet": "own", "lighting": "meter", "water": "piped"},
            4,
            None,
            8,
            1,
            None,
        ),
        ({"floor_area": ""}, 0, "sd", 13, 1, True),
    ],
)
def test_the_fourteen_are_counted(
    app: Any, changed: dict[str, str], people: int, schooling: str | None, met: int, unknown: int, poor: bool | None
) -> None:
    with app.test_request_context():
        count = poverty_count(answers(**{**POOR, **changed}), people, schooling, poverty_rules.declared_at(NOW))
    assert (len(count.items), count.met, count.unknown, count.poor) == (14, met, unknown, poor)


def test_the_sources_are_as_certain_as_they_were_read() -> None:
    assert (decree_rules.all[-1].certainty, poverty_rules.all[-1].certainty) == ("verified", "verified")
    assert keeping_rules.all[-1].certainty == "unverified"
    assert poverty_rules.all[-1].rupiah_of == 2005


def person(**values: Any) -> Person:
    held = {"name": "Enok Sumarni", "sex": "P", "birth_date": date(1990, 7, 15), "family_role": "head"}
    rest = {
        "life_status": "alive",
        "education": "Tamat SD/sederajat",
        "occupation": "Buruh",
        "disability": "",
        "nik": None,
    }
    return Person(**{**held, **rest, **values})


SAME = {
    "standing": "here",
    "name": "enok  sumarni",
    "role": "head",
    "sex": "P",
    "born": "1990-07-15",
    "schooling": "sd",
}


@pytest.mark.parametrize(
    ("raw", "held", "told"),
    [
        ({**SAME, "occupation": "buruh"}, {}, []),
        ({**SAME, "occupation": "Pedagang"}, {}, [("Pekerjaan", "Buruh", "Pedagang")]),
        ({**SAME, "schooling": "smp"}, {}, [("Ijazah tertinggi", "Tamat SD", "Tamat SMP")]),
        ({**SAME, "standing": "dead"}, {}, [("Keberadaan", "Tinggal di rumah ini", "Meninggal")]),
        (
            {**SAME, "nik": "3201155507900009"},
            {"nik": "3201155507900001"},
            [("NIK", "3201 •••• •••• 0001", "3201 •••• •••• 0009")],
        ),
        (
            {"standing": "here", "name": "Dede", "role": "child", "born": "2026-01-05"},
            None,
            [("Anggota baru", "–", "Anak, 5 Januari 2026")],
        ),
    ],
)
def test_what_differs_of_a_member(app: Any, raw: dict[str, str], held: dict[str, Any] | None, told: list) -> None:
    with app.test_request_context():
        found = member_changes(Answers(CURRENT.member_questions, raw), None if held is None else person(**held))
    assert [(one.what, one.before, one.now) for one in found] == told


def test_what_differs_of_the_family_and_of_the_house(app: Any) -> None:
    home = Household(kk_number="3201150101200001", address="Kp. Sawah", rt="002", rw="005")
    with app.test_request_context():
        raw = answers(kk_number="3201 1501 0120 0002", address="kp. sawah", rt="2", rw="006", location="-6.5, 106.7")
        assert [one.what for one in family_changes(raw, home)] == ["No. KK", "RW", "Titik lokasi rumah"]
        house = since_last(
            CURRENT, {"floor": "tile", "assets": ["tv", "car"]}, {"floor": "earth", "assets": ["car", "tv"]}
        )
    assert [(one.what, one.before, one.now) for one in house] == [
        ("Lantai terluas", "Tanah", "Ubin, tegel, atau teraso")
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Tidak/belum sekolah", "none"),
        ("Belum tamat SD/sederajat", "below"),
        ("Tamat SD/sederajat", "sd"),
        ("SLTP/sederajat", "smp"),
        ("SLTA/sederajat", "sma"),
        ("Diploma IV/Strata I", "higher"),
        ("", None),
    ],
)
def test_the_registrys_words_for_schooling(words: str, code: str | None) -> None:
    assert schooling_of(words) == code


@pytest.mark.parametrize(
    ("raw", "members", "found"),
    [
        ({}, [HEAD], ("blank", "floor_area")),
        ({"floor_area": "0"}, [HEAD], ("error", "floor_area")),
        ({"floor_area": "-5"}, [HEAD], ("error", "floor_area")),
        ({"floor_area": "tiga puluh"}, [HEAD], ("error", "floor_area")),
        ({"floor_area": "900"}, [HEAD], ("warning", "floor_area")),
        ({"visited_on": "2026-11-13"}, [HEAD], ("error", "visited_on")),
        ({"visited_on": ""}, [HEAD], ("error", "visited_on")),
        ({"kinship": "yes"}, [HEAD], ("error", "kinship")),
        ({"kk_number": "320115010120000"}, [HEAD], ("error", "kk_number")),
        ({"location": "106.7, -6.5"}, [HEAD], ("error", "location")),  # a latitude of 106 degrees
        ({"location": "51.5, -0.12"}, [HEAD], ("warning", "location")),
        ({"food": "900", "spending": "800"}, [HEAD], ("error", "food")),
        ({"spending": "3000000", "income": "1000000"}, [HEAD], ("warning", "spending")),
        ({"head_income": "900", "income": "800"}, [HEAD], ("error", "head_income")),
        ({"floor": "gold"}, [HEAD], ("error", "floor")),
        ({"assets": ["none", "tv"]}, [HEAD], ("error", "assets")),
        ({"lighting": "none", "power": "450"}, [HEAD], ("warning", "power")),
        ({"head_works": "no", "head_work": "fisher"}, [HEAD], ("warning", "head_work")),
        ({}, [], ("error", "members")),
        ({}, [HEAD, HEAD], ("error", "members")),
        ({}, [HEAD, {**HEAD, "standing": "dead"}], None),
        ({}, [{**HEAD, "nik": "320115550790000"}], ("error", "nik")),
        (
            {},
            [
                {**HEAD, "nik": "3201155507900001"},
                {"standing": "here", "name": "Asep", "role": "child", "nik": "3201155507900001"},
            ],
            ("error", "nik"),
        ),
        ({}, [{**HEAD, "nik": "3201155507900001", "born": "1991-07-15"}], ("warning", "nik")),
        ({}, [{**HEAD, "name": ""}], ("error", "name")),
        ({"found": "moved"}, [], None),
    ],
)
def test_what_is_told_of_a_draft(
    app: Any, raw: dict[str, Any], members: list[dict], found: tuple[str, str] | None
) -> None:
    with app.test_request_context():
        told = check(CURRENT, answers(**{**FULL, **raw}), [member(**one) for one in members], photos=0, day=NOW)
    pairs = [(one.level, one.key) for one in told]
    assert [level for level, _key in pairs] == sorted(
        (level for level, _key in pairs), key=["error", "warning", "blank"].index
    )
    if found is None:
        assert not [pair for pair in pairs if pair[0] == "error"], told
    else:
        assert found in pairs, told


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.500.000", 1_500_000),
        ("Rp 600.000", 600_000),
        ("Rp. 600.000,-", 600_000),
        ("36,5", Decimal("36.5")),
        ("36.5", Decimal("36.5")),
        ("-5", None),
        ("dua", None),
        ("9" * 40, None),
    ],
)
def test_figures_as_people_write_them(text: str, value: Any) -> None:
    if value is None:
        with pytest.raises(Unreadable):
            read_number(text)
    else:
        assert read_number(text) == value


def test_a_place_as_a_phone_gives_it() -> None:
    assert read_place("-6.591200, 106.701200 ±12 m") == Place(-6.5912, 106.7012, 12)
    assert read_place("-6.5912,106.7012") == Place(-6.5912, 106.7012)
    with pytest.raises(Unreadable):
        read_place("dekat masjid")


@pytest.mark.parametrize(
    ("account", "kin"),
    [("Enok Sumarni", True), ("enok sumarni", True), ("Siti", False), ("Enok", False), ("Yayah Kader", False)],
)
def test_who_bears_a_members_name_is_taken_for_kin(account: str, kin: bool) -> None:
    assert bears_name_of(account, ["Enok Sumarni", "Siti Aminah"]) is kin
