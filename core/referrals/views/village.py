"""The village's side: the list, writing a referral, its page, and the steps that are the village's."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.database.session import commit, db
from core.referrals import drafting, lists, oversight, sending
from core.referrals.drafting import current_referral, find_referral
from core.referrals.errors import ReferralError, StaleReferral
from core.referrals.forms import StepForm, TellForm
from core.referrals.models import Referral
from core.referrals.planned import follows_plan
from core.referrals.referral_file import load_referral_file
from core.referrals.shared import readable_snapshot
from core.referrals.states import STATES
from core.referrals.terms import KINDS, SECTORS
from core.texts import lazy_gettext
from core.users.permissions import requires
from core.web.formats import area_today
from core.web.forms import Form

bp = Blueprint("referrals", __name__)

FILTER_TITLES = {
    "open": lazy_gettext("Terbuka"),
    "overdue": lazy_gettext("Jawaban lewat tenggat"),
    "waiting": lazy_gettext("Menunggu jawaban"),
    "returned": lazy_gettext("Dikembalikan"),
    "tell": lazy_gettext("Beri tahu warga"),
    "draft": lazy_gettext("Belum dikirim"),
    "told": lazy_gettext("Selesai"),
}


@bp.record_once
def give_templates(state: BlueprintSetupState) -> None:
    """What the card on a case's page needs."""
    state.app.jinja_env.globals.update(referral_states=STATES)


def find_or_404(referral_id: UUID) -> Referral:
    referral = find_referral(g.area.id, referral_id)
    if referral is None:
        abort(404)
    return referral


def to_referral(referral_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("referrals.show", id=referral_id))


def version_of(form: Form) -> int:
    text = str(form["version"].data or "")
    return int(text) if text.isdigit() else -1


def referral_page(
    referral: Referral, *, problem: str | None = None, tell: TellForm | None = None, recall: StepForm | None = None
) -> str:
    file = load_referral_file(g.area, referral)
    return render_template(
        "referrals/show.html",
        file=file,
        referral=referral,
        case=file.case,
        facts=readable_snapshot(file.shared),
        kinds=KINDS,
        sectors=SECTORS,
        problem=problem,
        tell_form=tell or TellForm(formdata=None, name="tell", on=area_today(), version=referral.version),
        recall_form=recall or StepForm(formdata=None, name="recall", version=referral.version),
    )


def changes_referral(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """What stands in the way of a change is told on the referral's page, and nothing of it is kept."""

    @wraps(view)
    def guarded(area: AreaCode, id: UUID, **values: object) -> ResponseReturnValue:
        try:
            return view(area=area, id=id, **values)
        except ReferralError as problem:
            db.session.rollback()
            return referral_page(find_or_404(id), problem=str(problem)), 422
        except StaleReferral:
            db.session.rollback()
            return referral_page(find_or_404(id), problem=moved_on()), 409

    return guarded


def moved_on() -> str:
    return _("Rujukan ini sudah berubah sejak halaman dibuka. Inilah keadaannya sekarang; periksa, lalu putuskan lagi.")


@bp.get("/<village:area>/referrals")
@requires("referrals.read")
def index(area: AreaCode) -> ResponseReturnValue:
    which = request.args.get("which", "open")
    which = which if which in lists.FILTERS else "open"
    day = area_today()
    return render_template(
        "referrals/index.html",
        page=lists.referrals_page(g.area.id, day, which, request.args.get("after")),
        counts=lists.counts(g.area.id, day),
        which=which,
        titles=FILTER_TITLES,
        states=STATES,
        today=day,
    )


@bp.get("/<wide:area>/referrals")
@requires("referrals.read")
def overview(area: AreaCode) -> ResponseReturnValue:
    """A district's view: which organisations owe an answer, and the overdue ones, the longest first."""
    day = area_today()
    return render_template(
        "referrals/overview.html",
        page=oversight.late_answers(g.area, day, request.args.get("after")),
        standing=oversight.standing(g.area, day),
        states=STATES,
        today=day,
    )


@bp.get("/<village:area>/referrals/<uuid:id>")
@requires("referrals.read")
def show(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return referral_page(find_or_404(id))


@bp.post("/<village:area>/referrals/<uuid:id>/send")
@requires("referrals.write")
@changes_referral
def send(area: AreaCode, id: UUID) -> ResponseReturnValue:
    referral = current_referral(g.area.id, id, version_of(StepForm()))
    case = drafting.case_of(referral)
    sending.send(g.area, referral, case)
    name, case_id, planned = referral.organisation.name, case.id, follows_plan(referral, case)
    commit()
    flash(_("Rujukan dikirim ke %(name)s.", name=name), "success")
    return redirect(url_for("cases.show", id=case_id)) if planned else to_referral(id)


@bp.post("/<village:area>/referrals/<uuid:id>/recall")
@requires("referrals.write")
@changes_referral
def recall(area: AreaCode, id: UUID) -> ResponseReturnValue:
    form = StepForm(name="recall")
    referral = current_referral(g.area.id, id, version_of(form))
    if not form.validate() or not form.note.data:
        form.note.errors = form.note.errors or [_("Tulis alasannya: penerima perlu tahu mengapa ditarik.")]
        return referral_page(referral, recall=form), 422
    sending.recall(g.area, referral, drafting.case_of(referral), form.note.data)
    commit()
    flash(_("Rujukan ditarik kembali. Penerima tidak lagi melihat data warga."), "success")
    return to_referral(id)


@bp.post("/<village:area>/referrals/<uuid:id>/tell")
@requires("referrals.write")
@changes_referral
def tell(area: AreaCode, id: UUID) -> ResponseReturnValue:
    form = TellForm(name="tell")
    referral = current_referral(g.area.id, id, version_of(form))
    if not form.validate() or form.on.data is None:
        return referral_page(referral, tell=form), 422
    try:
        sending.tell(
            g.area, referral, drafting.case_of(referral), how=form.how.data, on=form.on.data, note=form.note.data or ""
        )
    except ReferralError as problem:
        if problem.field is None:
            raise
        form[problem.field].errors = [str(problem)]
        return referral_page(referral, tell=form), 422
    commit()
    flash(_("Tercatat: warga sudah diberi tahu. Rujukan ini selesai."), "success")
    return to_referral(id)


@bp.post("/<village:area>/referrals/<uuid:id>/discard")
@requires("referrals.write")
@changes_referral
def discard(area: AreaCode, id: UUID) -> ResponseReturnValue:
    referral = current_referral(g.area.id, id, version_of(StepForm()))
    case_id = referral.case_id
    drafting.discard(referral, drafting.case_of(referral))
    commit()
    flash(_("Rujukan dibuang. Tidak ada yang terkirim."), "success")
    return redirect(url_for("cases.show", id=case_id))
