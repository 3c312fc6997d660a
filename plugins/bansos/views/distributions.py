"""The village's distributions: the list, one of them, announcing, changing, closing, opening again, discarding."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import Stale, area_today, commit, db, gettext, here, requires

from .. import distributions as domain
from ..distribution_forms import CloseForm, DistributionForm, ReasonForm
from ..distributions import SHOWN, SOURCES
from ..goods import in_words
from ..handovers import handed_over_today
from ..models import AidDistribution
from . import bp
from .page import (
    changes_distribution,
    distribution_or_404,
    distribution_page,
    moved_on,
    open_or_404,
    posted_version,
    to_distribution,
)


@bp.get("/")
@requires("bansos.read")
def index() -> ResponseReturnValue:
    """A fixed number of queries, however long the page is."""
    show = request.args.get("show", SHOWN[0])
    show = show if show in SHOWN else SHOWN[0]
    page = domain.page_of(here().id, show, request.args.get("after"))
    return render_template(
        "bansos/index.html",
        page=page,
        show=show,
        tallies=domain.tallies(here().id, [row.id for row in page.rows]),
        sources=SOURCES,
        in_words=in_words,
        waiting=domain.count_waiting(here().id),
        fetched_today=handed_over_today(here().id, area_today()),
        today=area_today(),
    )


@bp.get("/distributions/<uuid:id>")
@requires("bansos.read")
def distribution(id: UUID) -> ResponseReturnValue:
    return distribution_page(distribution_or_404(id))


@bp.route("/distributions/new", methods=["GET", "POST"])
@requires("bansos.write")
def new() -> ResponseReturnValue:
    form = DistributionForm(first_day=area_today(), last_day=area_today(), answers_for=current_user.name)
    if request.method == "GET":
        if earlier := _earlier():
            form.show(domain.again(earlier, area_today()))
        return render_template("bansos/distribution_form.html", form=form, distribution=None)
    if not form.validate():
        return render_template("bansos/distribution_form.html", form=form, distribution=None), 422
    made_id = domain.announce(here().id, form.input).id
    commit()
    flash(gettext("Penyaluran tercatat. Masukkan daftar penerimanya."), "success")
    return to_distribution(made_id)


def _earlier() -> AidDistribution | None:
    """The one that the new one is like."""
    try:
        return domain.find_distribution(here().id, UUID(request.args.get("like", "")))
    except ValueError:
        return None


@bp.route("/distributions/<uuid:id>/edit", methods=["GET", "POST"])
@requires("bansos.write")
@changes_distribution
def edit(id: UUID) -> ResponseReturnValue:
    found, form = open_or_404(id), DistributionForm()
    if request.method == "GET":
        form.show(domain.input_of(found))
        return _edit_page(found, form)
    try:
        found = domain.current(here().id, id, form.seen)
    except Stale:
        db.session.rollback()
        return _edit_page(distribution_or_404(id), form, moved_on()), 409
    if not form.validate():
        return _edit_page(found, form), 422
    domain.change(found, form.input)
    commit()
    flash(gettext("Penyaluran disimpan."), "success")
    return to_distribution(id)


def _edit_page(found: AidDistribution, form: DistributionForm, problem: str = "") -> str:
    """What somebody else has changed meanwhile stands beside each field that differs."""
    changed = DistributionForm(formdata=None)
    changed.show(domain.input_of(found))
    pairs = [(field.label.text, changed[field.name]) for field in form if field.name != "version"]
    others = [
        (label, field.data) for label, field in pairs if problem and str(field.data) != str(form[field.name].data)
    ]
    form.version.data = str(found.version)
    return render_template(
        "bansos/distribution_form.html", form=form, distribution=found, problem=problem, others=others
    )


@bp.route("/distributions/<uuid:id>/close", methods=["GET", "POST"])
@requires("bansos.write")
@changes_distribution
def close(id: UUID) -> ResponseReturnValue:
    found, form = open_or_404(id), CloseForm()
    if request.method == "GET":
        form.version.data = str(found.version)
        return _close_page(found, form)
    if not form.validate():
        return _close_page(found, form), 422
    found = domain.current(here().id, id, form.seen)
    if domain.tally_of(found).waiting and not form.returned_to.data:
        form.returned_to.errors = [gettext("Tulis kepada siapa sisanya dikembalikan.")]
        return _close_page(found, form), 422
    domain.close(found, form.returned_to.data or "", form.note.data or "", current_user.id)
    commit()
    flash(gettext("Penyaluran ditutup."), "success")
    return to_distribution(id)


def _close_page(found: AidDistribution, form: CloseForm) -> str:
    tally = domain.tally_of(found)
    left = in_words(*domain.left_over(found, tally))
    form.returned_to.flags.optional = False  # asked for only where something is left, and then needed
    return render_template("bansos/close.html", distribution=found, form=form, tally=tally, left_over=left)


@bp.route("/distributions/<uuid:id>/reopen", methods=["GET", "POST"])
@requires("bansos.write")
@changes_distribution
def reopen(id: UUID) -> ResponseReturnValue:
    found, form = distribution_or_404(id), ReasonForm()
    if request.method == "GET":
        form.version.data = str(found.version)
    elif form.validate():
        domain.reopen(domain.held(here().id, id, form.seen), form.reason.data or "")
        commit()
        flash(gettext("Penyaluran dibuka lagi."), "success")
        return to_distribution(id)
    page = render_template("bansos/reopen.html", distribution=found, form=form)
    return page, 422 if request.method == "POST" else 200


@bp.route("/distributions/<uuid:id>/discard", methods=["GET", "POST"])
@requires("bansos.write")
@changes_distribution
def discard(id: UUID) -> ResponseReturnValue:
    found = distribution_or_404(id)
    if request.method == "GET":
        return render_template("bansos/discard.html", distribution=found)
    domain.discard(domain.current(here().id, id, posted_version()))
    commit()
    flash(gettext("Penyaluran dibuang."), "success")
    return redirect(url_for("bansos.index"))
