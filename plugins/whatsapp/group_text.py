"""A text for the village's group, from the desk's hours, counts and the lists of papers, and nothing of any resident.

No ticket either: whoever knows a neighbour's ticket would read the neighbour's news in it.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.api import (
    Area,
    Case,
    Service,
    area_today,
    day_and_date,
    db,
    gettext,
    in_indonesian,
    offered,
    opening_hours_of,
)

FEWEST = 5
"""Fewer cases than these are not counted in public: in a hamlet everybody knows whose two they were."""


def public_services(area: Area) -> dict[str, Service]:
    """Those that may be named in public, by name: no restricted one."""
    found = {name: service for name, service in offered(area).items() if service.restricted_to is None}
    return dict(sorted(found.items(), key=lambda item: str(item[1].title)))


def group_text(area: Area, service: Service | None) -> str:
    """Three queries at most. ``service``: whose papers are told; None: of none."""
    today = area_today()
    with in_indonesian():
        parts = [f"*{gettext('Puskesos %(village)s', village=area.title)}*", _hours(area, today), _week(area, today)]
        if service is not None:
            parts.append(_papers(service))
        parts.append(gettext("Keterangan tentang permohonan hanya diberikan kepada yang bersangkutan di kantor desa."))
        return "\n\n".join(filter(None, parts))


def _hours(area: Area, today: date) -> str:
    hours = opening_hours_of(area)
    if not hours.known:
        return ""
    days = [today + timedelta(days=offset) for offset in range(1, 8)]
    lines = [f"- {day_and_date(day)}: {', '.join(map(str, hours.on(day)))}" for day in days if hours.on(day)]
    if not lines:
        return gettext("Tujuh hari ke depan meja layanan tutup.")
    return "\n".join([gettext("Jam buka tujuh hari ke depan:"), *lines])


def _week(area: Area, today: date) -> str:
    """Restricted cases are left out also for who may see them: the same text for everybody."""
    since = datetime.combine(today - timedelta(days=today.weekday()), time(), ZoneInfo(area.timezone))
    opened, closed = db.session.execute(
        select(func.count().filter(Case.opened_at >= since), func.count().filter(Case.closed_at >= since)).where(
            Case.village_id == area.id, Case.readers.is_(None)
        )
    ).one()
    lines = []
    if opened >= FEWEST:
        lines.append(gettext("Minggu ini %(n)s permohonan baru dicatat.", n=opened))
    if closed >= FEWEST:
        lines.append(gettext("Minggu ini %(n)s permohonan selesai.", n=closed))
    return "\n".join(lines)


def _papers(service: Service) -> str:
    title = gettext("Yang dibawa untuk %(service)s:", service=str(service.title))
    papers = [f"- {item.title}" for item in service.requirements if item.mandatory]
    return "\n".join([title, *(papers or [gettext("- cukup datang, tidak perlu berkas")])])
