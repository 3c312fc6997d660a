"""What the pages of one family share: finding it, guarding a change of it, papers."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import area_today, gettext, here, month_name, told_on_page

from .. import families
from ..checks import STATUS
from ..components import COMPONENTS
from ..families import WHY
from ..listing import rows_of
from ..models import KpmFamily
from ..payment import expected
from ..rulebook import Stage, stage_of, stages_of, unverified


def family_or_404(family_id: UUID) -> KpmFamily:
    found = families.find_family(here().id, family_id)
    if found is None:
        abort(404)
    return found


def to_family(family_id: UUID, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("pkh.family", id=family_id, _anchor=anchor))


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubah keluarga ini. Periksa keadaannya sekarang, lalu ulangi.")


def family_page(family: KpmFamily, problem: str = "") -> str:
    """One family in the stage that the address names. A fixed number of queries, however many members it has."""
    today, stage = area_today(), _stage()
    row = rows_of(here().id, [family], today, stage)[0]
    year = stage.year if stage else today.year
    yearly = [expected(families.claims_in(row.members, each), each) for each in stages_of(year)]
    return render_template(
        "pkh/family.html",
        family=family,
        row=row,
        stage=stage,
        year=year,
        stages=yearly,
        today=today,
        components=COMPONENTS,
        statuses=STATUS,
        why=WHY,
        unverified=unverified(stage.rule) if stage else [],
        ended=[member for member in row.members if member.until is not None],
        month_name=month_name,
        problem=problem,
    )


def _stage() -> Stage | None:
    """Of the address, else today's."""
    today = area_today()
    year, number = request.args.get("year", today.year, int), request.args.get("stage", 0, int)
    if not 2000 <= year <= today.year + 1:
        abort(404)
    stages = stages_of(year)
    chosen = next((stage for stage in stages if stage.number == number), None)
    return chosen or (stage_of(today) if year == today.year else stages[-1] if stages else None)


changes_family = told_on_page(lambda id, problem: family_page(family_or_404(id), problem), moved_on)
