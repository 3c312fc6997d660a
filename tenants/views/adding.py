"""Adding villages: choose the kecamatan, then the village, say what it offers and who works there, look, do it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.areas.code import AreaCode, Level
from core.areas.current import find_area
from core.areas.models import Area
from core.areas.modules import origins
from core.database.session import commit, db, scope
from core.enablement import Origin
from core.modules.agreement import ModulesDisagree
from core.platform import platform
from core.users.accounts import AccountError
from core.users.permissions import ROLES, requires
from core.users.shown_once import seal
from core.web.forms import SelectChoice
from tenants.apply import NewAccount
from tenants.catalogue import CatalogueArea
from tenants.villages import (
    NewVillages,
    add_villages,
    by_kecamatan,
    free_usernames,
    missing_villages,
    proposed_tickets,
)

from . import bp
from .adding_forms import MOST_ROWS, STARTS, StaffRow, VillagesForm, check_rows, members_of, staff_rows
from .village import TOLD_ONCE

SHOWN = 40


@dataclass(frozen=True)
class Choice:
    """What is to be added: one village, or all that are missing of an area."""

    code: AreaCode
    villages: tuple[CatalogueArea, ...]

    @property
    def is_one(self) -> bool:
        return self.code.level == Level.VILLAGE

    @property
    def above(self) -> AreaCode:
        return (self.code.parent or self.code) if self.is_one else self.code


@bp.route("/<wide:area>/villages/new", methods=["GET", "POST"])
@requires("villages.manage")
def new(area: AreaCode) -> ResponseReturnValue:
    code = _code(request.values.get("add"))
    if code is None:
        return _choose(), 422 if request.method == "POST" else 200
    if code.level == Level.VILLAGE and (there := find_area(code)):
        flash(_("%(village)s sudah ada. Tidak ada yang diubah.", village=there.title), "warning")
        return redirect(url_for("tenants.show", village=code))
    choice = Choice(code, missing_villages(code))
    if not choice.villages:
        flash(_("Semua desa di sana sudah ada. Tidak ada yang diubah."), "warning")
        return redirect(url_for("tenants.new"))
    if request.method == "GET":
        return _form_page(choice, _blank_form(choice), _proposed_rows(choice))
    return _posted(choice)


def _code(text: str | None) -> AreaCode | None:
    """A code inside the area at hand; everything else is as if nothing had been chosen."""
    try:
        code = AreaCode.parse(text or "")
    except ValueError:
        return None
    return code if g.area.interval.covers(code) else None


def _choose() -> str:
    """First the kecamatan, then the village: names are not unique, so each stands with its code."""
    groups = by_kecamatan(g.area.interval)
    wanted = request.args.get("in", "")
    chosen = next(
        (group for group in groups if str(group.area.code) == wanted), groups[0] if len(groups) == 1 else None
    )
    missing = sum(len(group.missing) for group in groups)
    return render_template("tenants/choose.html", groups=groups, chosen=chosen, missing=missing)


def _posted(choice: Choice) -> ResponseReturnValue:
    form, rows = VillagesForm(), staff_rows(request.form)
    _offer_modules(form, choice)
    if "add_row" in request.form:
        rows += staff_rows({}, count=1, start=len(rows)) if len(rows) < MOST_ROWS else []
        return _form_page(choice, form, rows)
    form.ticket.data = (form.ticket.data or "").upper()
    is_right = form.validate_for(choice.code if choice.is_one else None)
    is_right = check_rows(rows) and is_right
    if not is_right:
        return _form_page(choice, form, rows), 422
    if "save" in request.form:
        return _save(choice, form, rows)
    if "edit" in request.form:
        return _form_page(choice, form, rows)
    return _summary(choice, form, rows)


def _save(choice: Choice, form: VillagesForm, rows: Sequence[StaffRow]) -> ResponseReturnValue:
    place = g.area
    try:
        applied = add_villages(_wanted(choice, form, rows))
    except AccountError as error:  # somebody else took the user name a moment ago
        rows[0].username.errors = [str(error)]
        return _form_page(choice, form, rows), 422
    except ModulesDisagree as disagree:
        db.session.rollback()
        form.modules.errors = [str(discord) for discord in disagree.discords]
        return _form_page(choice, form, rows), 422
    if not choice.is_one:
        flash(_("%(n)s desa ditambahkan.", n=len(choice.villages)), "success")
        return redirect(url_for("tenants.index", area=place.code))
    flash(_("%(village)s ditambahkan.", village=choice.villages[0].name), "success")
    if applied.accounts:
        _tell_once(str(choice.code), applied.accounts)
    return redirect(url_for("tenants.show", area=place.code, village=choice.code))


def _tell_once(village: str, accounts: Sequence[NewAccount]) -> None:
    told = [{"username": item.username, "name": item.name, "password": item.password} for item in accounts]
    with scope(g.area):
        ticket = seal(current_user.id, told)
        commit()
    session[TOLD_ONCE] = {village: ticket}


def _wanted(choice: Choice, form: VillagesForm, rows: Sequence[StaffRow]) -> NewVillages:
    ticket = form.ticket.data
    return NewVillages(
        villages=choice.villages,
        modules={name: name in (form.modules.data or ()) for name in platform().plugins.plugins},
        staff=members_of(rows, choice.code) if choice.is_one else (),
        tickets={choice.code: ticket} if choice.is_one and ticket else {},
    )


# ---- pages ----


def _blank_form(choice: Choice) -> VillagesForm:
    form = VillagesForm()
    _offer_modules(form, choice)
    form.modules.data = [name for name, origin in origins(choice.above).items() if origin.enabled]
    form.ticket.data = proposed_tickets(choice.villages).get(choice.code, "") if choice.is_one else ""
    return form


def _offer_modules(form: VillagesForm, choice: Choice) -> None:
    given = origins(choice.above)
    form.modules.choices = [
        SelectChoice(name, f"{plugin.title} – {_said(given.get(name))}")
        for name, plugin in platform().plugins.plugins.items()
    ]


def _said(origin: Origin | None) -> str:
    """What the areas above give."""
    if origin is None:
        return _("belum diatur kabupaten: mati")
    if origin.locked_by is not None:
        return (
            _("dikunci hidup oleh wilayah di atasnya") if origin.enabled else _("dikunci mati oleh wilayah di atasnya")
        )
    return _("bawaan: hidup") if origin.enabled else _("bawaan: mati")


def _proposed_rows(choice: Choice) -> list[StaffRow]:
    if not choice.is_one:
        return []
    names = free_usernames(choice.villages[0], [start for start, _role in STARTS])
    given = {
        f"staff-{number}-{key}": value
        for number, (name, (_start, role)) in enumerate(zip(names, STARTS, strict=True))
        for key, value in (("username", name), ("role", role))
    }
    return staff_rows(given, count=len(STARTS))


def _form_page(choice: Choice, form: VillagesForm, rows: Sequence[StaffRow]) -> str:
    return render_template("tenants/new.html", choice=choice, form=form, rows=rows, **_about(choice))


def _summary(choice: Choice, form: VillagesForm, rows: Sequence[StaffRow]) -> str:
    given, on = origins(choice.above), set(form.modules.data or ())
    modules = [
        (plugin.title, _effect(name in on, given.get(name))) for name, plugin in platform().plugins.plugins.items()
    ]
    tickets = proposed_tickets(choice.villages)
    if choice.is_one and form.ticket.data:
        tickets[choice.code] = form.ticket.data
    return render_template(
        "tenants/summary.html",
        choice=choice,
        form=form,
        rows=rows,
        modules=modules,
        tickets=tickets,
        members=members_of(rows, choice.code),
        roles=ROLES,
        shown=SHOWN,
        **_about(choice),
    )


def _effect(wanted: bool, given: Origin | None) -> str:
    on = given is not None and given.enabled
    if given is not None and given.locked_by is not None:
        return _("hidup, dikunci di atasnya") if on else _("mati, dikunci di atasnya")
    if wanted == on:
        return _("hidup, mengikuti bawaan") if on else _("mati, mengikuti bawaan")
    return _("hidup, khusus di sini") if wanted else _("mati, khusus di sini")


def _about(choice: Choice) -> dict[str, object]:
    known = {str(row.code): row.title for row in db.session.query(Area).where(Area.id == choice.above.id)}
    name = next((group.area.name for group in by_kecamatan(choice.above)), "") if not known else ""
    title = known.get(str(choice.above)) or f"Kec. {name}"
    return {"above": title, "above_code": str(choice.above)}
