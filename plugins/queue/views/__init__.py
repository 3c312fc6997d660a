"""The plugin's pages. Core has looked at the area, the module and the permission before a view runs."""

from flask import Blueprint

bp = Blueprint("queue", __name__)

from .. import capacity_views  # noqa: E402, F401 - puts its pages on ``bp`` as well
from . import board, bookings, checks, deeds, desk, public, report, requests, setup, tickets  # noqa: E402, F401
