"""What is left behind by a village in which the module was switched off."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select

from core.api import Area, Case, commit, db, record, scope, smallest_around

from .services import aid


def note_unfinished(areas: Sequence[Area]) -> None:
    """What the module was switched off over stands in each village's audit; read by one query for all of them."""
    around = smallest_around([area.interval for area in areas])
    inside = Case.village_id.between(around.id, around.hi)
    counted = (
        select(Case.village_id, Case.state, func.count())
        .where(inside, Case.service == aid.name, Case.state.in_(("receiving", "candidate")))
        .group_by(Case.village_id, Case.state)
    )
    found: dict[str, Counter[int]] = {"receiving": Counter(), "candidate": Counter()}
    with scope(around):
        for village, state, number in db.session.execute(counted):
            found[state][village] = number
    for area in areas:
        families, candidates = found["receiving"][area.id], found["candidate"][area.id]
        if families or candidates:
            with scope(area):
                record("blt_desa.left_unfinished", families=families, candidates=candidates)
                commit()
