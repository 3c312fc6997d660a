"""Who may do what until when: a village's copy of its people's certificates, and who lacks one.

The copy is made by a job, at night and after each closing, from the district's own rows: so a case page asks one small
table of its own village, and somebody who moves to another village takes the certificate along by the next morning.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select

from core.api import Area, Job, OwnRows, colleagues, commit, db, district_of, scope
from core.api import lazy_gettext as _

from .models import TrainingParticipant, TrainingQualification, TrainingSession

HOLDS, ENDS_SOON, ENDED, NONE = "holds", "ends_soon", "ended", "none"
FOR_EVER = date.max


@dataclass(frozen=True)
class Standing:
    """What somebody has for one service: ``until`` None: it does not end, or there is none."""

    state: str
    until: date | None = None


@dataclass(frozen=True)
class PersonStanding:
    """Somebody who works in a village, with what they have for each service that asks for a training."""

    user_id: UUID
    name: str
    services: Mapping[str, Standing] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return all(standing.state in (HOLDS, ENDS_SOON) for standing in self.services.values())


def certified(district_id: int, user_ids: Collection[UUID]) -> dict[tuple[UUID, str], date | None]:
    """The best that each of these people has for each service, in the scope of the district's own rows; one query."""
    rows = db.session.execute(
        select(TrainingParticipant.user_id, TrainingSession.services, TrainingParticipant.valid_until)
        .join(
            TrainingSession,
            (TrainingSession.village_id == TrainingParticipant.village_id)
            & (TrainingSession.id == TrainingParticipant.session_id),
        )
        .where(
            TrainingParticipant.village_id == district_id,
            TrainingParticipant.user_id.in_(user_ids),
            TrainingParticipant.token.is_not(None),
            TrainingParticipant.revoked_on.is_(None),
            TrainingSession.state == "held",
        )
    )
    best: dict[tuple[UUID, str], date] = {}
    for user_id, services, until in rows:
        for service in services:
            best[user_id, service] = max(best.get((user_id, service), date.min), until or FOR_EVER)
    return {key: None if until == FOR_EVER else until for key, until in best.items()}


def take_over(area: Area) -> None:
    """Make a village's copy anew, for the people who work there today: a job's ``run``."""
    people = [one.id for one in colleagues(area.interval)]
    district = district_of(area)
    with scope(OwnRows(district.id)):
        found = certified(district.id, people)
    db.session.execute(delete(TrainingQualification).where(TrainingQualification.village_id == area.id))
    if found:
        rows = [
            {"village_id": area.id, "user_id": user_id, "service": service, "valid_until": until}
            for (user_id, service), until in sorted(found.items())
        ]
        db.session.execute(insert(TrainingQualification), rows)
    commit()


TAKE_OVER = Job("training.take_over", _("Menyalin sertifikat pelatihan ke desa"), take_over, nightly=True)


def standing(until: date | None, *, on: date, warn_days: int) -> Standing:
    """Of a certificate that there is."""
    if until is not None and until < on:
        return Standing(ENDED, until)
    if until is not None and until <= on + timedelta(days=warn_days):
        return Standing(ENDS_SOON, until)
    return Standing(HOLDS, until)


def standings(
    people: Sequence[tuple[UUID, str]],
    has: Mapping[tuple[UUID, str], date | None],
    services: Collection[str],
    *,
    on: date,
    warn_days: int,
) -> list[PersonStanding]:
    """Of each of these people (id, name) for each of these services."""
    return [
        PersonStanding(
            user_id,
            name,
            {
                service: standing(has[user_id, service], on=on, warn_days=warn_days)
                if (user_id, service) in has
                else Standing(NONE)
                for service in services
            },
        )
        for user_id, name in people
    ]


def of_village(village_id: int) -> dict[tuple[UUID, str], date | None]:
    """The village's copy, in one query."""
    rows = db.session.execute(
        select(TrainingQualification.user_id, TrainingQualification.service, TrainingQualification.valid_until).where(
            TrainingQualification.village_id == village_id
        )
    )
    return {(user_id, service): until for user_id, service, until in rows}


def of_person(village_id: int, user_id: UUID) -> dict[str, date | None]:
    """What somebody has in the village's copy, by service; one query."""
    rows = db.session.execute(
        select(TrainingQualification.service, TrainingQualification.valid_until).where(
            TrainingQualification.village_id == village_id, TrainingQualification.user_id == user_id
        )
    )
    return {service: until for service, until in rows}  # noqa: C416 - typed rows
