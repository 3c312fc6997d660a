"""The life of a survey: asked for, given to somebody, finalised, countersigned by somebody else, or given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from core.api import (
    Area,
    Case,
    CaseError,
    Person,
    current_row,
    db,
    families_of,
    gettext,
    now,
    record,
    today,
)

from .checks import Finding, blocking
from .kinship import family_names, refuse_kin
from .models import CANCELLED, FINAL, OPEN, SIGNED, HomeSurvey, SurveyMember
from .outcome import Judged, stored
from .questionnaire import CURRENT

AT_HOME = ("alive", "away")


@dataclass(frozen=True)
class Worker:
    """Who acts: an account and its name."""

    id: UUID
    name: str


def ask(area: Area, person: Person, reason: str, by: UUID | None, case: Case | None = None) -> HomeSurvey:
    """A survey of a resident's household, with its members as they are on record. The caller commits.

    Raises:
        CaseError: the resident is not here any more, or a survey of the household is under way.
    """
    if person.life_status not in AT_HOME:
        raise CaseError(gettext("Warga ini tercatat sudah meninggal atau pindah. Pilih anggota keluarga yang lain."))
    # Of two who ask at once the second waits here and then sees the survey of the first.
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"survey {area.id}", 0))))
    if running := under_way(person):
        raise CaseError(gettext("Survei %(number)s keluarga ini masih berjalan.", number=running.reference))
    year = today(area.timezone).year
    mine = (HomeSurvey.village_id == area.id, HomeSurvey.year == year)
    made = HomeSurvey(
        village_id=area.id,
        year=year,
        number=(db.session.scalar(select(func.max(HomeSurvey.number)).where(*mine)) or 0) + 1,
        person_id=person.id,
        household_id=person.household_id,
        case_id=case.id if case else None,
        questionnaire=CURRENT.version,
        reason=reason,
        asked_by=by,
        answers=_from_record(person),
    )
    db.session.add(made)
    db.session.flush()
    _write_members(made, person)
    record("survey.asked", "survey", made.id, number=made.reference)
    return made


def _from_record(person: Person) -> dict[str, object]:
    household = person.household
    held = {"address": household.address, "rt": household.rt, "rw": household.rw} if household else {}
    return {key: value for key, value in held.items() if value}


def _write_members(survey: HomeSurvey, person: Person) -> None:
    """Their names only: where they are and what they do is asked at the door, and not taken over unseen."""
    for place, member in enumerate(families_of([person])[person.id].members):
        db.session.add(
            SurveyMember(
                village_id=survey.village_id,
                survey_id=survey.id,
                person_id=member.id,
                place=place,
                answers={"name": member.name},
            )
        )
    db.session.flush()


def about(person_id: UUID, household_id: UUID | None) -> ColumnElement[bool]:
    """Surveys of a resident's household, or of the resident where there is no household."""
    of_person = HomeSurvey.person_id == person_id
    return or_(of_person, HomeSurvey.household_id == household_id) if household_id else of_person


def under_way(person: Person) -> HomeSurvey | None:
    return db.session.scalar(
        select(HomeSurvey)
        .where(
            HomeSurvey.village_id == person.village_id,
            about(person.id, person.household_id),
            HomeSurvey.state.in_((OPEN, FINAL)),
        )
        .limit(1)
    )


def find(village_id: int, survey_id: UUID) -> HomeSurvey | None:
    """With the resident and the household, in one query."""
    return db.session.scalar(
        select(HomeSurvey)
        .where(HomeSurvey.village_id == village_id, HomeSurvey.id == survey_id)
        .options(joinedload(HomeSurvey.person).joinedload(Person.household), joinedload(HomeSurvey.household))
        .execution_options(populate_existing=True)
    )


def current(village_id: int, survey_id: UUID, version: int) -> HomeSurvey:
    """As a page showed it, locked. Raises: Stale; CaseError: it is gone."""
    found = current_row(HomeSurvey, village_id, survey_id, version)
    if found is None:
        raise CaseError(gettext("Survei ini tidak ada lagi."))
    return found


def assign(survey: HomeSurvey, worker: Worker, day: date, today: date) -> None:
    """To whom and for which day.

    Raises:
        CaseError: finalised or cancelled, a day that is over, or the worker bears a member's name.
    """
    _refuse_closed(survey)
    if day < today:
        raise CaseError(gettext("Hari kunjungan sudah lewat."))
    refuse_kin(worker.name, family_names(survey.person))
    survey.surveyor_id, survey.planned_on = worker.id, day
    record("survey.assigned", "survey", survey.id, number=survey.reference, worker=worker.name, day=day.isoformat())


def refuse_other_hands(survey: HomeSurvey, worker: Worker, names: Sequence[str]) -> None:
    """Who fills a survey in: the one whose it is; one that is nobody's becomes that of who begins.

    Raises:
        CaseError: closed, somebody else's, or the worker bears a member's name.
    """
    _refuse_closed(survey)
    if survey.surveyor_id not in (None, worker.id):
        raise CaseError(gettext("Survei ini tugas petugas lain. Minta pengaturnya menugaskan Anda."))
    refuse_kin(worker.name, names)


def _refuse_closed(survey: HomeSurvey) -> None:
    if survey.state != OPEN:
        raise CaseError(gettext("Survei ini tidak sedang diisi: sudah difinalkan atau dibatalkan."))


def finalise(survey: HomeSurvey, judged: Judged, findings: Sequence[Finding], worker: Worker) -> None:
    """Done by the surveyor, with what was made of the answers. The caller commits.

    Raises:
        CaseError: something blocks it, or it is not the worker's.
    """
    refuse_other_hands(survey, worker, family_names(survey.person))
    if errors := blocking(findings):
        raise CaseError(gettext("Masih ada %(n)s GALAT. Perbaiki dahulu, lalu finalkan.", n=len(errors)))
    survey.state, survey.finalised_at, survey.finalised_by = FINAL, now(), worker.id
    survey.surveyor_id = survey.surveyor_id or worker.id
    survey.done_on, survey.outcome, survey.returned = judged.day, stored(judged), ""
    for member in judged.members:
        member.changes = [change.store() for change in judged.of_members.get(member.id, ())]
    db.session.flush()
    record("survey.finalised", "survey", survey.id, number=survey.reference)


def sign(survey: HomeSurvey, worker: Worker) -> None:
    """By a second person, who is not of the household either.

    Raises:
        CaseError: not finalised, or by who surveyed.
    """
    _refuse_second(survey, worker)
    survey.state, survey.signed_at, survey.signed_by = SIGNED, now(), worker.id
    record("survey.signed", "survey", survey.id, number=survey.reference)


def give_back(survey: HomeSurvey, reason: str, worker: Worker) -> None:
    """To the surveyor, who goes on where it was. Raises: CaseError as for :func:`sign`."""
    _refuse_second(survey, worker)
    survey.state, survey.returned, survey.outcome = OPEN, reason, {}
    survey.finalised_at = survey.finalised_by = None
    record("survey.returned", "survey", survey.id, number=survey.reference)


def _refuse_second(survey: HomeSurvey, worker: Worker) -> None:
    if survey.state != FINAL:
        raise CaseError(gettext("Survei ini tidak sedang menunggu tanda tangan kedua."))
    if worker.id in (survey.finalised_by, survey.surveyor_id):
        raise CaseError(gettext("Yang menyurvei tidak boleh menandatangani surveinya sendiri. Minta orang kedua."))
    refuse_kin(worker.name, family_names(survey.person))


def cancel(survey: HomeSurvey, reason: str, by: UUID | None) -> None:
    """It stays to be seen, with the reason. Raises: CaseError: finalised already."""
    _refuse_closed(survey)
    survey.state, survey.cancelled_at, survey.cancelled_by = CANCELLED, now(), by
    survey.cancelled_reason = reason
    record("survey.cancelled", "survey", survey.id, number=survey.reference)
