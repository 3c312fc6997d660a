"""The receiving side: the inbox, one referral, its papers, and the answers."""

from collections.abc import Callable
from functools import wraps
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.areas.code import AreaCode
from core.database.session import db
from core.files import EXTENSIONS, FileRefused
from core.platform import platform
from core.referrals import inbox as lists
from core.referrals.addressing import Address, NotAddressed
from core.referrals.answering import Reply, take_step
from core.referrals.errors import ReferralError, StaleReferral
from core.referrals.forms import AnswerForm
from core.referrals.officers import answers_for
from core.referrals.receiving import open_paper, read, show_nik
from core.referrals.shared import readable_snapshot
from core.referrals.states import STATES, STEPS, bar
from core.referrals.terms import KINDS
from core.texts import lazy_gettext
from core.users.identity import Identity
from core.users.permissions import requires
from core.web.answers import stored_file
from core.web.errors import error_page
from core.web.formats import area_today

from .village import moved_on, version_of

bp = Blueprint("inbox", __name__)

FILTER_TITLES = {
    "open": lazy_gettext("Menunggu jawaban"),
    "new": lazy_gettext("Belum diterima"),
    "overdue": lazy_gettext("Lewat tenggat"),
    "back": lazy_gettext("Sudah kembali ke desa"),
}


def my_organisations() -> frozenset[UUID]:
    """Those that whoever is signed in answers for in this area."""
    return answers_for(cast(Identity, current_user), g.area.interval)


@bp.errorhandler(NotAddressed)
def not_addressed(_error: NotAddressed) -> ResponseReturnValue:
    """A referral of somebody else's does not exist."""
    return error_page(404)


@bp.get("/<area:area>/inbox")
@requires("referrals.answer")
def index(area: AreaCode) -> ResponseReturnValue:
    which = request.args.get("which", "open")
    which = which if which in lists.FILTERS else "open"
    number = request.args.get("q", "").strip()[:20]
    day, mine = area_today(), my_organisations()
    return render_template(
        "referrals/inbox.html",
        page=lists.inbox_page(g.area, mine, day, which, request.args.get("after")),
        found=lists.with_number(g.area, mine, number) if number else None,
        counts=lists.counts(g.area, mine, day),
        posted=bool(mine),
        several=len(mine) > 1,
        which=which,
        number=number,
        titles=FILTER_TITLES,
        kinds=KINDS,
        states=STATES,
        today=day,
    )


def address(village: AreaCode, referral_id: UUID) -> Address:
    return Address(g.area, my_organisations(), village, referral_id)


def addressed(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """What stands in the way of a step is told on the referral's page."""

    @wraps(view)
    def guarded(area: AreaCode, village: AreaCode, id: UUID, **values: object) -> ResponseReturnValue:
        try:
            return view(area=area, village=village, id=id, **values)
        except ReferralError as problem:
            db.session.rollback()
            return received_page(address(village, id), problem=str(problem)), 422
        except StaleReferral:
            db.session.rollback()
            return received_page(address(village, id), problem=moved_on()), 409

    return guarded


def received_page(
    to: Address, *, problem: str | None = None, nik: str | None = None, key: str = "", form: AnswerForm | None = None
) -> str:
    """``key`` and ``form``: the step that came back with errors."""
    received = read(to)
    version = str(received.version)
    return render_template(
        "referrals/received.html",
        to=to,
        received=received,
        facts=readable_snapshot(received.shared),
        bar=bar(received.state, received.decision)[1:],
        kinds=KINDS,
        states=STATES,
        problem=problem,
        nik=nik,
        forms={
            step.key: form
            if form is not None and step.key == key
            else AnswerForm(formdata=None, name=step.key, version=version)
            for step in received.steps
        },
    )


@bp.get("/<area:area>/inbox/<village:village>/<uuid:id>")
@requires("referrals.answer")
@addressed
def show(area: AreaCode, village: AreaCode, id: UUID) -> ResponseReturnValue:
    return received_page(address(village, id))


@bp.post("/<area:area>/inbox/<village:village>/<uuid:id>/nik")
@requires("referrals.answer")
@addressed
def nik(area: AreaCode, village: AreaCode, id: UUID) -> ResponseReturnValue:
    """On the page of the answer and nowhere else: a reload asks, and records, again."""
    to = address(village, id)
    return received_page(to, nik=show_nik(to))


@bp.get("/<area:area>/inbox/<village:village>/<uuid:id>/papers/<uuid:paper_id>")
@requires("referrals.answer")
@addressed
def paper(area: AreaCode, village: AreaCode, id: UUID, paper_id: UUID) -> Response:
    path, media_type, title = open_paper(address(village, id), paper_id, platform().config.files_dir)
    if not path.exists():
        abort(404)
    safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in title).strip("-")
    return stored_file(path, media_type, f"{safe}.{EXTENSIONS[media_type]}")


@bp.post("/<area:area>/inbox/<village:village>/<uuid:id>/steps/<key>")
@requires("referrals.answer")
@addressed
def step(area: AreaCode, village: AreaCode, id: UUID, key: str) -> ResponseReturnValue:
    to, form = address(village, id), AnswerForm(name=key)
    file = request.files.get("evidence")
    given = file if file is not None and file.filename else None
    if not form.validate():
        return received_page(to, key=key, form=form), 422
    reply = Reply(
        note=form.note.data or "",
        reference=form.reference.data or "",
        evidence=cast(BinaryIO, given.stream) if given else None,
        filename=(given.filename or "") if given else "",
    )
    try:
        take_step(to, key, version_of(form), reply, platform().config.files_dir)
    except FileRefused as refusal:
        form.evidence.errors = [str(refusal)]
        return received_page(to, key=key, form=form), 422
    except ReferralError as problem:
        if problem.field is None:
            raise
        form[problem.field].errors = [str(problem)]
        return received_page(to, key=key, form=form), 422
    flash(_("%(step)s: tercatat, dan desa dapat melihatnya.", step=STEPS[key].label), "success")
    return redirect(url_for("inbox.show", village=village, id=id))
