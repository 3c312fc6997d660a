"""The monthly meetings: planned, their page, invitations and actions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import (
    CaseError,
    VersionedForm,
    area_today,
    commit,
    current_row,
    db,
    gettext,
    here,
    month_name,
    requires,
    told_on_page,
)

from .. import meetings, partners
from ..forms import ActionForm, DoneForm, MeetingForm, PointForm, months_around
from ..models import PartnerAction, PartnerInvitation, PartnerMeeting
from ..words import ANSWERS, MEETING_STATES
from . import bp
from .editing import edit, enter, moved_on


def meeting_or_404(meeting_id: UUID) -> PartnerMeeting:
    return meetings.find(here().id, meeting_id) or abort(404)


def held_or_404(meeting_id: UUID, version: int) -> PartnerMeeting:
    """Raises: Stale: somebody else has changed it since the page was made."""
    return current_row(PartnerMeeting, here().id, meeting_id, version) or abort(404)


def to_meeting(meeting_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("partnership.meeting", id=meeting_id))


@bp.get("/meetings")
@requires("partnership.read")
def index_meetings() -> ResponseReturnValue:
    page = meetings.page_of(here().id, request.args.get("after"))
    return render_template(
        "partnership/meetings.html",
        page=page,
        counted=meetings.counted(here().id, [row.id for row in page.rows]),
        states=MEETING_STATES,
        month_name=month_name,
        today=area_today(),
    )


@bp.route("/meetings/new", methods=["GET", "POST"])
@requires("partnership.write")
def new_meeting() -> ResponseReturnValue:
    active, day = partners.active_in(partners.all_of(here().id)), area_today()
    form = MeetingForm(month=day.replace(day=1), held_on=day, invited=list(active))
    form.offer(active.values(), months_around(day, here().timezone))

    def save() -> str:
        made = meetings.plan(here(), form.values, form.invited.data or [])
        return url_for("partnership.meeting", id=made.id)

    back = url_for("partnership.index_meetings")
    title = gettext("Rencanakan pertemuan")
    return enter(form, title, back, save, gettext("Pertemuan direncanakan, agendanya sudah terisi."))


@bp.route("/meetings/<uuid:id>/edit", methods=["GET", "POST"])
@requires("partnership.write")
def edit_meeting(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    invited = [row.partner_id for row in meetings.invitations_of(found)]
    known = partners.all_of(here().id)
    form = MeetingForm(obj=found, invited=invited)
    offered = [row for row in known.values() if row.ended_on is None or row.id in invited]
    form.offer(offered, months_around(area_today(), here().timezone, found.month))
    return edit(
        PartnerMeeting,
        id,
        form,
        gettext("Ubah pertemuan"),
        url_for("partnership.meeting", id=id),
        lambda row: meetings.change(row, form.values, form.invited.data or []),
        gettext("Perubahan tersimpan."),
    )


@bp.get("/meetings/<uuid:id>")
@requires("partnership.read")
def meeting(id: UUID) -> ResponseReturnValue:
    return meeting_page(meeting_or_404(id))


def meeting_page(
    found: PartnerMeeting,
    problem: str = "",
    *,
    typed: Mapping[str, str] | None = None,
    forms: Mapping[str, Any] | None = None,
) -> str:
    """Seven queries. ``typed``: the minutes as they came, where they could not be saved; ``forms`` that came back."""
    known, day = partners.all_of(here().id), area_today()
    own: dict[str, Any] = {
        "point": PointForm(formdata=None, version=found.version),
        "action": ActionForm(formdata=None, version=found.version),
        **(forms or {}),
    }
    own["action"].offer_partners(partners.active_in(known).values(), gettext("Desa atau lainnya"))
    for key, form in own.items():
        form.version.data = str(found.version)
        for field in form:  # two forms on one page have fields of one name
            field.id = field.label.field_id = f"{key}-{field.short_name}"
    return render_template(
        "partnership/meeting.html",
        meeting=found,
        points=meetings.points_of(found),
        invitations=meetings.invitations_of(found),
        agreed=meetings.actions_of(found),
        earlier=meetings.earlier_actions(found),
        partners=known,
        seen=VersionedForm(formdata=None, version=found.version),
        forms=own,
        typed=typed or {},
        answers=ANSWERS,
        states=MEETING_STATES,
        month_name=month_name,
        today=day,
        problem=problem,
    )


def _told(id: UUID, problem: str) -> str:
    return meeting_page(meeting_or_404(id), problem)


changes_meeting = told_on_page(_told, moved_on)


@bp.post("/meetings/<uuid:id>/fill")
@requires("partnership.write")
@changes_meeting
def fill_agenda(id: UUID) -> ResponseReturnValue:
    new = meetings.fill_agenda(here(), held_or_404(id, VersionedForm().seen))
    commit()
    flash(gettext("%(n)s pokok baru masuk agenda.", n=new), "success")
    return to_meeting(id)


@bp.post("/meetings/<uuid:id>/points")
@requires("partnership.write")
@changes_meeting
def add_point(id: UUID) -> ResponseReturnValue:
    form = PointForm()
    if not form.validate():
        return meeting_page(meeting_or_404(id), forms={"point": form}), 422
    meetings.add_point(held_or_404(id, form.seen), form.title.data or "", form.text.data or "")
    commit()
    return to_meeting(id)


@bp.post("/meetings/<uuid:id>/actions")
@requires("partnership.write")
@changes_meeting
def add_action(id: UUID) -> ResponseReturnValue:
    form = ActionForm()
    form.offer_partners(partners.active_in(partners.all_of(here().id)).values(), "")
    if not form.validate():
        return meeting_page(meeting_or_404(id), forms={"action": form}), 422
    meetings.add_action(held_or_404(id, form.seen), form.values)
    commit()
    return to_meeting(id)


@bp.route("/actions/<uuid:id>/done", methods=["GET", "POST"])
@requires("partnership.write")
def finish_action(id: UUID) -> ResponseReturnValue:
    """Blank: it is open again."""
    found = _action_or_404(id)
    form = DoneForm(version=found.version, done_on=found.done_on or area_today())
    return edit(
        PartnerAction,
        id,
        form,
        gettext("Tindakan selesai"),
        url_for("partnership.meeting", id=found.meeting_id),
        lambda row: meetings.finish_action(row, form.done_on.data),
        gettext("Tersimpan."),
        lead=found.text,
    )


def _action_or_404(action_id: UUID) -> PartnerAction:
    return db.session.get(PartnerAction, (here().id, action_id)) or abort(404)


@bp.post("/invitations/<uuid:id>/answer/<any(yes, no):said>")
@requires("partnership.write")
def note_answer(id: UUID, said: str) -> ResponseReturnValue:
    """What the partner told the desk by telephone."""
    invitation = db.session.get(PartnerInvitation, (here().id, id)) or abort(404)
    found = meeting_or_404(invitation.meeting_id)
    try:
        meetings.check_open(found)
    except CaseError as problem:
        return meeting_page(found, str(problem)), 422
    meetings.answer(invitation, said)
    commit()
    return to_meeting(found.id)
