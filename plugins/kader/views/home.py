"""The field worker's first page: what is due at whose door, and what became of what was found."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import area_today, here, may, names_of, requires

from .. import finding_lists, visits
from ..rulebook import rule_on
from ..words import FINDINGS, PURPOSES, STATES
from . import bp
from .access import my_territory


@bp.get("/")
@requires("kader.own")
def index() -> ResponseReturnValue:
    """The desk sees everybody's visits. A fixed number of queries, however many there are."""
    today, everything = area_today(), may("kader.handle")
    until = today + timedelta(days=rule_on(today).soon_days)
    rows = visits.due(here().id, None if everything else current_user.id, until)
    return render_template(
        "kader/index.html",
        territory=my_territory(),
        rows=rows,
        names=names_of({row.visit.user_id for row in rows}) if everything else {},
        findings=finding_lists.page_of(here().id, "all", None, of=current_user.id).rows[:5] if not everything else [],
        standing=finding_lists.standing_of(here().id, current_user.id, today) if everything else None,
        kinds=FINDINGS,
        states=STATES,
        purposes=PURPOSES,
        today=today,
    )
