"""What the demonstration shows: some months of escorts, one that runs, two that wait for their case, a week on call."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.api import Area, Person, commit, db, now, today

from .calls import Call, take_call
from .follow_up import close_without_case
from .handling import attach, cancel
from .models import Escort
from .roster import add, monday_of
from .settings import ShiftKind
from .times import tap
from .words import TAPS

# Days ago, hour, place, condition, JKN, and minutes from the call to departure, arrival and handover.
ESCORTS = (
    (64, 21, "Kp. Cibadak RT 02/RW 05", "Akan melahirkan", "active", (9, 41, 58)),
    (51, 2, "Kp. Pasir RT 01/RW 03", "Sesak napas", "none", (14, 52, 75)),
    (38, 17, "Jalan raya dekat balai desa", "Jatuh dari motor, sadar", "inactive", (6, 30, 44)),
    (23, 11, "Kp. Cibadak RT 04/RW 05", "Lansia jatuh di kamar mandi", "active", (11, 46, 70)),
    (12, 23, "Kp. Lebak RT 03/RW 02", "Kejang demam", "active", (8, 35, 49)),
    (5, 20, "Kp. Pasir RT 02/RW 03", "Perdarahan", "none", (7, 33, 51)),
    (1, 3, "Kp. Lebak RT 01/RW 02", "Tidak sadar", "inactive", (10, 44, 62)),
)
FACILITIES = ("RSUD Leuwiliang", "Puskesmas Ciampea")
PSM = ("PSM Yayah (contoh)", "PSM Dedi (contoh)")
DAY, NIGHT = ShiftKind("Siang", time(7), time(19)), ShiftKind("Malam", time(19), time(7))


def fill(area: Area, permissions: frozenset[str]) -> None:  # noqa: ARG001 - nothing here asks who acts
    """Nothing where there are escorts already."""
    if db.session.scalar(select(Escort.id).where(Escort.village_id == area.id).limit(1)) is not None:
        return
    day = today(area.timezone)
    patients = _patients(area)
    for number, told in enumerate(ESCORTS):
        _past(area, day, number, told, patients[number] if number < len(patients) else None)
    _running(area)
    _mistake(area)
    for offset in range(14):
        for place, kind in enumerate((DAY, NIGHT)):
            name = PSM[(offset + place) % len(PSM)]
            add(area, monday_of(day) + timedelta(days=offset), kind, name, f"0812-0000-010{place}", by=None)
    commit()


def _patients(area: Area) -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .where(Person.village_id == area.id, Person.life_status == "alive", Person.nik.is_not(None))
        .order_by(Person.nik)
        .limit(len(ESCORTS))
    ).all()


def _past(area: Area, day: date, number: int, told: tuple, patient: Person | None) -> None:
    """Handed over. The oldest one without cover was helped by phone; the last two wait for their case."""
    ago, hour, place, condition, jkn, minutes = told
    called_at = datetime.combine(day - timedelta(days=ago), time(hour, 10), ZoneInfo(area.timezone))
    escort = take_call(area, _call(area, number, place, condition, jkn), called_at, by=None)
    where = {"facility": FACILITIES[number % 2], "receiver": "Perawat IGD (contoh)"}
    for key, passed in zip(TAPS, minutes, strict=True):
        tap(area.id, escort.id, key, called_at + timedelta(minutes=passed), by=None, **where)
    last = number == len(ESCORTS) - 1
    if patient is not None and not last:
        attach(escort, patient, by=None)
    if escort.waits_for_case and ago > 7:
        close_without_case(escort, "advised", "Dinas Sosial ditelepon, pasien didaftarkan di RS (contoh).", by=None)


def _running(area: Area) -> None:
    call = _call(area, len(ESCORTS), "Kp. Cibadak RT 01/RW 01", "Nyeri dada", "unknown")
    escort = take_call(area, call, now() - timedelta(minutes=25), by=None)
    tap(area.id, escort.id, "departed", now() - timedelta(minutes=17), by=None)


def _mistake(area: Area) -> None:
    call = _call(area, len(ESCORTS) + 1, "Kp. Pasir RT 01/RW 01", "", "unknown")
    cancel(take_call(area, call, now() - timedelta(days=9), by=None), "Keluarga berangkat sendiri (contoh).", by=None)


def _call(area: Area, number: int, place: str, condition: str, jkn: str) -> Call:
    return Call(
        place=place,
        condition=condition,
        caller_name="Keluarga (contoh)",
        caller_phone="0812-0000-0009",
        jkn=jkn,
        transport="ambulance",
        escort_name=PSM[number % 2],
        id=uuid5(NAMESPACE_URL, f"emergency/{area.code}/{number}"),
    )
