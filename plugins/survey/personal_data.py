"""What core's rule does not reach when a resident is erased: the name as respondent, and a survey that is under way."""

from sqlalchemy import select

from core.api import Person, db, now

from .models import CANCELLED, OPEN, HomeSurvey
from .surveys import about


def erase_around(person: Person) -> None:
    """In the surveys of the household: where the resident was spoken to, and visits that will not take place."""
    name = " ".join(person.name.split()).casefold()
    surveys = db.session.scalars(
        select(HomeSurvey).where(HomeSurvey.village_id == person.village_id, about(person.id, person.household_id))
    )
    for survey in surveys:
        spoken_to = survey.answers.get("respondent")
        if isinstance(spoken_to, str) and " ".join(spoken_to.split()).casefold() == name:
            survey.answers = {**survey.answers, "respondent": ""}
        if survey.person_id == person.id and survey.state == OPEN:
            survey.state, survey.cancelled_at = CANCELLED, now()
    db.session.flush()
