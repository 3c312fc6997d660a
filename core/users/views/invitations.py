"""The public page behind an invitation's link, where somebody chooses the first password."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from core.database.session import commit, db
from core.texts import lazy_gettext
from core.users import invitations
from core.users.accounts import AccountError
from core.users.permissions import public
from core.web.forms import Form
from core.web.limits import limiter

from .door import bp


class InvitedForm(Form):
    new = PasswordField(lazy_gettext("Kata sandi baru"), [InputRequired(), Length(max=200)])
    again = PasswordField(lazy_gettext("Kata sandi baru sekali lagi"), [InputRequired(), Length(max=200)])


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per 5 minutes")
def invitation(token: str) -> ResponseReturnValue:
    """Looking uses nothing up: messengers open links to show a preview of them."""
    user = invitations.find_invited(token)
    if user is None:
        return _void()
    form, username, name = InvitedForm(), user.username, user.name
    if form.validate_on_submit():
        if form.new.data != form.again.data:
            form.again.errors = [_("Kedua isian kata sandi baru belum sama.")]
        else:
            try:
                problem = invitations.accept(token, form.new.data or "")
            except AccountError:
                return _void()
            if problem is None:
                commit()
                flash(_("Kata sandi tersimpan. Masuklah sebagai %(name)s.", name=username), "success")
                return redirect(url_for("users.sign_in"))
            db.session.rollback()
            form.new.errors = [problem]
    page = render_template("users/invitation.html", form=form, username=username, name=name)
    return page, 422 if form.is_submitted() else 200


def _void() -> ResponseReturnValue:
    """The same answer whether the link never was, was used, was revoked or is too old."""
    return render_template("users/invitation_void.html"), 404
