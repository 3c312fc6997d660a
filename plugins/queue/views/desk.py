"""The desk on one laptop: who is at the counter, who waits, who has booked, and a number for who comes in."""

import hashlib
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from core.api import (
    CaseError,
    area_today,
    commit,
    db,
    gettext,
    here,
    now,
    requires,
    settings_of,
)

from .. import bookings as booked
from .. import listing
from ..arrivals import Arrival, DayFull, arrive, check_in, turn_away
from ..calling import call_next, close_day
from ..desk_days import Desk, desk_day, desk_of
from ..forms import ArriveForm, TurnAwayForm, read_id
from ..models import QueueCounter
from ..papers_ahead import papers_of
from ..settings import QueueSettings
from ..steps import last_steps
from ..waiting import expected
from ..whom import named, people_of, read_whom
from ..words import PRIORITIES, STATES, label_of
from . import bp


def chosen_counter(desk: Desk, asked: str | None) -> QueueCounter | None:
    """The one that was asked for, else one's own, else the first that is in use."""
    usable = [counter for counter in desk.counters.values() if counter.active]
    wanted = read_id(asked)
    mine = next((counter for counter in usable if counter.staff_id == current_user.id), None)
    return next((counter for counter in usable if counter.id == wanted), mine or next(iter(usable), None))


def live_values(desk: Desk, counter: QueueCounter | None) -> dict[str, Any]:
    """What changes while the page stands: a fixed number of queries, however many wait."""
    area, today = here(), area_today()
    view, day = listing.day_view(area.id, today), desk_day(area, today)
    coming = [row for row in booked.of_day(area.id, today) if row.state == "booked"]
    ended = listing.ended_of_day(area.id, today)
    case_ids = {row.case_id for row in [*view.shown, *coming] if row.case_id}
    people = {row.person_id for row in [*view.shown, *coming] if row.person_id}
    return {
        "view": view,
        "mine": [t for t in view.at_counter if counter and t.counter_id == counter.id],
        "others": [t for t in view.at_counter if not counter or t.counter_id != counter.id],
        "coming": coming,
        "ended": ended,
        "undoable": last_steps(area.id, [t.id for t in [*view.shown, *ended]]),
        "people": people_of(area.id, people),
        "papers": papers_of(area.id, list(case_ids)),
        "expected": expected(area, desk, day),
        "day": day,
        "desk": desk,
        "counter": counter,
        "zone": ZoneInfo(area.timezone),
        "label_of": label_of,
        "states": STATES,
        "priorities": PRIORITIES,
    }


def tag_of(values: dict[str, Any]) -> str:
    """Changes when something that the page shows does."""
    tickets = [(str(t.id), t.version) for t in [*values["view"].shown, *values["ended"]]]
    rest = [(str(b.id), b.version) for b in values["coming"]], sorted(values["view"].ended.items())
    papers = [(str(key), len(each.missing), each.check and each.check.at) for key, each in values["papers"].items()]
    return hashlib.sha256(repr((tickets, rest, papers, values["day"].open_at(now()))).encode()).hexdigest()[:20]


def desk_page(problem: str = "", form: ArriveForm | None = None, away: TurnAwayForm | None = None) -> str:
    area = here()
    desk = desk_of(area.id)
    counter = chosen_counter(desk, request.form.get("counter") or request.args.get("counter"))
    values = live_values(desk, counter)
    form = form or ArriveForm(whom=request.args.get("whom", "")[:20], person=request.args.get("person", "")[:36])
    away = away or TurnAwayForm(formdata=None)
    form.offer(desk)
    away.offer(desk)
    form.counter.data = away.counter.data = str(counter.id) if counter else ""
    given = listing.find_ticket(area.id, asked) if (asked := read_id(request.args.get("given"))) else None
    return render_template(
        "queue/desk.html",
        **values,
        tag=tag_of(values),
        form=form,
        away=away,
        given=given,
        for_person=named(area.id, form.person.data),
        open_now=values["day"].open_at(now()),
        board_key=settings_of(area, QueueSettings).board_key,
        problem=problem,
    )


def to_desk(given: UUID | None = None) -> ResponseReturnValue:
    counter = request.form.get("counter") or request.args.get("counter") or None
    return redirect(url_for("queue.index", counter=counter, given=given))


def or_unchanged(tag: str) -> Response | None:
    """304 for who has this state already: the answer has no body, and nothing was put together for it."""
    if not request.if_none_match.contains_weak(tag):
        return None
    answer = make_response("", 304)
    answer.set_etag(tag)
    return answer


def live_answer(page: str, tag: str) -> Response:
    answer = make_response(page)
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/")
@requires("queue.read")
def index() -> ResponseReturnValue:
    return desk_page()


@bp.get("/live")
@requires("queue.read")
def live() -> ResponseReturnValue:
    """The part of the page that changes; nothing when nothing has."""
    desk = desk_of(here().id)
    values = live_values(desk, chosen_counter(desk, request.args.get("counter")))
    tag = tag_of(values)
    return or_unchanged(tag) or live_answer(render_template("queue/desk_live.html", **values), tag)


@bp.post("/arrive")
@requires("queue.write")
def give() -> ResponseReturnValue:
    """A number for somebody who has come."""
    area = here()
    form, desk = ArriveForm(), desk_of(area.id)
    form.offer(desk)
    if not form.validate():
        return desk_page(form=form), 422
    service = desk.services.get(read_id(form.service.data) or UUID(int=0)) or abort(404)
    try:
        person, case = read_whom(area.id, form.whom.data or "", form.person.data)
        who = Arrival(form.id, form.priority.data or "", person, case)
        ticket = arrive(area, service, who, now(), by=current_user.id)
        ticket_id = ticket.id
        commit()
    except DayFull as problem:
        db.session.rollback()
        turn_away(area, service.id, now(), "full", by=current_user.id)
        commit()
        text = gettext("%(problem)s Satu warga dicatat belum terlayani.", problem=str(problem))
        return desk_page(text, form), 409
    except CaseError as problem:
        db.session.rollback()
        form.whom.errors = [str(problem)]
        return desk_page(form=form), 422
    except IntegrityError:
        # The same form at the same moment: the other one has the number.
        db.session.rollback()
        ticket_id = form.id
    return to_desk(given=ticket_id)


@bp.post("/next")
@requires("queue.write")
def call_next_one() -> ResponseReturnValue:
    area = here()
    desk = desk_of(area.id)
    counter = chosen_counter(desk, request.form.get("counter"))
    if counter is None:
        return desk_page(gettext("Belum ada loket. Tambahkan loket di pengaturan antrean.")), 409
    called = call_next(area.id, area_today(), counter, desk.services_of(counter.id), now(), by=current_user.id)
    text = label_of(desk.services[called.service_id], called) if called else ""
    commit()
    flash(gettext("%(number)s dipanggil.", number=text) if text else gettext("Tidak ada yang menunggu."), "success")
    return to_desk()


@bp.post("/check-in/<uuid:id>")
@requires("queue.write")
def check_in_booking(id: UUID) -> ResponseReturnValue:
    """Who has booked is here; a second tap finds the number that the first one gave."""
    area = here()
    booking = booked.find(area.id, id) or abort(404)
    booking = booked.find_by_code(area.id, booking.code, for_change=True) or abort(404)
    service = desk_of(area.id).services[booking.service_id]
    try:
        ticket = check_in(area, booking, service, now(), by=current_user.id)
        ticket_id = ticket.id
        commit()
    except CaseError as problem:
        db.session.rollback()
        return desk_page(str(problem)), 409
    return to_desk(given=ticket_id)


@bp.post("/missed")
@requires("queue.write")
def mark_missed() -> ResponseReturnValue:
    """Bookings of today whose time has gone by."""
    minutes = settings_of(here(), QueueSettings).no_show_minutes
    missed = booked.miss(here().id, area_today(), now(), minutes)
    commit()
    flash(gettext("%(n)s janji dicatat tidak datang.", n=missed), "success")
    return to_desk()


@bp.post("/turned-away")
@requires("queue.write")
def note_turned_away() -> ResponseReturnValue:
    form, desk = TurnAwayForm(), desk_of(here().id)
    form.offer(desk)
    if not form.validate():
        return desk_page(away=form), 422
    turn_away(
        here(),
        read_id(form.service.data),
        now(),
        form.reason.data or "other",
        form.people.data or 1,
        by=current_user.id,
    )
    commit()
    flash(gettext("Tercatat: %(n)s warga belum terlayani.", n=form.people.data), "success")
    return to_desk()


@bp.route("/close", methods=["GET", "POST"])
@requires("queue.write")
def close() -> ResponseReturnValue:
    """The end of the day: who still waits is written down as turned away."""
    view = listing.day_view(here().id, area_today())
    if request.method == "GET":
        return render_template("queue/close.html", view=view)
    left = close_day(here().id, area_today(), now(), by=current_user.id)
    commit()
    flash(gettext("Antrean hari ini ditutup. %(n)s warga belum terlayani.", n=left), "success")
    return to_desk()
