"""The case that follows: its service's own form, with what the escort tells filled in, or why none is needed."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import Form as PlainForm

from core.api import (
    Service,
    VersionedForm,
    answers_of,
    commit,
    gettext,
    here,
    may,
    requires,
    settings_of,
)

from .. import follow_up as domain
from ..forms import FollowUpForm, WithoutCaseForm
from ..models import Escort
from ..settings import EmergencySettings
from . import bp
from .deeds import held_or_404
from .escort import changes_escort, escort_or_404, to_escort


@bp.route("/<uuid:id>/follow-up", methods=["GET", "POST"])
@requires("emergency.write")
@changes_escort
def follow_up(id: UUID) -> ResponseReturnValue:
    """Who writes here opens a case, and needs the permission for it."""
    found = escort_or_404(id)
    if not may("cases.write"):
        abort(403)
    if not found.waits_for_case:
        return to_escort(id)
    services = domain.suitable(here(), found.jkn)
    service = _chosen(services)
    if service is None or found.person is None:
        return _page(found, services, None, None, None)
    form = FollowUpForm(version=found.version, reporter_phone=found.caller_phone or found.person.phone)
    if service.phone_needed:
        form.need_phone()
    answers = service.form(request.form) if request.method == "POST" else domain.prefilled(here(), service, found)
    if request.method == "GET":
        return _page(found, services, service, form, answers)
    # Both are asked, so that every problem shows at once.
    if not all([form.validate(), answers.validate()]):
        return _page(found, services, service, form, answers), 422
    held = held_or_404(id, form.seen)
    phone = form.reporter_phone.data or ""
    case = domain.open_follow_up(here(), held, service, answers_of(answers), phone, by=current_user.id)
    case_id, ticket = case.id, case.ticket
    commit()
    flash(gettext("Kasus %(ticket)s dibuka. Cetak tanda terimanya untuk warga.", ticket=ticket), "success")
    return redirect(url_for("cases.show", id=case_id))


def _chosen(services: Sequence[Service]) -> Service | None:
    asked = request.args.get("service")
    return next((service for service in services if service.name == asked), services[0] if services else None)


def _page(
    found: Escort,
    services: Sequence[Service],
    service: Service | None,
    form: FollowUpForm | None,
    answers: PlainForm | None,
) -> str:
    return render_template(
        "emergency/follow_up.html",
        escort=found,
        services=services,
        service=service,
        form=form,
        answers=answers,
        going=domain.going(found, services),
        titles={each.name: each.title for each in services},
        link=VersionedForm(formdata=None, version=found.version),
        advice=settings_of(here(), EmergencySettings).advice,
    )


@bp.post("/<uuid:id>/follow-up/<uuid:case_id>")
@requires("emergency.write")
@changes_escort
def link(id: UUID, case_id: UUID) -> ResponseReturnValue:
    """The case that the resident has going already."""
    services = domain.suitable(here(), escort_or_404(id).jkn)
    domain.link_case(held_or_404(id, VersionedForm().seen), case_id, services, by=current_user.id)
    commit()
    flash(gettext("Kasus ditautkan."), "success")
    return to_escort(id)


@bp.route("/<uuid:id>/no-case", methods=["GET", "POST"])
@requires("emergency.write")
@changes_escort
def no_case(id: UUID) -> ResponseReturnValue:
    found = escort_or_404(id)
    form = WithoutCaseForm(version=found.version)
    if request.method == "GET" or not form.validate():
        page = render_template("emergency/no_case.html", escort=found, form=form)
        return page, 422 if request.method == "POST" else 200
    domain.close_without_case(held_or_404(id, form.seen), form.why.data, form.note.data or "", by=current_user.id)
    commit()
    flash(gettext("Tindak lanjut ditutup tanpa kasus."), "success")
    return to_escort(id)
