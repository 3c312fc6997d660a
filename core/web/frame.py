"""The frame of a page: head line, menu, tabs.

Nothing in it depends on what the page is about, so it is rendered once for all who see the same, and kept; what differs
from request to request is put in afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from flask import current_app
from markupsafe import Markup, escape

# Signs of Unicode's private use, which no text of ours has, stand for what is put in afterwards.
NAME, TOKEN, NEXT = "\ue000", "\ue001", "\ue002"


@dataclass(frozen=True)
class FrameContent:
    """What a frame shows.

    ``area`` has a title and a path, ``navigation`` consists of ``NavItem``s, ``languages`` of tuples as the macros take
    them, with ``NEXT`` in their addresses.
    """

    area: Any
    navigation: Sequence[Any]
    languages: Sequence[tuple[str, str, str, bool]]
    home_url: str
    account_url: str
    sign_out_url: str
    switch_url: str | None
    signed_in: bool


@dataclass(frozen=True)
class Frame:
    """The parts as HTML, in the order of the page."""

    head: Markup
    top: Markup
    side: Markup
    tabs: Markup
    net: Markup

    def filled(self, *, name: str, token: str, path: str) -> "Frame":
        """For one person, with the form's token, and the way back to ``path`` after a change of language."""
        top = str(self.top).replace(NAME, escape(name)).replace(TOKEN, escape(token)).replace(NEXT, quote(path))
        return replace(self, top=Markup(top))  # noqa: S704 - the macros' own markup, with values that were escaped


def render_frame(content: FrameContent) -> Frame:
    macros: Any = current_app.jinja_env.get_template("macros/chrome.html").module
    return Frame(
        head=macros.head(True),
        top=macros.top(content, NAME, TOKEN),
        side=macros.side(content.navigation),
        tabs=macros.tabs(content.navigation),
        net=macros.net(),
    )
