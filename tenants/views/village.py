"""A village as the district sees it: its facts, and suspending, resuming, archiving it."""

from flask import abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from core.archive.writing import KIND, archive_name
from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea, find_area
from core.areas.models import Area
from core.database.session import commit, db, scope
from core.exports import request_export
from core.platform import platform
from core.texts import lazy_gettext
from core.users.permissions import ROLES, requires
from core.users.shown_once import open_once
from core.web.formats import area_today
from core.web.forms import Form
from core.web.urls import public_url
from tenants.village_list import village_facts
from tenants.villages import VillageError, change_ticket, resume, suspend

from . import bp

# In the browser's session: which village has something to show once, and the ticket that opens it.
TOLD_ONCE = "accounts_told_once"


class TicketForm(Form):
    prefix = StringField(lazy_gettext("Awalan tiket"), [InputRequired(), Length(max=6)])


class ReasonForm(Form):
    reason = TextAreaField(lazy_gettext("Alasan"), [DataRequired(), Length(max=300)])


def village_or_404(code: AreaCode) -> CurrentArea:
    """A village of the area at hand that is provisioned."""
    if code.level != Level.VILLAGE or not g.area.interval.covers(code):
        abort(404)
    return find_area(code) or abort(404)


def to_village(code: AreaCode | str) -> ResponseReturnValue:
    return redirect(url_for("tenants.show", village=code))


@bp.get("/<wide:area>/villages/<village:village>")
@requires("villages.read")
def show(area: AreaCode, village: AreaCode) -> ResponseReturnValue:
    return page_of(village_or_404(village), TicketForm())


def page_of(village: CurrentArea, form: TicketForm) -> str:
    facts = village_facts(village, area_today())
    installed = platform().plugins.plugins
    above = {origin.area_id for origin in facts.modules.values()} - {village.id}
    told, was_told = told_once(village)
    return render_template(
        "tenants/village.html",
        village=village,
        about=facts,
        public_url=public_url,
        modules=[(name, plugin.title, facts.modules.get(name)) for name, plugin in installed.items()],
        places={row.id: row.title for row in db.session.query(Area).where(Area.id.in_(above))},
        runs=platform().hooks_for(village.enabled).plugins,
        roles=ROLES,
        form=form,
        told=told,
        was_told=was_told,
    )


def told_once(village: CurrentArea) -> tuple[list[dict[str, str]] | None, bool]:
    """The new accounts with their one-time passwords, for the one request that reads them.

    The next one is told that they were shown.
    """
    ticket = session.get(TOLD_ONCE, {}).get(village.code)
    if not ticket or request.method != "GET":
        return None, False
    told = open_once(current_user.id, ticket)
    if told is None:
        session.pop(TOLD_ONCE)
    return told, told is None


@bp.post("/<wide:area>/villages/<village:village>/ticket")
@requires("villages.manage")
def ticket(area: AreaCode, village: AreaCode) -> ResponseReturnValue:
    found, form = village_or_404(village), TicketForm()
    if form.validate():
        try:
            with scope(found):
                change_ticket(found, (form.prefix.data or "").upper())
                commit()
        except VillageError as error:
            form.prefix.errors = [str(error)]
    if form.errors or form.prefix.errors:
        return page_of(found, form), 422
    flash(_("Awalan tiket disimpan."), "success")
    return to_village(village)


@bp.route("/<wide:area>/villages/<village:village>/suspend", methods=["GET", "POST"])
@requires("villages.manage")
def suspend_village(area: AreaCode, village: AreaCode) -> ResponseReturnValue:
    return _switch(village_or_404(village), suspending=True)


@bp.route("/<wide:area>/villages/<village:village>/resume", methods=["GET", "POST"])
@requires("villages.manage")
def resume_village(area: AreaCode, village: AreaCode) -> ResponseReturnValue:
    return _switch(village_or_404(village), suspending=False)


def _switch(village: CurrentArea, *, suspending: bool) -> ResponseReturnValue:
    """Ask for the reason and say what follows; then do it."""
    if village.suspended == suspending:
        flash(_("Desa ini sudah ditangguhkan.") if suspending else _("Desa ini tidak ditangguhkan."), "warning")
        return to_village(village.code)
    form = ReasonForm()
    if not form.validate_on_submit():
        page = render_template("tenants/switch.html", village=village, form=form, suspending=suspending)
        return page, 422 if form.is_submitted() else 200
    with scope(village):
        (suspend if suspending else resume)(village, form.reason.data or "")
        commit()
    done = _("%(village)s ditangguhkan.") if suspending else _("%(village)s aktif kembali.")
    flash(done % {"village": village.title}, "success")
    return to_village(village.code)


@bp.post("/<wide:area>/villages/<village:village>/archive")
@requires("villages.manage")
def archive(area: AreaCode, village: AreaCode) -> ResponseReturnValue:
    """Have the hand-over archive made. Here and not on the village's pages: a suspended village takes no form."""
    found = village_or_404(village)
    with scope(found):
        export_id = request_export(found, KIND, archive_name(found), {}).id
        commit()
    return redirect(url_for("exports.show", area=village, id=export_id))
