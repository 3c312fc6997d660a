"""Who is on call, a week at a time."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    SelectChoice,
    area_today,
    colleagues,
    commit,
    db,
    gettext,
    here,
    may,
    now,
    requires,
    settings_of,
)

from .. import roster as domain
from ..forms import ShiftForm
from ..settings import EmergencySettings, ShiftKind, shift_kinds
from . import bp

FARTHEST = timedelta(days=366)


@bp.get("/roster")
@requires("emergency.read")
def roster() -> ResponseReturnValue:
    return _page(_asked_week(), _form())


@bp.post("/roster")
@requires("emergency.roster")
def add_shift() -> ResponseReturnValue:
    form = _form()
    if not form.validate():
        return _page(_asked_week(), form), 422
    day: date = form.day.data or area_today()
    kind = next(kind for kind in _kinds() if kind.label == form.shift.data)
    added = domain.add(here(), day, kind, form.name.data or "", form.phone.data or "", by=current_user.id)
    commit()
    flash(gettext("Jadwal jaga disimpan.") if added else gettext("Orang itu sudah ada di giliran itu."), "success")
    return _to_week(domain.monday_of(day))


@bp.post("/roster/<uuid:id>/remove")
@requires("emergency.roster")
def remove_shift(id: UUID) -> ResponseReturnValue:
    day = domain.remove(here().id, id)
    if day is None:
        abort(404)
    commit()
    flash(gettext("Jadwal jaga dihapus."), "success")
    return _to_week(domain.monday_of(day))


@bp.post("/roster/copy")
@requires("emergency.roster")
def copy_week() -> ResponseReturnValue:
    monday = _asked_week()
    try:
        copied = domain.copy_last_week(here(), monday, by=current_user.id)
    except CaseError as problem:
        db.session.rollback()
        return _page(monday, _form(), str(problem)), 422
    commit()
    flash(gettext("%(n)s giliran disalin dari minggu sebelumnya.", n=copied), "success")
    return _to_week(monday)


def _page(monday: date, form: ShiftForm, problem: str = "") -> str:
    mine = may("emergency.roster")
    return render_template(
        "emergency/roster.html",
        week=domain.week_of(here().id, monday),
        on_call=domain.on_call(here().id, now()),
        monday=monday,
        before=monday - domain.WEEK,
        after=monday + domain.WEEK,
        today=area_today(),
        zone=ZoneInfo(here().timezone),
        form=form,
        team=colleagues(here().interval) if mine else [],
        problem=problem,
    )


def _form() -> ShiftForm:
    form = ShiftForm(day=max(area_today(), _asked_week()))
    form.shift.choices = [SelectChoice(kind.label, kind.label) for kind in _kinds()]
    return form


def _kinds() -> list[ShiftKind]:
    return shift_kinds(settings_of(here(), EmergencySettings).shifts)


def _asked_week() -> date:
    """Of the address, else this week; one that is far away is this week too."""
    today = area_today()
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        asked = today
    return domain.monday_of(asked if abs(asked - today) <= FARTHEST else today)


def _to_week(monday: date) -> ResponseReturnValue:
    return redirect(url_for("emergency.roster", week=monday.isoformat()))
