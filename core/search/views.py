"""The village's search page: residents, cases, then what each module finds; a person sees what their role may."""

from collections.abc import Sequence

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.areas.code import AreaCode
from core.cases.lists import CaseFilter, CaseRow, cases_page
from core.people.search import people_page
from core.users.permissions import requires
from core.web.formats import area_today
from core.web.panels import found_by_modules, may

bp = Blueprint("search", __name__)

FEWEST, MOST = 2, 80
EACH = 10
"""How many residents and cases stand here; their own lists have them all."""


@bp.get("/<village:area>/search")
@requires("area.view")
def index(area: AreaCode) -> ResponseReturnValue:
    words = " ".join(request.args.get("q", "").replace("\0", "").split())[:MOST]
    if len(words) < FEWEST:
        return render_template("search/index.html", words=words, asked=False)
    people = people_page(g.area.id, words, None).rows[:EACH] if may("people.read") else ()
    cases = _cases(words) if may("cases.read") else ()
    return render_template(
        "search/index.html", words=words, asked=True, people=people, cases=cases, found=found_by_modules(g.area, words)
    )


def _cases(words: str) -> Sequence[CaseRow]:
    wanted = CaseFilter(which="open", service="", search=words)
    return cases_page(g.area.id, current_user.id, area_today(), wanted, None, size=EACH).rows
