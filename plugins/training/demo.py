"""What the demonstration shows: one training that was held, one that is planned, and who passed."""

from datetime import date, time, timedelta

from sqlalchemy import select

from core.api import Area, OwnRows, Worker, commit, db, district_of, scope, service_titles, today, working_in

from . import participants, sessions
from .models import TrainingSession
from .qualifications import take_over
from .sessions import SessionInput

HELD = ("sktm.letter", "pbi_jk.reactivation", "dtsen.proposal")


def fill(area: Area) -> None:
    """Nothing where the district has trainings already."""
    district, day = district_of(area), today(area.timezone)
    workers = working_in(area.interval)
    services = [name for name in HELD if name in service_titles()]
    with scope(OwnRows(district.id)):
        there = select(TrainingSession.id).where(TrainingSession.village_id == district.id).limit(1)
        if db.session.scalar(there) is not None:
            return
        _held(district.id, area, workers, services, day)
        coming = _input("Rujukan dan musdes (contoh)", services[:1], day + timedelta(days=20))
        participants.invite(sessions.plan(district.id, coming, by=None), workers, {area.id: area.title})
        commit()
    take_over(area)


def _held(district_id: int, area: Area, workers: list[Worker], services: list[str], day: date) -> None:
    """Everybody was there but the last, and whoever works in the field did not pass yet."""
    data = _input("Dasar pelayanan Puskesos (contoh)", services, day - timedelta(days=200))
    session = sessions.plan(district_id, data, by=None)
    participants.invite(session, workers, {area.id: area.title})
    people = participants.participants_of(session)
    roles = {worker.user_id: worker.role for worker in workers}
    passed = {one.id: "present" if roles[one.user_id] == "field_worker" else "passed" for one in people}
    participants.mark(session, passed)
    participants.close(session, day)


def _input(title: str, services: list[str], day: date) -> SessionInput:
    return SessionInput(
        title=title,
        services=services,
        day=day,
        starts=time(9),
        ends=time(15),
        place="Aula Dinas Sosial (contoh)",
        trainer="Tim Dinas Sosial (contoh)",
        seats=40,
        valid_months=24,
    )
