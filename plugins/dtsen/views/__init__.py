"""The plugin's pages. Core has looked at the area, the module and the permission before a view runs."""

from flask import Blueprint

bp = Blueprint("dtsen", __name__)

from . import checks, deciles, entries, index, months  # noqa: E402, F401 - they put their pages on ``bp``
