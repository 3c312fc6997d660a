"""One number: its slip, its steps, another queue, the case that it is about."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    Case,
    area_today,
    commit,
    db,
    find_person,
    gettext,
    here,
    names_of,
    now,
    private_page,
    requires,
    told_on_page,
)

from .. import calling, listing
from ..desk_days import desk_day, desk_of
from ..forms import LinkForm, TransferForm, read_id
from ..models import QueueTicket
from ..papers_ahead import papers_of
from ..steps import steps_of
from ..waiting import expected
from ..whom import find_by_ticket, open_cases_of
from ..words import ORIGINS, PRIORITIES, STATES, STEPS, label_of
from . import bp
from .deeds import held_or_404, moved_on


def ticket_or_404(ticket_id: UUID) -> QueueTicket:
    return listing.find_ticket(here().id, ticket_id) or abort(404)


def ticket_page(ticket_id: UUID, problem: str = "") -> str:
    """A fixed number of queries."""
    ticket, area = ticket_or_404(ticket_id), here()
    desk, steps = desk_of(area.id), steps_of(ticket)
    person = find_person(area.id, ticket.person_id) if ticket.person_id else None
    case = db.session.get(Case, (area.id, ticket.case_id)) if ticket.case_id else None
    transfer = TransferForm(formdata=None, version=ticket.version)
    transfer.offer(desk)
    return render_template(
        "queue/ticket.html",
        ticket=ticket,
        number=label_of(desk.services[ticket.service_id], ticket),
        service=desk.services[ticket.service_id],
        waits_for=desk.services[ticket.waits_for_id],
        counter=desk.counters.get(ticket.counter_id) if ticket.counter_id else None,
        steps=steps,
        names=names_of({step.by for step in steps if step.by}),
        person=person,
        case=case,
        papers=papers_of(area.id, [case.id]).get(case.id) if case else None,
        cases=open_cases_of(area.id, person.id) if person and case is None else [],
        transfer=transfer,
        link=LinkForm(formdata=None, version=ticket.version),
        today=area_today(),
        open_states=calling.OPEN,
        problem=problem,
        states=STATES,
        origins=ORIGINS,
        priorities=PRIORITIES,
        step_titles=STEPS,
    )


changes_ticket_here = told_on_page(ticket_page, moved_on)


@bp.get("/tickets/<uuid:id>")
@requires("queue.read")
def ticket(id: UUID) -> ResponseReturnValue:
    return ticket_page(id)


@bp.get("/tickets/<uuid:id>/slip")
@requires("queue.read")
def slip(id: UUID) -> ResponseReturnValue:
    """To be printed and handed over: the number, and no name."""
    found, area = ticket_or_404(id), here()
    desk = desk_of(area.id)
    waits = expected(area, desk, desk_day(area, found.day)).get(found.waits_for_id)
    return private_page(
        render_template(
            "queue/slip.html",
            ticket=found,
            number=label_of(desk.services[found.service_id], found),
            service=desk.services[found.service_id],
            waits=waits if found.state == "waiting" and found.day == area_today() else None,
            arrived=found.arrived_at.astimezone(ZoneInfo(area.timezone)),
        )
    )


@bp.post("/tickets/<uuid:id>/transfer")
@requires("queue.write")
@changes_ticket_here
def transfer(id: UUID) -> ResponseReturnValue:
    ticket_or_404(id)
    form, desk = TransferForm(), desk_of(here().id)
    form.offer(desk)
    service = desk.services.get(read_id(form.service.data) or UUID(int=0))
    if not form.validate() or service is None:
        return ticket_page(id, gettext("Pilih layanannya.")), 422
    counter = desk.counters.get(read_id(form.counter.data) or UUID(int=0))
    calling.transfer(held_or_404(id), calling.Transfer(service, counter, form.ahead.data), now(), by=current_user.id)
    commit()
    flash(gettext("Nomor dipindahkan ke %(name)s.", name=service.name), "success")
    return redirect(url_for("queue.ticket", id=id))


@bp.post("/tickets/<uuid:id>/case")
@requires("queue.write")
@changes_ticket_here
def link(id: UUID) -> ResponseReturnValue:
    """Tie it to a case; the case's own page shows the visit then."""
    ticket_or_404(id)
    form = LinkForm()
    if not form.validate():
        return ticket_page(id, gettext("Tulis tiket kasusnya.")), 422
    case = find_by_ticket(here().id, form.ticket.data or "")
    calling.link(held_or_404(id), case, now(), by=current_user.id)
    commit()
    flash(gettext("Nomor ditautkan dengan kasus."), "success")
    return redirect(url_for("queue.ticket", id=id))
