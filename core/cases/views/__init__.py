"""The pages of cases: the list, the intake, one case, its papers and letters, and what the public may open."""

from flask import Blueprint

bp = Blueprint("cases", __name__)

from . import case, documents, edit, intake, letters, lists, public, sharing, steps, tasks  # noqa: E402, F401 - they put their views on ``bp``
