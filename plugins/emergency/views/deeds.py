"""What is done about an escort afterwards: words and times mended, the resident named, cancelled, opened again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Stale,
    VersionedForm,
    commit,
    current_row,
    db,
    find_person,
    gettext,
    here,
    now,
    people_page,
    requires,
)

from .. import handling
from ..forms import EditForm, ReasonForm, TimesForm
from ..models import Escort
from ..times import correct, times_of
from ..words import JKN, TIMES, TRANSPORT
from . import bp
from .escort import changes_escort, escort_or_404, facilities, moved_on, note_look, to_escort

LONGEST_SEARCH = 80


def held_or_404(escort_id: UUID, version: int) -> Escort:
    """Raises: Stale: somebody else has changed it since the page was made."""
    return current_row(Escort, here().id, escort_id, version) or abort(404)


@bp.route("/<uuid:id>/edit", methods=["GET", "POST"])
@requires("emergency.write")
def edit(id: UUID) -> ResponseReturnValue:
    found = escort_or_404(id)
    form = EditForm.of(found)
    if request.method == "GET":
        return _looked(found, _edit_page(found, form))
    if not form.validate():
        return _edit_page(found, form), 422
    try:
        handling.edit(held_or_404(id, form.seen), form.values, by=current_user.id)
    except Stale:
        return _stale(id, form, _edit_page)
    commit()
    flash(gettext("Keterangan diubah."), "success")
    return to_escort(id)


def _edit_page(found: Escort, form: EditForm, *, stale: bool = False) -> str:
    stored = [
        (form[name].label.text, _in_words(name, getattr(found, name)))
        for name in handling.EDITED
        if (form[name].data or "") != getattr(found, name)
    ]
    return render_template(
        "emergency/edit.html",
        escort=found,
        form=form,
        facilities=facilities(),
        stored=stored if stale else [],
        problem=moved_on() if stale else "",
    )


def _in_words(name: str, value: str) -> Any:
    return {"jkn": JKN, "transport": TRANSPORT}.get(name, {}).get(value, value) or "–"


@bp.route("/<uuid:id>/times", methods=["GET", "POST"])
@requires("emergency.write")
def times(id: UUID) -> ResponseReturnValue:
    """Correcting what was tapped too late, too early or not at all."""
    found, zone = escort_or_404(id), ZoneInfo(here().timezone)
    local = {key: moment and moment.astimezone(zone).replace(tzinfo=None) for key, moment in times_of(found).items()}
    form = TimesForm(version=found.version, **local)
    if request.method == "GET":
        return _times_page(found, form)
    if not form.validate():
        return _times_page(found, form), 422
    given: dict[str, datetime | None] = {key: form[key].data and form[key].data.replace(tzinfo=zone) for key in TIMES}
    try:
        held = held_or_404(id, form.seen)
        changed = correct(here(), held, given, form.reason.data or "", now(), by=current_user.id)
    except CaseError as problem:
        db.session.rollback()
        return _times_page(escort_or_404(id), form, str(problem)), 422
    except Stale:
        return _stale(id, form, _times_page)
    commit()
    flash(gettext("Waktu diperbaiki.") if changed else gettext("Tidak ada yang berubah."), "success")
    return to_escort(id)


def _times_page(found: Escort, form: TimesForm, problem: str = "", *, stale: bool = False) -> str:
    return render_template(
        "emergency/times.html",
        escort=found,
        form=form,
        stored=times_of(found) if stale else {},
        titles=TIMES,
        problem=moved_on() if stale else problem,
    )


def _stale(id: UUID, form: Any, page: Callable[..., str]) -> ResponseReturnValue:
    """What was typed stays, beside what stands there now; sent again, it is meant."""
    db.session.rollback()
    found = escort_or_404(id)
    form.version.data = str(found.version)
    return page(found, form, stale=True), 409


def _looked(found: Escort, page: str) -> str:
    note_look(found)
    commit()
    return page


@bp.get("/<uuid:id>/attach")
@requires("emergency.write")
def attach(id: UUID) -> ResponseReturnValue:
    """Looking for the resident by a piece of the name or the NIK."""
    found = escort_or_404(id)
    search = request.args.get("q", found.patient_name).strip()[:LONGEST_SEARCH]
    page = people_page(here().id, search, request.args.get("after")) if search else None
    return render_template(
        "emergency/attach.html", escort=found, search=search, page=page, form=VersionedForm(version=found.version)
    )


@bp.post("/<uuid:id>/attach/<uuid:person_id>")
@requires("emergency.write")
@changes_escort
def attach_to(id: UUID, person_id: UUID) -> ResponseReturnValue:
    person = find_person(here().id, person_id) or abort(404)
    escort_or_404(id)
    handling.attach(held_or_404(id, VersionedForm().seen), person, by=current_user.id)
    commit()
    flash(gettext("Pendampingan dikaitkan dengan data warga."), "success")
    return to_escort(id)


@bp.route("/<uuid:id>/<any(cancel, reopen):deed>", methods=["GET", "POST"])
@requires("emergency.write")
@changes_escort
def with_reason(id: UUID, deed: str) -> ResponseReturnValue:
    found = escort_or_404(id)
    form = ReasonForm(version=found.version)
    if request.method == "GET" or not form.validate():
        page = render_template("emergency/reason.html", escort=found, form=form, deed=deed)
        return page, 422 if request.method == "POST" else 200
    held, reason = held_or_404(id, form.seen), form.reason.data or ""
    if deed == "cancel":
        handling.cancel(held, reason, by=current_user.id)
    else:
        handling.reopen(here(), held, reason, by=current_user.id)
    commit()
    flash(gettext("Pendampingan dibatalkan.") if deed == "cancel" else gettext("Pendampingan dibuka lagi."), "success")
    return to_escort(id)
