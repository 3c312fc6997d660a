"""The pages of a village's meetings."""

from flask import Blueprint

bp = Blueprint("meetings", __name__)

from . import attendance, candidates, decisions, letters, meetings  # noqa: E402, F401 - they put their pages on ``bp``
