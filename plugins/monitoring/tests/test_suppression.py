"""Small counts are hidden, and so is what tells them."""

import pytest

from plugins.monitoring.suppression import Line, hidden_cells


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 10, "b": 20, "sum": 30}, ""),
        ({"a": 0, "b": 20, "sum": 20}, ""),  # none tells of nobody
        ({"a": 3, "b": 20, "sum": 23}, "ab"),  # else 23 - 20
        ({"a": 3, "b": 9, "c": 20, "sum": 32}, "ab"),  # the smallest goes along
        ({"a": 1, "b": 2, "c": 20, "sum": 23}, "abc"),  # else both together are 3
        ({"a": 4, "b": 4, "c": 20, "sum": 28}, "ab"),  # 8 of two: nobody knows which
        ({"a": 2, "b": 1, "sum": 3}, ["a", "b", "sum"]),
        ({"a": 3, "b": 0, "sum": 3}, ["a", "sum"]),
    ],
)
def test_a_line_does_not_tell(counts: dict[str, int], hidden: str | list[str]) -> None:
    parts = [name for name in counts if name != "sum"]
    assert hidden_cells(counts, [Line(parts, "sum")], 5) == set(hidden)


def test_what_is_hidden_in_one_line_is_not_told_by_another() -> None:
    """Two villages by two sectors: hiding (x, a) takes a second of its row and of its column, and the fourth."""
    counts = {"xa": 2, "xb": 30, "x": 32, "ya": 40, "yb": 50, "y": 90, "a": 42, "b": 80, "all": 122}
    rows = [Line(["xa", "xb"], "x"), Line(["ya", "yb"], "y")]
    columns = [Line(["xa", "ya"], "a"), Line(["xb", "yb"], "b"), Line(["x", "y"], "all")]
    assert hidden_cells(counts, [*rows, *columns], 5) == {"xa", "xb", "ya", "yb"}
