"""An area's code is a number, and the area an interval of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.code import AreaCode, Level

SIZES = (2, 2, 2, 4)


@st.composite
def codes(draw: st.DrawFn) -> str:
    level = draw(st.integers(1, 4))
    return ".".join(f"{draw(st.integers(1, 10**size - 1)):0{size}d}" for size in SIZES[:level])


areas = codes().map(AreaCode.parse)


@pytest.mark.parametrize(
    ("code", "number", "last", "level"),
    [
        ("32", 3200000000, 3299999999, Level.PROVINCE),
        ("32.01", 3201000000, 3201999999, Level.DISTRICT),
        ("32.01.15", 3201150000, 3201159999, Level.KECAMATAN),
        ("32.01.15.2008", 3201152008, 3201152008, Level.VILLAGE),
    ],
)
def test_a_code_spans_the_numbers_of_its_villages(code: str, number: int, last: int, level: Level) -> None:
    area = AreaCode.parse(code)
    assert (area.id, area.hi, area.level) == (number, last, level)


def test_the_nation_spans_all() -> None:
    nation = AreaCode.from_id(0)
    assert (nation.id, nation.hi, nation.level, nation.parent) == (0, 10**10 - 1, Level.NATION, None)
    assert str(nation) == ""


@given(codes())
def test_a_code_is_written_as_it_was_read(code: str) -> None:
    assert str(AreaCode.parse(code)) == code


@given(areas)
def test_the_number_alone_says_which_area_it_is(area: AreaCode) -> None:
    assert AreaCode.from_id(area.id) == area


@given(areas, areas)
def test_two_areas_have_two_numbers(one: AreaCode, other: AreaCode) -> None:
    assert (one.id == other.id) == (one == other)


@given(areas)
def test_the_parent_is_the_code_without_its_last_segment(area: AreaCode) -> None:
    above = area.parent
    assert above is not None
    assert str(above) == str(area).rpartition(".")[0]
    assert above.covers(area)
    assert not area.covers(above)


@given(areas | st.just(AreaCode.from_id(0)), areas)
def test_an_area_covers_what_its_code_begins(one: AreaCode, other: AreaCode) -> None:
    begins = str(other).split(".")[: one.level] == str(one).split(".") or one.level is Level.NATION
    assert one.covers(other) == begins


@given(areas, areas)
def test_two_areas_lie_in_each_other_or_apart(one: AreaCode, other: AreaCode) -> None:
    apart = one.hi < other.id or other.hi < one.id
    assert one.covers(other) or other.covers(one) or apart


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "320",
        "3201",
        "32.1",
        "32.01.15.8",
        "32.01.15.20080",
        "32.01.15.2008.1",
        "32,01",
        " 32.01",
        "32.01\n",
        "32.01.",
        "3²",
        "٣٢.٠١",
        # Its number would be that of the area above it.
        "00",
        "32.00",
        "32.01.00",
        "32.01.15.0000",
    ],
)
def test_what_is_no_code_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it like 32\.01\.15\.2008"):
        AreaCode.parse(text)


@given(st.text(alphabet="0123456789.٣ab", max_size=14))
def test_any_text_is_a_code_or_is_refused(text: str) -> None:
    try:
        area = AreaCode.parse(text)
    except ValueError:
        return
    assert str(area) == text
