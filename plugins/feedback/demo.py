"""What the demonstration shows of the survey: a year of marks, comments of each state, actions. Made up."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select

from core.api import Area, Case, commit, db, today

from .actions import Plan, change, decide
from .answering import may_be_rated
from .comments import publish, withhold
from .models import ELEMENTS, FeedbackAnswer, FeedbackComment, FeedbackRated
from .periods import last_ended

MONTHS, FEWEST = 13, 6
# The answers turn through these; waiting (U3) and the room (U9) are what people like least.
MARKS = (
    (4, 3, 2, 4, 3, 4, 4, 3, 2),
    (3, 3, 3, 4, 4, 3, 4, 3, 3),
    (4, 4, 3, 4, 4, 4, 4, 4, 3),
    (3, 3, 2, 4, 3, 3, 3, 3, 2),
)
TOLD = (
    ("female", "40_59", "sd", "farmer"),
    ("male", "20_39", "sma", "employee"),
    ("female", "20_39", "smp", "business"),
)
COMMENTS = (
    (2, "Antrenya lama karena loket hanya satu.", "Sejak bulan ini meja dibuka juga hari Jumat."),
    (2, "Kursi tunggu kurang, lansia berdiri.", "Delapan kursi dan satu kursi roda sudah ditambah."),
    (1, "Petugasnya ramah, terima kasih.", ""),
    (0, "Mohon ada jadwal yang pasti, hubungi saya di 0812-0000-0001.", ""),
)


def fill(area: Area) -> None:
    """Nothing where there are marks already."""
    if db.session.scalar(select(FeedbackAnswer.id).where(FeedbackAnswer.village_id == area.id).limit(1)) is not None:
        return
    day = today(area.timezone)
    finished = [case for case in _finished(area) if may_be_rated(case)]
    services = sorted({case.service for case in finished})[:2] or ["sktm.letter"]
    for back in range(MONTHS):
        _month(area, _month_before(day, back), services, back)
    for case in finished[:2]:
        db.session.add(FeedbackRated(village_id=area.id, case_id=case.id, id=_id(area, f"rated/{case.ticket}")))
    _comments(area, day)
    _actions(area, day)
    commit()


def _finished(area: Area) -> Sequence[Case]:
    query = select(Case).where(Case.village_id == area.id, Case.closed_at.is_not(None)).order_by(Case.ticket).limit(20)
    return db.session.scalars(query).all()


def _month(area: Area, month: date, services: Sequence[str], back: int) -> None:
    for place in range(FEWEST + back % 4):
        marks = dict(zip(ELEMENTS, MARKS[(place + back // 4) % len(MARKS)], strict=True))
        if back < 3:  # the wait was shortened
            marks["u3"] = min(4, marks["u3"] + 1)
        sex, age_group, education, work = TOLD[place % len(TOLD)]
        db.session.add(
            FeedbackAnswer(
                village_id=area.id,
                id=_id(area, f"{month}/{place}"),
                month=month,
                service=services[place % 3 % len(services)],
                channel=("qr", "kiosk", "clerk")[place % 3],
                sex=sex,
                age_group=age_group,
                education=education,
                work=work,
                **marks,
            )
        )


def _comments(area: Area, day: date) -> None:
    for place, (back, text, answer) in enumerate(COMMENTS):
        comment = FeedbackComment(
            village_id=area.id,
            id=_id(area, f"comment/{place}"),
            month=_month_before(day, back),
            text=f"{text} (contoh)",
        )
        db.session.add(comment)
        db.session.flush()
        if answer:
            publish(comment, comment.text, answer, by=None)
        elif back:
            withhold(comment, "", by=None)


def _actions(area: Area, day: date) -> None:
    last = last_ended("quarter", day)
    bench = decide(
        area.id, _plan(last.later(-1).key, 9, "Tambah kursi tunggu", "Kaur Umum", day - timedelta(days=40)), by=None
    )
    change(bench, "running", bench.due_on, "Dipesan di pengrajin desa (contoh).", by=None)
    db.session.flush()
    change(bench, "done", bench.due_on, "Delapan kursi dan satu kursi roda (contoh).", by=None)
    queue = decide(
        area.id,
        _plan(last.key, 3, "Buka meja kedua pada hari pasar", "Kasi Pelayanan", day + timedelta(days=12)),
        by=None,
    )
    change(queue, "running", queue.due_on, "Percobaan dua minggu dimulai (contoh).", by=None)
    decide(area.id, _plan(last.key, 9, "Perbaiki atap ruang tunggu", "Kaur Umum", day - timedelta(days=3)), by=None)


def _plan(period: str, element: int, what: str, who: str, due_on: date) -> Plan:
    return Plan(period=period, element=element, what=what, who=f"{who} (contoh)", due_on=due_on)


def _month_before(day: date, back: int) -> date:
    place = day.year * 12 + day.month - 1 - back
    return date(place // 12, place % 12 + 1, 1)


def _id(area: Area, what: str) -> UUID:
    """The same each time: the demonstration can be compared with itself."""
    return uuid5(NAMESPACE_URL, f"feedback/{area.code}/{what}")
