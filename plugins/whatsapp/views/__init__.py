"""The plugin's pages. Core has looked at the area, the module and the permission before a view runs."""

from flask import Blueprint

bp = Blueprint("whatsapp", __name__)
wide = Blueprint("whatsapp-wide", __name__)

from . import agreements, district, group, log, webhook  # noqa: E402, F401 - they put their pages on the blueprints
