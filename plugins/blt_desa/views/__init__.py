"""The plugin's pages. Core has looked at the area, the module and the permission before a view runs."""

from flask import Blueprint

bp = Blueprint("blt_desa", __name__)

from . import payments  # noqa: E402, F401 - it puts its pages on ``bp``
