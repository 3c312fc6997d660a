"""The register of SKTM letters, on the screen and as a sheet."""

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, here, may, record, register_page, requires

from .services import letter_of_poverty
from .sheet import rows_of_year, sheet

bp = Blueprint("sktm", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires("sktm.register")
def register() -> ResponseReturnValue:
    year = _year()
    page, years = register_page(here().id, year, cursor=request.args.get("after"), service=letter_of_poverty.name)
    return render_template("sktm/register.html", page=page, years=years, year=year)


@bp.get("/register.xlsx")
@requires("sktm.register")
def download() -> ResponseReturnValue:
    """A year's letters; the NIK in full only for who may see it so anyway, and the audit says which it was."""
    year, full_nik = _year(), may("people.nik")
    rows = rows_of_year(here().id, year)
    file = sheet(rows, full_nik=full_nik)
    record("sktm.register_downloaded", "register", year, letters=len(rows), full_nik=full_nik)
    commit()
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"register-sktm-{here().code}-{year}.xlsx")


def _year() -> int:
    return request.args.get("year", type=int) or area_today().year
