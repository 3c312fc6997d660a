"""The plugin's pages. Core has looked at the area, the module and the permission before a view runs."""

from flask import Blueprint

bp = Blueprint("emergency", __name__)

from . import call, deeds, escort, follow_up, report, roster  # noqa: E402, F401 - they put their pages on ``bp``
