"""What a village shows the public, and where it says so."""

from flask import Blueprint

bp = Blueprint("villages", __name__)

from . import profile, services  # noqa: E402, F401 - they put their views on ``bp``
