"""My area: the households of one's RT/RW, and one of them."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from core.api import area_today, here, names_of, requires

from .. import finding_lists, visits
from ..assignments import field_workers_at
from ..households import doorsteps, households_page, marks_of
from ..words import FINDINGS, MARKS, PURPOSES, STATES
from . import bp
from .access import household_or_404, my_territory, no_territory, services_here

LONGEST_SEARCH = 80


@bp.get("/area")
@requires("kader.own")
def area() -> ResponseReturnValue:
    territory = my_territory()
    if territory.empty:
        return no_territory()
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    page = households_page(territory, search, request.args.get("after"), services_here(), area_today())
    return render_template("kader/area.html", page=page, territory=territory, search=search, marks=MARKS)


@bp.get("/households/<uuid:id>")
@requires("kader.own")
def household(id: UUID) -> ResponseReturnValue:
    return household_page(id)


def household_page(id: UUID, problem: str = "") -> str:
    found = household_or_404(id)
    [doorstep] = doorsteps([found], services_here(), area_today())
    made = visits.of_household(found)
    reported = finding_lists.of_household(here().id, found.id)
    who = field_workers_at(found, area_today())
    day = area_today()
    return render_template(
        "kader/household.html",
        doorstep=doorstep,
        household=found,
        member_marks={person.id: marks_of(person, day) for person in doorstep.members},
        visits=made,
        findings=reported,
        names=names_of({*who, *(visit.user_id for visit in made), *(each.user_id for each in reported)}),
        who=who,
        marks=MARKS,
        purposes=PURPOSES,
        kinds=FINDINGS,
        states=STATES,
        today=day,
        problem=problem,
    )
