"""How a benchmark's numbers become lines and tables. No times are asserted anywhere: they belong to a machine."""

import pytest

from bench.report import Measurement, Quantity, line, table, with_tables
from bench.timing import Spread

SEARCH = Measurement(
    "search", Quantity(0.0042, "s"), Quantity(0.0011, "s"), "one read by primary key", 300, "< 100 ms", "p95 5.9 ms"
)
LIST = Measurement("case list", Quantity(712, "/s"), Quantity(1_017, "/s"), "bare page", 7, "≥ 0.7")

DOCUMENT = """# Performance

<!-- measured: people -->
old
<!-- end: people -->

What follows.

<!-- measured: pages -->
<!-- end: pages -->
"""


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (Quantity(12.34, "s"), "12 s"),
        (Quantity(1.0, "s"), "1.0 s"),
        (Quantity(0.957, "s"), "957 ms"),
        (Quantity(0.0042, "s"), "4.2 ms"),
        (Quantity(0.0000024, "s"), "2.4 µs"),
        (Quantity(1140.4, "/s"), "1,140/s"),
        (Quantity(9.94, "/s"), "9.9/s"),
        (Quantity(0.052, "/s"), "0.052/s"),
        (Quantity(640, "B"), "640 B"),
        (Quantity(28_400, "B"), "28 kB"),
        (Quantity(123_000_000, "B"), "123 MB"),
    ],
)
def test_a_quantity_is_shown_in_the_unit_that_fits_and_no_finer_than_it_was_measured(
    quantity: Quantity, shown: str
) -> None:
    assert str(quantity) == shown


def test_the_ratio_is_measured_by_reference() -> None:
    assert LIST.ratio == pytest.approx(0.7001, abs=0.0001)
    assert SEARCH.ratio == pytest.approx(3.818, abs=0.001)


def test_a_rate_is_never_compared_with_a_time() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        Measurement("list", Quantity(712, "/s"), Quantity(0.001, "s"), "bare page", 7)


def test_a_line_says_what_was_measured_how_often_and_beside_what() -> None:
    assert line(SEARCH) == (
        "  search, n = 300: 4.2 ms (p95 5.9 ms); 1.1 ms, one read by primary key; ratio 3.82; goal < 100 ms"
    )


def test_a_measurement_without_a_goal_mentions_none() -> None:
    aimless = Measurement("undo", Quantity(2, "/s"), Quantity(4, "/s"), "COPY", 3)
    assert line(aimless) == "  undo, n = 3: 2.0/s; 4.0/s, COPY; ratio 0.50"


def test_a_table_has_a_row_for_each_measurement_and_keeps_its_columns_together() -> None:
    piped = Measurement("a | b", Quantity(1, "s"), Quantity(2, "s"), "c", 1)
    assert table([LIST, piped]).splitlines() == [
        "| what | measured | reference | ratio | goal |",
        "| --- | --- | --- | ---: | --- |",
        "| case list, n = 7 | 712/s | 1,017/s, bare page | 0.70 | ≥ 0.7 |",
        "| a \\| b, n = 1 | 1.0 s | 2.0 s, c | 0.50 |  |",
    ]


def test_writing_replaces_one_sections_table_and_nothing_else() -> None:
    written = with_tables(DOCUMENT, "people", ["`python -m bench`", "a machine"], [SEARCH])
    assert "old" not in written
    assert "| search, n = 300 |" in written
    assert "`python -m bench`  \na machine" in written
    assert "What follows.\n\n<!-- measured: pages -->\n<!-- end: pages -->\n" in written
    assert with_tables(written, "people", ["`python -m bench`", "a machine"], [SEARCH]) == written


def test_a_section_without_a_place_in_the_document_is_refused() -> None:
    with pytest.raises(ValueError, match="letters"):
        with_tables(DOCUMENT, "letters", [], [LIST])


def test_a_spread_is_the_middle_and_the_slow_end() -> None:
    spread = Spread.of([n / 1000 for n in range(1, 101)])
    assert (spread.p50, spread.p95, spread.n) == (pytest.approx(0.0505), pytest.approx(0.09505), 100)
    assert spread.note == "p95 95 ms"
