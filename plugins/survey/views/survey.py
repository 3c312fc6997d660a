"""One survey: everything about it on one page."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from core.api import commit, record, requires

from . import bp
from .page import survey_or_404, survey_page


@bp.get("/surveys/<uuid:id>")
@requires("survey.read")
def survey(id: UUID) -> ResponseReturnValue:
    """What a home is like: the audit says who read it (UU 27/2022)."""
    found = survey_or_404(id)
    page = survey_page(found)
    record("survey.opened", "survey", found.id, number=found.reference)
    commit()
    return page
