"""The plugin's pages: a village's ladder of a case, and the district's.

Core has looked at area, module and permission before a view runs.
"""

from flask import Blueprint

bp = Blueprint("slrt", __name__)
wide = Blueprint("slrt-wide", __name__)

from . import callback, deliveries, inbox, ladder, rates, referral, routes  # noqa: E402, F401 - they bring their pages
