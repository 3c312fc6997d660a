"""Who may do what where, on one page."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from core.areas.code import AreaCode
from core.users.permissions import ROLES, requires
from core.users.rights import people_page, rights_table

from .accounts import bp


@bp.get("/<area:area>/users/rights")
@requires("users.read")
def rights(area: AreaCode) -> ResponseReturnValue:
    return render_template(
        "users/rights.html",
        groups=rights_table(g.area),
        page=people_page(g.area, request.args.get("after")),
        roles=ROLES,
    )
