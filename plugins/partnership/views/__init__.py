"""The plugin's pages, of a village and of the areas above it. Core has looked at area, module and permission before."""

from flask import Blueprint

bp = Blueprint("partnership", __name__)
wide = Blueprint("partnership-wide", __name__)

from . import agreements, barriers, meetings, minutes, oversight, own, partners, proposals, scorecard  # noqa: E402, F401
