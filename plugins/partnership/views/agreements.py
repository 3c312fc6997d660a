"""Agreements with a partner: written down, changed, ended, and the signed paper."""

from uuid import UUID

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from core.api import area_today, file_answer, gettext, here, requires

from .. import agreements
from ..forms import AgreementForm, EndForm
from ..models import PartnerAgreement
from . import bp
from .editing import edit, enter
from .partners import partner_or_404


def agreement_or_404(agreement_id: UUID) -> PartnerAgreement:
    return agreements.find(here().id, agreement_id) or abort(404)


@bp.route("/partners/<uuid:id>/agreements/new", methods=["GET", "POST"])
@requires("partnership.write")
def new_agreement(id: UUID) -> ResponseReturnValue:
    partner, form = partner_or_404(id), AgreementForm()
    back = url_for("partnership.partner", id=id)
    title = gettext("Perjanjian dengan %(name)s", name=partner.title)

    def save() -> str:
        agreements.add(here(), partner, form.values, form.upload)
        return back

    return enter(form, title, back, save, gettext("Perjanjian tercatat."), upload=True)


@bp.route("/agreements/<uuid:id>", methods=["GET", "POST"])
@requires("partnership.write")
def agreement(id: UUID) -> ResponseReturnValue:
    found = agreement_or_404(id)
    form = AgreementForm(obj=found)
    form.file.data = form.file.data if hasattr(form.file.data, "stream") else None
    back = url_for("partnership.partner", id=found.partner_id)
    return edit(
        PartnerAgreement,
        id,
        form,
        gettext("Ubah perjanjian"),
        back,
        lambda row: agreements.change(here(), row, form.values, form.upload),
        gettext("Perubahan tersimpan."),
        upload=True,
    )


@bp.route("/agreements/<uuid:id>/end", methods=["GET", "POST"])
@requires("partnership.write")
def end_agreement(id: UUID) -> ResponseReturnValue:
    found = agreement_or_404(id)
    form = EndForm(version=found.version, ended_on=area_today())
    back = url_for("partnership.partner", id=found.partner_id)
    return edit(
        PartnerAgreement,
        id,
        form,
        gettext("Hentikan perjanjian “%(title)s”", title=found.title),
        back,
        lambda row: agreements.end(row, form.ended_on.data or area_today(), form.ended_why.data or ""),
        gettext("Perjanjian dihentikan."),
    )


@bp.get("/agreements/<uuid:id>/file")
@requires("partnership.read")
def agreement_file(id: UUID) -> ResponseReturnValue:
    found = agreement_or_404(id)
    if not found.sha256 or not found.media_type:
        abort(404)
    return file_answer(here(), found.sha256, found.media_type, "perjanjian") or abort(404)
