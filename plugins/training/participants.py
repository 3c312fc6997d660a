"""Who is invited, comes, was there and passed, and the certificates that follow. Callers commit.

All in the scope of the district's own rows. A certificate holds while its session is closed and it is not revoked.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import delete, select

from core.api import CaseError, Worker, db, gettext, record

from .models import TrainingParticipant, TrainingSession
from .sessions import check_planned


def participants_of(session: TrainingSession) -> Sequence[TrainingParticipant]:
    """By village and name."""
    return db.session.scalars(
        select(TrainingParticipant)
        .where(TrainingParticipant.village_id == session.village_id, TrainingParticipant.session_id == session.id)
        .order_by(TrainingParticipant.of_village, TrainingParticipant.name, TrainingParticipant.id)
    ).all()


def invite(session: TrainingSession, workers: Collection[Worker], places: Mapping[int, str]) -> int:
    """Invite people who are not yet; how many were. Who works in two villages is invited once, from the first.

    Args:
        places: titles of the villages by id, as they stand on a certificate.

    Raises:
        CaseError: it is not planned any more, or there are not so many seats.
    """
    check_planned(session)
    there = {one.user_id for one in participants_of(session)}
    new = {worker.user_id: worker for worker in reversed(list(workers)) if worker.user_id not in there}
    if len(there) + len(new) > session.seats:
        free = session.seats - len(there)
        raise CaseError(gettext("Tinggal %(free)s tempat, %(n)s orang dipilih.", free=free, n=len(new)))
    for worker in new.values():
        values = {"user_id": worker.user_id, "name": worker.name, "of_village": worker.village_id}
        place = places.get(worker.village_id, "")
        db.session.add(TrainingParticipant(village_id=session.village_id, session_id=session.id, place=place, **values))
    db.session.flush()
    if new:
        record("training.invited", "training_session", session.id, title=session.title, people=len(new))
    return len(new)


def withdraw(session: TrainingSession, participant_id: UUID) -> bool:
    """Take an invitation back; False where there is none. Raises: CaseError."""
    check_planned(session)
    gone = db.session.scalar(
        delete(TrainingParticipant)
        .where(
            TrainingParticipant.village_id == session.village_id,
            TrainingParticipant.session_id == session.id,
            TrainingParticipant.id == participant_id,
        )
        .returning(TrainingParticipant.id)
    )
    if gone is not None:
        record("training.withdrawn", "training_session", session.id, title=session.title)
    return gone is not None


def answer(session: TrainingSession, user_id: UUID, given: str) -> bool:
    """Whether somebody who is invited comes; False where they are not. Raises: CaseError: too late."""
    check_planned(session)
    found = db.session.scalar(
        select(TrainingParticipant).where(
            TrainingParticipant.village_id == session.village_id,
            TrainingParticipant.session_id == session.id,
            TrainingParticipant.user_id == user_id,
        )
    )
    if found is None:
        return False
    found.answer = given
    record("training.answered", "training_session", session.id, title=session.title)
    return True


def mark(session: TrainingSession, results: Mapping[UUID, str]) -> None:
    """The attendance, by the participant's id; who is not named stays as they were. Raises: CaseError."""
    check_planned(session)
    for one in participants_of(session):
        one.result = results.get(one.id, one.result)
    db.session.flush()


def close(session: TrainingSession, on: date) -> list[int]:
    """The training was held: who passed has a certificate. Returns the villages whose people were there.

    Args:
        on: today, in the district.

    Raises:
        CaseError: it is not planned, its day is yet to come, or somebody's attendance is not written down.
    """
    check_planned(session)
    if session.day > on:
        raise CaseError(gettext("Hari pelatihannya belum tiba."))
    people = participants_of(session)
    if not people:
        raise CaseError(gettext("Belum ada peserta."))
    if unmarked := sum(1 for one in people if not one.result):
        raise CaseError(gettext("Kehadiran %(n)s peserta belum dicatat.", n=unmarked))
    until = months_after(session.day, session.valid_months) if session.valid_months else None
    for one in people:
        passed = one.result == "passed"
        one.token = (one.token or token_urlsafe(18)) if passed else None
        one.valid_until = until if passed else None
    session.state = "held"
    certificates = sum(1 for one in people if one.token)
    record("training.closed", "training_session", session.id, title=session.title, certificates=certificates)
    return sorted({one.of_village for one in people})


def reopen(session: TrainingSession) -> list[int]:
    """Undo: its certificates hold no more until it is closed again. Returns as :func:`close`. Raises: CaseError."""
    if session.state != "held":
        raise CaseError(gettext("Pelatihan ini belum ditutup."))
    session.state = "planned"
    record("training.reopened", "training_session", session.id, title=session.title)
    return sorted({one.of_village for one in participants_of(session)})


def months_after(day: date, months: int) -> date:
    """The same day ``months`` later, or the last of that month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


# ---- certificates ----


def revoke(participant: TrainingParticipant, why: str, on: date) -> None:
    """Raises: CaseError: there is no certificate that holds."""
    if not participant.is_certified:
        raise CaseError(gettext("Tidak ada sertifikat yang berlaku."))
    participant.revoked_on, participant.revoked_why = on, why
    record("training.revoked", "training_participant", participant.id, reference=participant.reference)


def restore(participant: TrainingParticipant) -> None:
    """Undo. Raises: CaseError: it was not revoked."""
    if participant.revoked_on is None:
        raise CaseError(gettext("Sertifikat ini tidak dicabut."))
    participant.revoked_on, participant.revoked_why = None, ""
    record("training.restored", "training_participant", participant.id, reference=participant.reference)


def find_participant(district_id: int, participant_id: UUID) -> tuple[TrainingParticipant, TrainingSession] | None:
    return _one(district_id, TrainingParticipant.id == participant_id)


def find_by_token(district_id: int, token: str) -> tuple[TrainingParticipant, TrainingSession] | None:
    """What a QR code leads to, whether it still holds or not."""
    return _one(district_id, TrainingParticipant.token == token) if token else None


def _one(district_id: int, condition: object) -> tuple[TrainingParticipant, TrainingSession] | None:
    row = db.session.execute(_BOTH.where(TrainingParticipant.village_id == district_id, condition)).first()  # pyright: ignore[reportArgumentType] - a comparison of columns
    return (row[0], row[1]) if row else None


_BOTH = select(TrainingParticipant, TrainingSession).join(
    TrainingSession,
    (TrainingSession.village_id == TrainingParticipant.village_id)
    & (TrainingSession.id == TrainingParticipant.session_id),
)


def of_village(district_id: int, village_id: int) -> list[tuple[TrainingParticipant, TrainingSession]]:
    """Everything of those who took part from a village, the latest session first."""
    query = _BOTH.where(TrainingParticipant.village_id == district_id, TrainingParticipant.of_village == village_id)
    found = db.session.execute(query.order_by(TrainingSession.day.desc(), TrainingParticipant.name))
    return [(row[0], row[1]) for row in found]
