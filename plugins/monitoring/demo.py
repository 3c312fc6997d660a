"""What the demonstration shows: kept figures of the last months, a report that was sent, and published counts."""

from sqlalchemy import select

from core.api import Area, commit, db, now, today

from .models import SENT, MonitoringMonth
from .months import first_of, months_before
from .reports import make
from .roll_up import roll_up


def fill(area: Area) -> None:
    """Nothing where there are figures already."""
    if db.session.scalar(select(MonitoringMonth.id).where(MonitoringMonth.village_id == area.id).limit(1)) is not None:
        return
    roll_up(area)
    this = first_of(today(area.timezone))
    sent = make(area, months_before(this, 2))
    sent.state, sent.sent_at, sent.sender_name = SENT, now(), "Petugas Puskesos (contoh)"
    make(area, months_before(this, 1))
    commit()
