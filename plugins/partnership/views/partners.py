"""The list of partners, and all that is known of one."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Stale,
    VersionedForm,
    area_today,
    commit,
    current_row,
    db,
    gettext,
    here,
    requires,
)

from .. import agreements, meetings, partners, register, reviews
from ..agreements import state_on
from ..forms import ContributionForm, PartnerForm
from ..models import Partner
from ..rulebook import expiring_until, rule_on
from ..scorecard.engagement import last_activity, registered_on
from ..words import AGREEMENT_STATES, BARRIERS, COMPONENTS, CONTRIBUTIONS, KINDS, UNITS
from . import bp
from .editing import edit as edit_row
from .editing import enter, moved_on


def partner_or_404(partner_id: UUID) -> Partner:
    return partners.find(here().id, partner_id) or abort(404)


@bp.get("/")
@requires("partnership.read")
def index() -> ResponseReturnValue:
    """Four queries, however many there are."""
    show, day = request.args.get("show", ""), area_today()
    show = show if show in partners.SHOWN else partners.SHOWN[0]
    page = partners.page_of(here().id, show, request.args.get("after"))
    ids = [row.id for row in page.rows]
    active = last_activity(here().interval, ids, day, here().timezone)
    return render_template(
        "partnership/index.html",
        page=page,
        show=show,
        figures=partners.standing_of(here().id, day, expiring_until(day)),
        agreed=agreements.best_of(here().id, ids, day),
        active={row.id: active.get(row.id, registered_on(row, here().timezone)) for row in page.rows},
        dormant_days=rule_on(day).dormant_days,
        state_on=state_on,
        states=AGREEMENT_STATES,
        kinds=KINDS,
        today=day,
        soon=expiring_until(day),
    )


@bp.route("/partners/new", methods=["GET", "POST"])
@requires("partnership.write")
def new_partner() -> ResponseReturnValue:
    form = PartnerForm()
    form.offer(partners.organisations_for(here().interval))

    def save() -> str:
        return url_for("partnership.partner", id=partners.add(here(), form.values).id)

    return enter(form, gettext("Mitra baru"), url_for("partnership.index"), save, gettext("Mitra tercatat."))


@bp.route("/partners/<uuid:id>/edit", methods=["GET", "POST"])
@requires("partnership.write")
def edit_partner(id: UUID) -> ResponseReturnValue:
    found = partner_or_404(id)
    form = PartnerForm(obj=found)
    form.fix(found)
    title = gettext("Ubah %(name)s", name=found.title)
    back = url_for("partnership.partner", id=id)
    return edit_row(
        Partner, id, form, title, back, lambda row: partners.change(row, form.values), gettext("Perubahan tersimpan.")
    )


@bp.get("/partners/<uuid:id>")
@requires("partnership.read")
def partner(id: UUID) -> ResponseReturnValue:
    return partner_page(partner_or_404(id))


def partner_page(found: Partner, form: ContributionForm | None = None, problem: str = "") -> str:
    """A fixed number of queries, however long its history is."""
    area, day = here(), area_today()
    active = last_activity(area.interval, [found.id], day, area.timezone)
    return render_template(
        "partnership/partner.html",
        partner=found,
        agreements=agreements.of_partner(area.id, found.id),
        contributions=register.contributions_of(area.id, found.id),
        barriers=register.open_barriers_of(area.id, found.id),
        todo=meetings.open_actions(area.id, found.id, 10),
        reviews=reviews.of_partner(area.id, found.id),
        means=reviews.means,
        active=active.get(found.id, registered_on(found, area.timezone)),
        dormant_days=rule_on(day).dormant_days,
        form=form or ContributionForm(formdata=None, given_on=day),
        ending=VersionedForm(formdata=None, version=found.version),
        state_on=state_on,
        states=AGREEMENT_STATES,
        kinds=KINDS,
        contribution_kinds=CONTRIBUTIONS,
        units=UNITS,
        barrier_kinds=BARRIERS,
        components=COMPONENTS,
        year=reviews.year_on(day),
        today=day,
        soon=expiring_until(day),
        problem=problem,
    )


@bp.post("/partners/<uuid:id>/<any(end, resume):deed>")
@requires("partnership.write")
def end_partner(id: UUID, deed: str) -> ResponseReturnValue:
    try:
        held = current_row(Partner, here().id, id, VersionedForm().seen) or abort(404)
        partners.end(held, area_today() if deed == "end" else None)
        commit()
    except (CaseError, Stale) as problem:
        db.session.rollback()
        return partner_page(partner_or_404(id), problem=str(problem) or moved_on()), 409
    flash(gettext("Kemitraan berakhir.") if deed == "end" else gettext("Kemitraan berlanjut."), "success")
    return redirect(url_for("partnership.partner", id=id))


@bp.post("/partners/<uuid:id>/contributions")
@requires("partnership.write")
def contribute(id: UUID) -> ResponseReturnValue:
    found, form = partner_or_404(id), ContributionForm()
    if not form.validate():
        return partner_page(found, form), 422
    register.contribute(here(), found, {key: value or "" for key, value in form.data.items()}, by=current_user.id)
    commit()
    flash(gettext("Kontribusi tercatat."), "success")
    return redirect(url_for("partnership.partner", id=id))


@bp.post("/contributions/<uuid:id>/remove")
@requires("partnership.write")
def remove_contribution(id: UUID) -> ResponseReturnValue:
    partner_id = register.withdraw(here().id, id) or abort(404)
    commit()
    flash(gettext("Catatan kontribusi dihapus."), "success")
    return redirect(url_for("partnership.partner", id=partner_id))
