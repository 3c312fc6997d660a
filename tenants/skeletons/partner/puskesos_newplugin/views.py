"""The village's list of messages. Core has looked at village, module and permission before a view runs."""

from core.api import here, requires
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from . import outbox

bp = Blueprint("newplugin", __name__)


@bp.get("/")
@requires("newplugin.read")
def index() -> ResponseReturnValue:
    page = outbox.page_of(here().id, request.args.get("after"))
    return render_template("newplugin/index.html", page=page)
