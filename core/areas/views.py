"""The first page of an area."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.areas.code import AreaCode
from core.areas.inside import modules_inside
from core.cases.lists import my_waiting_cases, next_cases, village_figures
from core.cases.oversight import district_figures, urgent_villages, villages_page
from core.cases.tasks import due_tasks
from core.meetings.finding import deciding, pending
from core.modules.wording import module_title
from core.plugins.failures import stopped
from core.users.permissions import requires
from core.web.formats import area_today, day_and_date
from core.web.panels import panels

bp = Blueprint("areas", __name__)


@bp.get("/<area:area>/")
@requires("area.view")
def home(area: AreaCode) -> ResponseReturnValue:
    if "referrals.answer" in g.permissions and "cases.read" not in g.permissions:
        return redirect(url_for("inbox.index"))  # a partner's officer has nothing else to do here
    return _village_home() if g.area.is_village else _wide_home(area)


def _village_home() -> ResponseReturnValue:
    today = area_today()
    may_read = "cases.read" in g.permissions
    return render_template(
        "areas/village_home.html",
        day=day_and_date(today),
        figures=village_figures(g.area.id, current_user.id, today) if may_read else None,
        cases=next_cases(g.area.id, current_user.id, today, g.permissions, limit=10) if may_read else [],
        waiting=my_waiting_cases(g.area.id, current_user.id, today, g.permissions, limit=5) if may_read else [],
        meetings=pending(g.area, today) if "meetings.read" in g.permissions and deciding(g.area) else None,
        tasks=due_tasks(g.area.id, current_user.id, today) if may_read else [],
        cards=panels("dashboard_cards", area=g.area, user=current_user),
    )


def _wide_home(area: AreaCode) -> ResponseReturnValue:
    search = request.args.get("q", "").strip()
    return render_template(
        "areas/wide_home.html",
        stopped=stopped(area),
        figures=district_figures(g.area, area_today()),
        urgent=urgent_villages(g.area, area_today()),
        page=villages_page(g.area, area_today(), search=search, cursor=request.args.get("after")),
        search=search,
        module_title=module_title,
        cards=panels("overview_cards", modules_inside(g.area), area=g.area),
    )
