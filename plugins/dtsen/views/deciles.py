"""Families whose decile moved, with what that may mean here; the sheet; one family's history."""

from uuid import UUID

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import Household, area_today, commit, db, decile_gates, here, may, record, requires

from .. import deciles as domain
from ..deciles import SHOWN
from ..sheet import moved_sheet
from . import bp
from .months import XLSX


def shown() -> str:
    show = request.args.get("show", "all")
    return show if show in SHOWN else "all"


@bp.get("/deciles")
@requires("dtsen.read")
def deciles() -> ResponseReturnValue:
    gates = decile_gates(here(), area_today())
    page = domain.moved_page(here().id, shown(), request.args.get("after"), gates)
    return render_template("dtsen/deciles.html", page=page, show=shown(), shown=SHOWN, gates=gates)


@bp.get("/deciles.xlsx")
@requires("dtsen.read")
def deciles_file() -> ResponseReturnValue:
    moved, full_nik = domain.all_moved(here().id, shown(), decile_gates(here(), area_today())), may("people.nik")
    sheet = moved_sheet(moved, full_nik=full_nik)
    record("dtsen.moved_downloaded", "deciles", "", families=len(moved), full_nik=full_nik)
    commit()
    name = f"desil-berubah-{here().code}-{area_today():%Y-%m-%d}.xlsx"
    return send_file(sheet, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.get("/households/<uuid:id>/deciles")
@requires("dtsen.read")
def history(id: UUID) -> ResponseReturnValue:
    """What a family's decile was: as it stands, then what each file said."""
    household = db.session.get(Household, (here().id, id)) or abort(404)
    moves = domain.history_of(here().id, id, limit=50)
    head = domain.heads_of(here().id, [id]).get(id)
    return render_template("dtsen/history.html", household=household, moves=moves, head=head)
