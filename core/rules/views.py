"""Values of rules on screen: what holds here on a day and where it comes from, setting another, ending it, undoing."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.database.session import commit, db
from core.platform import platform
from core.users.permissions import requires
from core.web.formats import area_today

from .changing import OverrideRefused, declared_value, end_override, find_row, hold_overrides, set_override, undo
from .forms import CERTAINTIES, EndForm, OverrideForm
from .in_force import Stored
from .page import REFERRALS, below, book_pages, changes_of, fingerprint, plugins_with_rules, set_here, title_of_plugin
from .rule import Rule
from .rulebook import Rules, books_of
from .values import hint_for, in_words, leaves

bp = Blueprint("rules", __name__)


@bp.get("/<area:area>/rules")
@requires("rules.read")
def index(area: AreaCode) -> ResponseReturnValue:
    """The modules that have dated rules, and how many of their values this area sets itself."""
    names = [name for name in plugins_with_rules() if _is_here(name)]
    return render_template(
        "rules/index.html",
        titles={name: title_of_plugin(name) for name in names},
        set_here={name: set_here(area, name) for name in names},
    )


@bp.get("/<area:area>/rules/<plugin>")
@requires("rules.read")
def show(area: AreaCode, plugin: str) -> ResponseReturnValue:
    """What holds of one module's rules on a day: today, or ``?on=2026-03-01``."""
    title = _title(plugin)
    try:
        on = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        on = area_today()
    return render_template(
        "rules/show.html",
        plugin=plugin,
        title=title,
        on=on,
        pages=book_pages(area, plugin, on),
        certainties=CERTAINTIES,
        can_change=_can_change(),
    )


@bp.route("/<area:area>/rules/<plugin>/<part>/<key>", methods=["GET", "POST"])
@requires("rules.read")
def value(area: AreaCode, plugin: str, part: str, key: str) -> ResponseReturnValue:
    """One value: what was decided on it here, and a form to decide anew."""
    rules = _rules(plugin, part, key)
    if request.method == "GET":
        return _page(area, rules, key, OverrideForm(rules, key, formdata=None, data={"valid_from": area_today()}))
    _refuse_without_right()
    hold_overrides()
    form = OverrideForm(rules, key)
    if form.seen.data != fingerprint(area, rules, key):
        return _page(area, rules, key, form, problem=_moved_on()), 409
    if not form.validate():
        return _page(area, rules, key, form), 422
    try:
        set_override(area, rules, key, form.to_override())
    except OverrideRefused as refused:
        form[refused.field].errors = [str(refused)]
        return _page(area, rules, key, form), 422
    commit()
    flash(_("Nilai ini berlaku di sini dan di bawahnya sejak permintaan berikutnya."), "success")
    return redirect(url_for("rules.show", plugin=plugin, on=form.valid_from.data))


@bp.post("/<area:area>/rules/<plugin>/<part>/<key>/<uuid:id>/end")
@requires("rules.change")
def end(area: AreaCode, plugin: str, part: str, key: str, id: UUID) -> ResponseReturnValue:
    rules, form = _rules(plugin, part, key), EndForm()

    def deed(row: Stored) -> None:
        if not form.validate() or form.last_day.data is None:
            raise OverrideRefused("", _("Pilih hari terakhirnya."))
        end_override(area, rules, row, form.last_day.data)

    return _done(area, rules, key, id, deed, _("Nilai itu berakhir pada hari yang dipilih."))


@bp.post("/<area:area>/rules/<plugin>/<part>/<key>/<uuid:id>/undo")
@requires("rules.change")
def take_back(area: AreaCode, plugin: str, part: str, key: str, id: UUID) -> ResponseReturnValue:
    rules = _rules(plugin, part, key)

    def deed(row: Stored) -> None:
        undo(area, rules, row)

    return _done(area, rules, key, id, deed, _("Kembali seperti sebelum perubahan itu."))


def _done(  # noqa: PLR0917 - the parts of one address, and what is done there
    area: AreaCode, rules: Rules, key: str, row_id: UUID, deed: Callable[[Stored], None], told: str
) -> ResponseReturnValue:
    """Do something with one row of this area's own history, unless somebody else was faster."""
    hold_overrides()
    row = find_row(area, rules, key, row_id) or abort(404)
    form = OverrideForm(rules, key, formdata=None, data={"valid_from": area_today()})
    if request.form.get("seen") != fingerprint(area, rules, key):
        db.session.rollback()
        return _page(area, rules, key, form, problem=_moved_on()), 409
    try:
        deed(row)
    except OverrideRefused as refused:
        db.session.rollback()
        return _page(area, rules, key, form, problem=str(refused)), 422
    commit()
    flash(told, "success")
    return redirect(url_for("rules.value", plugin=rules.plugin, part=rules.part, key=key))


def _moved_on() -> str:
    return _("Nilai ini diubah orang lain sementara halaman Anda terbuka. Periksa riwayatnya, lalu simpan lagi.")


def _title(plugin: str) -> str:
    """404 for one without rules, one that is not loaded, or does not run in the village."""
    title = title_of_plugin(plugin)
    return title if title is not None and _is_here(plugin) else abort(404)


def _is_here(plugin: str) -> bool:
    """Above a village everything that is installed can be set, also before it is switched on anywhere."""
    if plugin == REFERRALS or not g.area.is_village:
        return True
    return plugin in platform().hooks_for(g.area.enabled).plugins


def _rules(plugin: str, part: str, key: str) -> Rules:
    _title(plugin)
    books = [rules for rules in books_of(plugin) if rules.part == part and _with(rules, key)]
    return books[0] if books else abort(404)


def _can_change() -> bool:
    return "rules.change" in g.permissions


def _refuse_without_right() -> None:
    if not _can_change():
        abort(403)


def _page(area: AreaCode, rules: Rules, key: str, form: OverrideForm, *, problem: str = "") -> str:
    on, declared = area_today(), declared_value(rules, key)
    rows = {row.key: row for page in book_pages(area, rules.plugin, on) if page.rules is rules for row in page.rows}
    return render_template(
        "rules/value.html",
        rules=rules,
        key=key,
        title=title_of_plugin(rules.plugin),
        declared=[(rule, in_words(dict(leaves(rule.values))[key])) for rule in _with(rules, key)],
        row=rows.get(key),
        form=form,
        hint=hint_for(declared, rules.choices_of(key)) if declared is not None else "",
        changes=changes_of(area, rules, key),
        seen=fingerprint(area, rules, key),
        below=below(area, rules, key, on),
        certainties=CERTAINTIES,
        problem=problem,
        can_change=_can_change() and declared is not None,
        today=on,
    )


def _with(rules: Rules, key: str) -> list[Rule]:
    """The versions that have the value, the newest first."""
    return [rule for rule in reversed(rules.all) if key in dict(leaves(rule.values))]
