"""What stands on core's pages: a village's referrals upward, a district's inbox and headline, the ladder of a case."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from core.api import WITH_RECEIVER, Area, Organisation, Referral, area_today, db, now

from . import delivery_log, inbox
from .counting import months_back
from .rates import MONTHS, total_of

LATELY = timedelta(days=30)


def upward_of(area: Area) -> dict[str, Any]:
    """Of a village's first page: one query over what it has sent to the kecamatan, the Dinas Sosial and others."""
    open_now, day = Referral.state.in_(WITH_RECEIVER), area_today()
    row = db.session.execute(
        select(
            func.count().filter(open_now),
            func.count().filter(open_now & (Referral.due_on < day)),
            func.count().filter(Referral.state.in_(("returned", "done", "refused"))),
            func.count().filter(Referral.decision != "", Referral.back_at >= now() - LATELY),
        )
        .select_from(Referral)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .where(
            Referral.village_id == area.id,
            Referral.sent_at.is_not(None),
            Organisation.sector.in_(("kecamatan", "dinsos")),
        )
    ).one()
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
