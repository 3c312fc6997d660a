"""The list of an area's villages."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from core.areas.code import AreaCode
from core.platform import platform
from core.users.permissions import requires
from core.web.formats import area_today
from tenants.village_list import count_villages, village_lines

from . import bp


@bp.get("/<wide:area>/villages")
@requires("villages.read")
def index(area: AreaCode) -> ResponseReturnValue:
    # The database knows no NUL.
    search = request.args.get("q", "").replace("\0", "").strip()[:80]
    suspended = request.args.get("which") == "suspended"
    after = request.args.get("after")
    return render_template(
        "tenants/index.html",
        page=village_lines(g.area, area_today(), search=search, suspended=suspended, cursor=after),
        counts=count_villages(g.area),
        search=search,
        suspended=suspended,
        titles={name: plugin.title for name, plugin in platform().plugins.plugins.items()},
    )
