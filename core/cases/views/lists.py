"""The list of cases with its filters."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from core.areas.code import AreaCode
from core.cases.case_sheet import request_case_list
from core.cases.catalogue import find_service, offered
from core.cases.lists import FILTERS, CaseFilter, cases_page
from core.database.session import commit
from core.texts import lazy_gettext as _
from core.users.permissions import requires
from core.web.formats import area_today

from . import bp

FILTER_TITLES = {
    "todo": _("Perlu dikerjakan"),
    "mine": _("Kasus saya"),
    "urgent": _("Mendesak"),
    "due": _("Jatuh tempo 7 hari"),
    "overdue": _("Lewat tenggat"),
    "waiting": _("Menunggu pihak lain"),
    "open": _("Semua yang terbuka"),
    "closed": _("Sudah ditutup"),
}
WORKING = frozenset({"cases.write", "cases.decide", "letters.sign"})


@bp.get("/<village:area>/cases")
@requires("cases.read")
def index(area: AreaCode) -> ResponseReturnValue:
    wanted = _wanted(request.args)
    after = request.args.get("after")
    page = cases_page(g.area.id, current_user.id, area_today(), wanted, after, permissions=g.permissions)
    services = {**offered(g.area), **_chosen(wanted.service)}
    return render_template("cases/index.html", page=page, wanted=wanted, titles=_titles(), services=services)


@bp.post("/<village:area>/cases/export")
@requires("cases.export")
def export(area: AreaCode) -> ResponseReturnValue:
    """All that the filter finds, as a sheet that a job makes."""
    wanted = request_case_list(g.area, _wanted(request.form), g.permissions)
    export_id = wanted.id
    commit()
    return redirect(url_for("exports.show", id=export_id))


def _wanted(given: MultiDict[str, str]) -> CaseFilter:
    which = given.get("which", "open")
    return CaseFilter(
        which=which if which in FILTERS else "open",
        service=given.get("service", "")[:64],
        search=given.get("q", "").strip()[:80],
    )


def _titles() -> dict[str, object]:
    """Who only looks on has nothing to do and holds no case."""
    works = not WORKING.isdisjoint(g.permissions)
    return {key: title for key, title in FILTER_TITLES.items() if works or key not in ("todo", "mine")}


def _chosen(name: str) -> dict[str, object]:
    """A service that is filtered by stays in the choice, even where its module has been switched off."""
    service = find_service(name)
    return {name: service} if service else {}
