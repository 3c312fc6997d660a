"""The door: the password, the code, the way out, and the choice between one's areas."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user
from flask_login import logout_user as forget
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from core.areas.naming import as_said_in
from core.texts import lazy_gettext
from core.users import accounts, lockout, signing_in, two_step
from core.users.identity import Held, Identity
from core.users.permissions import ROLES, public, signed_in
from core.web.forms import Form
from core.web.languages import LANGUAGES
from core.web.limits import limiter
from core.web.urls import local_address

from .known_browsers import newcomer, remember, visitor

bp = Blueprint("users", __name__)


class SignInForm(Form):
    username = StringField(lazy_gettext("Nama pengguna"), [InputRequired(), Length(max=64)])
    password = PasswordField(lazy_gettext("Kata sandi"), [InputRequired(), Length(max=200)])


class CodeForm(Form):
    code = StringField(lazy_gettext("Kode"), [InputRequired(), Length(max=40)])


class PasswordForm(Form):
    current = PasswordField(lazy_gettext("Kata sandi sekarang"), [InputRequired(), Length(max=200)])
    new = PasswordField(lazy_gettext("Kata sandi baru"), [InputRequired(), Length(max=200)])
    again = PasswordField(lazy_gettext("Kata sandi baru sekali lagi"), [InputRequired(), Length(max=200)])


@bp.get("/")
@signed_in
def start() -> ResponseReturnValue:
    """Straight to the one area of this person, or to the choice."""
    home = current_user.home()
    return redirect(url_for("areas.home", area=home) if home else url_for("users.areas"))


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("30 per 5 minutes", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_return_address())
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("users/sign_in.html", form=form), 400 if form.is_submitted() else 200
    asking = newcomer(visitor())
    result = signing_in.sign_in(form.username.data or "", form.password.data or "", asking)
    if result.pending:
        return _ask_for_the_code(result.pending)
    if result.identity is None:
        form.password.errors = [_refusal(result.refusal)]
        return render_template("users/sign_in.html", form=form), 401
    return _welcome(result.identity, asking)


def _ask_for_the_code(pending: str) -> ResponseReturnValue:
    language = session.get("language")
    session.clear()
    session.update({"pending": pending} | ({"language": language} if language else {}))
    return redirect(url_for("users.code", next=local_address(request.args.get("next"))))


def _refusal(refusal: signing_in.Refusal | None) -> str:
    """The same words for a wrong password, an unknown name and a locked account: a stranger learns nothing of names."""
    if refusal is signing_in.Refusal.DEMO:
        return _("Akun contoh tidak dapat dipakai di sini.")
    return _(
        "Nama pengguna atau kata sandi tidak cocok. Setelah %(times)s kali salah, kata sandi yang benar pun belum "
        "diterima selama %(minutes)s menit. Tunggu, masuklah dari perangkat yang biasa Anda pakai, atau minta admin "
        "membukanya.",
        times=lockout.MAX_FAILURES,
        minutes=lockout.LOCK.seconds // 60,
    )


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
@limiter.limit("30 per 5 minutes", methods=["POST"])
def code() -> ResponseReturnValue:
    """The second step. Who is not through it is nobody yet: nothing else knows of a pending sign-in."""
    token = session.get("pending")
    user = signing_in.pending_user(token)
    if user is None:
        return _too_late()
    form, name = CodeForm(), user.name
    if not form.validate_on_submit():
        return _code_page(form, name), 422 if form.is_submitted() else 200
    asking = newcomer(visitor())
    identity, answer = signing_in.finish_sign_in(token, form.code.data or "", asking)
    if identity is not None:
        return _welcome(identity, asking)
    if answer is None:
        return _too_late()
    form.code.errors = [two_step.answer_text(answer)]
    return _code_page(form, name), 401


def _code_page(form: CodeForm, name: str) -> str:
    return render_template("users/code.html", form=form, name=name, recovery="recovery" in request.args)


def _too_late() -> ResponseReturnValue:
    if session.pop("pending", None) is not None:
        flash(_("Waktu untuk menulis kode sudah habis. Mulai lagi dari kata sandi."), "warning")
    return redirect(_return_address() if current_user.is_authenticated else url_for("users.sign_in"))


def _welcome(identity: Identity, asking: signing_in.Visitor) -> ResponseReturnValue:
    """A fresh session: nothing of the one before the sign-in is kept, so nobody can have planted it."""
    language = session.get("language")
    session.clear()
    session.permanent = True
    login_user(identity)
    if language in LANGUAGES:
        accounts.set_language(identity.id, language)
    answer = make_response(redirect(url_for("users.password") if identity.must_change_password else _return_address()))
    remember(answer, asking)
    return answer


def _return_address() -> str:
    return local_address(request.args.get("next")) or url_for("users.start")


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    signing_in.sign_out(current_user.id, current_user.token)
    forget()
    session.clear()
    flash(_("Anda sudah keluar."), "success")
    return redirect(url_for("users.sign_in"))


@bp.route("/password", methods=["GET", "POST"])
@signed_in
@limiter.limit("10 per 5 minutes", methods=["POST"])
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        if form.new.data != form.again.data:
            form.again.errors = [_("Kedua isian kata sandi baru belum sama.")]
        elif problem := accounts.change_password(current_user.id, form.current.data or "", form.new.data or ""):
            form[problem.field].errors = [problem.message]
        else:
            forget()
            session.clear()
            flash(_("Kata sandi sudah diganti. Masuklah dengan kata sandi yang baru."), "success")
            return redirect(url_for("users.sign_in"))
    return render_template("users/password.html", form=form), 400 if form.is_submitted() else 200


@bp.get("/areas")
@signed_in
def areas() -> ResponseReturnValue:
    """Choose where to work; the way there for a person with several memberships."""
    return render_template("users/areas.html", memberships=current_user.memberships, role_in=_role_in)


def _role_in(held: Held) -> str:
    return as_said_in(held.area, ROLES[held.role].title)


@bp.get("/language/<language>")
@public
def language(language: str) -> ResponseReturnValue:
    """Switch and come back. A link and not a form: it changes nothing but how pages read."""
    if language in LANGUAGES:
        session["language"] = language
        if current_user.is_authenticated:
            accounts.set_language(current_user.id, language)
    return redirect(_return_address())
