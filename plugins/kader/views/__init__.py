"""The plugin's pages. Core has looked at the area, the module and the permission before a view runs."""

from flask import Blueprint

bp = Blueprint("kader", __name__)

from . import assignments, findings, handling, home, households, papers, report, visits  # noqa: E402, F401
