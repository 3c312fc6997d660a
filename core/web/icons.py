"""Single symbols out of the Bootstrap Icons sprite, inlined into the page.

The sprite in the `flask_bootstrap` wheel weighs 1.1 MB; a page needs a dozen of its 2,000 symbols. Only the symbols
asked for stay in memory.
"""

import logging
import re
from functools import cache

from flask import Flask, current_app
from markupsafe import Markup

from core.web.assets import wheel_file

log = logging.getLogger(__name__)

SPRITE = ("flask_bootstrap", "static/bootstrap5/icons/bootstrap-icons.svg")
FALLBACK = "dot"


class UnknownIcon(LookupError):
    """The sprite has no symbol of this name."""


@cache
def drawing(name: str) -> Markup:
    """The inside of one icon's SVG, in a square of 16 units. Raises UnknownIcon."""
    sprite = wheel_file(*SPRITE).read_text("utf-8")
    found = re.search(rf'<symbol [^>]*\bid="{re.escape(name)}">(.*?)</symbol>', sprite, re.DOTALL)
    if found is None:
        raise UnknownIcon(name)
    return Markup(found[1])  # noqa: S704  (drawn by the installed wheel, not by a person)


@cache
def mute_icon(name: str) -> Markup:
    return Markup('<svg class="i" viewBox="0 0 16 16" aria-hidden="true">{}</svg>').format(drawing(name))


def icon(name: str, label: str | None = None) -> Markup:
    """Inline SVG of a Bootstrap icon; `label` only where no text beside it says the same.

    An unknown name raises while developing and testing. In service it becomes a dot and a log line: a plugin's menu
    entry with a misspelt icon must not take every page of the village down.
    """
    try:
        mute = mute_icon(name)
    except UnknownIcon:
        if current_app.testing or current_app.debug:
            raise
        log.warning("unknown icon %r", name)
        name, mute = FALLBACK, mute_icon(FALLBACK)
    if label is None:
        return mute
    named = Markup('<svg class="i" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>')
    return named.format(label, drawing(name))


def init_icons(app: Flask) -> None:
    """Give templates `icon(name, label=None)`."""
    app.jinja_env.globals["icon"] = icon
