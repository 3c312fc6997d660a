"""Modules on screen: what is on where and why, switching with a look ahead, the history and the way back."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core.areas.code import AreaCode
from core.areas.models import Area
from core.areas.modules import hold_settings
from core.database.session import commit, db
from core.modules import changes
from core.modules.agreement import ModulesDisagree
from core.modules.forms import LOCKS, STATES, ReasonForm, WishForm
from core.modules.matrix import Looking, read_matrix
from core.modules.plans import Plan, plan_wish
from core.modules.plugin_views import add_plugin_views
from core.modules.wishes import Cell, EmptyWish, Lock, State
from core.modules.wording import Words, module_title, module_titles, setting_text
from core.platform import platform
from core.users.permissions import requires

bp = Blueprint("modules", __name__)

MAX_CELLS = 1000


@bp.get("/<area:area>/modules")
@requires("modules.read")
def index(area: AreaCode) -> ResponseReturnValue:
    """The matrix; of a village, the list of its modules. With htmx, one group of the matrix."""
    looking = _looking()
    matrix = read_matrix(area, looking)
    page = {"matrix": matrix, "looking": looking, "words": Words(matrix.titles), "registry": platform().plugins}
    if g.area.is_village:
        return render_template("modules/village.html", **page)
    if "HX-Request" in request.headers:
        found = [item for item in matrix.groups if item.head and item.head.area.code == request.args.get("group")]
        return render_template("modules/groups.html", groups=found or abort(404), **page)
    return render_template("modules/matrix.html", **page)


def _looking() -> Looking:
    module = request.args.get("module", "")
    return Looking(
        module=module if module in platform().plugins.plugins else None,
        search=request.args.get("q", "").strip().replace("\x00", "")[:80],
        deviating="deviating" in request.args,
        opened=_area_of(request.args.get("open", "")),
        cursor=request.args.get("after"),
    )


def _area_of(text: str) -> AreaCode | None:
    try:
        code = AreaCode.parse(text)
    except ValueError:
        return None
    return code if g.area.interval.covers(code) else None


add_plugin_views(bp)


# ---- switching ----


@bp.route("/<area:area>/modules/change", methods=["GET", "POST"])
@requires("modules.manage")
def change(area: AreaCode) -> ResponseReturnValue:
    """For the chosen fields: what is wanted, and once that is said, what it would do. Changes nothing."""
    cells = _cells()
    if not 0 < len(cells) <= MAX_CELLS:
        flash(_("Pilih dulu satu kotak atau lebih, paling banyak %(n)s sekaligus.", n=MAX_CELLS), "warning")
        return redirect(url_for("modules.index"))
    form = WishForm.about(cells)
    if "state" not in request.form and "wish" not in request.form:
        return _change_page(cells, WishForm.about(cells, formdata=None))
    plan = _plan(cells, form)
    if plan is None:
        return _change_page(cells, form), 422
    return _preview_page(cells, form, plan, ReasonForm(formdata=None))


@bp.post("/<area:area>/modules/apply")
@requires("modules.manage")
def apply(area: AreaCode) -> ResponseReturnValue:
    """Do what the preview said; where that is not what would happen any more, show what would."""
    cells = _cells()
    if not 0 < len(cells) <= MAX_CELLS:
        return redirect(url_for("modules.index"))
    form, reason = WishForm.about(cells), ReasonForm()
    hold_settings()
    plan = _plan(cells, form)
    if plan is None:
        return _change_page(cells, form), 422
    if plan.fingerprint != reason.fingerprint.data:
        return _preview_page(cells, form, plan, reason, stale=True), 409
    if not reason.validate():
        return _preview_page(cells, form, plan, reason), 422
    change_id = changes.apply_plan(plan, reason.reason.data or "").id
    commit()
    flash(_("Perubahan berlaku sejak sekarang."), "success")
    return redirect(url_for("modules.show", id=change_id))


def _cells() -> list[Cell]:
    """The chosen fields. 404 for one that lies outside, is not provisioned, or of a module that is not installed."""
    chosen = []
    for text in dict.fromkeys(request.values.getlist("cell")):
        area_id, _colon, module = text.partition(":")
        if not (area_id.isascii() and area_id.isdigit() and len(area_id) <= 10):
            abort(404)
        chosen.append(Cell(AreaCode.from_id(int(area_id)), module))
    known = platform().plugins.plugins
    if not all(g.area.interval.covers(cell.area) and cell.module in known for cell in chosen):
        abort(404)
    ids = {cell.area.id for cell in chosen[: MAX_CELLS + 1]}
    if chosen and len(db.session.scalars(select(Area.id).where(Area.id.in_(ids))).all()) != len(ids):
        abort(404)
    return chosen


def _plan(cells: Sequence[Cell], form: WishForm) -> Plan | None:
    """None where nothing can be done; the form says why."""
    if not form.validate():
        return None
    try:
        plan = plan_wish(form.wish(cells))
    except EmptyWish:
        inherits = form.state.data == State.INHERIT.value
        form.state.errors = [
            _("Yang mengikuti wilayah di atasnya tidak dapat dikunci. Nyalakan atau matikan, lalu kunci.")
            if inherits
            else _("Belum ada yang diubah. Pilih keadaan lain, kunci, atau hapus penyimpangan.")
        ]
        return None
    if len(plan.refused) == len(cells):
        form.state.errors = _locks(plan)
        return None
    if plan.clashes:
        form.state.errors = [str(clash) for clash in plan.clashes]
        return None
    if plan.changes_nothing:
        form.state.errors = [_("Semua yang dipilih sudah seperti itu.")]
        return None
    return plan


def _locks(plan: Plan) -> list[str]:
    """Who keeps these cells from being changed."""
    locked = {(cell.module, locked_by) for cell, locked_by in plan.refused.items()}
    return [
        _(
            "%(module)s dikunci oleh %(area)s dan tidak dapat diubah dari sini.",
            module=module_title(module),
            area=plan.titles[locked_by],
        )
        for module, locked_by in sorted(locked)
    ]


def _change_page(cells: Sequence[Cell], form: WishForm) -> str:
    return render_template("modules/change.html", form=form, **_about(cells))


def _preview_page(cells: Sequence[Cell], form: WishForm, plan: Plan, reason: ReasonForm, *, stale: bool = False) -> str:
    reason.fingerprint.data = plan.fingerprint
    return render_template(
        "modules/preview.html",
        form=form,
        plan=plan,
        reason=reason,
        stale=stale,
        words=Words(plan.titles),
        locks=_locks(plan),
        needed=[f"{cell.area.id}:{cell.module}" for cell in plan.needed],
        needed_titles=module_titles(dict.fromkeys(cell.module for cell in plan.needed)),
        module_titles=module_titles,
        setting_text=setting_text,
        state=STATES[State(form.state.data)],
        lock=LOCKS[Lock(form.lock.data)] if "lock" in form and form.lock.data != Lock.KEEP else None,
        **_about(cells),
    )


def _about(cells: Sequence[Cell]) -> dict[str, object]:
    """The chosen fields by module, each with the names of its areas."""
    areas = db.session.scalars(select(Area).where(Area.id.in_({cell.area.id for cell in cells})))
    titles = {area.id: area.title for area in areas}
    chosen: dict[str, list[str]] = {}
    for cell in cells:
        chosen.setdefault(module_title(cell.module), []).append(titles[cell.area.id])
    keys = [f"{cell.area.id}:{cell.module}" for cell in cells]
    return {"chosen": chosen, "cells": keys, "module_title": module_title}


# ---- what was done, and the way back ----


@bp.get("/<area:area>/modules/changes")
@requires("modules.read")
def history(area: AreaCode) -> ResponseReturnValue:
    page = changes.history(area, _uuid(request.args.get("after")))
    titles = changes.titles_of(page.rows)
    return render_template("modules/history.html", page=page, **_reading(titles))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _reading(titles: object) -> dict[str, object]:
    return {"titles": titles, "module_title": module_title, "setting_text": setting_text}


@bp.get("/<area:area>/modules/changes/<uuid:id>")
@requires("modules.read")
def show(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _show_page(_find(area, id))


@bp.post("/<area:area>/modules/changes/<uuid:id>/undo")
@requires("modules.manage")
def undo(area: AreaCode, id: UUID) -> ResponseReturnValue:
    entry = _find(area, id)
    hold_settings()
    try:
        back = changes.undo(entry.change).id
        commit()
    except changes.AlreadyUndone:
        return _show_page(_find(area, id), problem=_("Perubahan ini sudah diurungkan.")), 409
    except changes.ChangedSince as changed:
        text = _("Tidak diurungkan: pengaturan ini sudah diubah lagi sesudahnya. Ubah sendiri yang masih perlu.")
        return _show_page(entry, problem=text, moved=changed.steps), 409
    except ModulesDisagree as disagree:
        text = _("Tidak diurungkan. %(why)s", why=str(disagree))
        return _show_page(entry, problem=text), 409
    flash(_("Pengaturan kembali persis seperti sebelumnya."), "success")
    return redirect(url_for("modules.show", id=back))


def _find(area: AreaCode, change_id: UUID) -> changes.Entry:
    return changes.find_change(area, change_id) or abort(404)


def _show_page(entry: changes.Entry, *, problem: str = "", moved: Sequence[changes.Step] = ()) -> str:
    titles = changes.titles_of([entry])
    return render_template("modules/show.html", entry=entry, problem=problem, moved=moved, **_reading(titles))
