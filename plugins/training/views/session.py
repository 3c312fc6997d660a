"""One training: its people, their attendance, closing it, and what there is to read."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import (
    Area,
    AreaCode,
    CaseError,
    FileRefused,
    Stale,
    VersionedForm,
    area_today,
    commit,
    db,
    district_of,
    district_only,
    enqueue_job,
    file_answer,
    find_areas,
    gettext,
    here,
    requires,
    scope,
    service_titles,
    working_in,
)

from .. import materials, participants, sessions
from ..forms import MaterialForm, ReasonForm
from ..models import TrainingSession
from ..qualifications import TAKE_OVER
from ..words import ANSWERS, RESULTS, ROLES, STATE_KINDS, STATES
from . import district_rows, wide
from .planning import moved_on

Deed = Callable[..., ResponseReturnValue]


def session_page(
    found: TrainingSession, problem: str = "", *, material: MaterialForm | None = None, reason: ReasonForm | None = None
) -> str:
    """Three queries, however many people there are. Who oversees a kecamatan sees the people of its villages only."""
    people = participants.participants_of(found)
    inside = [one for one in people if here().id <= one.of_village <= here().hi]
    return render_template(
        "training/show.html",
        session=found,
        people=inside,
        invited=len(people),
        materials=materials.of_sessions(found.village_id, [found.id]).get(found.id, []),
        services=[service_titles().get(name, name) for name in found.services],
        material=material or MaterialForm(formdata=None),
        reason=reason or ReasonForm(formdata=None, version=found.version),
        problem=problem,
        states=STATES,
        kinds=STATE_KINDS,
        answers=ANSWERS,
        results=RESULTS,
        today=area_today(),
    )


def session_or_404(district_id: int, session_id: UUID) -> TrainingSession:
    return sessions.find(district_id, session_id) or abort(404)


def _seen(district_id: int, session_id: UUID) -> TrainingSession:
    """As the page showed it, locked. Raises: Stale."""
    return sessions.to_change(district_id, session_id, VersionedForm().seen) or abort(404)


def changes_session(view: Deed) -> Deed:
    """For what is done on the page of a session: in the district's own rows; what stands in the way is told there."""

    @wraps(view)
    def guarded(id: UUID, **values: object) -> ResponseReturnValue:
        with district_rows() as district_id:
            try:
                return view(id=id, district_id=district_id, **values)
            except (CaseError, FileRefused) as problem:
                db.session.rollback()
                return session_page(session_or_404(district_id, id), str(problem)), 422
            except Stale:
                db.session.rollback()
                return session_page(session_or_404(district_id, id), moved_on()), 409

    return guarded


def to_session(session_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("training-wide.show", id=session_id))


@wide.get("/<uuid:id>")
@requires("training.oversee")
def show(id: UUID) -> ResponseReturnValue:
    with district_rows() as district_id:
        return session_page(session_or_404(district_id, id))


# ---- its people ----


@wide.get("/<uuid:id>/invite")
@district_only
@requires("training.manage")
def choose(id: UUID) -> ResponseReturnValue:
    """First the kecamatan, then its people: a district has more than a page holds."""
    return _choices(id)


def _choices(session_id: UUID, problem: str = "") -> str:
    chosen = _asked_kecamatan()
    kecamatan = _kecamatan_inside()
    workers = working_in(chosen) if chosen else []
    villages = {area.id: area.title for area in find_areas({worker.village_id for worker in workers})}
    with district_rows() as district_id:
        found = session_or_404(district_id, session_id)
        there = {one.user_id for one in participants.participants_of(found)}
        return render_template(
            "training/invite.html",
            session=found,
            kecamatan=kecamatan,
            chosen=chosen,
            workers=workers,
            villages=villages,
            there=there,
            free=found.seats - len(there),
            roles=ROLES,
            problem=problem,
        )


def _kecamatan_inside() -> list[Area]:
    """Those of the district in which somebody works."""
    codes = {worker.village_id // 10_000 * 10_000 for worker in working_in(district_of(here()))}
    return find_areas(codes)


def _asked_kecamatan() -> AreaCode | None:
    try:
        asked = AreaCode.parse(request.args.get("kecamatan", ""))
    except ValueError:
        return None
    return asked if district_of(here()).covers(asked) else None


@wide.post("/<uuid:id>/invite")
@district_only
@requires("training.manage")
def invite(id: UUID) -> ResponseReturnValue:
    """Those who are ticked, of the people that the page offers."""
    wanted = set(request.form.getlist("who"))
    offered = working_in(_asked_kecamatan() or district_of(here()))
    workers = [worker for worker in offered if str(worker.user_id) in wanted]
    places = {area.id: area.title for area in find_areas({worker.village_id for worker in workers})}
    try:
        with district_rows() as district_id:
            number = participants.invite(session_or_404(district_id, id), workers, places)
            commit()
    except CaseError as problem:
        db.session.rollback()
        return _choices(id, str(problem)), 422
    flash(gettext("%(n)s orang diundang.", n=number), "success" if number else "warning")
    return to_session(id)


@wide.post("/<uuid:id>/people/<uuid:participant_id>/withdraw")
@district_only
@requires("training.manage")
@changes_session
def withdraw(id: UUID, district_id: int, participant_id: UUID) -> ResponseReturnValue:
    if not participants.withdraw(session_or_404(district_id, id), participant_id):
        abort(404)
    commit()
    flash(gettext("Undangan dicabut."), "success")
    return to_session(id)


@wide.post("/<uuid:id>/attendance")
@district_only
@requires("training.manage")
@changes_session
def attendance(id: UUID, district_id: int) -> ResponseReturnValue:
    """All marks of the page at once; with ``close`` the session is closed by them."""
    found = _seen(district_id, id)
    given = {
        one.id: mark
        for one in participants.participants_of(found)
        if (mark := request.form.get(f"result-{one.id}", "")) in RESULTS and mark
    }
    participants.mark(found, given)
    closes = "close" in request.form
    villages = participants.close(found, area_today()) if closes else []
    commit()
    if closes:
        pass_on(villages)
        flash(gettext("Pelatihan ditutup. Sertifikat dapat dicetak."), "success")
    else:
        flash(gettext("Kehadiran disimpan."), "success")
    return to_session(id)


@wide.post("/<uuid:id>/reopen")
@district_only
@requires("training.manage")
@changes_session
def reopen(id: UUID, district_id: int) -> ResponseReturnValue:
    """Undo of closing and of cancelling."""
    found = _seen(district_id, id)
    if found.state == "cancelled":
        sessions.planned_again(found)
        commit()
    else:
        villages = participants.reopen(found)
        commit()
        pass_on(villages)
    flash(gettext("Pelatihan dibuka lagi."), "success")
    return to_session(id)


@wide.post("/<uuid:id>/cancel")
@district_only
@requires("training.manage")
@changes_session
def cancel(id: UUID, district_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return session_page(session_or_404(district_id, id), reason=form), 422
    sessions.cancel(_seen(district_id, id), form.reason.data or "")
    commit()
    flash(gettext("Pelatihan dibatalkan."), "success")
    return to_session(id)


def pass_on(villages: list[int]) -> None:
    """Have the villages' copies of the certificates made anew."""
    with scope(here().interval):
        for area in find_areas(villages):
            if here().interval.covers(area.interval):
                enqueue_job(area, TAKE_OVER)
        commit()


# ---- what there is to read ----


@wide.post("/<uuid:id>/materials")
@district_only
@requires("training.manage")
@changes_session
def add_material(id: UUID, district_id: int) -> ResponseReturnValue:
    form, found = MaterialForm(), session_or_404(district_id, id)
    if not form.validate():
        return session_page(found, material=form), 422
    materials.add(found, here(), form.title.data or "", link=form.link.data or "", stream=form.stream)
    commit()
    flash(gettext("Materi ditambahkan."), "success")
    return to_session(id)


@wide.post("/<uuid:id>/materials/<uuid:material_id>/remove")
@district_only
@requires("training.manage")
@changes_session
def remove_material(id: UUID, district_id: int, material_id: UUID) -> ResponseReturnValue:
    if not materials.remove(session_or_404(district_id, id), material_id):
        abort(404)
    commit()
    flash(gettext("Materi dihapus."), "success")
    return to_session(id)


@wide.get("/materials/<uuid:material_id>")
@requires("training.oversee")
def material_file(material_id: UUID) -> ResponseReturnValue:
    return answer_with_material(material_id)


def answer_with_material(material_id: UUID) -> ResponseReturnValue:
    """The file of a material of this district; 404 where there is none."""
    with district_rows() as district_id:
        found = materials.find(district_id, material_id)
        if found is None or not found.sha256:
            abort(404)
        [district] = find_areas([district_id])
        return file_answer(district, found.sha256, found.media_type, found.title) or abort(404)
