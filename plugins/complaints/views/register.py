"""The register of complaints, the report, and taking one in at the desk."""

from uuid import UUID

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    Person,
    area_today,
    commit,
    db,
    find_person,
    here,
    my_permissions,
    private_page,
    record,
    requires,
)

from .. import listing
from ..access import may_handle
from ..forms import DeskForm
from ..intake import TakenBefore, receive
from ..report import report_of, years_of
from ..rulebook import rule_on, unverified
from ..sheet import sheet
from ..words import KINDS, STATES, sector_title, sectors_in
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires("complaints.read")
def index() -> ResponseReturnValue:
    """A fixed number of queries, however long the page is."""
    show, sector, today = request.args.get("show", ""), request.args.get("sector", "")[:40], area_today()
    show = show if show in listing.SHOWN else listing.SHOWN[0]
    return render_template(
        "complaints/index.html",
        page=listing.page_of(
            here().id, show, sector, cursor=request.args.get("after"), today=today, permissions=my_permissions()
        ),
        figures=listing.figures(here().id, today, my_permissions()),
        show=show,
        sector=sector,
        sectors=sectors_in(here()),
        sector_title=sector_title,
        kinds=KINDS,
        states=STATES,
        today=today,
        year=today.year,
    )


@bp.get("/report")
@requires("complaints.read")
def report() -> ResponseReturnValue:
    """Counts of a year by sector and kind, of all complaints: what one may not open is counted, and not shown."""
    today, year = area_today(), _year()
    first, last = today.replace(year=year, month=1, day=1), today.replace(year=year, month=12, day=31)
    return render_template(
        "complaints/report.html",
        report=report_of(here().id, first, last, today),
        year=year,
        years=years_of(here().id, today),
        rule=rule_on(first),
        unverified=unverified(rule_on(first)),
        kinds=KINDS,
        sector_title=sector_title,
    )


@bp.get("/register.xlsx")
@requires("complaints.read")
def download() -> ResponseReturnValue:
    year = _year()
    rows = listing.received_in(here().id, year, my_permissions())
    file = sheet(rows, area_today())
    record("complaints.register_downloaded", "complaints_register", year, complaints=len(rows))
    commit()
    return send_file(
        file, mimetype=XLSX, as_attachment=True, download_name=f"register-keluhan-{here().code}-{year}.xlsx"
    )


def _year() -> int:
    """Of the address, else this year; one that no calendar of ours has is this year's too."""
    today = area_today()
    year = request.args.get("year", today.year, int)
    return year if 2000 <= year <= today.year else today.year


@bp.route("/take", methods=["GET", "POST"])
@requires("complaints.write")
def take() -> ResponseReturnValue:
    """What somebody says at the desk, by phone or on the way; the ticket and code are handed over on paper."""
    form, person = DeskForm(), _person()
    form.offer(here())
    if request.method == "GET" or not form.validate():
        page = render_template("complaints/take.html", form=form, person=person)
        return page, 422 if request.method == "POST" else 200
    said, person_id = form.said(form.channel.data), person.id if person else None
    try:
        taken = receive(here(), said, form.known_teller, area_today(), by=current_user.id, person_id=person_id)
    except TakenBefore:
        db.session.rollback()
        return private_page(render_template("complaints/taken.html", told=None, code="", readable=False))
    told = {
        "id": taken.complaint.id,
        "ticket": taken.complaint.ticket,
        "answer_by": taken.complaint.answer_by,
        "due_on": taken.complaint.due_on,
        "received_on": taken.complaint.received_on,
    }
    readable = may_handle(taken.complaint, my_permissions())
    commit()
    return private_page(render_template("complaints/taken.html", told=told, code=taken.code, readable=readable))


def _person() -> Person | None:
    """The resident whose matter it is, when one came from his or her page."""
    asked = request.args.get("person")
    if not asked:
        return None
    try:
        return find_person(here().id, UUID(asked)) or abort(404)
    except ValueError:
        abort(404)
