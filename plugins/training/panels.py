"""What stands on core's pages: a warning on a case, and what somebody lacks on the first page."""

from typing import Any

from flask_login import current_user
from sqlalchemy import func, or_, select

from core.api import Area, AreaCode, Case, area_today, db, service_titles, settings_of

from .models import TrainingQualification
from .qualifications import HOLDS, NONE, Standing, of_person, standing
from .rulebook import rule_on
from .settings import TrainingSettings


def warning_of_case(case: Case) -> dict[str, Any] | None:
    """For whoever looks at an open case of a service without its training. One query, none where it asks for none."""
    asked = settings_of(AreaCode.from_id(case.village_id), TrainingSettings).services or ()
    if case.closed_at is not None or case.service not in asked:
        return None
    mine = _mine(case.village_id, [case.service])[case.service]
    if mine.state == HOLDS:
        return None
    return {"standing": mine, "service": service_titles().get(case.service, case.service)}


def lacking(area: Area) -> dict[str, Any] | None:
    """Of who is signed in: the services for which they are not trained, or not for long any more."""
    asked = settings_of(area, TrainingSettings).services or ()
    titles = service_titles()
    services = [name for name in asked if name in titles]
    if not services:
        return None
    rows = [(titles[name], mine) for name, mine in _mine(area.id, services).items() if mine.state != HOLDS]
    return {"rows": rows} if rows else None


def _mine(village_id: int, services: list[str]) -> dict[str, Standing]:
    day = area_today()
    has, warn_days = of_person(village_id, current_user.id), rule_on(day).warn_days
    return {
        name: standing(has[name], on=day, warn_days=warn_days) if name in has else Standing(NONE) for name in services
    }


def coverage_of(area: Area) -> dict[str, Any] | None:
    """In how many villages of a wide area somebody is trained for each service that asks for it; two queries."""
    titles = service_titles()
    services = [name for name in settings_of(area, TrainingSettings).services or () if name in titles]
    if not services:
        return None
    day, row = area_today(), TrainingQualification
    counts = dict(
        db.session.execute(
            select(row.service, func.count(row.village_id.distinct()))
            .where(
                row.village_id.between(area.id, area.hi),
                row.service.in_(services),
                or_(row.valid_until.is_(None), row.valid_until >= day),
            )
            .group_by(row.service)
        )
        .tuples()
        .all()
    )
    return {"rows": [(titles[name], counts.get(name, 0)) for name in services]}
