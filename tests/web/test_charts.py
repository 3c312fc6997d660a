"""Charts: true to their figures, the same figures as a table, legible without colour, and no text becomes markup."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask_babel import Babel
from markupsafe import Markup

from core.web.charts import ChartSpec, Series, bar_chart, line_chart
from core.web.page_globals import init_page_globals

from .test_macros import TEMPLATES, Page

EVIL = '<script>alert("1")</script>'
SVG = "{http://www.w3.org/2000/svg}"
BOTH = pytest.mark.parametrize("draw", [bar_chart, line_chart])


@pytest.fixture(autouse=True)
def app():
    app = Flask(__name__, template_folder=str(TEMPLATES))
    Babel(app, default_locale="id")
    init_page_globals(app)
    with app.test_request_context("/"):
        yield app


def chart(*series: list[float | None], labels=None, **more) -> ChartSpec:
    labels = labels or [f"D{number}" for number in range(len(series[0]))]
    named = [Series(f"S{number}", values) for number, values in enumerate(series)]
    return ChartSpec(more.pop("title", "Tiket"), "Tiket per desa.", labels, named, **more)


def drawn(svg: Markup) -> ElementTree.Element:
    """The picture as XML: a browser forgives, typst does not."""
    return ElementTree.fromstring(svg)  # noqa: S314 - our own


def texts(picture: ElementTree.Element) -> list[str]:
    return [found.text or "" for found in picture.iter(f"{SVG}text")]


def lengths(picture: ElementTree.Element) -> list[float]:
    """Bars' lengths; the legend's signs are 7 % wide."""
    widths = [
        float(bar.get("width", "0").rstrip("%")) for bar in picture.iter(f"{SVG}rect") if bar.get("height") == "18"
    ]
    assert all(0 < width <= 100 for width in widths)
    return widths


@BOTH
def test_a_screen_reader_hears_what_it_is_and_what_it_shows(draw):
    one, other = (drawn(draw(chart([1, 2], title=EVIL))) for _ in range(2))
    assert one.get("role") == "img"
    assert [(child.tag, child.get("id"), child.text) for child in one[:2]] == [
        (f"{SVG}title", one.get("aria-labelledby"), EVIL),
        (f"{SVG}desc", one.get("aria-describedby"), "Tiket per desa."),
    ]
    assert one.get("aria-labelledby") != other.get("aria-labelledby"), "two on a page have names of their own"


@BOTH
def test_no_text_becomes_markup_and_none_is_styled_inline(draw):
    svg = draw(chart([1], [2], title=EVIL, labels=[EVIL], unit=EVIL, reference=(EVIL, 1)))
    assert "<script" not in svg
    assert " style=" not in svg
    assert "<style" not in svg


def test_bars_are_as_long_as_their_figures_and_the_longest_leaves_room_for_its_own():
    picture = drawn(bar_chart(chart([50, 100, 25.5])))
    half, whole, quarter = lengths(picture)
    assert (whole / half, whole / quarter) == pytest.approx((2, 100 / 25.5), rel=1e-3)
    assert whole < 70, "the label stands beside it, the figure behind it"
    assert texts(picture) == ["D0", "50,0", "D1", "100,0", "D2", "25,5"]


def test_a_line_is_as_high_as_its_figures_and_its_scale_is_round():
    picture = drawn(line_chart(chart([0, 35, 70])))
    assert texts(picture)[:5] == ["0", "20", "40", "60", "80"]
    grid = [float(line.get("y1", "")) for line in picture.iter(f"{SVG}line") if line.get("class") in ("grid", "axis")]
    assert [one - other for one, other in pairwise(grid)] == pytest.approx([50] * 4)
    zero, half, top = (float(marker.get("y", "")) for marker in picture.findall(f"{SVG}svg"))
    assert (zero, zero - top, zero - half) == pytest.approx((grid[0], 175, 87.5))


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (1, ["0", "0,2", "0,4", "0,6", "0,8", "1,0"]),
        (0.3, ["0,0", "0,1", "0,2", "0,3"]),
        (7, ["0", "2", "4", "6", "8"]),
        (12_000, ["0", "2.500", "5.000", "7.500", "10.000", "12.500"]),
        (0, ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]),
    ],
)
def test_scales(top, ticks):
    shown = texts(drawn(line_chart(chart([top]))))[:-1]
    assert [float(tick.replace(".", "").replace(",", ".")) for tick in shown] == pytest.approx(
        [float(tick.replace(".", "").replace(",", ".")) for tick in ticks]
    )


@BOTH
def test_nothing_is_said_to_be_nothing(draw):
    assert texts(drawn(draw(chart([], labels=[])))) == ["Belum ada angka."]


def test_a_hidden_figure_is_a_dash_and_a_gap_and_zero_is_no_bar():
    picture = drawn(bar_chart(chart([None, 0, 3])))
    assert len(lengths(picture)) == 1
    assert texts(picture) == ["D0", "–", "D1", "0", "D2", "3"]
    line = drawn(line_chart(chart([1, None, 3, 4])))
    assert len(line.findall(f"{SVG}svg")) == 3
    assert len([piece for piece in line.iter(f"{SVG}line") if "line-of" in piece.get("class", "")]) == 1
    assert texts(drawn(bar_chart(chart([None]))))[-1] == "–"


@pytest.mark.parametrize("wrong", [[[-1]], [[float("nan")]], [[float("inf")]], [[1], [1, 2]], [[1]] * 5, []])
def test_what_cannot_be_shown_truthfully_is_refused(wrong):
    with pytest.raises(ValueError, match=r"chart|series"):
        ChartSpec("x", "x", ["a"], [Series("s", values) for values in wrong])


def test_series_differ_without_their_colour():
    svg = bar_chart(chart([1], [1], [1], [1]))
    picture = drawn(svg)
    patterns = {pattern.get("id"): ElementTree.tostring(pattern[1]) for pattern in picture.iter(f"{SVG}pattern")}
    assert len(set(patterns.values())) == 3
    fills = [bar.get("fill") for bar in picture.iter(f"{SVG}rect") if bar.get("height") == "18"]
    assert fills == [None, *(f"url(#{name})" for name in patterns)]
    line = drawn(line_chart(chart([1, 1], [1, 1], [1, 1], [1, 1])))
    assert len({path.get("d") for path in line.iter(f"{SVG}path")}) == 4
    assert (
        len({piece.get("stroke-dasharray") for piece in line.iter(f"{SVG}line") if piece.get("class", "")[0] == "c"})
        == 4
    )


def test_a_long_label_is_shortened_in_the_picture_and_whole_in_the_table(app):
    name = "Kelompok penerima manfaat dari RW sebelah utara sungai"
    spec = chart([1, 2], labels=[name, "Dua"])
    assert texts(drawn(bar_chart(spec)))[0] == "Kelompok penerima manfaat dari RW seb…"
    assert name in spec.rows[0]


def test_on_a_phone_fewer_labels_stand_below_a_line():
    labels = [f"{month} 2026" for month in "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split()]
    picture = drawn(line_chart(chart([1] * 12, labels=labels)))
    below = [text for text in picture.iter(f"{SVG}text") if (text.text or "").endswith("2026")]
    always = [text.text for text in below if text.get("class") != "when-wide"]
    assert ([text.text for text in below][:3], always[:2]) == (
        ["Jan 2026", "Mar 2026", "Mei 2026"],
        ["Jan 2026", "Mei 2026"],
    )


@pytest.mark.parametrize(
    ("unit", "value", "shown", "heading"),
    [
        ("", 1234.5, "1.234,5", "Tiket"),
        ("menit", 12, "12", "Tiket (menit)"),
        ("%", 97.25, "97,2 %", "Tiket"),
        ("Rp", 300_000, "Rp300.000", "Tiket"),
    ],
)
def test_figures_are_written_as_indonesians_do(unit, value, shown, heading):
    spec = chart([value], unit=unit)
    assert (spec.rows, spec.heading) == ([("D0", [shown])], heading)


def test_a_reference_is_a_line_with_its_words():
    picture = drawn(bar_chart(chart([50, 100], reference=("Sasaran", 50))))
    half, _whole = lengths(picture)
    target = [line for line in picture.iter(f"{SVG}line") if line.get("class") == "target"]
    assert "Sasaran: 50" in texts(picture)
    assert float(target[-1].get("x1", "").rstrip("%")) == pytest.approx(28 + half)


@pytest.mark.parametrize("kind", ["bar", "line"])
def test_the_table_beside_it_has_the_same_figures(app, kind):
    spec = chart([1, None], [2.5, 3], labels=[EVIL, "Dua"], unit="menit")
    page = Page(
        app.jinja_env.from_string(
            '{% from "macros/charts.html" import chart_with_table %}{{ chart_with_table(spec, kind) }}'
        ).render(spec=spec, kind=kind)
    )
    assert page.one("svg", role="img")
    assert len(page.all("th", scope="col")) == len(page.all("th", scope="row")) == 2
    assert '<caption class="sr">Tiket (menit)</caption>' in page.html
    table = page.html.partition("<tbody>")[2]
    assert [figure in table for figure in ("1,0", "–", "2,5", "3,0")] == [True] * 4
    assert "<script" not in page.html
    assert "open" in page.one("details")


def test_on_paper_its_colours_and_its_width_are_inside():
    picture = drawn(bar_chart(chart([1], [2]), paper=True))
    style = picture.findtext(f"{SVG}style") or ""
    assert picture.get("width") == "640"
    assert ".chart .c1 { fill: #0b6b5d }" in style
    assert "var(" not in style
