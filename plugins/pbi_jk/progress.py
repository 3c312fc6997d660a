"""How far a village, or all villages of a district, have come with their lists: counts, and nobody's name."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from core.api import Area, Case, db

from .calls import AGAIN, WANTING
from .models import Line

BEGUN = ("registered", "handling")
GRANTED = ("approved", "done")


@dataclass(frozen=True)
class Progress:
    """``members`` on the lists; of them ``reached`` by phone or known otherwise, ``wanting`` to be active again but
    without a case yet, with a case (``cases``), ``sent`` off, ``active`` again.
    """

    members: int
    reached: int
    wanting: int
    cases: int
    sent: int
    active: int
    villages: int


def progress_in(area: Area) -> Progress:
    """Of a village or of all villages inside an area, in one query."""
    inside = Line.village_id.between(area.id, area.hi)
    of_case = (Case.village_id == Line.village_id) & (Case.id == Line.case_id)
    query = (
        select(
            func.count(),
            _count(Line.result.not_in(AGAIN) | Line.case_id.is_not(None)),
            _count(Line.result.in_(WANTING) & Line.case_id.is_(None)),
            _count(Line.case_id.is_not(None)),
            _count(Case.state.not_in(BEGUN)),
            _count(Case.state.in_(GRANTED)),
            func.count(Line.village_id.distinct()),
        )
        .select_from(Line)
        .outerjoin(Case, of_case)
        .where(inside)
    )
    return Progress(*db.session.execute(query).one())


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(which)
