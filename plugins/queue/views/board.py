"""The board for a television: a page that keeps itself current, and the part that is asked for over and over."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from core.api import area_today, here, now, private_page, public

from ..board import Board, board_of, may_see
from . import bp
from .desk import live_answer, or_unchanged


def _key() -> str:
    """The village's key from the address; 404 for who has not got it."""
    key = request.args.get("key", "")[:80]
    if not may_see(here(), key):
        abort(404)
    return key


def _values(board: Board) -> dict[str, object]:
    moment: datetime = now().astimezone(ZoneInfo(here().timezone))
    return {"board": board, "moment_here": moment}


@bp.get("/board")
@public
def board() -> ResponseReturnValue:
    key = _key()
    shown = board_of(here(), area_today())
    return private_page(render_template("queue/board.html", key=key, **_values(shown)))


@bp.get("/board/live")
@public
def board_live() -> ResponseReturnValue:
    """Nothing (304) for who has this state already: a hundred viewers cost three small queries each."""
    _key()
    shown = board_of(here(), area_today())
    unchanged = or_unchanged(shown.tag)
    return unchanged or live_answer(render_template("queue/board_live.html", **_values(shown)), shown.tag)
