"""What the desk does with a complaint: each deed is a form of its own on one page, told in this table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Text,
    VersionedForm,
    area_today,
    commit,
    current_row,
    gettext,
    here,
    my_permissions,
    requires,
)
from core.api import lazy_gettext as _

from .. import handling
from ..access import may_handle
from ..forms import AnswerForm, ClassForm, ExtendForm, ForwardForm, LinkForm, MergeForm, NoteForm, ReplyForm
from ..handling import Hand
from ..models import Complaint
from . import bp
from .complaint import changes_complaint, complaint_or_404, to_complaint


@dataclass(frozen=True)
class Deed:
    """``act`` does it with the form's values; ``when_open``: only while the complaint is open."""

    title: Text
    form: type[VersionedForm]
    act: Callable[[Complaint, Any, Hand], object]
    when_open: bool = True


DEEDS: Mapping[str, Deed] = {
    "answer": Deed(_("Jawab"), AnswerForm, lambda c, f, hand: handling.answer(c, f.text.data, f.outcome.data, hand)),
    "note": Deed(_("Catat"), NoteForm, lambda c, f, hand: handling.write_note(c, f.text.data, hand), when_open=False),
    "extend": Deed(
        _("Perpanjang tenggat"),
        ExtendForm,
        lambda c, f, hand: handling.extend(c, f.until.data, f.reason.data, hand),
    ),
    "class": Deed(
        _("Ubah jenis atau bidang"),
        ClassForm,
        lambda c, f, hand: handling.reclassify(c, f.sector.data, f.kind.data, f.about.data, hand),
    ),
    "forward": Deed(
        _("Teruskan"),
        ForwardForm,
        lambda c, f, hand: handling.forward(c, f.whom.data, f.ask.data, f.until.data, hand),
    ),
    "reply": Deed(
        _("Catat jawaban dari luar"),
        ReplyForm,
        lambda c, f, hand: handling.take_reply(c, f.whom.data, f.text.data, hand),
        when_open=False,
    ),
    "link": Deed(
        _("Tautkan dengan kasus atau warga"),
        LinkForm,
        lambda c, f, hand: handling.link(c, f.ticket.data or "", f.nik.data or "", hand),
        when_open=False,
    ),
    "merge": Deed(_("Gabungkan"), MergeForm, lambda c, f, hand: handling.merge(c, f.into.data, hand)),
}


@bp.route("/<uuid:id>/<key>", methods=["GET", "POST"])
@requires("complaints.write")
@changes_complaint
def deed(id: UUID, key: str) -> ResponseReturnValue:
    found, chosen = complaint_or_404(id), DEEDS.get(key) or abort(404)
    if not may_handle(found, my_permissions()):
        abort(404)
    if chosen.when_open and found.state != "open":
        raise CaseError(gettext("Keluhan ini tidak terbuka lagi, jadi langkah itu tidak dapat diambil."))
    form = _form(chosen, found)
    if request.method == "POST" and form.validate():
        return _act(id, chosen, form)
    page = render_template("complaints/deed.html", complaint=found, deed=chosen, form=form)
    return page, 422 if request.method == "POST" else 200


def _form(chosen: Deed, found: Complaint) -> VersionedForm:
    form = chosen.form(version=found.version)
    if isinstance(form, ClassForm):
        form = ClassForm(version=found.version, sector=found.sector, kind=found.kind, about=found.about)
        form.offer(here(), found)
    elif isinstance(form, MergeForm) and request.method == "GET":
        form.into.data = request.args.get("into", "")[:20]
    return form


def _act(id: UUID, chosen: Deed, form: VersionedForm) -> ResponseReturnValue:
    held = current_row(Complaint, here().id, id, form.seen)
    if held is None:
        abort(404)
    chosen.act(held, form, Hand(current_user.id, area_today()))
    readable = may_handle(held, my_permissions())
    commit()
    flash(gettext("Tercatat: %(deed)s.", deed=chosen.title), "success")
    return to_complaint(id) if readable else redirect(url_for("complaints.index"))
