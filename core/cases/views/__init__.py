"""The pages of cases: the list, the intake, one case, its papers and letters, and what the public may open."""

from flask import Blueprint

bp = Blueprint("cases", __name__)

from . import (  # noqa: E402 - they put their views on ``bp``
    batches,  # noqa: F401
    case,  # noqa: F401
    documents,  # noqa: F401
    edit,  # noqa: F401
    intake,  # noqa: F401
    letters,  # noqa: F401
    lists,  # noqa: F401
    public,  # noqa: F401
    sharing,  # noqa: F401
    steps,  # noqa: F401
    tasks,  # noqa: F401
)
