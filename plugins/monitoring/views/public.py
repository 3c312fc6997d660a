"""What anybody may read: counts of a past month, as a page, JSON and CSV. Nobody is signed in, and nobody is named."""

import csv
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Any

from flask import Response, abort, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import AreaCode, district_of, here, limiter, public

from .. import open_data as opened
from ..dashboard import CHOICES
from ..months import month_key, month_title, months_until, read_month
from . import bp, wide

OFTEN = "60 per minute"
KEPT_SECONDS = 3600


@bp.get("/open")
@public
def village_open() -> ResponseReturnValue:
    """The same data for the district as a whole, at this village: hidden cells are the same on all pages."""
    return redirect(url_for("monitoring-wide.open_data", area=str(district_of(here())), inside=here().code))


@wide.get("/open")
@public
@limiter.limit(OFTEN)
def open_data() -> ResponseReturnValue:
    if (elsewhere := _to_the_district("monitoring-wide.open_data")) is not None:
        return elsewhere
    month, inside = _month(), _inside()
    found = opened.open_month(here(), month)
    newest = opened.published_until(here().timezone)
    page = render_template(
        "monitoring/open.html",
        title=month_title(month),
        key=month_key(month),
        months=[(month_key(each), month_title(each), each == month) for each in months_until(newest, CHOICES)],
        found=found,
        rows=_table(found, inside),
        inside=inside,
        whole=inside == here().interval,
        columns=opened.described(),
        notice=opened.notice(found.small),
    )
    return _kept(make_response(page))


def _table(found: opened.OpenMonth, inside: AreaCode) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """By area: its code, its name, and pairs of what is counted and the count; parts only where one area is shown."""
    areas = [area for area in found.titles if inside.covers(AreaCode.from_id(area))]
    single = len(areas) == 1 or AreaCode.from_id(inside.id).level == 4
    table = []
    for area in sorted(areas):
        cells = [
            (opened.cell_title(cell), "< …" if cell in found.hidden else str(count))
            for cell, count in found.counts.items()
            if cell.area == area and (single or cell.by in ("total", "result"))
        ]
        table.append((str(AreaCode.from_id(area)), found.titles[area], cells))
    return table


@wide.get("/open.json")
@public
@limiter.limit(OFTEN)
def open_json() -> ResponseReturnValue:
    if (elsewhere := _to_the_district("monitoring-wide.open_json")) is not None:
        return elsewhere
    found = opened.open_month(here(), _month())
    return _kept(
        jsonify(
            area=here().code,
            name=here().title,
            month=month_key(found.month),
            made_at=found.made_at.isoformat() if found.made_at else None,
            licence=found.licence,
            note=opened.notice(found.small),
            columns=dict(opened.described()),
            rows=found.rows(_inside()),
        )
    )


@wide.get("/open.csv")
@public
@limiter.limit(OFTEN)
def open_csv() -> ResponseReturnValue:
    if (elsewhere := _to_the_district("monitoring-wide.open_csv")) is not None:
        return elsewhere
    found = opened.open_month(here(), _month())
    answer = make_response(csv_text(found.rows(_inside())))
    answer.mimetype = "text/csv"
    name = f"data-terbuka-{here().code}-{month_key(found.month)}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _kept(answer)


def csv_text(rows: Iterable[dict[str, Any]]) -> str:
    target = StringIO()
    writer = csv.DictWriter(target, list(opened.COLUMNS))
    writer.writeheader()
    writer.writerows({name: opened.csv_cell(value) for name, value in row.items()} for row in rows)
    return target.getvalue()


def _to_the_district(endpoint: str) -> ResponseReturnValue | None:
    """A kecamatan's data are part of its district's, which alone knows what has to be hidden."""
    if here().interval == district_of(here()):
        return None
    month = request.args.get("month")
    return redirect(url_for(endpoint, area=str(district_of(here())), inside=here().code, month=month))


def _month() -> date:
    newest = opened.published_until(here().timezone)
    text = request.args.get("month")
    month = read_month(text) if text else newest
    return month if month is not None and month <= newest else abort(404)


def _inside() -> AreaCode:
    """``?inside=32.01.15``: only this part of the district."""
    text = request.args.get("inside")
    try:
        code = AreaCode.parse(text) if text else here().interval
    except ValueError:
        abort(404)
    return code if here().interval.covers(code) else abort(404)


def _kept(answer: Response) -> Response:
    """For an hour, by browsers and by whatever stands before the site."""
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer
