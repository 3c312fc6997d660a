"""The worklist of NIKs that Dukcapil does not know, or nobody has asked about; several are noted at once."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import Stale, area_today, commit, db, gettext, here, ngettext, requires

from .. import checks as domain
from ..checks import SHOWN, CheckInput
from ..page_forms import ChecksForm
from ..rulebook import rule_on
from . import bp


@bp.get("/nik")
@requires("dtsen.read")
def checks() -> ResponseReturnValue:
    rule = rule_on(area_today())
    days = rule.recheck_days if rule else 30
    return _page(ChecksForm(checked_on=area_today(), recheck_on=area_today() + timedelta(days=days)))


def _page(form: ChecksForm, problem: str = "") -> str:
    show, search = request.args.get("show", "unmatched"), request.args.get("q", "").strip()[:80]
    show = show if show in SHOWN else "unmatched"
    return render_template(
        "dtsen/checks.html",
        page=domain.worklist(here().id, show, search, request.args.get("after")),
        counts=domain.counts(here().id),
        show=show,
        search=search,
        shown=SHOWN,
        form=form,
        ticked=set(form.people.data or ()),
        today=area_today(),
        problem=problem,
    )


@bp.post("/nik")
@requires("dtsen.write")
def note_checks() -> ResponseReturnValue:
    form = ChecksForm()
    if not form.validate():
        return _page(form), 422
    found = CheckInput(
        form.result.data,
        form.checked_on.data or area_today(),
        current_user.name,
        form.note.data or "",
        form.recheck_on.data,
    )
    try:
        left_out = domain.note_checks(here().id, form.seen, found)
    except Stale:
        db.session.rollback()
        names = ", ".join(domain.changed_since(here().id, form.seen)) or "–"
        problem = gettext("Belum disimpan. Data warga ini baru saja diubah orang lain: %(names)s.", names=names)
        return _page(form, problem), 409
    commit()
    noted = len(form.seen) - len(left_out)
    if noted:
        flash(ngettext("%(num)s NIK dicatat.", "%(num)s NIK dicatat.", noted), "success")
    if left_out:
        flash(gettext("Belum punya NIK, jadi dilewati: %(names)s.", names=", ".join(left_out)), "warning")
    return redirect(url_for("dtsen.checks", show=request.args.get("show"), q=request.args.get("q")))
