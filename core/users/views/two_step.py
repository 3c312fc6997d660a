"""Switching the second step of one's own sign-in on and off, and the recovery codes, which are shown once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from core.database.session import commit, db
from core.texts import lazy_gettext
from core.users import two_step as steps
from core.users.accounts import AccountError
from core.users.identity import reaches_far
from core.users.permissions import signed_in
from core.web.forms import Form
from core.web.limits import limiter

from .door import bp


class SetUpForm(Form):
    sealed = HiddenField()
    code = StringField(lazy_gettext("Tulis enam angka yang tampil di aplikasi"), [InputRequired(), Length(max=20)])


class ProofForm(Form):
    code = StringField(lazy_gettext("Kode"), [InputRequired(), Length(max=40)])


@bp.route("/account/two-step", methods=["GET", "POST"])
@signed_in
@limiter.limit("30 per 5 minutes", methods=["POST"])
def two_step() -> ResponseReturnValue:
    if current_user.two_step:
        if request.method == "POST":  # the page with the codes was loaded again
            flash(
                _("Kode cadangan hanya ditampilkan sekali. Bila belum tersimpan, buat yang baru di bawah."), "warning"
            )
            return redirect(url_for("users.two_step"))
        return _state_page(_proof("renew"))
    form = SetUpForm()
    if form.validate_on_submit():
        try:
            codes = steps.set_up(current_user.id, form.sealed.data or "", form.code.data or "", keep=current_user.token)
        except AccountError as problem:
            db.session.rollback()
            form.code.errors = [str(problem)]
        else:
            commit()
            return render_template("users/recovery_codes.html", codes=codes, first=True)
    return _set_up_page(form), 422 if form.is_submitted() else 200


def _set_up_page(form: SetUpForm) -> str:
    offer = steps.offer(current_user.id, current_user.username, form.sealed.data or "")
    form.sealed.data = offer.sealed
    return render_template("users/two_step_set_up.html", form=form, offer=offer)


def _state_page(renew: ProofForm, off: ProofForm | None = None) -> str:
    return render_template(
        "users/two_step.html",
        state=steps.state_of(current_user.id),
        renew=renew,
        off=off or _proof("off"),
        demanded=_demanded(),
    )


def _proof(prefix: str) -> ProofForm:
    """An empty one; there are two on the page."""
    return ProofForm(formdata=None, prefix=prefix)


def _demanded() -> bool:
    return not current_user.is_demo and reaches_far(held.area for held in current_user.memberships)


@bp.post("/account/two-step/codes")
@signed_in
@limiter.limit("30 per 5 minutes")
def recovery_codes() -> ResponseReturnValue:
    form = ProofForm(prefix="renew")
    if not form.validate():
        return _state_page(form), 422
    try:
        codes = steps.renew_codes(current_user.id, form.code.data or "")
    except AccountError as problem:
        form.code.errors = [str(problem)]
        return _state_page(form), 422
    commit()
    return render_template("users/recovery_codes.html", codes=codes, first=False)


@bp.post("/account/two-step/off")
@signed_in
@limiter.limit("30 per 5 minutes")
def two_step_off() -> ResponseReturnValue:
    form = ProofForm(prefix="off")
    if form.validate():
        try:
            _turn_off(form.code.data or "")
        except AccountError as problem:
            form.code.errors = [str(problem)]
        else:
            flash(_("Masuk dua langkah sudah dimatikan."), "success")
            return redirect(url_for("users.account"))
    return _state_page(_proof("renew"), form), 422


def _turn_off(code: str) -> None:
    if _demanded():
        raise AccountError(_("Peran Anda mencakup lebih dari satu desa; masuk dua langkah tidak dapat dimatikan."))
    steps.turn_off(current_user.id, code)
    commit()
