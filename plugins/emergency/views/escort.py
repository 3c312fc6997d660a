"""One escort: its page, the taps that record its times, and the paper for the facility."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    Case,
    CaseError,
    area_today,
    commit,
    db,
    gettext,
    here,
    in_indonesian,
    names_of,
    now,
    pdf_answer,
    record,
    render_paper,
    requires,
    settings_of,
    told_on_page,
)

from .. import listing
from ..documents import record_values
from ..forms import TapForm
from ..models import Escort
from ..settings import EmergencySettings, lines_in
from ..times import AlreadyRecorded, next_tap, tap, times_of
from ..words import ENTRIES, JKN, STATES, TAPS, TIMES, TRANSPORT, WITHOUT_CASE
from . import bp


def escort_or_404(escort_id: UUID) -> Escort:
    return listing.find(here().id, escort_id) or abort(404)


def to_escort(escort_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("emergency.show", id=escort_id))


def note_look(escort: Escort) -> None:
    """Health data: the audit says who read them (UU 27/2022), but for whoever is writing them down on the way."""
    if not (escort.running and escort.created_by == current_user.id):
        record("emergency.opened", "emergency_escort", escort.id, reference=escort.reference)


def facilities() -> list[str]:
    return lines_in(settings_of(here(), EmergencySettings).facilities)


def escort_page(found: Escort, problem: str = "", form: TapForm | None = None) -> str:
    """A fixed number of queries, however long its history is."""
    entries = listing.entries_of(found)
    return render_template(
        "emergency/show.html",
        escort=found,
        entries=entries,
        names=names_of({entry.by for entry in entries if entry.by}),
        case=db.session.get(Case, (here().id, found.case_id)) if found.case_id else None,
        times=times_of(found),
        next=next_tap(found),
        form=form or TapForm(formdata=None, facility=found.facility, receiver=found.receiver),
        facilities=facilities(),
        today=area_today(),
        problem=problem,
        titles=ENTRIES,
        time_titles=TIMES,
        taps=TAPS,
        jkn=JKN,
        states=STATES,
        transport=TRANSPORT,
        without_case=WITHOUT_CASE,
    )


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubah pendampingan ini. Periksa keadaannya sekarang, lalu ulangi.")


changes_escort = told_on_page(lambda id, problem: escort_page(escort_or_404(id), problem), moved_on)


@bp.get("/<uuid:id>")
@requires("emergency.read")
def show(id: UUID) -> ResponseReturnValue:
    found = escort_or_404(id)
    page = escort_page(found)
    note_look(found)
    commit()
    return page


@bp.post("/<uuid:id>/tap/<any(departed, arrived, handed_over):key>")
@requires("emergency.write")
def record_time(id: UUID, key: str) -> ResponseReturnValue:
    """One tap, now. The first one counts: who taps again is told, and who only sends the same tap again has success."""
    form = TapForm()
    if not form.validate():
        return escort_page(escort_or_404(id), form=form), 422
    facility, receiver = form.facility.data or "", form.receiver.data or ""
    try:
        done = tap(here().id, id, key, now(), by=current_user.id, facility=facility, receiver=receiver)
    except AlreadyRecorded as first:
        db.session.rollback()
        return _told_of_first(id, first, ", ".join(filter(None, (facility, receiver))))
    except CaseError as problem:
        db.session.rollback()
        return escort_page(escort_or_404(id), str(problem), form), 422
    if done is None:
        abort(404)
    commit()
    return to_escort(id)


def _told_of_first(id: UUID, first: AlreadyRecorded, typed: str) -> ResponseReturnValue:
    title, at = TIMES[first.key], first.at.astimezone(ZoneInfo(here().timezone))
    if first.by == current_user.id:
        flash(gettext("“%(time)s” sudah Anda catat pukul %(at)s.", time=title, at=f"{at:%H.%M}"), "success")
        return to_escort(id)
    who = names_of({first.by}).get(first.by, "–") if first.by else "–"
    problem = gettext(
        "“%(time)s” sudah dicatat %(who)s pukul %(at)s. Yang pertama yang berlaku.",
        time=title,
        who=who,
        at=f"{at:%H.%M}",
    )
    if typed:
        problem += " " + gettext("Isian Anda tidak disimpan: %(typed)s. Tulis lewat “Ubah” bila perlu.", typed=typed)
    return escort_page(escort_or_404(id), problem), 409


@bp.get("/<uuid:id>/record.pdf")
@requires("emergency.write")
def paper(id: UUID) -> ResponseReturnValue:
    """For the facility, with a masked NIK."""
    found = escort_or_404(id)
    with in_indonesian():
        values, title = record_values(here(), found, now()), gettext("Catatan Pendampingan Pasien")
    content = render_paper(here(), "emergency/record.typ", title, values)
    record("emergency.record_printed", "emergency_escort", found.id, reference=found.reference)
    name = f"pendampingan-{found.reference}"
    commit()
    return pdf_answer(content, name)
