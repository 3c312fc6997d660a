"""The pages of residents: the list, one person, one family."""

from flask import Blueprint

bp = Blueprint("people", __name__)

from . import households, personal_data, residents  # noqa: E402, F401 - they put their views on ``bp``
