"""What the monthly report says of surveys."""

from datetime import date

from core.api import Area, commit, db
from core.testing import make_person
from plugins.survey.models import CANCELLED, FINAL, OPEN, SIGNED, HomeSurvey
from plugins.survey.report import section_of


def test_finished_surveys_count_in_the_month_of_the_visit(village: Area) -> None:
    person = make_person(village.id)
    made = (
        (FINAL, date(2026, 10, 1)),
        (SIGNED, date(2026, 10, 31)),
        (SIGNED, date(2026, 11, 1)),
        (OPEN, date(2026, 10, 5)),
        (CANCELLED, date(2026, 10, 5)),
    )
    for number, (state, day) in enumerate(made, start=1):
        values = {"year": 2026, "number": number, "questionnaire": "2026-1", "state": state, "done_on": day}
        db.session.add(HomeSurvey(village_id=village.id, person_id=person.id, **values))
    commit()
    figures = {figure.key: figure.amount for figure in section_of(village, date(2026, 10, 1)).figures}
    assert figures == {"survey.done": 2, "survey.signed": 1}
