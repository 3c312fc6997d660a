"""NIK and No. KK as domain experts read them: what is an error, what only a warning, what is no number yet."""

from datetime import date

import pytest
from flask_babel.speaklater import LazyString
from hypothesis import given
from hypothesis import strategies as st

from core.people.identity import Checked, Sex, check_kk, check_nik, mask_nik, nik_birth_date, nik_sex

TODAY = date(2026, 3, 4)
WOMAN = "3201155507900001"


def codes(checked: Checked) -> tuple[list[str], list[str]]:
    return [f.code for f in checked.errors], [f.code for f in checked.warnings]


def test_a_womans_nik_tells_her_birth_date_with_forty_added_to_the_day():
    checked = check_nik(WOMAN, birth_date=date(1990, 7, 15), sex=Sex.P, area_code="32.01.15.2008", today=TODAY)
    assert checked == Checked(WOMAN)
    assert nik_birth_date(WOMAN, today=TODAY) == date(1990, 7, 15)
    assert nik_sex(WOMAN) is Sex.P


@pytest.mark.parametrize(
    ("nik", "born", "sex"),
    [
        ("3201151507900001", date(1990, 7, 15), Sex.L),
        ("3201154102050003", date(2005, 2, 1), Sex.P),
        ("3201157112990001", date(1999, 12, 31), Sex.P),
        ("3201152902000001", date(2000, 2, 29), Sex.L),
        ("3201153112260001", date(1926, 12, 31), Sex.L),  # 31-12-2026 has not come yet
        ("3201150403260001", date(2026, 3, 4), Sex.L),  # born today
    ],
)
def test_the_century_is_the_latest_that_is_not_in_the_future(nik: str, born: date, sex: Sex):
    assert nik_birth_date(nik, today=TODAY) == born
    assert nik_sex(nik) is sex


def test_a_known_birth_date_settles_the_century():
    assert nik_birth_date("3201150101200001", near=date(1920, 1, 1), today=TODAY) == date(1920, 1, 1)
    assert nik_birth_date("3201150101200001", near=date(2020, 1, 2), today=TODAY) == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("3201153502900001", "birth_date"),  # 35 February
        ("3201153102900001", "birth_date"),  # 31 February
        ("3201150013900001", "birth_date"),  # day 0, month 13
        ("3201154007900001", "birth_date"),  # day 40 is nobody's
        ("3201157207900001", "birth_date"),  # day 72 - 40 = 32
        ("3201152902010001", "birth_date"),  # no 29 February in 1901 or 2001
        ("3201155507900000", "serial"),
        ("3200155507900001", "area"),
        ("3201005507900001", "area"),
        ("320115550790001", "length"),
        ("32011555079000011", "length"),
        ("320115550790000A", "not_digits"),
        ("belum ada", "not_digits"),
        ("1111111111111111", "made_up"),
        ("٣٢٠١١٥٥٥٠٧٩٠٠٠٠١", "not_digits"),
    ],
)
def test_what_cannot_be_a_nik_is_an_error_with_one_code(typed: str, error: str):
    checked = check_nik(typed, today=TODAY)
    assert checked.value is None
    assert codes(checked) == ([error], [])


def test_all_errors_of_one_nik_are_told_at_once():
    assert codes(check_nik("3200153502900000", today=TODAY))[0] == ["area", "birth_date", "serial"]


@pytest.mark.parametrize(
    "typed",
    [
        f"'{WOMAN}",
        f" {WOMAN} ",
        f"{WOMAN}\u200b",
        f"\ufeff{WOMAN}",
        f"{WOMAN[:6]}\u00a0{WOMAN[6:]}",
        "32.01.15.550790.0001",
        "3201 1555 0790 0001",
        "3201-1555-0790-0001",
        f"’{WOMAN}’",
        f"{WOMAN}\x00\r\n",
        int(WOMAN),
    ],
)
def test_what_surrounds_the_digits_is_taken_off(typed: str | int):
    assert check_nik(typed, today=TODAY) == Checked(WOMAN)


@pytest.mark.parametrize("typed", ["", " ", "-", "--", "0", "'0", "0000000000000000", "\u200b", ".", None, 0, 0.0])
def test_blank_dash_and_zero_say_no_number_yet(typed: str | float | None):
    assert check_nik(typed) == Checked(None)
    assert check_kk(typed) == Checked(None)


@pytest.mark.parametrize(
    "cell",
    [3201155507900000.0, 3201155507900001.0, 9.1e15, "3,20115E+15", "3.20115E+15", "3.20115550790000e15", "'3,2E+15",
     "3201155507900000.0", "3201155507900001,00"],
)  # fmt: skip
def test_a_number_that_a_spreadsheet_has_rounded_is_refused_with_the_remedy(cell: str | float):
    for checked in (check_nik(cell), check_kk(cell)):
        assert codes(checked) == (["rounded"], [])
        assert "15 angka" in str(checked.errors[0].message)
        assert "Teks" in str(checked.errors[0].fix)


def test_serial_0000_reminds_of_the_spreadsheet_that_changes_the_last_digit():
    assert "lembar kerja" in str(check_nik("3201155507900000").errors[0].fix)


@pytest.mark.parametrize("area", ["32.01.15.2008", "3201152008", "32.01.15", "32.01", "32"])
def test_a_nik_of_the_area_has_no_warning_at_any_level(area: str):
    assert check_nik(WOMAN, area_code=area) == Checked(WOMAN)


def test_a_nik_issued_elsewhere_is_a_warning_that_names_the_place_and_never_an_error():
    checked = check_nik("3171015507900001", area_code="32.01", today=TODAY)
    assert checked.value == "3171015507900001"
    assert codes(checked) == ([], ["area_foreign"])
    assert "Jakarta" in str(checked.warnings[0].message)


def test_an_area_code_that_the_ministry_no_longer_lists_is_a_warning():
    checked = check_nik("9999995507900001", area_code="32.01", today=TODAY)
    assert checked.value == "9999995507900001"
    assert codes(checked) == ([], ["area_unknown"])


def test_another_birth_date_is_a_warning_that_shows_both():
    checked = check_nik(WOMAN, birth_date=date(1991, 7, 15), today=TODAY)
    assert checked.value == WOMAN
    assert codes(checked) == ([], ["birth_date_differs"])
    assert "15-07-1990" in str(checked.warnings[0].message)
    assert "15-07-1991" in str(checked.warnings[0].message)


def test_another_sex_is_a_warning_that_shows_both():
    checked = check_nik(WOMAN, sex=Sex.L, today=TODAY)
    assert codes(checked) == ([], ["sex_differs"])
    assert "perempuan" in str(checked.warnings[0].message)
    assert "laki-laki" in str(checked.warnings[0].message)
    assert check_nik(WOMAN, sex="P").warnings == []


def test_a_birth_date_a_century_away_does_not_differ_from_the_nik():
    assert check_nik("3201150101200001", birth_date=date(1920, 1, 1), today=TODAY).warnings == []


def test_a_kk_carries_the_day_it_was_issued_without_forty():
    assert check_kk("3201151507100001", area_code="32.01.15", today=TODAY) == Checked("3201151507100001")
    assert codes(check_kk("3201155507100001", today=TODAY)) == (["issue_date"], [])
    assert codes(check_kk("3201153502100001", today=TODAY)) == (["issue_date"], [])
    assert "NIK" in str(check_kk("3201155507100001", today=TODAY).errors[0].fix)


def test_a_kk_of_another_area_is_a_warning_and_its_serial_is_never_0000():
    assert codes(check_kk("3171011507100001", area_code="32.01", today=TODAY)) == ([], ["area_foreign"])
    assert codes(check_kk("3201151507100000", today=TODAY)) == (["serial"], [])
    assert codes(check_kk("320115150710001", today=TODAY)) == (["length"], [])


def test_every_finding_says_what_to_do():
    bad = ["3200153502900000", "320115", "x", "1111111111111111", 3.2e15]
    findings = [f for typed in bad for f in check_nik(typed).errors + check_kk(typed).errors]
    findings += check_nik("9999995507900001", birth_date=date(2000, 1, 1), sex="L").warnings
    assert all(str(f.message).endswith(".") and str(f.fix).endswith(".") for f in findings)
    assert not [f for f in findings if "%(" in f"{f.message}{f.fix}"]
    assert all(isinstance(f.message, LazyString) and isinstance(f.fix, LazyString) for f in findings)


def test_a_masked_nik_shows_four_digits_at_each_end():
    assert mask_nik(WOMAN) == "3201 •••• •••• 0001"
    assert mask_nik(None) == mask_nik("") == ""
    assert mask_nik("12345") == "•••• •••• •••• ••••"


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none()))
def test_no_value_whatever_makes_a_check_raise(value: str | float | None):
    for check in (check_nik, check_kk):
        checked = check(value, area_code="32.01.15", today=TODAY)
        assert checked.value is None or (len(checked.value) == 16 and checked.value.isdigit())
        assert not (checked.value and checked.errors)
        assert all(str(f.message) and str(f.fix) for f in checked.errors + checked.warnings)


@given(st.dates(date(1927, 1, 1), TODAY), st.sampled_from(Sex), st.integers(1, 9999))
def test_a_nik_made_from_a_birth_date_gives_it_back(born: date, sex: Sex, serial: int):
    nik = f"320115{born.day + (40 if sex is Sex.P else 0):02}{born:%m%y}{serial:04}"
    assert check_nik(nik, birth_date=born, sex=sex, area_code="32.01.15", today=TODAY) == Checked(nik)
    assert nik_birth_date(nik, today=TODAY) == born


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_decoration_never_changes_the_verdict(digits: str):
    plain = check_nik(digits, today=TODAY)
    assert check_nik(f"'{digits[:4]} {digits[4:8]}.{digits[8:]}\u200b", today=TODAY).value == plain.value
