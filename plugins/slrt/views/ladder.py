"""Where a case goes from the village upward: each rung opens core's form for a referral, with its addressee."""

from uuid import UUID

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from core.api import REFERRAL_KINDS, OwnRows, area_today, district_of, find_case, here, may, requires, scope

from .. import routing
from ..words import LEVELS
from . import bp


@bp.get("/cases/<uuid:case_id>")
@requires("slrt.upward")
def ladder(case_id: UUID) -> ResponseReturnValue:
    area, case = here(), find_case(here().id, case_id)
    if case is None or not may("referrals.write"):
        abort(404)
    service, ticket, is_open = case.service, case.ticket, case.closed_at is None
    with scope(OwnRows(district_of(area).id)):
        routes = routing.routes_of(district_of(area).id)
    steps = routing.ladder(area, routes, service, area_today())
    return render_template(
        "slrt/ladder.html",
        case_id=case_id,
        ticket=ticket,
        is_open=is_open,
        steps=steps,
        levels=LEVELS,
        kinds=REFERRAL_KINDS,
    )
