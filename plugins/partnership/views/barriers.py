"""The register of barriers."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import CaseError, Stale, VersionedForm, area_today, commit, current_row, db, gettext, here, requires

from .. import partners, register
from ..forms import BarrierForm, ResolveForm
from ..models import PartnerBarrier
from ..words import BARRIERS, SOURCES
from . import bp
from .editing import edit, enter, moved_on


def barrier_or_404(barrier_id: UUID) -> PartnerBarrier:
    return register.find_barrier(here().id, barrier_id) or abort(404)


@bp.get("/barriers")
@requires("partnership.read")
def barriers() -> ResponseReturnValue:
    show = request.args.get("show", "")
    show = show if show in register.BARRIERS_SHOWN else register.BARRIERS_SHOWN[0]
    return render_template(
        "partnership/barriers.html",
        page=register.barriers_page(here().id, show, request.args.get("after")),
        partners=partners.all_of(here().id),
        show=show,
        kinds=BARRIERS,
        sources=SOURCES,
        today=area_today(),
    )


@bp.route("/barriers/new", methods=["GET", "POST"])
@requires("partnership.write")
def new_barrier() -> ResponseReturnValue:
    form = BarrierForm(opened_on=area_today(), partner_id=_asked_for())
    form.offer_partners(partners.active_in(partners.all_of(here().id)).values(), gettext("Tidak tentang satu mitra"))

    def save() -> str:
        return url_for("partnership.barrier", id=register.open_barrier(here(), form.values, by=current_user.id).id)

    back = url_for("partnership.barriers")
    return enter(form, gettext("Catat hambatan"), back, save, gettext("Hambatan tercatat."))


def _asked_for() -> UUID | None:
    return request.args.get("partner", None, UUID)


@bp.get("/barriers/<uuid:id>")
@requires("partnership.read")
def barrier(id: UUID) -> ResponseReturnValue:
    return _page(barrier_or_404(id))


def _page(found: PartnerBarrier, problem: str = "") -> str:
    return render_template(
        "partnership/barrier.html",
        barrier=found,
        partner=partners.find(here().id, found.partner_id) if found.partner_id else None,
        form=VersionedForm(formdata=None, version=found.version),
        kinds=BARRIERS,
        sources=SOURCES,
        today=area_today(),
        problem=problem,
    )


@bp.route("/barriers/<uuid:id>/edit", methods=["GET", "POST"])
@requires("partnership.write")
def edit_barrier(id: UUID) -> ResponseReturnValue:
    found = barrier_or_404(id)
    form = BarrierForm(obj=found)
    form.offer_partners(partners.all_of(here().id).values(), gettext("Tidak tentang satu mitra"))
    return edit(
        PartnerBarrier,
        id,
        form,
        gettext("Ubah hambatan"),
        url_for("partnership.barrier", id=id),
        lambda row: register.change_barrier(row, form.values),
        gettext("Perubahan tersimpan."),
    )


@bp.route("/barriers/<uuid:id>/resolve", methods=["GET", "POST"])
@requires("partnership.write")
def resolve_barrier(id: UUID) -> ResponseReturnValue:
    found = barrier_or_404(id)
    form = ResolveForm(version=found.version, resolved_on=area_today())
    return edit(
        PartnerBarrier,
        id,
        form,
        gettext("Selesaikan hambatan"),
        url_for("partnership.barrier", id=id),
        lambda row: register.resolve_barrier(row, form.resolved_on.data or area_today(), form.resolution.data or ""),
        gettext("Hambatan selesai."),
        lead=found.text,
    )


@bp.post("/barriers/<uuid:id>/reopen")
@requires("partnership.write")
def reopen_barrier(id: UUID) -> ResponseReturnValue:
    try:
        register.reopen_barrier(current_row(PartnerBarrier, here().id, id, VersionedForm().seen) or abort(404))
        commit()
    except CaseError as problem:
        db.session.rollback()
        return _page(barrier_or_404(id), str(problem)), 422
    except Stale:
        db.session.rollback()
        return _page(barrier_or_404(id), moved_on()), 409
    flash(gettext("Hambatan dibuka lagi."), "success")
    return redirect(url_for("partnership.barrier", id=id))
