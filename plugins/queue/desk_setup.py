"""What a village has for its queue: services, counters and days off, kept by the staff. The caller commits."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from core.api import Area, CaseError, db, gettext, record

from .models import QueueCounter, QueueCounterService, QueueDayOff, QueueService


def save_service(area: Area, row: QueueService | None, values: Mapping[str, Any]) -> QueueService:
    """Raises: CaseError: another service has the same letter."""
    row = row or QueueService(village_id=area.id)
    for name, value in values.items():
        setattr(row, name, value)
    _keep(row, gettext("Huruf itu sudah dipakai layanan lain."))
    record("queue.service_saved", "queue_service", row.id, name=row.name)
    return row


def save_counter(
    area: Area, row: QueueCounter | None, values: Mapping[str, Any], services: Collection[UUID]
) -> QueueCounter:
    """Raises: CaseError: another counter has the same name."""
    row = row or QueueCounter(village_id=area.id)
    for name, value in values.items():
        setattr(row, name, value)
    _keep(row, gettext("Nama itu sudah dipakai loket lain."))
    db.session.execute(
        delete(QueueCounterService).where(
            QueueCounterService.village_id == area.id, QueueCounterService.counter_id == row.id
        )
    )
    for service_id in services:
        db.session.add(QueueCounterService(village_id=area.id, counter_id=row.id, service_id=service_id))
    record("queue.counter_saved", "queue_counter", row.id, name=row.name)
    return row


def add_day_off(area: Area, day: date, counter_id: UUID | None, reason: str) -> bool:
    """False when it stands there already."""
    whose = QueueDayOff.counter_id == counter_id if counter_id else QueueDayOff.counter_id.is_(None)
    same = select(QueueDayOff.id).where(QueueDayOff.village_id == area.id, QueueDayOff.day == day, whose)
    if db.session.scalar(same) is not None:
        return False
    db.session.add(QueueDayOff(village_id=area.id, day=day, counter_id=counter_id, reason=reason))
    record("queue.day_off_added", "queue_day", day.isoformat(), day=day.isoformat())
    return True


def remove_day_off(area: Area, row_id: UUID) -> bool:
    row = db.session.scalar(select(QueueDayOff).where(QueueDayOff.village_id == area.id, QueueDayOff.id == row_id))
    if row is None:
        return False
    db.session.delete(row)
    record("queue.day_off_removed", "queue_day", row.day.isoformat(), day=row.day.isoformat())
    return True


def days_off_from(area: Area, day: date) -> list[QueueDayOff]:
    query = (
        select(QueueDayOff)
        .where(QueueDayOff.village_id == area.id, QueueDayOff.day >= day)
        .order_by(QueueDayOff.day, QueueDayOff.id)
        .limit(60)
    )
    return list(db.session.scalars(query))


def _keep(row: QueueService | QueueCounter, taken: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise CaseError(taken) from None
