"""The plugin's pages. Core has looked at the area, the module and the permission before a view runs."""

from flask import Blueprint

bp = Blueprint("feedback", __name__)

from . import actions, comments, invitation, public, results  # noqa: E402, F401 - they put their pages on ``bp``
