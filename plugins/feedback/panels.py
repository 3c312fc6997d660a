"""What stands on core's pages: what waits in the village, whether a case was rated, and a district's figures."""

from typing import Any

from sqlalchemy import bindparam, func, select

from core.api import Area, AreaCode, Case, area_today, db, find_areas

from .actions import OPEN
from .answering import may_be_rated
from .ikm import Marks, result_of
from .models import FeedbackAction, FeedbackAnswer, FeedbackComment, FeedbackRated
from .periods import months_back
from .report import marks_by_village
from .rulebook import display_rule, index_rule
from .sections import comma

MOST_VILLAGES = 8

# For core's pages, put together once: building a statement takes longer than running it.
_village = bindparam("village_id")
_ACTIONS = (
    select(func.count())
    .select_from(FeedbackAction)
    .where(FeedbackAction.village_id == _village, FeedbackAction.state.in_(OPEN))
)
_STANDING = select(
    select(func.count())
    .select_from(FeedbackAnswer)
    .where(FeedbackAnswer.village_id == _village, FeedbackAnswer.month == bindparam("month"))
    .scalar_subquery(),
    select(func.count())
    .select_from(FeedbackComment)
    .where(FeedbackComment.village_id == _village, FeedbackComment.state == "waiting")
    .scalar_subquery(),
    _ACTIONS.scalar_subquery(),
    _ACTIONS.where(FeedbackAction.due_on < bindparam("today")).scalar_subquery(),
)


def standing_of(area: Area) -> dict[str, Any] | None:
    """Of a village's first page: one query. None where there is nothing to say."""
    today = area_today()
    row = db.session.execute(_STANDING, {"village_id": area.id, "month": today.replace(day=1), "today": today}).one()
    return dict(zip(("answers", "waiting", "actions", "late"), row, strict=True)) if any(row) else None


def of_case(case: Case) -> dict[str, Any] | None:
    """One query of a finished case, none of another. That it was rated is told, and never how."""
    if not may_be_rated(case):
        return None
    query = select(FeedbackRated.id).where(
        FeedbackRated.village_id == case.village_id, FeedbackRated.case_id == case.id
    )
    return {"case_id": case.id, "rated": db.session.scalar(query) is not None}


def figures_of(area: Area) -> dict[str, Any] | None:
    """Of a district's or kecamatan's first page: two queries. The lowest stand first; no village of few."""
    today = area_today()
    display, rule = display_rule(today), index_rule(today)
    by_village = marks_by_village(area.interval, *months_back(today, display.overview_months))
    if not by_village:
        return None
    told = [(key, marks.n, result_of(marks, rule, display.small)) for key, marks in by_village.items()]
    shown = sorted((row for row in told if row[2]), key=lambda row: (row[2].index if row[2] else 0, row[0]))
    titles = {each.id: each.title for each in find_areas(key for key, _n, _result in shown[:MOST_VILLAGES])}
    whole = sum(by_village.values(), Marks())
    return {
        "n": whole.n,
        "result": result_of(whole, rule, display.small),
        "villages": len(by_village),
        "told": len(shown),
        "lowest": [(titles.get(key, AreaCode.from_id(key)), n, result) for key, n, result in shown[:MOST_VILLAGES]],
        "months": display.overview_months,
        "small": display.small,
        "comma": comma,
    }
