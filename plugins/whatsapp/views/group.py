"""A text for the village's group, to be copied: it works without any key of Meta's."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from core.api import here, requires

from ..group_text import group_text, public_services
from . import bp


@bp.get("/group")
@requires("whatsapp.read")
def group() -> ResponseReturnValue:
    services = public_services(here())
    chosen = request.args.get("service", "")
    text = group_text(here(), services.get(chosen))
    return render_template("whatsapp/group.html", text=text, services=services, chosen=chosen)
