"""A partner's own pages: its agreement, actions, scorecard, review and invitations, and nobody else's.

The same pages stand in the village and in the areas above it, wherever the officer's membership lies.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    AreaCode,
    CaseError,
    Stale,
    answers_for,
    commit,
    current_row,
    db,
    file_answer,
    gettext,
    here,
    month_name,
    requires,
    today,
)

from .. import agreements, meetings, own, reviews
from ..agreements import state_on
from ..forms import answers_in, review_form
from ..models import PartnerInvitation, PartnerReview
from ..own import Claim, NotOwn, OwnPartner
from ..rulebook import statements_of
from ..scorecard.board import board_of
from ..scorecard.indicators import by_component
from ..scorecard.months import month_of, read_month
from ..words import AGREEMENT_STATES, ANSWERS, COMPONENTS
from . import bp, wide
from .editing import moved_on

View = Callable[..., ResponseReturnValue]


def my_organisations() -> frozenset[UUID]:
    return answers_for(cast(Any, current_user), here().interval)


def claim(village: AreaCode, partner_id: UUID) -> Claim:
    return Claim(here(), my_organisations(), village, partner_id)


def of_own(view: View) -> View:
    """What is another partner's does not exist."""

    @wraps(view)
    def guarded(**values: object) -> ResponseReturnValue:
        try:
            return view(**values)
        except NotOwn:
            db.session.rollback()
            abort(404)

    return guarded


def list_own() -> ResponseReturnValue:
    page = own.own_page(here(), my_organisations(), request.args.get("after"))
    return render_template("partnership/own_list.html", page=page, posted=bool(my_organisations()))


def show_own(village: AreaCode, id: UUID) -> ResponseReturnValue:
    """Read in the village's scope, so that figures are those that the village itself sees."""
    with own.in_village(claim(village, id)) as found:
        return _page(found)


def _page(found: OwnPartner) -> str:
    area, partner = found.area, found.partner
    day = today(area.timezone)
    month = read_month(request.args.get("month"), area.timezone) or month_of(day, area.timezone)
    month = min(month, month_of(day, area.timezone), key=lambda each: each.first)
    board = board_of(area, month)
    year = reviews.year_on(day)
    return render_template(
        "partnership/own.html",
        village=area,
        village_code=AreaCode.from_id(area.id),
        partner=partner,
        agreements=[row for row in agreements.of_partner(area.id, partner.id) if row.state != "draft"],
        todo=meetings.open_actions(area.id, partner.id),
        invitations=own.invitations_of(area.id, partner.id),
        can_answer=lambda meeting: own.can_answer(meeting, day),
        months=[month_of(day, area.timezone), month_of(day, area.timezone).before],
        board=board,
        found=by_component(board.partners.get(partner.id, {})),
        review=reviews.find(area.id, partner.id, year),
        means=reviews.means,
        year=year,
        state_on=state_on,
        states=AGREEMENT_STATES,
        answers=ANSWERS,
        components=COMPONENTS,
        month_name=month_name,
        today=day,
    )


def answer_own(village: AreaCode, id: UUID, invitation_id: UUID, said: str) -> ResponseReturnValue:
    with own.in_village(claim(village, id)) as found:
        invitation = db.session.get(PartnerInvitation, (found.area.id, invitation_id))
        if invitation is None or invitation.partner_id != found.partner.id:
            raise NotOwn
        meeting = meetings.find(found.area.id, invitation.meeting_id)
        if meeting is None or not own.can_answer(meeting, today(found.area.timezone)):
            flash(gettext("Pertemuan ini sudah lewat."), "warning")
        else:
            meetings.answer(invitation, said)
            commit()
            flash(gettext("Jawaban Anda tercatat."), "success")
    return redirect(url_for(".show_own", village=village, id=id))


def own_file(village: AreaCode, id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    with own.in_village(claim(village, id)) as found:
        agreement = agreements.find(found.area.id, agreement_id)
        if agreement is None or agreement.partner_id != found.partner.id or agreement.state == "draft":
            raise NotOwn
        if not agreement.sha256 or not agreement.media_type:
            raise NotOwn
        return file_answer(found.area, agreement.sha256, agreement.media_type, "perjanjian") or abort(404)


def review_own(village: AreaCode, id: UUID) -> ResponseReturnValue:
    with own.in_village(claim(village, id)) as found:
        year = reviews.year_on(today(found.area.timezone))
        held = reviews.find(found.area.id, id, year)
        given, version, comment = (held.answers, held.version, held.comment) if held else ({}, 0, "")
        form = review_form(statements_of(year), given, version, comment)
        if request.method == "GET" or not form.validate():
            return _review_page(form, found, year), 422 if request.method == "POST" else 200
        answers, comment = answers_in(form, statements_of(year)), form.comment.data or ""
        told = {"side": "partner", "name": current_user.name}
        try:
            if held is None:
                reviews.fill(found.area, found.partner, year, answers, comment, **told)
            else:
                row = current_row(PartnerReview, found.area.id, held.id, form.seen)
                if row is None:
                    raise NotOwn
                reviews.change(row, answers, comment, **told)
            commit()
        except CaseError as problem:
            db.session.rollback()
            return _review_page(form, found, year, str(problem)), 422
        except Stale:
            db.session.rollback()
            newest = reviews.find(found.area.id, id, year)
            form.version.data = str(newest.version if newest else 0)
            return _review_page(form, found, year, moved_on()), 409
    flash(gettext("Penilaian diri tersimpan."), "success")
    return redirect(url_for(".show_own", village=village, id=id))


def _review_page(form: Any, found: OwnPartner, year: int, problem: str = "") -> str:
    return render_template(
        "partnership/review.html",
        title=f"{found.title} · {found.area.title}",
        year=year,
        form=form,
        statements=statements_of(year),
        components=COMPONENTS,
        back=url_for(".show_own", village=found.area.interval, id=found.partner_id),
        problem=problem,
    )


PLACE = "/own/<area:village>/<uuid:id>"
PAGES: tuple[tuple[str, View, list[str]], ...] = (
    ("/own", list_own, ["GET"]),
    (PLACE, show_own, ["GET"]),
    (f"{PLACE}/invitations/<uuid:invitation_id>/<any(yes, no):said>", answer_own, ["POST"]),
    (f"{PLACE}/agreements/<uuid:agreement_id>/file", own_file, ["GET"]),
    (f"{PLACE}/review", review_own, ["GET", "POST"]),
)


def _stand_in(blueprint: Blueprint) -> None:
    for rule, view, methods in PAGES:
        blueprint.add_url_rule(rule, view_func=requires("partnership.own")(of_own(view)), methods=methods)


_stand_in(bp)
_stand_in(wide)
