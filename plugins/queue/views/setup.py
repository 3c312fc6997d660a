"""Services, counters and days off of the queue."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import (
    CaseError,
    SelectChoice,
    Stale,
    area_today,
    colleagues,
    commit,
    current_row,
    db,
    gettext,
    here,
    opening_hours_of,
    requires,
)

from .. import desk_setup as domain
from ..desk_days import Desk, desk_of
from ..forms import CounterForm, DayOffForm, QueueServiceForm, read_id
from ..models import QueueCounter, QueueService
from . import bp

SERVICE_FIELDS = (
    "name",
    "prefix",
    "minutes",
    "position",
    "day_limit",
    "accepts_bookings",
    "slot_minutes",
    "slot_capacity",
    "walk_in_percent",
    "bring",
    "active",
)


def setup_page(form: DayOffForm | None = None) -> str:
    area = here()
    desk = desk_of(area.id)
    form = form or DayOffForm(formdata=None)
    form.offer(desk)
    return render_template(
        "queue/setup.html",
        desk=desk,
        hours=opening_hours_of(area),
        days_off=domain.days_off_from(area, area_today()),
        names={one.id: one.name for one in colleagues(area.interval)},
        form=form,
    )


@bp.get("/setup")
@requires("queue.setup")
def setup() -> ResponseReturnValue:
    return setup_page()


@bp.post("/setup/days-off")
@requires("queue.setup")
def add_day_off() -> ResponseReturnValue:
    form, desk = DayOffForm(), desk_of(here().id)
    form.offer(desk)
    if not form.validate() or form.day.data is None:
        return setup_page(form), 422
    added = domain.add_day_off(here(), form.day.data, read_id(form.counter.data), form.reason.data or "")
    commit()
    flash(gettext("Hari libur dicatat.") if added else gettext("Hari libur itu sudah ada."), "success")
    return redirect(url_for("queue.setup"))


@bp.post("/setup/days-off/<uuid:id>/remove")
@requires("queue.setup")
def remove_day_off(id: UUID) -> ResponseReturnValue:
    if not domain.remove_day_off(here(), id):
        abort(404)
    commit()
    flash(gettext("Hari libur dihapus."), "success")
    return redirect(url_for("queue.setup"))


@bp.route("/setup/services/new", methods=["GET", "POST"])
@requires("queue.setup")
def new_service() -> ResponseReturnValue:
    return _edit_service(None)


@bp.route("/setup/services/<uuid:id>", methods=["GET", "POST"])
@requires("queue.setup")
def edit_service(id: UUID) -> ResponseReturnValue:
    return _edit_service(desk_of(here().id).services.get(id) or abort(404))


def _edit_service(row: QueueService | None) -> ResponseReturnValue:
    form = QueueServiceForm(obj=row)
    if request.method == "GET":
        return _service_page(row, form)
    if not form.validate():
        return _service_page(row, form), 422
    values = {name: form[name].data for name in SERVICE_FIELDS}
    try:
        held = current_row(QueueService, here().id, row.id, form.seen) if row else None
        domain.save_service(here(), held, values)
        commit()
    except CaseError as problem:
        db.session.rollback()
        form.prefix.errors = [str(problem)]
        return _service_page(_service(row), form), 422
    except Stale:
        db.session.rollback()
        return _stale(_service(row), form, _service_page, SERVICE_FIELDS)
    flash(gettext("Layanan disimpan."), "success")
    return redirect(url_for("queue.setup"))


def _service(row: QueueService | None) -> QueueService | None:
    return desk_of(here().id).services.get(row.id) if row else None


def _service_page(row: Any, form: Any, stored: Any = ()) -> str:
    return render_template("queue/service.html", row=row, form=form, stored=stored)


@bp.route("/setup/counters/new", methods=["GET", "POST"])
@requires("queue.setup")
def new_counter() -> ResponseReturnValue:
    return _edit_counter(desk_of(here().id), None)


@bp.route("/setup/counters/<uuid:id>", methods=["GET", "POST"])
@requires("queue.setup")
def edit_counter(id: UUID) -> ResponseReturnValue:
    desk = desk_of(here().id)
    return _edit_counter(desk, desk.counters.get(id) or abort(404))


def _edit_counter(desk: Desk, row: QueueCounter | None) -> ResponseReturnValue:
    served = [str(each) for each in desk.serves.get(row.id, ())] if row else []
    form = CounterForm(obj=row, services=served)
    team = [SelectChoice(str(one.id), one.name) for one in colleagues(here().interval)]
    form.staff_id.choices = [SelectChoice("", gettext("siapa saja")), *team]
    form.services.choices = [(str(s.id), s.name) for s in desk.services.values()]
    if request.method == "GET":
        form.staff_id.data = str(row.staff_id) if row and row.staff_id else ""
        return _counter_page(row, form)
    if not form.validate():
        return _counter_page(row, form), 422
    values = {
        "name": form.name.data,
        "staff_id": read_id(form.staff_id.data),
        "position": form.position.data,
        "active": form.active.data,
    }
    services = [UUID(each) for each in form.services.data or []]
    try:
        held = current_row(QueueCounter, here().id, row.id, form.seen) if row else None
        domain.save_counter(here(), held, values, services)
        commit()
    except CaseError as problem:
        db.session.rollback()
        form.name.errors = [str(problem)]
        return _counter_page(_counter(row), form), 422
    except Stale:
        db.session.rollback()
        return _stale(_counter(row), form, _counter_page, ("name", "position", "active"))
    flash(gettext("Loket disimpan."), "success")
    return redirect(url_for("queue.setup"))


def _counter(row: QueueCounter | None) -> QueueCounter | None:
    return desk_of(here().id).counters.get(row.id) if row else None


def _counter_page(row: Any, form: Any, stored: Any = ()) -> str:
    return render_template("queue/counter.html", row=row, form=form, stored=stored)


def _stale(row: Any, form: Any, page: Any, fields: tuple[str, ...]) -> ResponseReturnValue:
    """What was typed stays, beside what stands there now; sent again, it is meant."""
    if row is None:
        abort(404)
    form.version.data = str(row.version)
    stored = [(form[name].label.text, getattr(row, name)) for name in fields if form[name].data != getattr(row, name)]
    return page(row, form, stored), 409
