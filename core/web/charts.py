"""Charts as SVG made on the server: no script, and the same figures as a table by ``macros/charts.html``.

Positions across are shares of the room and heights are pixels, so a chart fits a phone and a wide page with text of one
size. Series differ by hatching or by marker as well as by colour. Colours are classes of ``charts.css``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from math import ceil, floor, isfinite, log10
from secrets import token_hex

from flask_babel import gettext as _
from markupsafe import Markup

from core.texts import Text

from .assets import OWN_FOLDER
from .formats import decimal, rupiah

MOST_SERIES = 4
PHONE = 320  # pixels of room that a chart has on the narrowest phone
PAPER = 640  # pixels of a chart's width on paper
LETTER = 8.2  # pixels, of a wide letter at 14 px
LONGEST = 38  # letters of a label in a line of its own
BESIDE = 11  # letters of a label that stands beside its bars
BAR, LINE, GAP = 18, 22, 14  # pixels: of a bar, of a line of text, between groups
PLOT = 200  # pixels that a line chart is high, without labels
DASHES = ("", "8 5", "2 6", "12 4 2 4")


@dataclass(frozen=True)
class Series:
    """One row of figures: ``values`` in the order of the chart's labels, None where one is not known or not shown."""

    label: Text
    values: Sequence[float | None]


@dataclass(frozen=True)
class ChartSpec:
    """What a chart shows; drawn by ``bar_chart`` or ``line_chart``, as picture and table by ``chart_with_table``.

    Attributes:
        title: what the figures are.
        description: one sentence that says what the picture shows, for those who do not see it.
        labels: what each figure is of: villages, months.
        series: one to four, each with a value for every label, 0 or more.
        unit: stands after the title, such as "menit"; "%" and "Rp" stand at each figure.
        reference: a line to compare with, as (text, value): a target, a mean.

    Raises:
        ValueError: no series or more than four, another number of values than labels, a negative value.
    """

    title: Text
    description: Text
    labels: Sequence[Text]
    series: Sequence[Series]
    unit: Text = ""
    reference: tuple[Text, float] | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"a chart has one to {MOST_SERIES} series, not {len(self.series)}")
        if any(len(row.values) != len(self.labels) for row in self.series):
            raise ValueError("each series has one value for each label")
        if any(value < 0 or not isfinite(value) for value in self.figures):
            raise ValueError("a chart shows figures of 0 or more")

    @cached_property
    def figures(self) -> list[float]:
        """All values that are known, and the reference's."""
        known = [value for row in self.series for value in row.values if value is not None]
        return known + ([self.reference[1]] if self.reference else [])

    @cached_property
    def top(self) -> float:
        """The greatest figure; 1 where none is above 0."""
        return max(self.figures, default=0) or 1

    @cached_property
    def places(self) -> int:
        return 0 if all(value == round(value) for value in self.figures) else 1

    @property
    def heading(self) -> str:
        """The title with the unit: "Menunggu (menit)"."""
        unit = str(self.unit)
        return f"{self.title} ({unit})" if unit and unit not in ("%", "Rp") else str(self.title)

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The table: each label with its figures as they are written."""
        columns = [[self.shown(value) for value in row.values] for row in self.series]
        return [(str(label), [column[place] for column in columns]) for place, label in enumerate(self.labels)]

    def shown(self, value: float | None) -> str:
        """12.345,6 with "%" or "Rp" where that is the unit; "–" for None."""
        if value is None:
            return "–"
        if self.unit == "Rp":
            return rupiah(round(value))
        return decimal(value, self.places) + (" %" if self.unit == "%" else "")


def bar_chart(spec: ChartSpec, *, paper: bool = False) -> Markup:
    """Lying bars, in groups where there are several series, each with its figure: villages, kinds, before and after.

    On ``paper`` it is 640 pixels wide with its colours inside, for ``render_paper`` (``image(bytes(...))`` in typst).
    """
    uid = f"c{token_hex(4)}"
    beside = all(len(str(label)) <= BESIDE for label in spec.labels)
    left = 28.0 if beside else 0.4
    longest = max((len(text) for _label, row in spec.rows for text in row), default=1)
    share = (100 - left - min(40.0, (longest * LETTER + 10) / PHONE * 100)) / spec.top
    legend, begin = _legend(spec, lambda number, y: [_rect(uid, number, x="0.2%", y=y + 2, width="7%", height=14)])
    bars: list[Markup] = []
    lines: list[Markup] = []
    y = begin
    for place, label in enumerate(spec.labels):
        text = _shortened(str(label), BESIDE if beside else LONGEST)
        bars.append(_text(text, x="0", y=y + 14, class_="over"))
        y += 0 if beside else LINE
        first = y - 2
        for number, row in enumerate(spec.series, 1):
            value = row.values[place]
            if value:
                bars.append(_rect(uid, number, x=_share(left), y=y, width=_share(value * share), height=BAR))
            at = _share(left + (value or 0) * share)
            bars.append(_text(spec.shown(value), x=at, dx=6, y=y + BAR - 4, class_="over"))
            y += BAR + 3
        lines.append(_element("line", x1=_share(left), x2=_share(left), y1=first, y2=y - 1, class_="axis"))
        y += GAP
    end = y - GAP + 3
    if spec.reference:
        at = _share(left + spec.reference[1] * share)
        lines.append(_element("line", x1=at, x2=at, y1=begin, y2=end, class_="target"))
    return _picture(spec, uid, end + 3, [*_patterns(uid, len(spec.series)), *legend, *lines, *bars], paper=paper)


def line_chart(spec: ChartSpec, *, paper: bool = False) -> Markup:
    """Lines with a marker at each figure, from zero up: for months and days. Arguments and sizes as ``bar_chart``."""
    drawn, y = _legend(
        spec, lambda number, y: [_piece((0.2, y + 9), (7.2, y + 9), number), _marker(3.7, y + 9, number)]
    )
    step = _step(spec.top)
    ticks = [step * n for n in range(ceil(spec.top / step - 1e-9) + 1)]
    places = next(places for places in range(4) if places == 3 or round(step, places) == step)
    names = [decimal(tick, places) for tick in ticks]
    left = min(35.0, (max(map(len, names)) * LETTER + 8) / PHONE * 100)
    bottom = y + 8 + PLOT

    def height(value: float) -> float:
        return round(bottom - value / ticks[-1] * PLOT, 1)

    for tick, name in zip(ticks, names, strict=True):
        at = height(tick)
        drawn.append(_element("line", x1=_share(left), x2="100%", y1=at, y2=at, class_="grid" if tick else "axis"))
        drawn.append(_text(name, x=_share(left), dx=-6, y=at + 5, text_anchor="end", class_="soft"))
    if spec.reference:
        at = height(spec.reference[1])
        drawn.append(_element("line", x1=_share(left), x2="100%", y1=at, y2=at, class_="target"))
    across = _across(len(spec.labels), left + 2, 98)
    for number, row in enumerate(spec.series, 1):
        pairs = zip(across, row.values, strict=True)
        drawn += _line([None if value is None else (x, height(value)) for x, value in pairs], number)
    drawn += _labels_below(spec.labels, across, bottom + 20)
    return _picture(spec, f"c{token_hex(4)}", bottom + 28, drawn, paper=paper)


# ---- parts of a picture ----


def _picture(spec: ChartSpec, uid: str, height: float, drawn: Sequence[Markup], *, paper: bool) -> Markup:
    if not spec.labels:
        drawn, height = [_text(_("Belum ada angka."), x="0", y=16)], LINE
    told = [
        _element("title", str(spec.title), id=f"{uid}-t"),
        _element("desc", str(spec.description), id=f"{uid}-d"),
        *([_element("style", paper_styles())] if paper else []),
    ]
    size = {"width": PAPER if paper else "100%", "height": ceil(height)}
    named = {"class_": "chart", "role": "img", "aria_labelledby": f"{uid}-t", "aria_describedby": f"{uid}-d"}
    return _element("svg", *told, *drawn, xmlns="http://www.w3.org/2000/svg", **size, **named)


def _legend(spec: ChartSpec, sign: Callable[[int, int], Iterable[Markup]]) -> tuple[list[Markup], int]:
    """Each series with its sign, where there are several, and the reference; and how high that is."""
    drawn: list[Markup] = []
    y = 2
    if len(spec.series) > 1:
        for number, row in enumerate(spec.series, 1):
            drawn += [*sign(number, y), _text(_shortened(str(row.label), LONGEST), x="9%", y=y + 14)]
            y += LINE
    if spec.reference:
        text, value = spec.reference
        drawn.append(_element("line", x1="0.2%", x2="7.2%", y1=y + 9, y2=y + 9, class_="target"))
        drawn.append(_text(_shortened(f"{text}: {spec.shown(value)}", LONGEST), x="9%", y=y + 14))
        y += LINE
    return drawn, y + 8 if drawn else y


def _patterns(uid: str, many: int) -> Iterator[Markup]:
    """Lines, dots and a grid in the colours of the second to the fourth series; the first is filled."""
    insides = {
        2: '<path class="c2" stroke-width="2" d="M-2 2 2-2M0 8 8 0M6 10 10 6"/>',
        3: '<circle class="c3" cx="4" cy="4" r="1.8"/>',
        4: '<path class="c4" stroke-width="1.5" d="M0 4H8M4 0V8"/>',
    }
    for number in range(2, many + 1):
        inside = Markup('<rect class="under" width="8" height="8"/>') + Markup(insides[number])  # noqa: S704 - fixed
        size = {"width": 8, "height": 8, "patternUnits": "userSpaceOnUse"}
        yield _element("pattern", inside, id=f"{uid}-{number}", **size)


def _rect(uid: str, number: int, **where: float | str) -> Markup:
    filled = {"class_": "c1"} if number == 1 else {"class_": f"o{number}", "fill": f"url(#{uid}-{number})"}
    return _element("rect", **where, **filled)


def _line(points: Sequence[tuple[float, float] | None], number: int) -> Iterator[Markup]:
    """A piece between two known neighbours, and a marker at each: shares of the room cannot stand in a path."""
    for one, other in pairwise(points):
        if one and other:
            yield _piece(one, other, number)
    for x, y in filter(None, points):
        yield _marker(x, y, number)


def _piece(one: tuple[float, float], other: tuple[float, float], number: int) -> Markup:
    ends = {"x1": _share(one[0]), "y1": one[1], "x2": _share(other[0]), "y2": other[1]}
    dash = {"stroke_dasharray": DASHES[number - 1]} if DASHES[number - 1] else {}
    return _element("line", **ends, class_=f"c{number} line-of", **dash)


def _marker(x: float, y: float, number: int) -> Markup:
    drawn = ("M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z", "M-5-5H5V5H-5z", "M-6 5H6L0-6z", "M0-7 7 0 0 7-7 0z")[number - 1]
    inside = _element("path", d=drawn, class_=f"c{number}")
    return _element("svg", inside, x=_share(x), y=y, overflow="visible")


def _labels_below(labels: Sequence[Text], across: Sequence[float], y: float) -> Iterator[Markup]:
    """As many as do not touch: fewer on a phone, where the table has the others."""
    texts = [_shortened(str(label), BESIDE) for label in labels]
    width = max(map(len, texts), default=1) * LETTER + 14
    every = ceil(len(texts) / max(1, floor(0.85 * PAPER / width)))
    phone = every * ceil(len(texts) / max(1, floor(0.8 * PHONE / width)) / max(1, every))
    for place in range(0, len(texts), every or 1):
        last = place == len(texts) - 1 and place > 0
        anchor = "start" if place == 0 and len(texts) > 1 else "end" if last else "middle"
        seen = {} if place % phone == 0 else {"class_": "when-wide"}
        yield _text(texts[place], x=_share(across[place]), y=y, text_anchor=anchor, **seen)


def _across(many: int, left: float, right: float) -> list[float]:
    return [(left + right) / 2] if many == 1 else [left + (right - left) * n / (many - 1) for n in range(many)]


def _step(top: float) -> float:
    """The round step that divides ``top`` into at most five: 1, 2, 2.5 or 5 times a power of ten."""
    ten = 10.0 ** floor(log10(top / 5))
    return next(ten * n for n in (1, 2, 2.5, 5, 10) if ten * n * 5 >= top * (1 - 1e-9))


def _share(value: float) -> str:
    return f"{round(value, 2):g}%"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _text(text: str, **attributes: float | str) -> Markup:
    return _element("text", text, **attributes)


def _element(name: str, *children: str, **attributes: float | str) -> Markup:
    """An element, its texts escaped; ``class_`` and ``text_anchor`` are the attributes class and text-anchor."""
    pairs = (Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), Markup().join(pairs), Markup().join(children))  # noqa: S704


@cache
def paper_styles() -> str:
    """``charts.css`` with the colours of ``tokens.css`` in their places: typst knows no variables of CSS."""
    css = OWN_FOLDER / "css"
    colours = dict(re.findall(r"(--[\w-]+): (#\w+)", (css / "tokens.css").read_text("utf-8")))
    rules = re.findall(r"^\.chart \.?\w.*$", (css / "charts.css").read_text("utf-8"), re.MULTILINE)
    return re.sub(r"var\((--[\w-]+)\)", lambda found: colours[found[1]], "\n".join(rules))
