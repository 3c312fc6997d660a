"""The district's pages about its villages. Core does not know them: who builds an application hands them in."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from core.web.navigation import add_entry

bp = Blueprint("tenants", __name__)


@bp.record
def in_the_menu(state: BlueprintSetupState) -> None:
    entry = ("tenants.index", lambda: _("Desa"), "houses", "villages.read", False, True)
    add_entry(state.app, entry, after="areas.home")


from . import adding, listing, restoring, village  # noqa: E402, F401 - they add their pages to it

blueprints = (bp,)
