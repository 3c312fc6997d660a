"""What the pages of one family share: finding it, guarding a change of it, papers."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from core.api import CaseError, area_today, db, gettext, here, month_name

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


def changes_family(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """What stands in the way of a change is told on the family's page, and nothing of it is kept."""

    @wraps(view)
    def guarded(id: UUID, **values: object) -> ResponseReturnValue:
        try:
            return view(id=id, **values)
        except CaseError as problem:
            db.session.rollback()
            return family_page(family_or_404(id), str(problem)), 422
        except families.StaleFamily:
            db.session.rollback()
            return family_page(family_or_404(id), moved_on()), 409

    return guarded


def pdf(content: bytes, name: str) -> Response:
    """A paper that is made anew each time, and kept by no browser."""
    answer = send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{name}.pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer
