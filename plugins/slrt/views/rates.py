"""How much is answered, and how much is solved in the village: the page and its sheet."""

from datetime import date

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, here, month_name, record, requires

from ..counting import months_back
from ..rates import MONTHS, Rates, rates_of
from ..sheet import rates_sheet
from . import wide
from .inbox import XLSX

SHOWN = ("kecamatan", "villages", "sectors", "months")


@wide.get("/rates")
@requires("slrt.rates")
def rates() -> ResponseReturnValue:
    month, by = _month(), request.args.get("by", "")
    by = by if by in SHOWN else SHOWN[0] if here().interval.level.name == "DISTRICT" else SHOWN[1]
    found = _found(month)
    return render_template(
        "slrt/rates.html",
        rates=found,
        lines=getattr(found, by),
        by=by,
        month=month,
        months=_choices(),
        month_name=month_name,
        area=here(),
    )


@wide.get("/rates.xlsx")
@requires("slrt.rates")
def download_rates() -> ResponseReturnValue:
    found, area = _found(_month()), here()
    record("slrt.rates_downloaded", "slrt_rates", str(area), villages=len(found.villages))
    commit()
    file = rates_sheet(found)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"angka-rujukan-{area.code}.xlsx")


def _found(month: date | None) -> Rates:
    last = area_today().replace(day=1)
    return rates_of(here().interval, month or months_back(last, MONTHS), month or last)


def _month() -> date | None:
    """One of those offered, written 2026-11; None for all of them together."""
    wanted = request.args.get("month", "")
    return next((month for month in _choices() if f"{month:%Y-%m}" == wanted), None)


def _choices() -> list[date]:
    """The latest first."""
    day = area_today()
    return [months_back(day, number) for number in range(1, MONTHS + 1)]
