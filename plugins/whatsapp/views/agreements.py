"""Who agreed to messages: the village's list, a resident's own page, and ending an agreement."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import Person, Stale, commit, db, find_person, gettext, here, long_date, requires

from .. import consents
from ..forms import ConsentForm
from ..models import WhatsAppConsent
from ..phone import masked
from ..words import HOW
from . import bp

SHOWN = ("on", "stopped", "all")


@bp.get("/consents")
@requires("whatsapp.read")
def agreements() -> ResponseReturnValue:
    return _list(ConsentForm(version=0))


@bp.post("/consents")
@requires("whatsapp.write")
def agree() -> ResponseReturnValue:
    """Of a number that belongs to no registered resident."""
    form = ConsentForm()
    if not form.validate() or not _may_again(form, None):
        db.session.rollback()
        return _list(form), 422
    return _give(form, None) or redirect(url_for("whatsapp.agreements"))


@bp.route("/people/<uuid:person_id>", methods=["GET", "POST"])
@requires("whatsapp.write")
def of_person(person_id: UUID) -> ResponseReturnValue:
    person = find_person(here().id, person_id) or abort(404)
    found = consents.of_person(here().id, person.id)
    form = ConsentForm(version=consents.changes(found), phone=person.phone)
    if request.method == "GET":
        return _person_page(person, found, form)
    if not form.validate() or not _may_again(form, person.id):
        return _person_page(person, found, form), 422
    if form.seen != consents.changes(found):
        return _changed(person, found, form)
    return _give(form, person.id) or redirect(url_for("whatsapp.of_person", person_id=person_id))


@bp.post("/consents/<uuid:id>/stop")
@requires("whatsapp.write")
def stop(id: UUID) -> ResponseReturnValue:
    consent = consents.find(here().id, id) or abort(404)
    person_id = consent.person_id
    if consent.holds and consent.phone:
        consents.stop(here().id, consent.phone, how="clerk", by=current_user.id)
        commit()
    flash(gettext("Nomor ini tidak dikirimi pesan lagi."), "success")
    if person_id is None:
        return redirect(url_for("whatsapp.agreements"))
    return redirect(url_for("whatsapp.of_person", person_id=person_id))


def _give(form: ConsentForm, person_id: UUID | None) -> ResponseReturnValue | None:
    try:
        consents.give(here().id, form.number, person_id, how=form.how.data or "", by=current_user.id)
    except Stale:
        db.session.rollback()  # the very same was written down at this moment
    commit()
    flash(gettext("Izin dicatat."), "success")
    return None


def _may_again(form: ConsentForm, person_id: UUID | None) -> bool:
    """A stop is a wish: it is undone only by the resident's own."""
    stopped = consents.of_phone(here().id, form.number, person_id)
    if stopped is None or stopped.holds or form.again.data:
        return True
    form.again.errors = [
        gettext(
            "Nomor ini berhenti pada %(day)s (%(how)s). Centang hanya bila warga sendiri meminta lagi.",
            day=long_date(stopped.stopped_at.date()) if stopped.stopped_at else "–",
            how=str(HOW.get(stopped.stopped_how, stopped.stopped_how)),
        )
    ]
    return False


def _changed(person: Person, found: Sequence[WhatsAppConsent], form: ConsentForm) -> ResponseReturnValue:
    form.version.data = str(consents.changes(found))
    problem = gettext(
        "Izin warga ini berubah sejak halaman dibuka. Keadaan sekarang ada di bawah; isian Anda tetap ada."
    )
    return _person_page(person, found, form, problem), 409


def _person_page(person: Person, found: Sequence[WhatsAppConsent], form: ConsentForm, problem: str = "") -> str:
    return render_template(
        "whatsapp/person.html", person=person, consents=found, form=form, problem=problem, masked=masked, how=HOW
    )


def _list(form: ConsentForm) -> str:
    show = request.args.get("show", "on")
    show = show if show in SHOWN else "on"
    page = consents.page_of(here().id, show, request.args.get("after"))
    return render_template("whatsapp/agreements.html", page=page, show=show, form=form, masked=masked, how=HOW)
