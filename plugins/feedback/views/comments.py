"""Reading, answering and publishing what residents wrote."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import CaseError, Stale, commit, current_row, db, gettext, here, month_name, requires

from .. import comments as domain
from ..forms import CommentForm
from ..models import FeedbackComment
from ..words import COMMENT_STATES
from . import bp


@bp.get("/comments")
@requires("feedback.answer")
def comments() -> ResponseReturnValue:
    show = request.args.get("show", "")
    show = show if show in domain.SHOWN else domain.SHOWN[0]
    page = domain.page_of(here().id, show, request.args.get("after"))
    return render_template("feedback/comments.html", page=page, show=show, states=COMMENT_STATES, month_name=month_name)


@bp.route("/comments/<uuid:id>", methods=["GET", "POST"])
@requires("feedback.answer")
def comment(id: UUID) -> ResponseReturnValue:
    found = domain.find(here().id, id) or abort(404)
    form = CommentForm(
        version=found.version,
        decision=found.state if found.state != "waiting" else "published",
        public_text=found.public_text or domain.masked(found.text),
        answer=found.answer,
    )
    if request.method == "GET":
        return _page(found, form)
    if not form.validate():
        return _page(found, form), 422
    try:
        held = current_row(FeedbackComment, here().id, id, form.seen) or abort(404)
        if form.decision.data == "published":
            domain.publish(held, form.public_text.data or "", form.answer.data or "", by=current_user.id)
        else:
            domain.withhold(held, form.answer.data or "", by=current_user.id)
    except CaseError as problem:
        db.session.rollback()
        return _page(domain.find(here().id, id) or abort(404), form, str(problem)), 422
    except Stale:
        db.session.rollback()
        found = domain.find(here().id, id) or abort(404)
        form.version.data = str(found.version)
        return _page(
            found, form, gettext("Orang lain baru saja memutuskan komentar ini. Isian Anda masih di bawah.")
        ), 409
    commit()
    flash(gettext("Komentar diputuskan."), "success")
    return redirect(url_for("feedback.comments"))


def _page(found: FeedbackComment, form: CommentForm, problem: str = "") -> str:
    return render_template(
        "feedback/comment.html", comment=found, form=form, problem=problem, states=COMMENT_STATES, month_name=month_name
    )
