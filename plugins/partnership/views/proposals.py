"""What partners and residents propose, and what was decided about it."""

from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import area_today, gettext, here, requires

from .. import partners, register
from ..forms import DecisionForm, ProposalForm
from ..models import PartnerProposal
from ..words import DECISIONS
from . import bp
from .editing import edit, enter


def proposal_or_404(proposal_id: UUID) -> PartnerProposal:
    return register.find_proposal(here().id, proposal_id) or abort(404)


@bp.get("/proposals")
@requires("partnership.read")
def proposals() -> ResponseReturnValue:
    show = request.args.get("show", "")
    show = show if show in register.PROPOSALS_SHOWN else register.PROPOSALS_SHOWN[0]
    return render_template(
        "partnership/proposals.html",
        page=register.proposals_page(here().id, show, request.args.get("after")),
        partners=partners.all_of(here().id),
        show=show,
        decisions=DECISIONS,
    )


@bp.route("/proposals/new", methods=["GET", "POST"])
@requires("partnership.write")
def new_proposal() -> ResponseReturnValue:
    form = ProposalForm(made_on=area_today(), partner_id=request.args.get("partner", None, UUID))
    form.offer_partners(partners.active_in(partners.all_of(here().id)).values(), gettext("Warga"))
    back = url_for("partnership.proposals")

    def save() -> str:
        register.propose(here(), form.values)
        return back

    return enter(form, gettext("Catat usul"), back, save, gettext("Usul tercatat."))


@bp.route("/proposals/<uuid:id>/edit", methods=["GET", "POST"])
@requires("partnership.write")
def edit_proposal(id: UUID) -> ResponseReturnValue:
    form = ProposalForm(obj=proposal_or_404(id))
    form.offer_partners(partners.all_of(here().id).values(), gettext("Warga"))
    return edit(
        PartnerProposal,
        id,
        form,
        gettext("Ubah usul"),
        url_for("partnership.proposals"),
        lambda row: register.change_proposal(row, form.values),
        gettext("Perubahan tersimpan."),
    )


@bp.route("/proposals/<uuid:id>/decide", methods=["GET", "POST"])
@requires("partnership.write")
def decide_proposal(id: UUID) -> ResponseReturnValue:
    found = proposal_or_404(id)
    form = DecisionForm(obj=found, decided_on=found.decided_on or area_today())
    return edit(
        PartnerProposal,
        id,
        form,
        gettext("Putuskan usul"),
        url_for("partnership.proposals"),
        lambda row: register.decide_proposal(
            row, form.decision.data, form.decided_on.data or area_today(), form.reason.data or ""
        ),
        gettext("Keputusan tercatat."),
        lead=found.text,
    )
