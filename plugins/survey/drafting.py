"""Filling in: whatever was typed is kept, section by section, and two devices do not overwrite each other unseen."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.api import CaseError, Stale, db, gettext, now, record

from .kinship import family_names
from .models import HomeSurvey, SurveyMember
from .questionnaire import Section, questionnaire_of
from .surveys import Worker, refuse_other_hands
from .typed import Raw

LONGEST = 2_000
MOST_MEMBERS = 40


def fingerprint(part: Mapping[str, Any]) -> str:
    """Of some answers as they stand: what a page shows is what it may overwrite. Blank answers count as none."""
    kept = {key: value for key, value in sorted(part.items()) if value}
    return sha256(json.dumps(kept, ensure_ascii=False).encode()).hexdigest()[:16]


def part_of(survey: HomeSurvey, section: Section) -> dict[str, Any]:
    return {question.key: survey.answers.get(question.key) for question in section.questions}


def hold(village_id: int, survey_id: UUID, worker: Worker) -> HomeSurvey:
    """The survey, locked for who fills it in, who becomes its surveyor where there was none.

    Raises:
        CaseError: gone, closed, somebody else's, or of the worker's own family.
    """
    found = db.session.scalar(
        select(HomeSurvey)
        .where(HomeSurvey.village_id == village_id, HomeSurvey.id == survey_id)
        .options(joinedload(HomeSurvey.person))
        .with_for_update(of=HomeSurvey)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise CaseError(gettext("Survei ini tidak ada lagi."))
    refuse_other_hands(found, worker, family_names(found.person))
    found.surveyor_id = found.surveyor_id or worker.id
    return found


def save_section(survey: HomeSurvey, section: Section, typed: Mapping[str, Raw], seen: str) -> None:
    """Keep what was typed on one page.

    Args:
        seen: the fingerprint of what the page showed. Another section that was saved meanwhile is no matter.

    Raises:
        Stale: this section was saved elsewhere meanwhile, with something else.
        CaseError: an answer is too long to be one.
    """
    _refuse_long(typed)
    held = part_of(survey, section)
    new = {question.key: typed.get(question.key, "") for question in section.questions}
    if fingerprint(held) != seen and fingerprint(held) != fingerprint(new):
        raise Stale
    survey.answers = {**survey.answers, **new}
    _touch(survey)


def save_member(survey: HomeSurvey, member: SurveyMember, typed: Mapping[str, Raw], seen: str) -> None:
    """As :func:`save_section`, of one member."""
    _refuse_long(typed)
    if fingerprint(member.answers) not in (seen, fingerprint(typed)):
        raise Stale
    member.answers = dict(typed)
    _touch(survey)


def add_member(survey: HomeSurvey) -> SurveyMember:
    """Somebody who lives there and is not on record. Raises: CaseError: more than anybody has."""
    last, count = db.session.execute(select(func.max(SurveyMember.place), func.count()).where(*_of(survey))).one()
    if count >= MOST_MEMBERS:
        raise CaseError(gettext("Paling banyak %(n)s anggota dalam satu survei.", n=MOST_MEMBERS))
    made = SurveyMember(
        village_id=survey.village_id, survey_id=survey.id, place=(last or 0) + 1, answers={"standing": "here"}
    )
    db.session.add(made)
    _touch(survey)
    db.session.flush()
    return made


def remove_member(survey: HomeSurvey, member: SurveyMember) -> None:
    """One who was added by mistake. Raises: CaseError: who is on record is not removed, but said to be gone."""
    if member.person_id is not None:
        raise CaseError(gettext("Ia tercatat di KK ini. Jangan dihapus: pilih keberadaannya."))
    db.session.delete(member)
    _touch(survey)


def members_of(survey: HomeSurvey) -> Sequence[SurveyMember]:
    """In their order, with the residents they are on record; one query."""
    return db.session.scalars(
        select(SurveyMember)
        .where(*_of(survey))
        .order_by(SurveyMember.place, SurveyMember.id)
        .options(joinedload(SurveyMember.person))
        .execution_options(populate_existing=True)
    ).all()


def find_member(survey: HomeSurvey, member_id: UUID) -> SurveyMember | None:
    return db.session.scalar(
        select(SurveyMember)
        .where(*_of(survey), SurveyMember.id == member_id)
        .options(joinedload(SurveyMember.person))
        .execution_options(populate_existing=True)
    )


def _of(survey: HomeSurvey):
    return (SurveyMember.village_id == survey.village_id, SurveyMember.survey_id == survey.id)


def _touch(survey: HomeSurvey) -> None:
    """The first save tells that it was begun; the others are one and the same visit."""
    if survey.saved_at is None:
        record("survey.begun", "survey", survey.id, number=survey.reference)
    survey.saved_at = now()
    db.session.flush()


def _refuse_long(typed: Mapping[str, Raw]) -> None:
    longest = max((len(str(value)) for value in typed.values()), default=0)
    if longest > LONGEST:
        raise CaseError(gettext("Ada jawaban yang lebih panjang dari %(n)s huruf. Persingkat, lalu simpan.", n=LONGEST))


def section_or_none(survey: HomeSurvey, key: str) -> Section | None:
    return questionnaire_of(survey.questionnaire).section(key)
