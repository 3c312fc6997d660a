"""Writing a referral: one form for a new one and for one that is not on its way."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.cases.catalogue import find_service
from core.cases.errors import CaseError
from core.cases.locking import find_case
from core.cases.models import Case
from core.database.session import commit, db
from core.referrals import drafting
from core.referrals.drafting import ReferralInput, current_referral
from core.referrals.errors import ReferralError, StaleReferral
from core.referrals.forms import MOST_DAYS, ReferralForm, form_of
from core.referrals.models import Referral
from core.referrals.organisations import Addressee, addressees, find_addressee
from core.referrals.planning import draft_planned
from core.referrals.referral_file import ReferralFile, load_referral_file
from core.referrals.rules import RULES
from core.referrals.shared import Paper, papers_of, readable_snapshot
from core.referrals.terms import KINDS, SECTORS
from core.users.permissions import requires
from core.web.formats import area_today

from .village import bp, find_or_404, to_referral, version_of


@bp.route("/<village:area>/cases/<uuid:case_id>/refer", methods=["GET", "POST"])
@requires("referrals.write")
def new(area: AreaCode, case_id: UUID) -> ResponseReturnValue:
    case = find_case(g.area.id, case_id)
    if case is None:
        abort(404)
    papers, receivers = papers_of(case), addressees(g.area.interval)
    form = ReferralForm()
    form.offer(receivers, papers)
    if request.method == "GET":
        _take_proposal(form, receivers)
        return _form_page(form, case, papers)
    try:
        if not form.validate():
            return _form_page(form, case, papers), 422
        referral_id = drafting.create_draft(g.area, case, _input(form)).id
        commit()
    except ReferralError as problem:
        db.session.rollback()
        return _refused(form, find_case(g.area.id, case_id), problem), 422
    flash(_("Rujukan dibuat. Periksa apa yang akan dibaca penerima, lalu kirim."), "success")
    return to_referral(referral_id)


def _take_proposal(form: ReferralForm, receivers: Sequence[Addressee]) -> None:
    """What an address proposes, ``?to=…&kind=…&days=…``; what the form could not be sent with is left out."""
    to, kind, days = (request.args.get(name, "") for name in ("to", "kind", "days"))
    if any(receiver.key == to for receiver in receivers):
        form.to.data = to
    if kind in KINDS:
        form.kind.data = kind
    if days.isascii() and days.isdigit() and 1 <= int(days) <= MOST_DAYS:
        form.answer_days.data = int(days)


@bp.post("/<village:area>/cases/<uuid:case_id>/refer/planned")
@requires("referrals.write")
def plan(area: AreaCode, case_id: UUID) -> ResponseReturnValue:
    """The referral that the case's service plans, filled in; then the page on which it is checked and sent."""
    case = find_case(g.area.id, case_id)
    service = find_service(case.service) if case else None
    if case is None or service is None or service.referral is None:
        abort(404)
    try:
        referral_id = draft_planned(g.area, case, service).id
        commit()
    except (CaseError, ReferralError) as problem:
        db.session.rollback()
        flash(str(problem), "late")
        return redirect(url_for("cases.show", id=case_id))
    flash(_("Rujukan sudah terisi. Periksa apa yang akan dibaca penerima, lalu kirim."), "success")
    return to_referral(referral_id)


@bp.route("/<village:area>/referrals/<uuid:id>/edit", methods=["GET", "POST"])
@requires("referrals.write")
def edit(area: AreaCode, id: UUID) -> ResponseReturnValue:
    file = load_referral_file(g.area, find_or_404(id))
    if not file.editable:
        abort(409)
    case, papers = file.case, papers_of(file.case)
    form = form_of(file.referral, {row.document.kind for row in file.papers}, papers)
    form.offer(addressees(g.area.interval), papers)
    if request.method == "GET":
        return _form_page(form, case, papers, file.referral)
    try:
        if not form.validate():
            return _form_page(form, case, papers, file.referral), 422
        drafting.change_draft(g.area, current_referral(g.area.id, id, version_of(form)), case, _input(form))
        commit()
    except ReferralError as problem:
        db.session.rollback()
        referral = find_or_404(id)
        return _refused(form, drafting.case_of(referral), problem, referral), 422
    except StaleReferral:
        db.session.rollback()
        referral = find_or_404(id)
        form.version.data = str(referral.version)
        stored = _as_stored(load_referral_file(g.area, referral))
        return _refused(form, drafting.case_of(referral), ReferralError(stale_edit()), referral, stored), 409
    flash(_("Rujukan disimpan. Periksa, lalu kirim."), "success")
    return to_referral(id)


def _as_stored(file: ReferralFile) -> list[tuple[str, str]]:
    """The other side of a stale edit: how the referral stands now."""
    referral = file.referral
    return [
        (_("Dirujuk ke"), referral.organisation.name),
        (_("Jenis rujukan"), str(KINDS[referral.kind])),
        (_("Yang diminta"), referral.ask),
        (_("Catatan"), referral.note or "–"),
        *readable_snapshot(file.shared),
        (_("Berkas"), ", ".join(row.title for row in file.papers) or "–"),
    ]


def stale_edit() -> str:
    return _(
        "Orang lain sudah mengubah rujukan ini. Isian Anda masih di bawah dan belum tersimpan: "
        "bandingkan dengan yang tersimpan, lalu simpan lagi bila isian Anda yang benar."
    )


def _input(form: ReferralForm) -> ReferralInput:
    organisation = find_addressee(g.area.interval, form.to.data)
    if organisation is None:
        raise ReferralError(_("Penerima itu tidak dapat dipilih lagi."), "to")
    return ReferralInput(
        organisation=organisation,
        kind=form.kind.data,
        ask=form.ask.data or "",
        note=form.note.data or "",
        fields=tuple(form.fields.data or ()),
        nik=form.nik.data or "",
        documents=form.chosen_documents,
        answer_days=form.answer_days.data,
    )


Stored = Sequence[tuple[str, str]]


def _form_page(
    form: ReferralForm, case: Case, papers: list[Paper], referral: Referral | None = None, stored: Stored = ()
) -> str:
    return render_template(
        "referrals/form.html",
        form=form,
        case=case,
        papers=papers,
        referral=referral,
        stored=stored,
        rule=RULES.at(area_today()),
        sectors=SECTORS,
    )


def _refused(
    form: ReferralForm,
    case: Case | None,
    problem: ReferralError,
    referral: Referral | None = None,
    stored: Stored = (),
) -> str:
    """The form with what was typed, and what the domain had against it."""
    if case is None:
        abort(404)
    if problem.field:
        form[problem.field].errors = [str(problem)]
    else:
        form.form_errors = [str(problem)]
    return _form_page(form, case, papers_of(case), referral, stored)
