"""What stands on core's pages: a village's referrals upward, a district's inbox and headline, the ladder of a case."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from core.api import WITH_RECEIVER, Area, Organisation, Referral, area_today, db, now

from . import delivery_log, inbox
from .counting import months_back
from .rates import MONTHS, total_of

LATELY = timedelta(days=30)


# For core's pages, put together once: building a statement takes longer than running it.
_OPEN_NOW = Referral.state.in_(WITH_RECEIVER)
_UPWARD = (
    select(
        func.count().filter(_OPEN_NOW),
        func.count().filter(_OPEN_NOW & (Referral.due_on < bindparam("day"))),
        func.count().filter(Referral.state.in_(("returned", "done", "refused"))),
        func.count().filter(Referral.decision != "", Referral.back_at >= bindparam("since")),
    )
    .select_from(Referral)
    .join(Organisation, Organisation.id == Referral.organisation_id)
    .where(
        Referral.village_id == bindparam("village_id"),
        Referral.sent_at.is_not(None),
        Organisation.sector.in_(("kecamatan", "dinsos")),
    )
)


def upward_of(area: Area) -> dict[str, Any]:
    """Of a village's first page: one query over what it has sent to the kecamatan, the Dinas Sosial and others."""
    values = {"village_id": area.id, "day": area_today(), "since": now() - LATELY}
    row = db.session.execute(_UPWARD, values).one()
    return dict(zip(("waiting", "overdue", "back", "answered"), row, strict=True))


def figures_of(area: Area) -> dict[str, Any] | None:
    """Of a wide area's first page: four queries. None where nothing was ever sent up and nothing counted."""
    day = area_today()
    office = inbox.office_of(area)
    counts = total_of(area.interval, months_back(day, MONTHS), day.replace(day=1))
    waiting = inbox.counts(area, office, day)
    if office is None and not counts.opened and not counts.closed:
        return None
    return {"counts": counts, "waiting": waiting, "failed": delivery_log.failed_count(area)}
