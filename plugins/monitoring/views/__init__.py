"""The plugin's pages: of a village, of a kecamatan or district, and for anybody.

Core has looked at the area, the module and the permission before a view runs.
"""

from flask import Blueprint

bp = Blueprint("monitoring", __name__)
wide = Blueprint("monitoring-wide", __name__)

from . import overview, public, received, report, village  # noqa: E402, F401 - they put their pages on these
